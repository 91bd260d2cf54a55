// Package watcher watches boards: it keeps a board true by the frames of its stream alone, over broken connections, dead
// servers and resets, and holds it again and again against what the server answers for the same revision.
package watcher

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/rights"
	"github.com/rapidbott/tideboard/bench/truth/stream"
	"github.com/rapidbott/tideboard/bench/truth/verdict"
	"github.com/rapidbott/tideboard/bench/truth/view"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// Kind is how a watcher behaves.
type Kind string

// The kinds of watchers.
const (
	Plain        Kind = "plain"
	Filtered     Kind = "filtered"
	Restricted   Kind = "restricted"
	Slow         Kind = "slow"         // reads late and in bursts
	Reconnecting Kind = "reconnecting" // drops its socket at random
)

// lastFrames is how many frames an account shows.
const lastFrames = 8

// Watcher is one watcher. Its exported fields are set before Run.
type Watcher struct {
	Number int
	Kind   Kind
	View   view.View
	// Every is how many frames go between two comparisons.
	Every int
	Fleet *fleet.Fleet
	Court *verdict.Court
	// Rights follows the members whose right to see all records changes during the run; nil: nobody's does.
	Rights *rights.Book
	// Owner sees everything, always: what it is answered tells what a member with another right then must have held.
	Owner wire.Credential
	// RightsMark begins the marks of the commands that change rights and nothing else.
	RightsMark string
	// Injector breaks its stream on purpose.
	Injector stream.Injector
	// Quiet tells that the run waits for watchers to catch up: slow ones hurry.
	Quiet *atomic.Bool

	random *rand.Rand
	desk   *verdict.Desk
	client *wire.Client

	mu      sync.Mutex // guards what follows: the quiet points look at it
	board   *board.Board
	tracker stream.Tracker
	server  string
	last    []*board.Frame

	changed    chan struct{} // capacity 1: something came since it was last emptied
	verified   board.Revision
	unverified []board.Revision // commits since verified, as they came
	memories   []*board.Board   // what was held at some revisions; at most mostMemories
	fresh      int              // commits to compare one by one
	count      int
}

// Name is the watcher in accounts.
func (w *Watcher) Name() string { return fmt.Sprintf("watcher %d (%s)", w.Number, w.Kind) }

// Prepare makes the watcher ready to run, with a source of chance of its own.
func (w *Watcher) Prepare(seed uint64) {
	w.random = rand.New(&chance{pcg: rand.NewPCG(seed, uint64(w.Number))})
	w.desk = w.Court.Desk(w.Name())
	w.client = wire.NewClient()
	w.changed = make(chan struct{}, 1)
}

// Run watches until the context ends. A violation ends it too.
func (w *Watcher) Run(ctx context.Context) {
	defer w.client.Close()
	for ctx.Err() == nil {
		if err := w.watch(ctx); err != nil {
			if ctx.Err() == nil {
				w.Court.Fail(err)
			}
			return
		}
		w.Court.Counts.Reconnects.Add(1)
	}
}

// violation tells what happened with all that is known of this watcher.
func (w *Watcher) violation(kind, text string, lines ...string) *verdict.Violation {
	w.mu.Lock()
	defer w.mu.Unlock()
	revision := "no board is held"
	if w.tracker.Held() {
		revision = "held up to revision " + w.tracker.Last().String()
	}
	out := append([]string{
		w.View.String(),
		fmt.Sprintf("%s, last found right at revision %s, connected to %s", revision, w.verified, w.server),
		text,
	}, lines...)
	if len(out) > 40 {
		out = append(out[:40:40], fmt.Sprintf("… and %d more lines", len(out)-40))
	}
	out = append(out, fmt.Sprintf("the last %d frames:", len(w.last)))
	for _, f := range w.last {
		out = append(out, f.String())
	}
	return &verdict.Violation{Kind: kind, Who: w.Name(), Lines: out}
}
