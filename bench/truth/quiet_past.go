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

// momentsOf tells of each commit when it was made, and of each such time which commit was the newest. Commits are numbered
// when they end and bear the time when they began, so that a later one may bear an earlier time.
func momentsOf(log *wire.Log) (*watcher.Moments, error) {
	m := &watcher.Moments{At: map[board.Revision]string{}, Newest: map[string]board.Revision{}}
	times := make([]time.Time, len(log.Commits))
	for i, c := range log.Commits {
		t, err := time.Parse(time.RFC3339Nano, c.At)
		if err != nil {
			return nil, fmt.Errorf("the time of revision %s: %w", c.Revision, err)
		}
		times[i], m.At[c.Revision] = t, c.At
	}
	for i, c := range log.Commits {
		newest := c.Revision
		for j := i + 1; j < len(times) && j < i+overtakers; j++ {
			if !times[j].After(times[i]) {
				newest = log.Commits[j].Revision
			}
		}
		m.Newest[c.At] = max(newest, m.Newest[c.At])
	}
	return m, nil
}

// overtakers bounds how many commits may end between the beginning of a commit and its end.
const overtakers = 200
