package watcher

import (
	"context"
	"fmt"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/stream"
)

// take believes a frame: notes it, applies it, and compares the board when it is time to.
func (w *Watcher) take(ctx context.Context, f *board.Frame, arrivals <-chan arrival) error {
	frames := w.Injector.Pass(f)
	for i, f := range frames {
		breach := w.note(f)
		var err error
		if breach == nil {
			err = w.apply(ctx, f)
		}
		if ctx.Err() != nil {
			return nil
		}
		if breach != nil || err != nil {
			return w.explain(ctx, breach, err, frames[i+1:], arrivals)
		}
		if f.Type == board.TypeCommit { // to connect again and again is no progress
			w.desk.Progressed()
		}
		select {
		case w.changed <- struct{}{}:
		default:
		}
		if w.due(f) {
			if err := w.compare(ctx, arrivals); err != nil {
				return err
			}
		}
		if f.Type == board.TypeCommit {
			if err := w.reminisce(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Watcher) note(f *board.Frame) *stream.Breach {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.Court.Counts.Frames.Add(1)
	if w.last = append(w.last, f); len(w.last) > lastFrames {
		w.last = w.last[1:]
	}
	if f.Type == board.TypeCommit {
		w.unverified = append(w.unverified, f.Revision)
	}
	return w.tracker.Note(f)
}

// apply brings the board to the state after the frame.
func (w *Watcher) apply(ctx context.Context, f *board.Frame) error {
	if f.Type == board.TypeSnapshot {
		return w.snapshot(ctx, f)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch f.Type {
	case board.TypeReset:
		w.Court.Counts.Resets.Add(1)
		w.board = nil
		if f.Reason != "SLOW_CONSUMER" {
			return fmt.Errorf("a reset because of %s, though nothing of the kind happened", f.Reason)
		}
	case board.TypeReady:
		w.board.Revision = f.Revision
	case board.TypeCommit:
		if f.Empty() {
			w.Court.Counts.Empty.Add(1)
		}
		if err := w.aboutRights(f); err != nil {
			return err
		}
		return w.board.Apply(f)
	}
	return nil
}

// snapshot takes a whole board; what lies beyond its pages is asked for at its revision.
func (w *Watcher) snapshot(ctx context.Context, f *board.Frame) error {
	w.Court.Counts.Snapshots.Add(1)
	w.desk.Does("completes the snapshot of revision %s", f.Revision)
	err := w.Fleet.Ask(ctx, w.random, w.retried, func(base string) error {
		return w.client.Complete(ctx, base, w.View.Wire(), f.Board)
	})
	if err != nil {
		return err
	}
	b, err := f.Board.Board()
	if err != nil {
		return fmt.Errorf("the snapshot disagrees with itself: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.board, w.fresh = b, 2
	w.verified, w.unverified = f.Revision, nil
	return nil
}

// due tells whether the board should be compared after this frame: after what begins a stretch, after its first commits,
// and then every so often.
func (w *Watcher) due(f *board.Frame) bool {
	switch f.Type {
	case board.TypeSnapshot, board.TypeReady:
		return true
	case board.TypeCommit:
		if w.count++; w.fresh > 0 {
			w.fresh--
			return true
		}
		return w.count%w.Every == 0
	}
	return false
}
