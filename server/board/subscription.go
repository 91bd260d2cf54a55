package board

import (
	"context"
	"errors"
	"sync"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
)

// MaxQueue is how many frames wait for a slow watcher before it has to start over.
const MaxQueue = 512

// maxCatchUp is how many commits a resuming watcher gets one by one; further behind, it starts over.
const maxCatchUp = 5000

// ErrEnded says that the board is gone and nothing more will come.
var ErrEnded = errors.New("board: the pipeline was deleted")

// Subscription is one watcher's stream of frames. Frames are taken with Next by one goroutine at a time.
type Subscription struct {
	boards   *Boards
	pipeline string
	wake     func()

	mu      sync.Mutex
	lens    lens  // with the rights of now
	failed  error // why nothing more may be shown
	replica *replica
	from    row.Revision // frames up to here are known to the watcher
	queue   []Frame
	held    []Frame // frames that wait until the past is told
	catchup bool
	over    string // why the watcher must start over
	ended   bool
	closed  bool
	readyAt row.Revision // Ready comes when the board passes this revision; 0 when it does not wait for one
	awaited bool         // Ready was left to that
}

// Subscribe starts a stream; see the SDL. `wake` is called, without blocking, whenever there may be something to take.
// NOT_FOUND for a pipeline the viewer does not see, VALIDATION_FAILED for a revision that does not exist yet.
func (b *Boards) Subscribe(ctx context.Context, v *viewer.Viewer, pipelineID string, f *filter.RecordFilter, after *row.Revision, wake func()) (*Subscription, error) {
	l, err := lensOf(v, pipelineID, f, b.minute())
	if err != nil {
		return nil, err
	}
	s := &Subscription{boards: b, pipeline: pipelineID, lens: l, wake: wake}
	if after == nil {
		return s, s.start(ctx)
	}
	head, err := b.reached(ctx, v, *after)
	if err != nil {
		return nil, err
	}
	if l.filter.Clock { // what passed it then, nobody can say
		return s, s.restart(ctx, Clock)
	}
	return s, s.resume(ctx, *after, head)
}

// reached gives the newest revision, and refuses one that does not exist yet.
func (b *Boards) reached(ctx context.Context, v *viewer.Viewer, r row.Revision) (row.Revision, error) {
	head, _, err := changelog.Log{DB: b.DB}.Head(ctx, b.DB, v.WorkspaceID)
	if err == nil && r > head {
		err = fault.At("after", fault.ValidationFailed, "revision %d lies in the future; the newest is %d", r, head)
	}
	return head, err
}

// start joins the board with a snapshot.
func (s *Subscription) start(ctx context.Context) error {
	return s.join(ctx, func(r *replica, w *watched) {
		whole := r.whole(w)
		s.from = whole.Revision
		s.queue = append(s.queue, whole)
	})
}

// join makes s a watcher of its board; `begin` runs when nothing can come in between.
func (s *Subscription) join(ctx context.Context, begin func(*replica, *watched)) error {
	for {
		r, err := s.boards.replica(ctx, s.Viewer(), s.pipeline)
		if err != nil {
			return err
		}
		r.mu.Lock()
		if r.dead || r.state == nil {
			r.mu.Unlock()
			continue
		}
		if r.state.pipeline.DeletedAt != nil { // it lingers for those who watched it to the end
			r.mu.Unlock()
			s.boards.retire(r)
			continue
		}
		now, may := r.state.viewerAt(s.Viewer())
		if !may {
			r.mu.Unlock()
			r.leave(s)
			return forbidden(now)
		}
		s.mu.Lock()
		s.lens = s.lens.as(now).at(s.boards.minute())
		w := r.watch(s.lens)
		if s.closed {
			s.mu.Unlock()
			r.mu.Unlock()
			r.leave(s)
			return nil
		}
		w.subs = append(w.subs, s)
		s.replica, s.over = r, ""
		begin(r, w)
		s.mu.Unlock()
		r.mu.Unlock()
		s.wake()
		return nil
	}
}

// Viewer is who watches, with the rights of now.
func (s *Subscription) Viewer() *viewer.Viewer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lens.viewer
}

// look gives the lens of now.
func (s *Subscription) look() lens {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lens
}

// see gives the watcher other rights.
func (s *Subscription) see(v *viewer.Viewer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lens = s.lens.as(v)
}

// fail ends the stream once what is known by now was told: the watcher may not look any more.
func (s *Subscription) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = err
	s.wake()
}

// push takes a frame from the board. It never blocks.
func (s *Subscription) push(f *Commit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed || s.ended || s.over != "" || f.Revision <= s.from:
		return
	case len(s.queue)+len(s.held) >= MaxQueue:
		s.queue, s.held, s.over = nil, nil, SlowConsumer
	case s.catchup:
		s.held = append(s.held, f)
		return
	default:
		s.queue = append(s.queue, f)
	}
	s.wake()
}

// reset makes the watcher start over.
func (s *Subscription) reset(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue, s.held, s.over = nil, nil, why
	s.wake()
}

// Next takes the next frame, nil when there is none now. A watcher that has to start over gets a Reset and a fresh
// Snapshot. ErrEnded after the last frame of a board that is gone.
func (s *Subscription) Next(ctx context.Context) (Frame, error) {
	s.mu.Lock()
	over := s.over
	if over == "" {
		defer s.mu.Unlock()
		return s.take()
	}
	s.mu.Unlock()
	if err := s.restart(ctx, over); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.take()
}

func (s *Subscription) take() (Frame, error) {
	switch {
	case len(s.queue) > 0:
		f := s.queue[0]
		s.queue[0] = nil
		if s.queue = s.queue[1:]; len(s.queue) == 0 {
			s.queue = nil
		}
		if c, ok := f.(*Commit); ok && c.ended {
			s.ended = true
		}
		return f, nil
	case s.ended:
		return nil, ErrEnded
	case s.failed != nil:
		return nil, s.failed
	}
	return nil, nil
}

// restart leaves the board and joins it again, with a Reset and a Snapshot.
func (s *Subscription) restart(ctx context.Context, why string) error {
	s.mu.Lock()
	r := s.replica
	s.mu.Unlock()
	if r != nil {
		r.leave(s)
	}
	return s.join(ctx, func(r *replica, w *watched) {
		whole := r.whole(w)
		s.from, s.catchup, s.readyAt = whole.Revision, false, 0
		s.queue, s.held = []Frame{&Reset{Revision: whole.Revision, Reason: why}, whole}, nil
	})
}

// Close ends the stream. It may be called more than once.
func (s *Subscription) Close() {
	s.mu.Lock()
	r := s.replica
	s.closed, s.queue, s.held = true, nil, nil
	s.mu.Unlock()
	if r != nil {
		r.leave(s)
	}
}
