package main

import (
	"context"
	"fmt"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/tables"
	"github.com/rapidbott/tideboard/bench/truth/watcher"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// checkWatchers holds the answers of every server against the tables, and every watcher's board against the answers.
func (r *round) checkWatchers(ctx context.Context, state *tables.State) error {
	answers := map[string]*board.Board{}
	for _, w := range r.watchers {
		name := w.View.String()
		if answers[name] == nil {
			b, err := r.checkAnswers(ctx, w, state)
			if err != nil {
				return err
			}
			answers[name] = b
		}
		r.desk.Does("waits for %s to catch up with revision %s", w.Name(), state.Head)
		if err := w.Settle(ctx, answers[name], catchUp); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// checkAnswers asks every server for a watcher's board as it is now and holds the answers against the tables.
func (r *round) checkAnswers(ctx context.Context, w *watcher.Watcher, state *tables.State) (*board.Board, error) {
	var out *board.Board
	for _, base := range r.fleet.Addresses() {
		r.desk.Does("asks %s for the board of %s", base, w.Name())
		b, err := r.client.Board(ctx, base, w.View.Wire(), 0)
		if wire.IsBroken(err) || wire.IsOverloaded(err) {
			b, err = r.ask(ctx, w.View.Wire(), 0)
		}
		if err != nil {
			return nil, violation("no answer", w.View.String(), err.Error())
		}
		if b.Revision < state.Head { // a later one tells who came or went: the cards are the same
			return nil, violation("stale answer", w.View.String(),
				fmt.Sprintf("%s answers with the board of revision %s, the head is %s", base, b.Revision, state.Head))
		}
		if lines := r.asOfNow(w).Diff(b, state); len(lines) > 0 {
			lines = append([]string{fmt.Sprintf("the answer of %s at revision %s differs from the tables:", base, b.Revision)}, lines...)
			return nil, violation("wrong answer", w.View.String(), lines...)
		}
		r.desk.Progressed()
		out = b
	}
	return out, nil
}

// checkStreams holds the commits that watchers received against those they were due: by the change log where that says it
// all, and by replays of a few others.
func (r *round) checkStreams(ctx context.Context, log *wire.Log, head board.Revision) error {
	due := map[string]watcher.Due{}
	left := replays
	for _, i := range r.random.Perm(len(r.watchers)) {
		w := r.watchers[i]
		r.desk.Does("checks what %s received", w.Name())
		var err error
		switch {
		case seesEverything(w):
			if _, ok := due[w.View.PipelineID]; !ok {
				due[w.View.PipelineID] = dueCommits(log, w.View.PipelineID)
			}
			err = w.CheckReceived(due[w.View.PipelineID])
		case w.Shifting():
			err = w.CheckReplay(ctx, head)
		case left > 0:
			left--
			err = w.CheckReplay(ctx, head)
		}
		if err != nil {
			return err
		}
		w.Forget(head)
		r.desk.Progressed()
	}
	return ctx.Err()
}

// dueCommits finds the commits that somebody who sees everything on a board must get, and those that may bring no more
// than what links show.
func dueCommits(log *wire.Log, pipelineID string) (due watcher.Due) {
	for _, c := range log.Commits {
		must, may := false, false
		for _, change := range c.Changes {
			switch change.Entity {
			case "record":
				must = must || onBoard(change.Before, pipelineID) || onBoard(change.After, pipelineID)
			case "pipeline":
				must = must || change.EntityID == pipelineID
			case "stage":
				must = must || change.PipelineID == pipelineID
			default:
				may = true
			}
		}
		switch {
		case must:
			due.Must = append(due.Must, c.Revision)
		case may:
			due.May = append(due.May, c.Revision)
		}
	}
	return due
}

// onBoard tells whether an image of a record is that of a live card of a pipeline.
func onBoard(image map[string]any, pipelineID string) bool {
	return image != nil && wire.Image(image, "deleted_at") == "" && wire.Image(image, "pipeline_id") == pipelineID
}
