package board

import (
	"context"
	"errors"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// Query says which board at which moment; at most one of At and AsOf.
type Query struct {
	PipelineID string
	Filter     *filter.RecordFilter
	At         *row.Revision
	AsOf       *time.Time
	AtLeast    *row.Revision
	// First is how many cards of each column will be asked for; more are read when they are.
	First int
	// Links says which links of cards are shown.
	Links Links
	// Needs says which columns are shown; nil means all.
	Needs *Needs
}

// Links says which links of cards are shown.
type Links struct{ Contact, Company, Owner bool }

// Needs names the columns shown of cards and of what they link to.
type Needs struct{ Record, Contact, Company, Member []string }

// Board gives a board as it stands or as it stood. NOT_FOUND for a pipeline the viewer does not see, CURSOR_EXPIRED for
// a revision older than the log, VALIDATION_FAILED for one that does not exist.
func (b *Boards) Board(ctx context.Context, q Query) (*Board, error) {
	v := viewer.FromContext(ctx)
	l, err := lensOf(v, q.PipelineID, q.Filter, b.Now())
	if err != nil {
		return nil, err
	}
	if q.At != nil && q.AsOf != nil {
		return nil, fault.At("at", fault.ValidationFailed, "either a revision or a time can be asked for")
	}
	if q.AtLeast != nil {
		if err := b.await(ctx, v, *q.AtLeast); err != nil {
			return nil, err
		}
	}
	if q.At != nil || q.AsOf != nil {
		return b.past(ctx, l, q)
	}
	return b.present(ctx, l, q)
}

// patience bounds the wait for a revision.
const patience = 5 * time.Second

// await waits until a revision is visible.
func (b *Boards) await(ctx context.Context, v *viewer.Viewer, r row.Revision) error {
	log := changelog.Log{DB: b.DB}
	reached := func() (row.Revision, error) {
		head, _, err := log.Head(ctx, b.DB, v.WorkspaceID)
		return head, err
	}
	if head, err := reached(); err != nil || head >= r {
		return err
	}
	w := &waiter{until: r, done: make(chan struct{}, 1)} // 1: reaching the revision is told once
	_, end, err := b.Hub.Follow(ctx, v.WorkspaceID, w)
	if err != nil {
		return err
	}
	defer end()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	head, err := reached()
	if err != nil || head >= r {
		return err
	}
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return fault.At("atLeast", fault.ValidationFailed, "revision %d was not committed within %s; the newest is %d", r, patience, head)
	}
}

// waiter follows the log until a revision.
type waiter struct {
	until row.Revision
	done  chan struct{}
}

func (w *waiter) Apply(c *changelog.Commit) { w.Lost(c.Revision) }

func (w *waiter) Lost(to row.Revision) {
	if to >= w.until {
		select {
		case w.done <- struct{}{}:
		default:
		}
	}
}

// past rebuilds a board from the present rows and the log: what happened since is taken back. The cost grows with the
// board's size and the changes since, not with the age of the board. A filter that depends on the clock is judged by the
// time of the revision's commit.
func (b *Boards) past(ctx context.Context, l lens, q Query) (*Board, error) {
	load := newLoader(b.DB, l.viewer)
	var s *state
	err := b.DB.Snapshot(ctx, func(db store.Queryer) error {
		var err error
		if s, err = load.state(ctx, db, q.PipelineID); err != nil || s == nil {
			return err
		}
		at, err := load.moment(ctx, db, q, s.revision)
		if err != nil {
			return err
		}
		changes, err := load.past(ctx, db, l, q.PipelineID, at)
		if err != nil {
			return err
		}
		s.rewind(changes, at)
		l, err = load.judged(ctx, db, l, at)
		return err
	})
	if err != nil {
		return nil, err
	}
	if s == nil || s.revision == 0 || s.pipeline.DeletedAt != nil || !s.existed() {
		return nil, fault.NotFound("pipelineId", "pipeline", q.PipelineID)
	}
	return newView(l, s).board(s), nil
}

// existed tells whether the pipeline had been made at the state's revision: a pipeline has stages.
func (s *state) existed() bool { return len(s.pipeline.Stages) > 0 }

// moment is the revision a query means, checked against the log.
func (l loader) moment(ctx context.Context, q store.Queryer, ask Query, head row.Revision) (at row.Revision, err error) {
	_, floor, err := l.log.Head(ctx, q, l.everyone.WorkspaceID)
	if err != nil {
		return 0, err
	}
	field := "at"
	if ask.At != nil {
		at = *ask.At
	} else {
		field = "asOf"
		if at, err = l.log.AsOf(ctx, q, l.everyone.WorkspaceID, *ask.AsOf); err != nil {
			return 0, err
		}
	}
	switch {
	case at > head:
		return 0, fault.At(field, fault.ValidationFailed, "revision %d lies in the future; the newest is %d", at, head)
	case at < floor:
		return 0, fault.At(field, fault.CursorExpired, "the log is kept from revision %d on", floor)
	}
	return at, nil
}

// errMoved says that a commit came between the statements of a read.
var errMoved = errors.New("board: a commit came in between")

// present reads a board as it stands, first without a transaction: statements that begin and end at the same revision
// saw the same state. When a commit comes in between, it is read again in a snapshot.
func (b *Boards) present(ctx context.Context, l lens, q Query) (*Board, error) {
	board, err := b.read(ctx, b.DB, l, q)
	if errors.Is(err, errMoved) {
		err = b.DB.Snapshot(ctx, func(db store.Queryer) (err error) {
			board, err = b.read(ctx, db, l, q)
			return err
		})
	}
	return board, err
}
