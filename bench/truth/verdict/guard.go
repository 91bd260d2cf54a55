package verdict

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"time"
)

// Desk is where an actor says what it is doing.
type Desk struct {
	mu    sync.Mutex
	busy  string
	since time.Time
	court *Court
}

// Desk opens the desk of an actor.
func (c *Court) Desk(name string) *Desk {
	d := &Desk{court: c, since: time.Now(), busy: "not begun"}
	c.desks.Store(name, d)
	return d
}

// Does says what the actor begins to do or to wait for.
func (d *Desk) Does(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.busy, d.since = fmt.Sprintf(format, args...), time.Now()
}

// Progressed says that something was achieved: a command answered, a commit taken, a step of a quiet point done.
func (d *Desk) Progressed() { d.court.progress.Add(1) }

// Guard fails the run when nobody progresses for a while, with an account of who waits for what. It ends with the context.
func (c *Court) Guard(ctx context.Context, patience time.Duration) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	last, since := c.progress.Load(), time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now := c.progress.Load(); now != last {
			last, since = now, time.Now()
		} else if time.Since(since) > patience {
			c.Fail(&Violation{Kind: "standstill", Who: fmt.Sprintf("nothing has progressed for %s", patience), Lines: c.account()})
			return
		}
	}
}

func (c *Court) account() (out []string) {
	c.desks.Range(func(name, desk any) bool {
		d := desk.(*Desk)
		d.mu.Lock()
		defer d.mu.Unlock()
		out = append(out, fmt.Sprintf("%s: %s, for %s", name, d.busy, time.Since(d.since).Round(time.Millisecond)))
		return true
	})
	sort.Strings(out)
	return out
}
