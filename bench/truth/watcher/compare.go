package watcher

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/stream"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// compare holds the board against the server's answer for the same revision and the same eyes.
func (w *Watcher) compare(ctx context.Context, arrivals <-chan arrival) error {
	at := w.tracker.Last()
	want, err := w.mustHold(ctx, at)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return w.violation("no answer", fmt.Sprintf("the board at revision %s: %s", at, err))
	}
	if want == nil { // the right is changing
		return nil
	}
	if lines := board.Diff(w.board, want, board.AtRevision); len(lines) > 0 {
		return w.explain(ctx, nil, &differs{at, lines}, nil, arrivals)
	}
	w.mu.Lock()
	w.verified, w.unverified = at, nil
	w.mu.Unlock()
	w.Court.Counts.Compared.Add(1)
	return nil
}

// differs is a board that is not what it should be.
type differs struct {
	at    board.Revision
	lines []string
}

func (d *differs) Error() string {
	return fmt.Sprintf("the board held at revision %s differs from the answer of board(at: %s):", d.at, d.at)
}

// explain finds out what a broken stream suffers from: it takes in what still comes, asks for a replay of the commits
// since the board was last found right, and compares the two.
func (w *Watcher) explain(ctx context.Context, breach *stream.Breach, cause error, rest []*board.Frame, arrivals <-chan arrival) error {
	for _, f := range rest {
		_ = w.note(f)
	}
	text, lines := "", []string(nil)
	if cause != nil {
		text = cause.Error()
	}
	if d, ok := cause.(*differs); ok {
		lines = d.lines
	}
	if breach == nil {
		w.drain(ctx, arrivals)
		w.mu.Lock()
		since, received := w.verified, slices.Clone(w.unverified)
		newest := slices.Max(append([]board.Revision{w.tracker.Last()}, received...))
		w.mu.Unlock()
		var err error
		breach, err = w.classify(ctx, since, received, newest)
		switch {
		case err != nil:
			breach = &stream.Breach{Kind: stream.Content, Text: "no replay tells whether commits are missing: " + err.Error()}
		case breach == nil:
			breach = &stream.Breach{Kind: stream.Content, Text: "a replay has the same commits: what is wrong stands in a frame, in the replay or in the answer"}
		}
	}
	if text != "" {
		lines = append([]string{text}, lines...)
	}
	return w.violation(string(breach.Kind), breach.Text, lines...)
}

// classify compares the commits received after a revision and up to another with a replay. The error says why there was
// none.
func (w *Watcher) classify(ctx context.Context, since board.Revision, received []board.Revision, limit board.Revision) (*stream.Breach, error) {
	if since == 0 {
		return nil, errors.New("no board was found right before")
	}
	var replay []board.Revision
	var upTo board.Revision
	err := w.Fleet.Ask(ctx, w.random, w.retried, func(base string) error {
		var err error
		replay, upTo, err = wire.Replay(ctx, base, w.View.Wire(), since)
		if err != nil && forgivable(err) {
			return &wire.Broken{Err: err}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	limit = min(limit, upTo)
	return stream.Classify(stream.UpTo(received, limit), stream.UpTo(replay, limit)), nil
}

// drain notes what comes within a second, so that a late frame is seen to be late and not missing.
func (w *Watcher) drain(ctx context.Context, arrivals <-chan arrival) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-arrivals:
			if a.err != nil {
				return
			}
			_ = w.note(a.frame)
		}
	}
}
