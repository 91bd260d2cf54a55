package partner

import (
	"context"
	"errors"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/singleflight"
)

// CacheConfig says how long answers hold. The zero value is the default of each.
type CacheConfig struct {
	// Fresh is how long an answer about a workspace is not asked again (0 = 5 minutes), Last how long it is remembered
	// for when the partner is down (0 = 24 hours).
	Fresh, Last time.Duration
	// Entries is how many workspaces are remembered, and how many ids that are none (0 = 10,000 each). The least used
	// go first; wrong ids push out no workspace.
	Entries int
	// Budget is how long one question may take with its retries (0 = 25 s). It runs on when its caller goes away, for
	// those who wait for the same.
	Budget time.Duration
	// Now tells the time; nil is the real one.
	Now func() time.Time
}

// Cached is an API that remembers what the partner said about workspaces, also that there is none. Errors are not
// remembered. Everything else goes through. Safe for concurrent use; Close it at the end.
type Cached struct {
	API
	fresh, last, budget time.Duration
	now                 func() time.Time
	group               singleflight.Group
	// base ends the questions under way when the cache is closed.
	base context.Context
	end  context.CancelFunc

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
	// found and missing hold answers by the id asked, a *said each.
	found, missing *lru.LRU[string, *said]
	// asking are the questions under way whose answer may be remembered.
	asking map[string]*question
}

// said is an answer: a workspace, or nil for none.
type said struct {
	workspace *Workspace
	at        time.Time
	dropped   bool
}

// question is one flight, told from others by its address; it has a size because those without may share one.
type question struct{ _ byte }

// NewCached puts a cache before the partner.
func NewCached(api API, c CacheConfig) *Cached {
	out := &Cached{API: api, fresh: orElse(c.Fresh, 5*time.Minute), last: orElse(c.Last, 24*time.Hour), budget: orElse(c.Budget, 25*time.Second),
		now: c.Now, asking: map[string]*question{}}
	if out.now == nil {
		out.now = time.Now
	}
	out.base, out.end = context.WithCancel(context.Background())
	n := max(orElse(c.Entries, 10_000), 1)
	out.found, _ = lru.NewLRU[string, *said](n, nil) // fails for n < 1 only
	out.missing, _ = lru.NewLRU[string, *said](n, nil)
	return out
}

// Close ends the questions under way and waits for them. Fresh fails from then on.
func (c *Cached) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.end()
	c.running.Wait()
}

// Workspace implements API; it is Fresh.
func (c *Cached) Workspace(ctx context.Context, id string) (*Workspace, error) {
	return c.Fresh(ctx, id)
}

// Fresh gives what the partner says about a workspace, asked now or within the last five minutes and never older: when
// it cannot be had it fails, and with it every new login. However many ask at once, the partner is asked once.
// ErrNotFound, ErrUnavailable.
func (c *Cached) Fresh(ctx context.Context, id string) (*Workspace, error) {
	if !canBeID(id) {
		return nil, ErrNotFound
	}
	if s := c.held(id); s != nil {
		return s.answer()
	}
	select {
	case <-ctx.Done():
		return nil, gaveUp(ctx)
	case r := <-c.group.DoChan(id, func() (any, error) { return c.ask(id) }):
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*said).answer()
	}
}

// Last gives the last answer about a workspace, however it stands now, up to 24 hours old: running sessions go on with
// it while the partner is down. checkedAt is when the partner gave it. The workspace is nil when that answer was that
// there is none. False when nothing is known.
func (c *Cached) Last(workspaceID string) (ws *Workspace, checkedAt time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.look(workspaceID)
	if s == nil || c.now().Sub(s.at) > c.last {
		return nil, time.Time{}, false
	}
	ws, _ = s.answer()
	return ws, s.at, true
}

// Drop makes the next Fresh ask the partner, because it said that something changed. An answer that is under way is
// not remembered and not given to those who ask from now on. Last still knows the old one.
func (c *Cached) Drop(workspaceID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.look(workspaceID); s != nil {
		s.dropped = true
	}
	delete(c.asking, workspaceID)
	c.group.Forget(workspaceID)
}

func (s *said) answer() (*Workspace, error) {
	if s.workspace == nil {
		return nil, ErrNotFound
	}
	return s.workspace.clone(), nil
}

// look finds what was said, fresh or not. Under the lock.
func (c *Cached) look(id string) *said {
	if s, ok := c.found.Get(id); ok {
		return s
	}
	if s, ok := c.missing.Get(id); ok {
		return s
	}
	return nil
}

// held finds what was said within the last five minutes; nil when there is nothing.
func (c *Cached) held(id string) *said {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.look(id)
	if s == nil || s.dropped || c.now().Sub(s.at) >= c.fresh {
		return nil
	}
	return s
}

// ask asks the partner for everybody who waits, and remembers the answer.
func (c *Cached) ask(id string) (*said, error) {
	q := &question{}
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil, unavailable(errors.New("the cache is closed"))
	}
	c.running.Add(1)
	c.asking[id] = q
	c.mu.Unlock()
	defer c.running.Done()
	defer c.forget(id, q)
	if s := c.held(id); s != nil { // it came between the look and the flight
		return s, nil
	}
	ctx, cancel := context.WithTimeout(c.base, c.budget)
	defer cancel()
	w, err := c.API.Workspace(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		if c.base.Err() != nil {
			err = unavailable(errors.New("the cache is closed"))
		}
		return nil, err
	}
	s := &said{workspace: w, at: c.now()}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asking[id] != q {
		return s, nil
	}
	c.found.Remove(id)
	c.missing.Remove(id)
	if w == nil {
		c.missing.Add(id, s)
	} else {
		c.found.Add(id, s)
	}
	return s, nil
}

func (c *Cached) forget(id string, q *question) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asking[id] == q {
		delete(c.asking, id)
	}
}
