package access

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/rapidbott/tideboard/server/store"
)

// recordEvery is how often uses of keys are written: once a minute per key at most.
const recordEvery = time.Minute

// Uses counts how often API keys are used. A use costs no statement: uses are gathered in memory and written once a
// minute and by Close, so that a clean stop loses none; one that was killed loses a minute's.
type Uses struct {
	db     *store.DB
	now    func() time.Time
	logger *slog.Logger
	stop   context.CancelFunc
	ended  chan struct{} // never sent to: closed when the writer has ended

	mu     sync.Mutex
	counts map[string]keyUse
}

// keyUse is what is not written yet of a key.
type keyUse struct {
	n    int64
	last time.Time
}

// NewUses starts the writer, which Close ends.
func NewUses(db *store.DB, now func() time.Time, logger *slog.Logger) *Uses {
	ctx, stop := context.WithCancel(context.Background())
	u := &Uses{db: db, now: now, logger: logger, stop: stop, ended: make(chan struct{}), counts: map[string]keyUse{}}
	go u.run(ctx)
	return u
}

// Used counts one use of a key, now. It never blocks on the database.
func (u *Uses) Used(keyID string) {
	at := u.now().UTC().Truncate(time.Minute)
	u.mu.Lock()
	defer u.mu.Unlock()
	c := u.counts[keyID]
	if c.n++; at.After(c.last) {
		c.last = at
	}
	u.counts[keyID] = c
}

// Close writes what is left and ends the writer. Nothing is counted after it.
func (u *Uses) Close() {
	u.stop()
	<-u.ended
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	u.record(ctx)
}

func (u *Uses) run(ctx context.Context) {
	defer close(u.ended)
	tick := time.NewTicker(recordEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			u.record(ctx)
		}
	}
}

// record writes all counts; those that cannot be written are kept for the next time.
func (u *Uses) record(ctx context.Context) {
	u.mu.Lock()
	counts := u.counts
	u.counts = map[string]keyUse{}
	u.mu.Unlock()
	p := u.db.SQL.Placeholder
	for id, c := range counts {
		_, err := u.db.Write.ExecContext(ctx, "UPDATE api_keys SET use_count = use_count + "+p(1)+", last_used_at = CASE WHEN last_used_at > "+p(2)+
			" THEN last_used_at ELSE "+p(3)+" END WHERE id = "+p(4), c.n, c.last, c.last, id)
		if err == nil {
			continue
		}
		if ctx.Err() == nil {
			u.logger.Error("count the uses of an API key", "key", id, "err", err)
		}
		u.mu.Lock()
		kept := u.counts[id]
		kept.n += c.n
		if c.last.After(kept.last) {
			kept.last = c.last
		}
		u.counts[id] = kept
		u.mu.Unlock()
	}
}
