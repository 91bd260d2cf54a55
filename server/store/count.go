package store

import (
	"context"
	"database/sql/driver"
	"slices"
	"sync"
	"sync/atomic"
)

type counterKey struct{}

// counting is whether any counter was ever made, so that a program that makes none does not look for one.
var counting atomic.Bool

// Counter holds the statements made within a context. It is safe for concurrent use.
type Counter struct {
	mu         sync.Mutex
	texts      []string
	statements int
}

// Count begins counting the statements that are made with the returned context, or with one made from it, whoever
// makes them: this package, ent, or database/sql. Preparing a statement does not count, executing it does. A context
// within the returned one that counts for itself does not count here.
func Count(ctx context.Context) (context.Context, *Counter) {
	counting.Store(true)
	c := &Counter{}
	return context.WithValue(ctx, counterKey{}, c), c
}

// Statements is how many statements were made. Beginning and ending a transaction are not among them.
func (c *Counter) Statements() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.statements
}

// Edges is how often a transaction was begun, committed or rolled back.
func (c *Counter) Edges() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.texts) - c.statements
}

// Texts are the statements in the order they were made, with BEGIN, COMMIT and ROLLBACK among them.
func (c *Counter) Texts() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.texts)
}

func (c *Counter) add(text string, statements int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = append(c.texts, text)
	c.statements += statements
}

func counterOf(ctx context.Context) *Counter {
	if !counting.Load() {
		return nil
	}
	c, _ := ctx.Value(counterKey{}).(*Counter)
	return c
}

func count(ctx context.Context, text string) {
	if c := counterOf(ctx); c != nil {
		c.add(text, 1)
	}
}

func countEdge(ctx context.Context, text string) *Counter {
	c := counterOf(ctx)
	if c != nil {
		c.add(text, 0)
	}
	return c
}

// countedTx counts the end of a transaction where its beginning was counted: ending one takes no context.
type countedTx struct {
	driver.Tx
	counter *Counter
}

func (t *countedTx) Commit() error {
	t.counter.add("COMMIT", 0)
	return t.Tx.Commit()
}

func (t *countedTx) Rollback() error {
	t.counter.add("ROLLBACK", 0)
	return t.Tx.Rollback()
}
