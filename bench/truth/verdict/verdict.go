// Package verdict keeps the first violation of a run, stops everything on it, counts what was done, and knows what every
// actor is busy with, so that a standstill can be told from patience and explained.
package verdict

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
)

// Violation is a broken promise, told so that a person can follow it.
type Violation struct {
	// Kind is a word or two: missing, doubled, wrong content, lost write …
	Kind string
	// Who broke it or found it: a watcher with its view, a writer, the tables …
	Who string
	// Lines are the account.
	Lines []string
}

// Error is the whole account.
func (v *Violation) Error() string {
	const most = 60
	lines := v.Lines
	if len(lines) > most {
		lines = append(lines[:most:most], fmt.Sprintf("… and %d more lines", len(v.Lines)-most))
	}
	return fmt.Sprintf("VIOLATION: %s\n  %s\n  %s", v.Kind, v.Who, strings.Join(lines, "\n  "))
}

// Counts are what a run did.
type Counts struct {
	Frames, Compared, Reconnects, Resets, Snapshots, Empty, Retries, Kills, QuietPoints, Replays atomic.Int64
	// Permission is cards that entered or left because a right changed, Narrowed boards compared across such a change,
	// Recalled and AsOf boards of the past that were asked for again.
	Permission, Narrowed, Recalled, AsOf atomic.Int64

	mu   sync.Mutex
	done map[string]int
}

// Did counts an acknowledged command of a kind.
func (c *Counts) Did(kind string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done == nil {
		c.done = map[string]int{}
	}
	c.done[kind]++
}

// Done is how many commands of each kind were acknowledged.
func (c *Counts) Done() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.done)
}

// Court takes violations and counts from everybody.
type Court struct {
	Counts Counts

	cancel context.CancelCauseFunc
	mu     sync.Mutex
	first  error

	progress atomic.Int64
	desks    sync.Map // name → *Desk
}

// New makes a court and a context that ends with the first violation.
func New(ctx context.Context) (*Court, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Court{cancel: cancel}, ctx
}

// Fail reports a violation, or a failure of the run itself. Only the first counts: what follows may follow from it.
func (c *Court) Fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first == nil {
		c.first = err
		c.cancel(err)
	}
}

// First is the first violation; nil when there is none.
func (c *Court) First() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first
}
