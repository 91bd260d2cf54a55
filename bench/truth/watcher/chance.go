package watcher

import (
	"math/rand/v2"
	"sync"
)

// chance is a source that a watcher's goroutines share: the one that reads, the one that applies and a quiet point.
type chance struct {
	mu  sync.Mutex
	pcg *rand.PCG
}

// Uint64 draws the next number.
func (c *chance) Uint64() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pcg.Uint64()
}
