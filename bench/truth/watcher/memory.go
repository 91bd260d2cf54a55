package watcher

import (
	"context"
	"fmt"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// mostMemories bounds the boards a watcher remembers.
const mostMemories = 3

// Once in so many commits a watcher remembers its board, and asks for a remembered one.
const (
	rememberEvery = 30
	recallEvery   = 120
)

// remember keeps the board as it is held now.
func (w *Watcher) remember() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b := w.board.Clone(); len(w.memories) < mostMemories {
		w.memories = append(w.memories, b)
	} else {
		w.memories[w.random.IntN(mostMemories)] = b
	}
}

// memory is one of the remembered boards; nil when there is none. Remembered boards do not change.
func (w *Watcher) memory() *board.Board {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.memories) == 0 {
		return nil
	}
	return w.memories[w.random.IntN(len(w.memories))]
}

// reminisce now and then remembers and recalls.
func (w *Watcher) reminisce(ctx context.Context) error {
	if w.random.IntN(rememberEvery) == 0 {
		w.remember()
	}
	if w.random.IntN(recallEvery) != 0 {
		return nil
	}
	return w.Recall(ctx, nil)
}

// Moments says of commits when they were made, as the API tells it, and which was the newest revision at such a time.
type Moments struct {
	At     map[board.Revision]string
	Newest map[string]board.Revision
}

// Recall asks for a remembered board, by its revision and, where moments has it, by the time of its commit.
func (w *Watcher) Recall(ctx context.Context, moments *Moments) error {
	held := w.memory()
	if held == nil {
		return nil
	}
	at := held.Revision
	then, known := w.sight(at)
	now := w.standing()
	if !known || !now.Certain {
		return nil
	}
	got, err := w.fetch(ctx, w.View.Wire(), at)
	if ctx.Err() != nil || w.standing() != now {
		return nil
	}
	if err != nil {
		return w.violation("no answer", fmt.Sprintf("the board of the past at revision %s: %s", at, err))
	}
	want := held
	if then != now.Sees { // both as far as either right goes
		want, got = held.Narrow(w.View.Who.MemberID), got.Narrow(w.View.Who.MemberID)
	}
	if lines := board.Diff(got, want, board.AtRevision); len(lines) > 0 {
		lines = append([]string{fmt.Sprintf("the board of revision %s, asked for later (sees all then %t, now %t), is not what was held then:", at, then, now.Sees)}, lines...)
		return w.violation("wrong past", "board(at:)", lines...)
	}
	w.Court.Counts.Recalled.Add(1)
	if moments == nil || moments.At[at] == "" {
		return nil
	}
	return w.recallTime(ctx, moments.At[at], moments.Newest[moments.At[at]])
}

// recallTime asks for the board as of a time, which must be that of the newest revision by then.
func (w *Watcher) recallTime(ctx context.Context, asOf string, newest board.Revision) error {
	var got *board.Board
	err := w.Fleet.Ask(ctx, w.random, w.retried, func(base string) (err error) {
		w.desk.Does("asks %s for its board as of %s", base, asOf)
		got, err = w.client.BoardAsOf(ctx, base, w.View.Wire(), asOf)
		return err
	})
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return w.violation("no answer", fmt.Sprintf("the board as of %s: %s", asOf, err))
	}
	if got.Revision != newest {
		return w.violation("wrong past", fmt.Sprintf("the board as of %s is that of revision %s; the newest of that time is %s", asOf, got.Revision, newest))
	}
	want, err := w.fetch(ctx, w.View.Wire(), newest)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return w.violation("no answer", fmt.Sprintf("the board of the past at revision %s: %s", newest, err))
	}
	if lines := board.Diff(got, want, board.AtRevision); len(lines) > 0 {
		return w.violation("wrong past", fmt.Sprintf("the board as of %s is not that of revision %s:", asOf, newest), lines...)
	}
	w.Court.Counts.AsOf.Add(1)
	return nil
}
