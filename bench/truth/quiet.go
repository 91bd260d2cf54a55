package main

import (
	"context"
	"fmt"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/tables"
	"github.com/rapidbott/tideboard/bench/truth/verdict"
	"github.com/rapidbott/tideboard/bench/truth/watcher"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// catchUp is how long a watcher may take after writing has ceased.
const catchUp = 90 * time.Second

// replays is how many watchers ask for their stretch once more at a quiet point.
const replays = 12

// quietPoint stops the writers and holds everything against everything: log, ledger, tables, answers and watchers.
func (r *round) quietPoint(ctx context.Context, last bool) error {
	r.desk.Does("waits for the writers to pause")
	r.gate.Lock()
	defer r.gate.Unlock()
	r.quiet.Store(true)
	defer r.quiet.Store(false)
	base := r.ledger.World.Revision
	state, log, err := r.settle(ctx)
	if err != nil {
		return err
	}
	if last {
		if err := r.checkWholeLog(ctx); err != nil {
			return err
		}
	}
	if err := r.checkWatchers(ctx, state); err != nil {
		return err
	}
	if err := r.checkStreams(ctx, log, state.Head); err != nil {
		return err
	}
	if err := r.checkPast(ctx, log); err != nil {
		return err
	}
	r.directory.Load(state)
	r.court.Counts.QuietPoints.Add(1)
	r.desk.Progressed()
	r.note("quiet point at revision %s: %d commits since revision %s, %d records; log, ledger, tables, answers and watchers agree",
		state.Head, len(log.Commits), base, len(state.Records))
	return nil
}

// settle holds the ledger against the change log and the result against the tables.
func (r *round) settle(ctx context.Context) (*tables.State, *wire.Log, error) {
	owner, err := r.demo.Owner()
	if err != nil {
		return nil, nil, err
	}
	state, log, err := r.still(ctx, owner)
	if err != nil {
		return nil, nil, err
	}
	r.desk.Does("settles the ledger")
	observe := func(pipelineID string, c wire.Commit) (map[string][]string, error) {
		return r.observe(ctx, wire.View{Who: owner, PipelineID: pipelineID}, c.Revision)
	}
	if err := r.ledger.Settle(log, observe); err != nil {
		return nil, nil, violation("writes", "the writers' ledger", err.Error())
	}
	if lines := r.ledger.World.Diff(state); len(lines) > 0 {
		return nil, nil, violation("writes", "the tables against the writers' ledger at revision "+state.Head.String(), lines...)
	}
	if _, err := r.tables.CheckLog(ctx); err != nil {
		return nil, nil, violation("log", "the table of changes", err.Error())
	}
	return state, log, nil
}

// stillTries is how often the tables and the log are read for one state of both.
const stillTries = 5

// still reads the tables and the change log at one revision: who comes and goes is told also while nobody commands.
func (r *round) still(ctx context.Context, owner wire.Credential) (state *tables.State, log *wire.Log, err error) {
	r.desk.Does("reads the tables and the change log")
	for range stillTries {
		if state, err = r.tables.Read(ctx); err != nil {
			return nil, nil, err
		}
		err = r.fleet.Ask(ctx, r.random, r.retried, func(base string) (err error) {
			log, err = r.client.Changes(ctx, base, owner, r.ledger.World.Revision)
			return err
		})
		if err != nil {
			return nil, nil, violation("no answer", "the change log", err.Error())
		}
		if log.Head == state.Head {
			return state, log, nil
		}
	}
	return nil, nil, violation("log", "the change log", fmt.Sprintf("its head is %s, the workspace's row says %s", log.Head, state.Head))
}

// observe reads the order of a board's columns at a revision.
func (r *round) observe(ctx context.Context, v wire.View, at board.Revision) (map[string][]string, error) {
	b, err := r.ask(ctx, v, at)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, c := range b.Columns {
		out[c.StageID] = board.IDs(c.Cards)
	}
	return out, nil
}

func (r *round) ask(ctx context.Context, v wire.View, at board.Revision) (b *board.Board, err error) {
	err = r.fleet.Ask(ctx, r.random, r.retried, func(base string) (err error) {
		b, err = r.client.Board(ctx, base, v, at)
		return err
	})
	return b, err
}

// checkWholeLog reads the change log from its beginning: each revision once.
func (r *round) checkWholeLog(ctx context.Context) error {
	r.desk.Does("reads the whole change log")
	floor, err := r.tables.CheckLog(ctx)
	if err != nil {
		return violation("log", "the table of changes", err.Error())
	}
	owner, err := r.demo.Owner()
	if err != nil {
		return err
	}
	var log *wire.Log
	err = r.fleet.Ask(ctx, r.random, r.retried, func(base string) (err error) {
		log, err = r.client.Changes(ctx, base, owner, floor)
		return err
	})
	if err != nil {
		return violation("no answer", "the whole change log", err.Error())
	}
	for i, c := range log.Commits {
		if due := floor + 1 + board.Revision(i); c.Revision != due {
			return violation("log", "the whole change log", fmt.Sprintf("revision %s where %s is due", c.Revision, due))
		}
		for n, change := range c.Changes {
			if change.Ordinal != n || change.Revision != c.Revision {
				return violation("log", "the whole change log", fmt.Sprintf("revision %s: change %d is numbered %s/%d", c.Revision, n, change.Revision, change.Ordinal))
			}
		}
	}
	if due := floor + board.Revision(len(log.Commits)); log.Head != due {
		return violation("log", "the whole change log", fmt.Sprintf("it ends at %s, its head is %s", due, log.Head))
	}
	return nil
}

func (r *round) retried() { r.court.Counts.Retries.Add(1) }

func violation(kind, who string, lines ...string) error {
	return &verdict.Violation{Kind: kind, Who: who, Lines: lines}
}

// seesEverything tells whether the log alone says which commits a watcher is due.
func seesEverything(w *watcher.Watcher) bool {
	return w.View.Filter == nil && w.View.Who.SeesAll && !w.Shifting()
}
