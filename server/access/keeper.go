package access

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// Keeper sees to it that open sockets go by the rights of now. It reads the change log of every workspace that holds a
// socket: a member's role, flags, teams or activity, an ended session, a revoked key, a workspace that may not use the
// product any more. What no log tells, because it is only time that passed, it finds by asking anew every Round.
type Keeper struct {
	hub    *changelog.Hub
	renew  func(ctx context.Context, match func(*viewer.Viewer) bool)
	logger *slog.Logger
	bell   chan struct{} // 1: a bell that rings while one is pending adds nothing
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu      sync.Mutex
	houses  map[string]*house
	pending map[string]*stir // by workspace
}

// Round is how often all sockets are asked for anew.
const Round = time.Minute

// NewKeeper starts a keeper; renew is httpd's Renew. Close ends it.
func NewKeeper(hub *changelog.Hub, renew func(context.Context, func(*viewer.Viewer) bool), logger *slog.Logger) *Keeper {
	ctx, cancel := context.WithCancel(context.Background())
	k := &Keeper{hub: hub, renew: renew, logger: logger, bell: make(chan struct{}, 1), cancel: cancel, houses: map[string]*house{}, pending: map[string]*stir{}}
	k.done.Go(func() { k.run(ctx) })
	return k
}

// Close ends the keeper.
func (k *Keeper) Close() {
	k.cancel()
	k.done.Wait()
}

// house is a workspace with open sockets. It follows the workspace's log.
type house struct {
	keeper  *Keeper
	id      string
	sockets int
	joined  sync.Once
	end     func()
	err     error
}

// Opened is told of a socket. It says whether its workspace is watched only from now on.
func (k *Keeper) Opened(ctx context.Context, v *viewer.Viewer) (anew bool, err error) {
	k.mu.Lock()
	h := k.houses[v.WorkspaceID]
	if h == nil {
		h = &house{keeper: k, id: v.WorkspaceID}
		k.houses[v.WorkspaceID] = h
	}
	h.sockets++
	k.mu.Unlock()
	h.joined.Do(func() {
		anew = true
		// Others wait for this one's answer: it must not hang on its caller's life.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_, h.end, h.err = k.hub.Follow(ctx, h.id, h)
	})
	if h.err != nil {
		k.left(h)
	}
	return anew, h.err
}

// Closed takes back one Opened.
func (k *Keeper) Closed(v *viewer.Viewer) {
	k.mu.Lock()
	h := k.houses[v.WorkspaceID]
	k.mu.Unlock()
	if h != nil {
		k.left(h)
	}
}

func (k *Keeper) left(h *house) {
	k.mu.Lock()
	h.sockets--
	last := h.sockets == 0
	if last && k.houses[h.id] == h {
		delete(k.houses, h.id)
	}
	k.mu.Unlock()
	if last && h.end != nil {
		h.end()
	}
}

// stir is whom the commits of a workspace may have changed.
type stir struct {
	all         bool
	members     map[string]bool
	credentials map[string]bool
}

// touches tells whether a viewer has to be asked for again. A TEAM_ADMIN's rights depend on other members too.
func (s *stir) touches(v *viewer.Viewer) bool {
	return s.all || s.credentials[v.CredentialID] || v.Kind == viewer.Member && (s.members[v.ID] || len(s.members) > 0 && v.Role == viewer.TeamAdmin)
}

// Apply looks at a commit. It is called by the hub and does not block.
func (h *house) Apply(c *changelog.Commit) {
	for _, ch := range c.Changes {
		switch ch.Entity {
		case "member":
			if ch.Kind != "member.presence.changed" {
				h.stir(func(s *stir) { s.members[ch.EntityID] = true })
			}
		case "session", "api_key":
			h.stir(func(s *stir) { s.credentials[ch.EntityID] = true })
		case "workspace":
			h.stir(func(s *stir) { s.all = true })
		}
	}
}

// Lost is told by the hub when commits are missing: anything may have changed.
func (h *house) Lost(row.Revision) { h.stir(func(s *stir) { s.all = true }) }

func (h *house) stir(note func(*stir)) {
	k := h.keeper
	k.mu.Lock()
	s := k.pending[h.id]
	if s == nil {
		s = &stir{members: map[string]bool{}, credentials: map[string]bool{}}
		k.pending[h.id] = s
	}
	note(s)
	k.mu.Unlock()
	select {
	case k.bell <- struct{}{}:
	default:
	}
}

func (k *Keeper) run(ctx context.Context) {
	round := time.NewTicker(Round)
	defer round.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-round.C:
			k.renew(ctx, func(*viewer.Viewer) bool { return true })
		case <-k.bell:
			k.mu.Lock()
			pending := k.pending
			k.pending = map[string]*stir{}
			k.mu.Unlock()
			k.renew(ctx, func(v *viewer.Viewer) bool {
				s := pending[v.WorkspaceID]
				return s != nil && s.touches(v)
			})
		}
	}
}
