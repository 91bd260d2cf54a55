package watcher

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/stream"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// Settle waits until the board is what it must be now that nobody writes, links included.
func (w *Watcher) Settle(ctx context.Context, want *board.Board, patience time.Duration) error {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		lines := w.differences(want)
		if len(lines) == 0 {
			w.Court.Counts.Compared.Add(1)
			w.desk.Progressed()
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-w.changed:
		case <-tick.C:
		case <-deadline.C:
			return w.overdue(ctx, want, lines, patience)
		}
	}
}

func (w *Watcher) differences(want *board.Board) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.board == nil {
		return []string{"it holds no board"}
	}
	return board.Diff(w.board, want, board.WithLinks)
}

// overdue explains why a watcher never got to the board it must have.
func (w *Watcher) overdue(ctx context.Context, want *board.Board, lines []string, patience time.Duration) error {
	w.mu.Lock()
	since, received := w.verified, slices.Clone(w.unverified)
	w.mu.Unlock()
	kind := stream.Content
	if breach, err := w.classify(ctx, since, received, want.Revision); err == nil && breach != nil && breach.Kind == stream.Missing {
		kind = breach.Kind
		lines = append([]string{breach.Text}, lines...)
	}
	return w.violation(string(kind), fmt.Sprintf("%s after writing ceased at revision %s its board is still not what board(…) answers:", patience, want.Revision), lines...)
}

// Due says of each commit after a revision whether a watcher must, or may, have got a frame of it.
type Due struct{ Must, May []board.Revision }

// CheckReceived holds the commits received against those due up to the head, then forgets them. Call it for watchers that
// see everything.
func (w *Watcher) CheckReceived(due Due) error {
	w.mu.Lock()
	base, received := w.tracker.Received()
	w.mu.Unlock()
	received = slices.DeleteFunc(stream.Beyond(received, base), func(r board.Revision) bool { return slices.Contains(due.May, r) })
	if breach := stream.Classify(received, stream.Beyond(due.Must, base)); breach != nil {
		return w.violation(string(breach.Kind), "by the change log: "+breach.Text)
	}
	return nil
}

// CheckReplay asks for what came since the last quiet point once more, up to the head, and holds it against what came. A
// frame that only repeats what a link already showed may still be on its way: it gets a moment.
func (w *Watcher) CheckReplay(ctx context.Context, head board.Revision) error {
	for deadline := time.Now().Add(5 * time.Second); ; {
		w.mu.Lock()
		base, received := w.tracker.Received()
		w.mu.Unlock()
		breach, err := w.classify(ctx, base, stream.Beyond(received, base), head)
		switch {
		case ctx.Err() != nil, errors.Is(err, wire.ErrReset): // too long a way is no fault
			return nil
		case err != nil:
			return w.violation("no answer", fmt.Sprintf("a replay after revision %s: %s", base, err))
		case breach == nil:
			w.Court.Counts.Replays.Add(1)
			return nil
		}
		if breach.Kind != stream.Missing || time.Now().After(deadline) {
			return w.violation(string(breach.Kind), fmt.Sprintf("a replay after revision %s has other commits than the live stream: %s", base, breach.Text))
		}
		if fleet.Pause(ctx, 200*time.Millisecond) != nil {
			return nil
		}
	}
}

// Forget drops what is checked up to a revision.
func (w *Watcher) Forget(upTo board.Revision) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tracker.Forget(upTo)
}

// Holding tells whether it holds a board.
func (w *Watcher) Holding() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.board != nil
}
