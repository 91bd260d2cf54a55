package watch

import (
	"context"
	"errors"
	"sync"

	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// MaxQueue is how many commits wait for a slow watcher; beyond it they are read from the log when it comes for them.
const MaxQueue = 256

// step is how many commits are read from the log at a time.
const step = 200

// Subscription is one watcher's stream. Frames are taken with Next by one goroutine at a time. It holds at most
// MaxQueue commits: a watcher who is slower than that, or who asks for the past, is served from the log.
type Subscription struct {
	log  *Log
	view view
	wake func()
	end  func()

	mu     sync.Mutex
	at     row.Revision // everything up to here was told or passed over
	seen   row.Revision // the newest commit known of
	queue  []*changelog.Commit
	ready  bool // Ready was told
	closed bool
}

// Subscribe starts a stream; with `after`, at that revision, else at the present one.
func (l *Log) Subscribe(ctx context.Context, after *row.Revision, f *Filter, wake func()) (*Subscription, error) {
	v, err := newView(ctx, f)
	if err != nil {
		return nil, err
	}
	s := &Subscription{log: l, view: v, wake: wake}
	from, end, err := l.Hub.Follow(ctx, v.viewer.WorkspaceID, s)
	if err != nil {
		return nil, err
	}
	s.end = end
	head, _, err := changelog.Log{DB: l.DB}.Head(ctx, l.DB, v.viewer.WorkspaceID)
	if err == nil && after != nil && *after > head {
		err = fault.At("after", fault.ValidationFailed, "revision %d lies in the future; the newest is %d", *after, head)
	}
	if err != nil {
		end()
		return nil, err
	}
	s.mu.Lock()
	s.at = max(from, head)
	if after != nil {
		s.at = *after
	}
	s.seen = max(s.seen, head)
	s.mu.Unlock()
	wake()
	return s, nil
}

// Apply takes a commit from the hub.
func (s *Subscription) Apply(c *changelog.Commit) {
	s.mu.Lock()
	s.seen = max(s.seen, c.Revision)
	if !s.closed && len(s.queue) < MaxQueue {
		s.queue = append(s.queue, c)
	}
	s.mu.Unlock()
	s.wake()
}

// Lost is told by the hub when the log has a hole; reading on finds it.
func (s *Subscription) Lost(to row.Revision) {
	s.mu.Lock()
	s.seen = max(s.seen, to)
	s.mu.Unlock()
	s.wake()
}

// Next takes the next frame, nil when there is none now.
func (s *Subscription) Next(ctx context.Context) (Frame, error) {
	for {
		frame, more, err := s.advance(ctx)
		if frame != nil || err != nil || !more {
			return frame, err
		}
	}
}

// advance looks at the next commit; a nil frame with more says that it showed nothing.
func (s *Subscription) advance(ctx context.Context) (f Frame, more bool, err error) {
	s.mu.Lock()
	for len(s.queue) > 0 && s.queue[0].Revision <= s.at {
		s.queue[0] = nil
		s.queue = s.queue[1:]
	}
	at, seen := s.at, s.seen
	var next *changelog.Commit
	if len(s.queue) > 0 && s.queue[0].Revision == at+1 {
		next = s.queue[0]
	}
	told := s.ready
	if at >= seen {
		s.ready = true
	}
	s.mu.Unlock()
	switch {
	case at >= seen && !told:
		return &Ready{Revision: at}, false, nil
	case at >= seen:
		return nil, false, nil
	case next == nil:
		return s.read(ctx, at, min(seen, at+step))
	}
	return s.tell(next), true, nil
}

func (s *Subscription) tell(c *changelog.Commit) Frame {
	s.mu.Lock()
	s.at = c.Revision
	s.mu.Unlock()
	if f := s.view.frame(c); f != nil {
		return f
	}
	return nil
}

// read puts commits from the log before those that wait.
func (s *Subscription) read(ctx context.Context, after, upTo row.Revision) (Frame, bool, error) {
	log := changelog.Log{DB: s.log.DB}
	commits, err := log.Read(ctx, s.log.DB, s.view.viewer.WorkspaceID, after, upTo)
	if errors.Is(err, changelog.ErrTooOld) {
		_, floor, err := log.Head(ctx, s.log.DB, s.view.viewer.WorkspaceID)
		if err != nil {
			return nil, false, err
		}
		s.mu.Lock()
		s.at = max(s.at, floor)
		s.mu.Unlock()
		return &Reset{Revision: floor, Reason: "TOO_OLD"}, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	s.mu.Lock()
	for len(s.queue) > 0 && s.queue[0].Revision <= upTo {
		s.queue = s.queue[1:]
	}
	s.queue = append(commits, s.queue...)
	s.mu.Unlock()
	return nil, true, nil
}

// Close ends the stream. It may be called more than once.
func (s *Subscription) Close() {
	s.mu.Lock()
	s.closed, s.queue = true, nil
	s.mu.Unlock()
	s.end()
}
