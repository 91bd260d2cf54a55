package partner

import (
	"errors"
	"log/slog"
	"sync"
	"time"
)

// verdict is what an attempt says about the partner as a whole.
type verdict int

const (
	// silent: nothing, the caller went away first.
	silent verdict = iota
	// well: it answered, in time and in JSON. That holds for answers that break the contract as well: what is wrong
	// with one workspace must not shut out the others.
	well
	// ill: no connection, no answer in time, 429, 5xx, a redirect, no JSON.
	ill
)

// errOpen says that the partner is not asked for now because it failed too often.
var errOpen = errors.New("the circuit is open")

// circuit keeps a partner that fails from being asked: it opens after limit failures in a row, lets one attempt
// through after coolDown, and closes when that one finds the partner well. One per process; safe for concurrent use.
type circuit struct {
	now      func() time.Time
	limit    int
	coolDown time.Duration
	log      *slog.Logger

	mu       sync.Mutex
	failures int
	open     bool
	probing  bool
	until    time.Time
	// epoch counts the openings: what an attempt found that began before the last one is old news.
	epoch   int
	reached time.Time
}

// enter lets an attempt begin; it must call leave once, with what it found.
func (c *circuit) enter() (leave func(verdict), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open {
		if c.probing || c.now().Before(c.until) {
			return nil, errOpen
		}
		c.probing = true
	}
	epoch := c.epoch
	return func(v verdict) { c.leave(epoch, v) }, nil
}

func (c *circuit) leave(epoch int, v verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v == well {
		c.reached = c.now()
	}
	if epoch != c.epoch {
		return
	}
	wasOpen := c.open
	c.probing = false
	switch v {
	case well:
		c.open, c.failures = false, 0
		if wasOpen {
			c.log.Info("the partner answers again")
		}
	case ill:
		c.failures++
		if !wasOpen && c.failures < c.limit {
			return
		}
		c.open, c.until = true, c.now().Add(c.coolDown)
		c.epoch++
		if !wasOpen {
			c.log.Warn("the partner fails and is not asked for a while", "failures", c.failures, "for", c.coolDown)
		}
	}
}

func (c *circuit) lastWell() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reached, !c.reached.IsZero()
}
