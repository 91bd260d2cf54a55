package board

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// minute is the moment by which live boards judge filters that depend on the clock: the same one for all who watch within
// a minute, so that they share their frames.
func (b *Boards) minute() time.Time { return b.Now().UTC().Truncate(time.Minute) }

// Run lets the clock of all live boards go on, a moment after each minute begins, until the context ends.
func (b *Boards) Run(ctx context.Context) {
	for {
		now := b.Now()
		timer := time.NewTimer(max(now.Truncate(time.Minute).Add(time.Minute).Sub(now), time.Second))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
			b.Tick()
		}
	}
}

// Tick judges all live filters that depend on the clock by the present minute. Watchers for whom other cards pass now start
// over with a Reset and a Snapshot; the others notice nothing.
func (b *Boards) Tick() {
	b.mu.Lock()
	replicas := slices.Collect(maps.Values(b.replicas))
	b.mu.Unlock()
	for _, r := range replicas {
		r.tick(b.minute())
	}
}

func (r *replica) tick(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == nil {
		return
	}
	for key, w := range maps.Clone(r.views) {
		next := w.lens.at(now)
		if next.key == key {
			continue
		}
		delete(r.views, key)
		if !w.same(next, r.state) {
			for _, s := range w.subs {
				s.reset(Clock)
			}
			continue
		}
		for _, s := range w.subs {
			s.turn(now)
		}
		w.lens = next
		if have := r.views[next.key]; have != nil { // of those who came within this minute already
			have.subs, have.waiting = append(have.subs, w.subs...), append(have.waiting, w.waiting...)
			continue
		}
		r.views[next.key] = w
	}
}

// same tells whether a lens shows the cards of a view, no more and no less.
func (v *view) same(l lens, s *state) bool {
	held := v.cards()
	for id, r := range s.cards {
		if l.shows(r) != (held[id] != nil) {
			return false
		}
	}
	return true
}

// turn has the watcher's filter judged by another moment.
func (s *Subscription) turn(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lens = s.lens.at(now)
}

// at gives the lens with its filter judged by another moment.
func (l lens) at(now time.Time) lens {
	if !l.filter.Clock || l.filter.Moment().Equal(now) {
		return l
	}
	next := newLens(l.viewer, l.filter.At(now))
	next.blind = l.blind
	return next
}

// judged gives a lens whose filter is judged by the time of a revision's commit; of one that the log no longer holds, by
// the time of the next that it does.
func (l loader) judged(ctx context.Context, q store.Queryer, through lens, at row.Revision) (lens, error) {
	if !through.filter.Clock {
		return through, nil
	}
	rows, err := query(ctx, q, l.begin().Add("SELECT c.at FROM changes c WHERE ").Workspace("c").
		Add(" AND c.revision >= ? ORDER BY c.revision, c.ordinal LIMIT 1", int64(at)))
	if err != nil {
		return through, err
	}
	defer rows.Close()
	var then time.Time
	for rows.Next() {
		if err := rows.Scan(row.UTC(&then)); err != nil {
			return through, err
		}
		through = through.at(then)
	}
	return through, rows.Err()
}
