package main

import (
	"context"
	"fmt"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/view"
	"github.com/rapidbott/tideboard/bench/truth/watcher"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// asOfNow is a watcher's view with the right its member has now.
func (r *round) asOfNow(w *watcher.Watcher) view.View {
	v := w.View
	if w.Shifting() {
		v.Who.SeesAll = r.rights.Now(v.Who.MemberID).Sees
	}
	return v
}

// checkPast has every watcher ask for a board it remembers, by revision and by time.
func (r *round) checkPast(ctx context.Context, log *wire.Log) error {
	moments, err := momentsOf(log)
	if err != nil {
		return violation("log", "the change log", err.Error())
	}
	for _, w := range r.watchers {
		r.desk.Does("has %s ask for a board of the past", w.Name())
		if err := w.Recall(ctx, moments); err != nil {
			return err
		}
		r.desk.Progressed()
	}
	return ctx.Err()
}

// momentsOf tells of each commit when it was made, and of each such time which commit was the newest: later ones may bear
// the same time, but none an earlier one.
func momentsOf(log *wire.Log) (*watcher.Moments, error) {
	m := &watcher.Moments{At: map[board.Revision]string{}, Newest: map[string]board.Revision{}}
	var last time.Time
	for _, c := range log.Commits {
		t, err := time.Parse(time.RFC3339Nano, c.At)
		switch {
		case err != nil:
			return nil, fmt.Errorf("the time of revision %s: %w", c.Revision, err)
		case t.Before(last):
			return nil, fmt.Errorf("revision %s was made at %s, which is before the time of the one before it, %s", c.Revision, c.At, last)
		}
		last, m.At[c.Revision], m.Newest[c.At] = t, c.At, c.Revision
	}
	return m, nil
}
