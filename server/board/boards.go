package board

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Boards answers for all boards of a process.
type Boards struct {
	DB     *store.DB
	Hub    *changelog.Hub
	Logger *slog.Logger
	// Now is the clock by which filters are judged.
	Now func() time.Time
	// RememberFrom is from how many cards on the totals of a board are remembered.
	RememberFrom int
	// CardsPerChange is how many cards are summed up at the price of one change.
	CardsPerChange int

	mu       sync.Mutex
	replicas map[string]*replica
	loads    sync.Map // replica → *sync.Mutex: one reads a board, the others wait for it
	totals   *lru.Cache[string, *sums]
}

// linger is how long a board is held after its last watcher left: watchers come back.
const linger = 30 * time.Second

// New makes the boards of a process.
func New(db *store.DB, hub *changelog.Hub, logger *slog.Logger) *Boards {
	return &Boards{DB: db, Hub: hub, Logger: logger, Now: time.Now, RememberFrom: rememberFrom, CardsPerChange: cardsPerChange,
		replicas: map[string]*replica{}, totals: newTotals()}
}

// lensOf checks that a viewer may look at a pipeline at all, and how; a filter that depends on the clock is judged by the
// moment given.
func lensOf(v *viewer.Viewer, pipelineID string, f *filter.RecordFilter, now time.Time) (lens, error) {
	if !typeid.Is(typeid.Pipeline, pipelineID) {
		return lens{}, fault.At("pipelineId", fault.ValidationFailed, "%q is not the id of a pipeline", pipelineID)
	}
	if err := permit(v); err != nil {
		return lens{}, err
	}
	if !scope.SeesPipeline(v, pipelineID) {
		return lens{}, fault.NotFound("pipelineId", "pipeline", pipelineID)
	}
	compiled, err := filter.CompileRecords(f, filter.EnvOf(v, now))
	return newLens(v, compiled), err
}

func permit(v *viewer.Viewer) error {
	if v.Can(viewer.ReadRecords | viewer.ReadPipelines) {
		return nil
	}
	return forbidden(v)
}

func forbidden(v *viewer.Viewer) error { return scope.Refused(v, "this needs access to the CRM") }

// replica gives the board in memory, reading it when nobody watched it yet.
func (b *Boards) replica(ctx context.Context, v *viewer.Viewer, pipelineID string) (*replica, error) {
	for {
		r, err := b.find(ctx, v, pipelineID)
		if err != nil {
			return nil, err
		}
		if err := r.once(ctx, b); err != nil {
			b.drop(r)
			return nil, err
		}
		r.mu.Lock()
		alive := !r.dead && r.state != nil
		if alive {
			r.idle.Stop()
		}
		r.mu.Unlock()
		if alive {
			return r, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// once lets one caller at a time read the board.
func (r *replica) once(ctx context.Context, b *Boards) error {
	m, _ := b.loads.LoadOrStore(r, &sync.Mutex{})
	m.(*sync.Mutex).Lock()
	defer m.(*sync.Mutex).Unlock()
	return r.ready(ctx)
}

func (b *Boards) find(ctx context.Context, v *viewer.Viewer, pipelineID string) (*replica, error) {
	key := v.WorkspaceID + " " + pipelineID
	b.mu.Lock()
	defer b.mu.Unlock()
	if r := b.replicas[key]; r != nil {
		return r, nil
	}
	r := &replica{load: newLoader(b.DB, v), id: pipelineID, logger: b.Logger, views: map[string]*watched{}}
	_, end, err := b.Hub.Follow(ctx, v.WorkspaceID, r)
	if err != nil {
		return nil, err
	}
	r.end = end
	r.idle = time.AfterFunc(linger, func() { b.drop(r) })
	b.replicas[key] = r
	return r, nil
}

// drop lets a board go that nobody watches.
func (b *Boards) drop(r *replica) {
	b.mu.Lock()
	r.mu.Lock()
	watched := len(r.views) > 0
	if !watched && !r.dead {
		r.dead = true
		r.idle.Stop()
		b.forget(r)
		b.loads.Delete(r)
		defer r.end()
	}
	r.mu.Unlock()
	b.mu.Unlock()
}

// retire has a board whose pipeline was deleted read anew for whoever comes now: it may have been restored in a commit
// that has yet to be heard of. Those who watched it are still told its end.
func (b *Boards) retire(r *replica) {
	b.mu.Lock()
	b.forget(r)
	b.mu.Unlock()
	r.leave(nil)
}

// forget has nobody find a board any more. mu is held.
func (b *Boards) forget(r *replica) {
	maps.DeleteFunc(b.replicas, func(_ string, have *replica) bool { return have == r })
}

// Close lets all boards go. Nobody may subscribe any more.
func (b *Boards) Close() {
	b.mu.Lock()
	replicas := make([]*replica, 0, len(b.replicas))
	for _, r := range b.replicas {
		replicas = append(replicas, r)
	}
	b.mu.Unlock()
	for _, r := range replicas {
		b.drop(r)
	}
}
