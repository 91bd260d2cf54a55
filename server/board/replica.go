package board

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// replica is one board held in memory for those who watch it, fed by the change log. Everything in it is guarded by mu;
// the hub's goroutine applies commits, watchers' goroutines come for snapshots.
type replica struct {
	load   loader
	id     string
	logger *slog.Logger
	end    func()

	mu    sync.Mutex
	state *state // nil until loaded, and after commits were lost
	early []*changelog.Commit
	views map[string]*watched
	idle  *time.Timer
	dead  bool
}

// watched is a view with those who watch it.
type watched struct {
	*view
	subs     []*Subscription
	waiting  []*Subscription // for Ready
	snapshot *Snapshot       // of the present revision; nil when not made yet
	resumed  map[row.Revision][]Frame
}

// readTimeout bounds a read that a follower must make before it can go on.
const readTimeout = 10 * time.Second

// Apply takes the board one commit further and tells its watchers. It is called by the hub.
func (r *replica) Apply(c *changelog.Commit) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.advance(c)
}

func (r *replica) advance(c *changelog.Commit) {
	switch {
	case r.state == nil:
		r.early = append(r.early, c)
		return
	case c.Revision <= r.state.revision:
		return
	case wiped(c):
		r.forget(DataDeleted)
		return
	}
	st := r.state.apply(c)
	if contacts, companies := r.state.missing(st); len(contacts)+len(companies) > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
		found, err := r.load.partners(ctx, contacts, companies)
		cancel()
		if err != nil { // the links stay empty until the next change; the cards themselves are right
			r.logger.Error("read contacts and companies of a board", "pipeline", r.id, "err", err)
		}
		r.state.fill(st, found)
	}
	leaving := r.departures(st)
	for _, w := range r.views {
		w.snapshot, w.resumed = nil, nil
		if f := w.apply(r.state, st); f != nil {
			for _, s := range w.subs {
				s.push(f)
			}
		}
		w.waiting = slices.DeleteFunc(w.waiting, func(s *Subscription) bool { return s.passed(c.Revision) })
	}
	r.arrive(leaving, st)
}

// Lost throws the board away: it is read again, and every watcher starts over. It is called by the hub.
func (r *replica) Lost(row.Revision) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(TooOld)
}

// forget throws the board away and has every watcher start over. mu is held.
func (r *replica) forget(why string) {
	r.state, r.early = nil, nil
	for _, w := range r.views {
		for _, s := range w.subs {
			s.reset(why)
		}
	}
	clear(r.views)
}

// wiped tells whether a commit deleted all data of the workspace: its cards have no changes of their own.
func wiped(c *changelog.Commit) bool {
	return slices.ContainsFunc(c.Changes, func(ch *changelog.Change) bool { return ch.Kind == "workspace.data_deleted" })
}

// ready reads the board if it is not held. NOT_FOUND when there is no such pipeline.
func (r *replica) ready(ctx context.Context) error {
	r.mu.Lock()
	have := r.state != nil
	r.mu.Unlock()
	if have {
		return nil
	}
	var s *state
	err := r.load.db.Snapshot(ctx, func(q store.Queryer) (err error) {
		s, err = r.load.state(ctx, q, r.id)
		return err
	})
	switch {
	case err != nil:
		return err
	case s == nil || s.pipeline.DeletedAt != nil:
		return fault.NotFound("pipelineId", typeid.Name(typeid.Pipeline), r.id)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == nil {
		early := r.early
		r.state, r.early = s, nil
		for _, c := range early {
			r.advance(c)
		}
	}
	return nil
}

// watch gives the view of a lens, making it when there is none. mu is held.
func (r *replica) watch(l lens) *watched {
	w := r.views[l.key]
	if w == nil {
		w = &watched{view: newView(l, r.state)}
		r.views[l.key] = w
	}
	return w
}

// whole gives the snapshot of a view, the same one to all who come at the same revision. mu is held.
func (r *replica) whole(w *watched) *Snapshot {
	if w.snapshot == nil {
		w.snapshot = &Snapshot{Revision: r.state.revision, Board: w.board(r.state)}
	}
	return w.snapshot
}

// leave takes a watcher off, if it is one; views nobody watches go at once, the board itself a while later.
func (r *replica) leave(s *Subscription) {
	r.mu.Lock()
	defer r.mu.Unlock()
	watchers := 0
	for key, w := range r.views {
		w.subs = slices.DeleteFunc(w.subs, func(have *Subscription) bool { return have == s })
		if len(w.subs) == 0 {
			delete(r.views, key)
		}
		watchers += len(w.subs)
	}
	if watchers == 0 && !r.dead {
		r.idle.Reset(linger)
	}
}
