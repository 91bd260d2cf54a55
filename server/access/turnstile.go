package access

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/rapidbott/tideboard/server/fault"
)

// anonymous is how often one address may ask about workspaces (spec integration, section 5): enough for people, too
// little for finding out who is a customer.
var anonymous = Limit{"access.ip", 30, time.Minute}

// turnstiles bounds the addresses that one process remembers; the least recent go first.
const turnstiles = 10_000

// turnstile limits what must leave nothing behind: each process counts for itself, in memory.
type turnstile struct {
	mu   sync.Mutex
	uses *lru.LRU[string, []int64]
}

// pass counts a use. RATE_LIMITED says when to come back.
func (t *turnstile) pass(subject string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.uses == nil {
		t.uses, _ = lru.NewLRU[string, []int64](turnstiles, nil) // fails for less than 1 only
	}
	before, _ := t.uses.Get(subject)
	uses, wait := anonymous.after(before, now.UnixMicro())
	t.uses.Add(subject, uses)
	return limited(wait)
}

// limited is the refusal of who has to wait; nil when nobody has.
func limited(wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	f := fault.New(fault.RateLimited, "too many requests of this kind; try again later")
	f.RetryAfter = int((wait + time.Second - 1) / time.Second)
	return f
}
