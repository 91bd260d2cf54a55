package watch

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/rapidbott/tideboard/ent/viewer"
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
	wake func()
	end  func()

	mu     sync.Mutex
	view   view
	at     row.Revision // everything up to here was told or passed over
	seen   row.Revision // the newest commit known of
	queue  []*changelog.Commit
	ready  bool // Ready was told
	closed bool
}

// Subscribe starts a stream; with `after`, at that revision, else at the present one.
func (l *Log) Subscribe(ctx context.Context, after *row.Revision, f *Filter, wake func()) (*Subscription, error) {
	v, err := newView(viewer.FromContext(ctx), f)
	if err != nil {
		return nil, err
	}
	s := &Subscription{log: l, view: v, wake: wake}
	from, end, err := l.Hub.Follow(ctx, v.viewer.WorkspaceID, s)
	if err != nil {
		return nil, err
	}
	s.end = end
	if err := s.refresh(ctx); err != nil { // what changed since the caller was let in was not heard
		end()
		return nil, err
	}
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
	f, err = s.tell(ctx, next)
	return f, true, err
}

func (s *Subscription) tell(ctx context.Context, c *changelog.Commit) (Frame, error) {
	s.mu.Lock()
	s.at = c.Revision
	s.mu.Unlock()
	if concerns(c, s.Viewer()) {
		if err := s.refresh(ctx); err != nil {
			return nil, err
		}
	}
	if f := s.look().frame(c); f != nil {
		return f, nil
	}
	return nil, nil
}

// concerns tells whether a commit may change what a viewer may see. A TEAM_ADMIN's rights depend on other members too.
func concerns(c *changelog.Commit, v *viewer.Viewer) bool {
	return slices.ContainsFunc(c.Changes, func(ch *changelog.Change) bool {
		return ch.Entity == "member" && v.Kind == viewer.Member && (ch.EntityID == v.ID || v.Role == viewer.TeamAdmin) && ch.Kind != "member.presence.changed"
	})
}

// refresh asks again what the viewer may see.
func (s *Subscription) refresh(ctx context.Context) error {
	if s.log.Refresh == nil {
		return nil
	}
	old := s.look()
	now, err := s.log.Refresh(ctx, old.viewer)
	if err != nil {
		return err
	}
	next, err := newView(now, old.filter)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.view = next
	s.mu.Unlock()
	return nil
}

func (s *Subscription) look() view {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view
}

// Viewer is who watches, with the rights of now.
func (s *Subscription) Viewer() *viewer.Viewer { return s.look().viewer }

// read puts commits from the log before those that wait.
func (s *Subscription) read(ctx context.Context, after, upTo row.Revision) (Frame, bool, error) {
	log := changelog.Log{DB: s.log.DB}
	commits, err := log.Read(ctx, s.log.DB, s.Viewer().WorkspaceID, after, upTo)
	if errors.Is(err, changelog.ErrTooOld) {
		_, floor, err := log.Head(ctx, s.log.DB, s.Viewer().WorkspaceID)
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
