package board

import (
	"context"
	"errors"
	"slices"

	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// resume joins the board for a watcher who holds it at a revision: the commits since, then Ready, then live. Ready does
// not come before all that was committed when the watcher asked, `head`, also where this process has yet to hear of it.
func (s *Subscription) resume(ctx context.Context, after, head row.Revision) error {
	var at *state
	var known []Frame
	var on *replica
	var reached row.Revision
	err := s.join(ctx, func(r *replica, w *watched) {
		s.from, s.catchup, on, reached = after, true, r, r.state.revision
		if r.state.revision < head {
			s.readyAt, s.awaited = head, true
			w.waiting = append(w.waiting, s)
		}
		switch {
		case r.state.revision <= after: // the watcher holds it, from another process perhaps
			if s.catchup = false; !s.awaited {
				s.queue = []Frame{&Ready{Revision: after}}
			}
		case w.resumed[after] != nil:
			known = w.resumed[after]
		default:
			at = r.state.copy()
		}
	})
	switch {
	case err != nil:
		return err
	case known != nil:
		s.told(known, reached)
	case at != nil:
		return s.catchUp(ctx, on, at, after)
	}
	return nil
}

// catchUp makes the frames between a revision and a state: the state is taken back through the log, then forward
// again through the watcher's lens.
func (s *Subscription) catchUp(ctx context.Context, r *replica, at *state, after row.Revision) error {
	head := at.revision
	frames, alike, err := s.past(ctx, at, after)
	switch {
	case errors.Is(err, changelog.ErrTooOld):
		s.reset(TooOld)
		return nil
	case errors.Is(err, errWiped):
		s.reset(DataDeleted)
		return nil
	case err != nil:
		s.Close()
		return err
	}
	r.mu.Lock()
	if w := r.views[s.look().key]; w != nil && alike && r.state != nil && r.state.revision == head {
		if w.resumed == nil {
			w.resumed = map[row.Revision][]Frame{}
		}
		w.resumed[after] = frames
	}
	r.mu.Unlock()
	s.told(frames, head)
	return nil
}

// errWiped says that all data were deleted since: there is no way back to what was.
var errWiped = errors.New("board: all data were deleted")

// past gives the frames, and whether they are the same for all who look alike now: nobody's rights changed meanwhile.
func (s *Subscription) past(ctx context.Context, at *state, after row.Revision) (frames []Frame, alike bool, err error) {
	head, me := at.revision, s.look()
	if head-after > maxCatchUp {
		return nil, false, changelog.ErrTooOld
	}
	load := newLoader(s.boards.DB, me.viewer)
	commits, err := load.log.Read(ctx, s.boards.DB, me.viewer.WorkspaceID, after, head)
	if err != nil {
		return nil, false, err
	}
	if slices.ContainsFunc(commits, wiped) {
		return nil, false, errWiped
	}
	var changes []*changelog.Change
	for i := len(commits) - 1; i >= 0; i-- {
		for j := len(commits[i].Changes) - 1; j >= 0; j-- {
			changes = append(changes, commits[i].Changes[j])
		}
	}
	at.rewind(changes, after)
	v, alike := at.seenBy(me), true
	for _, c := range commits {
		st := at.apply(c)
		f := (*Commit)(nil)
		if st.rights {
			alike = false
			old := v.cards()
			v = at.seenBy(me)
			f = v.become(old, at, st)
		} else {
			f = v.apply(at, st)
		}
		if f != nil {
			f.ended = false // it was restored: nobody joins a board that is gone
			frames = append(frames, f)
		}
	}
	return frames, alike, nil
}

// seenBy is the state as a watcher saw it then: nothing, when it was not let in.
func (s *state) seenBy(l lens) *view {
	v, may := s.viewerAt(l.viewer)
	l = l.as(v)
	if !may {
		l.blind = true
	}
	return newView(l, s)
}

// told puts the past, up to a revision, before what has come in meanwhile.
func (s *Subscription) told(past []Frame, upTo row.Revision) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over == "" && !s.closed {
		s.queue = append([]Frame(nil), past...)
		if !s.awaited {
			s.queue = append(s.queue, &Ready{Revision: upTo})
		}
		s.queue = append(s.queue, s.held...)
	}
	s.held, s.catchup = nil, false
	s.wake()
}

// passed tells a watcher that waits for it that the board has reached a revision; false while it goes on waiting.
func (s *Subscription) passed(at row.Revision) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.readyAt == 0 || s.closed || s.over != "":
		return true
	case at < s.readyAt:
		return false
	case s.catchup:
		s.held = append(s.held, &Ready{Revision: at})
	default:
		s.queue = append(s.queue, &Ready{Revision: at})
	}
	s.readyAt = 0
	s.wake()
	return true
}
