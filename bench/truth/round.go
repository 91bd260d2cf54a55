package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/ledger"
	"github.com/rapidbott/tideboard/bench/truth/rights"
	"github.com/rapidbott/tideboard/bench/truth/stream"
	"github.com/rapidbott/tideboard/bench/truth/tables"
	"github.com/rapidbott/tideboard/bench/truth/verdict"
	"github.com/rapidbott/tideboard/bench/truth/watcher"
	"github.com/rapidbott/tideboard/bench/truth/wire"
	"github.com/rapidbott/tideboard/bench/truth/writer"
)

// round is one run with all that takes part in it.
type round struct {
	config    config
	court     *verdict.Court
	fleet     *fleet.Fleet
	demo      *fleet.Demo
	tables    *tables.Reader
	ledger    *ledger.Ledger
	directory *writer.Directory
	rights    rights.Book
	watchers  []*watcher.Watcher
	random    *rand.Rand // the conductor's own
	client    *wire.Client
	desk      *verdict.Desk

	gate   sync.RWMutex // held for writing while nobody may write
	enough atomic.Bool  // writers may go home
	quiet  atomic.Bool  // slow watchers hurry

	began  time.Time
	broken atomic.Uint64 // the revision that the injected fault hit
}

// run makes a run from an empty database to the summary. The error is the first violation or why there was no run.
func run(ctx context.Context, c config) (err error) {
	dir := c.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "truth-"); err != nil {
			return fmt.Errorf("a directory for the run: %w", err)
		}
		defer func() {
			if err == nil {
				err = os.RemoveAll(dir)
			} else {
				fmt.Fprintln(os.Stderr, "truth: databases and server logs are in", dir)
			}
		}()
	}
	fmt.Fprintf(os.Stderr, "truth: mode %s, seed %d, %d commits, %d writers, %d watchers, %d kills\n",
		c.mode, c.seed, c.commits, c.writers, c.watchers, c.kills)
	db := fleet.SQLite(dir)
	if c.mode != "sqlite" {
		if db, err = fleet.Postgres(ctx, c.postgres); err != nil {
			return err
		}
	}
	defer func() {
		if v := (*verdict.Violation)(nil); errors.As(err, &v) && c.fault == stream.NoFault {
			if db.Postgres {
				fmt.Fprintln(os.Stderr, "truth: the database", db.Name, "stays as it was found")
			}
			return
		}
		if dropErr := db.Drop(context.WithoutCancel(ctx)); err == nil {
			err = dropErr
		}
	}()
	servers, demo, err := fleet.Start(ctx, c.server, dir, db, c.servers())
	if err != nil {
		return err
	}
	defer servers.Stop()
	sql, err := db.Open()
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer sql.Close()
	r := &round{
		config: c, fleet: servers, demo: demo, tables: &tables.Reader{DB: sql, WorkspaceID: demo.WorkspaceID},
		directory: writer.NewDirectory(), random: rand.New(rand.NewPCG(c.seed, 1<<40)), client: wire.NewClient(), began: time.Now(),
	}
	defer r.client.Close()
	return r.play(ctx)
}

// play brings everybody on stage, conducts, and waits until all have left.
func (r *round) play(ctx context.Context) error {
	outer := ctx
	r.court, ctx = verdict.New(ctx)
	r.desk = r.court.Desk("conductor")
	state, err := r.tables.Read(ctx)
	if err != nil {
		return err
	}
	r.directory.Load(state)
	r.ledger = ledger.New(ledger.FromTables(state))
	if r.watchers, err = r.castWatchers(r.random); err != nil {
		return err
	}
	writers, err := r.castWriters(ctx, r.client, r.random)
	if err != nil {
		return err
	}
	owner, err := r.demo.Owner()
	if err != nil {
		return err
	}
	steward := r.castSteward(owner)
	ctx, leave := context.WithCancel(ctx)
	var company sync.WaitGroup
	defer company.Wait()
	defer leave()
	company.Go(func() { r.court.Guard(ctx, time.Minute) })
	company.Go(func() { r.report(ctx) })
	for _, w := range r.watchers {
		company.Go(func() { w.Run(ctx) })
	}
	if err := r.awaitBoards(ctx); err == nil {
		for _, w := range writers {
			company.Go(func() { w.Run(ctx, r.config.seed) })
		}
		company.Go(func() { steward.Run(ctx, r.config.seed) })
		if err := r.conduct(ctx); err != nil && ctx.Err() == nil {
			r.court.Fail(err)
		}
	}
	switch first := r.court.First(); {
	case first != nil:
		if r.broken.Load() > 0 {
			fmt.Fprintf(os.Stderr, "truth: the fault %q was injected at revision %d of watcher 0\n", r.config.fault, r.broken.Load())
		}
		return first
	case outer.Err() != nil:
		return context.Cause(outer)
	}
	if r.config.fault != stream.NoFault {
		return fmt.Errorf("the injected fault %q (revision %d of watcher 0) went unnoticed", r.config.fault, r.broken.Load())
	}
	r.summary()
	return r.showsEnough()
}

// awaitBoards waits until every watcher holds a board: the streams are open before the first command.
func (r *round) awaitBoards(ctx context.Context) error {
	for _, w := range r.watchers {
		for !w.Holding() {
			r.desk.Does("waits for the first board of %s", w.Name())
			if err := fleet.Pause(ctx, 20*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return nil
}

// warm tells that the run is far enough for an injected fault.
func (r *round) warm() bool { return r.ledger.Acknowledged() >= r.config.commits/5 }

func (r *round) injected(revision board.Revision) { r.broken.Store(uint64(revision)) }
