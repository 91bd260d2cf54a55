package changelog

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/rapidbott/tideboard/server/row"
)

// Follower is told every commit of a workspace, in order and each once, by one goroutine at a time. It must not block.
type Follower interface {
	Apply(*Commit)
	// Lost says that commits are missing between what was applied and the revision given, from which it goes on.
	Lost(to row.Revision)
}

// Hub hands the commits of followed workspaces to whoever follows them. It runs one goroutine per followed workspace,
// started by the first follower and ended with the last.
type Hub struct {
	log    Log
	logger *slog.Logger
	ctx    context.Context
	stop   context.CancelFunc
	done   sync.WaitGroup

	mu    sync.Mutex
	tails map[string]*tail
}

// SafetyTick is how often followed workspaces are looked at without a bell.
const SafetyTick = 2 * time.Second

// NewHub starts a hub; Close ends it and all that follows.
func NewHub(log Log, logger *slog.Logger) *Hub {
	ctx, stop := context.WithCancel(context.Background())
	h := &Hub{log: log, logger: logger, ctx: ctx, stop: stop, tails: map[string]*tail{}}
	h.done.Go(h.watch)
	return h
}

// Close ends all tails.
func (h *Hub) Close() {
	h.stop()
	h.done.Wait()
}

// Committed is the doorbell within the process: it brings the commit along, so that nobody need read it back.
// It never blocks.
func (h *Hub) Committed(c *Commit) {
	if t := h.tail(c.WorkspaceID); t != nil {
		t.ring(c.Revision, c)
	}
}

// Ring is the doorbell from elsewhere: the workspace is at this revision. It never blocks.
func (h *Hub) Ring(workspaceID string, to row.Revision) {
	if t := h.tail(workspaceID); t != nil {
		t.ring(to, nil)
	}
}

func (h *Hub) tail(id string) *tail {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tails[id]
}

// Follow makes f a follower and returns the revision after which it is told, and what ends it. Whatever f reads from
// the database afterwards is at this revision or a later one.
func (h *Hub) Follow(ctx context.Context, workspaceID string, f Follower) (from row.Revision, end func(), err error) {
	for {
		t, err := h.tailFor(ctx, workspaceID)
		if err != nil {
			return 0, nil, err
		}
		if from, ok := t.join(f); ok {
			return from, func() { h.leave(t, f) }, nil
		}
	}
}

func (h *Hub) tailFor(ctx context.Context, id string) (*tail, error) {
	if t := h.tail(id); t != nil {
		return t, nil
	}
	head, _, err := h.log.Head(ctx, h.log.DB, id)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if t := h.tails[id]; t != nil {
		return t, nil
	}
	if err := h.ctx.Err(); err != nil {
		return nil, err
	}
	t := &tail{hub: h, id: id, head: head, target: head, early: map[row.Revision]*Commit{},
		bell: make(chan struct{}, 1)} // 1: a bell that rings while one is pending adds nothing
	h.tails[id] = t
	h.done.Go(t.run)
	return t, nil
}

// leave takes a follower off; with the last one the tail ends.
func (h *Hub) leave(t *tail, f Follower) {
	if !t.part(f) {
		return
	}
	h.mu.Lock()
	if h.tails[t.id] == t {
		delete(h.tails, t.id)
	}
	h.mu.Unlock()
	t.wake()
}

// watch looks at the followed workspaces now and then, in case a bell was lost.
func (h *Hub) watch() {
	tick := time.NewTicker(SafetyTick)
	defer tick.Stop()
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-tick.C:
			h.look()
		}
	}
}

func (h *Hub) look() {
	h.mu.Lock()
	ids := make([]string, 0, len(h.tails))
	for id := range h.tails {
		ids = append(ids, id)
	}
	h.mu.Unlock()
	for _, id := range ids {
		head, _, err := h.log.Head(h.ctx, h.log.DB, id)
		if err != nil {
			if h.ctx.Err() == nil {
				h.logger.Error("look for new commits", "workspace", id, "err", err)
			}
			return
		}
		h.Ring(id, head)
	}
}
