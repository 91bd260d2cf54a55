package changelog

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/rapidbott/tideboard/server/row"
)

// tail follows one workspace's log and tells its followers.
type tail struct {
	hub  *Hub
	id   string
	bell chan struct{}

	// deliver is held while followers are told, so that joining happens between two commits.
	deliver   sync.Mutex
	head      row.Revision
	followers []Follower

	mu     sync.Mutex
	target row.Revision
	early  map[row.Revision]*Commit
	ended  bool
}

// maxEarly bounds the commits that wait for one before them; beyond it they are read from the log.
const maxEarly = 1024

// readAhead is how many commits are read from the log at a time.
const readAhead = 500

func (t *tail) ring(to row.Revision, c *Commit) {
	t.mu.Lock()
	t.target = max(t.target, to)
	if c != nil && len(t.early) < maxEarly {
		t.early[to] = c
	}
	t.mu.Unlock()
	t.wake()
}

func (t *tail) wake() {
	select {
	case t.bell <- struct{}{}:
	default:
	}
}

func (t *tail) join(f Follower) (row.Revision, bool) {
	t.deliver.Lock()
	defer t.deliver.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return 0, false
	}
	t.followers = append(t.followers, f)
	return t.head, true
}

func (t *tail) part(f Follower) (last bool) {
	t.deliver.Lock()
	defer t.deliver.Unlock()
	if i := slices.Index(t.followers, f); i >= 0 {
		t.followers = slices.Delete(slices.Clone(t.followers), i, i+1)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = t.ended || len(t.followers) == 0
	return t.ended
}

func (t *tail) run() {
	for {
		select {
		case <-t.hub.ctx.Done():
			return
		case <-t.bell:
		}
		for t.advance() {
		}
		t.mu.Lock()
		ended := t.ended
		t.mu.Unlock()
		if ended {
			return
		}
	}
}

// advance tells the next commits; false when there is nothing more now.
func (t *tail) advance() bool {
	t.mu.Lock()
	next, target := t.early[t.head+1], t.target
	delete(t.early, t.head+1)
	ended := t.ended
	t.mu.Unlock()
	if ended || target <= t.head {
		return false
	}
	commits := []*Commit{next}
	if next == nil {
		var err error
		commits, err = t.hub.log.Read(t.hub.ctx, t.hub.log.DB, t.id, t.head, min(target, t.head+readAhead))
		switch {
		case errors.Is(err, ErrTooOld):
			t.lost(target)
			return true
		case err != nil:
			return t.pause(err)
		}
	}
	t.tell(commits)
	return true
}

func (t *tail) tell(commits []*Commit) {
	t.deliver.Lock()
	defer t.deliver.Unlock()
	for _, c := range commits {
		for _, f := range t.followers {
			f.Apply(c)
		}
		t.head = c.Revision
	}
	t.forget()
}

func (t *tail) lost(to row.Revision) {
	t.deliver.Lock()
	defer t.deliver.Unlock()
	for _, f := range t.followers {
		f.Lost(to)
	}
	t.head = to
	t.forget()
}

// forget drops early commits that were told meanwhile.
func (t *tail) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for r := range t.early {
		if r <= t.head {
			delete(t.early, r)
		}
	}
}

// pause waits a moment after a failed read; the bell stays rung.
func (t *tail) pause(err error) bool {
	if t.hub.ctx.Err() != nil {
		return false
	}
	t.hub.logger.Error("read the change log", "workspace", t.id, "err", err)
	timer := time.NewTimer(200 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-t.hub.ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
