// Command bench measures a Tideboard server beside the least that could do the same work. It makes a database of its
// own, builds and starts the server and its peer (bench/peer) as real processes on loopback, fills a board through the
// API, and reports ratios: both sides are measured by the same client, in turns, in the same minute, on the same data,
// so that a slow or busy machine slows both.
//
//	board    requests for a board of 5 × 50 cards, against one SQL statement that builds the same JSON
//	move     commits of moved cards, against the same statements in plain SQL
//	fanout   one commit to 1,000 watchers, against a loop that writes the same bytes to 1,000 sockets
//	size     a board of 50,000 cards, against one of 500 on the same server
//	memory   what an idle watcher costs the server
//
// It needs PostgreSQL (TEST_POSTGRES_URL or -pg) and Linux for the memory. It fails when something does not work, never
// because something is slow: goals are told beside the figures.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cfg, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, cfg)
	}
	if err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cfg config) error {
	begun := time.Now()
	b, err := setUp(ctx, cfg)
	if err != nil {
		return err
	}
	defer b.tearDown()
	if err := b.heading(ctx); err != nil {
		return err
	}
	for _, p := range parts {
		if !cfg.wants(p.name) {
			continue
		}
		r, err := p.measure(b, ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		r.print(p.name, p.about)
	}
	fmt.Printf("\n%s in all\n", time.Since(begun).Round(time.Second))
	return nil
}

// part is one thing that is measured.
type part struct {
	name, about string
	measure     func(*bench, context.Context) (*report, error)
}

// parts are what is measured, in this order.
var parts = []part{
	{"board", "5 × 50 cards with contact, owner and totals, against one SQL statement building the same JSON", (*bench).board},
	{"move", "commits of cards dragged to an end of a random stage, against the same statements in plain SQL", (*bench).move},
	{"fanout", "from a mutation to the last of many watchers, against a loop writing the same bytes", (*bench).fanout},
	{"size", "first page and totals of a board of 50,000 cards in 8 stages, against those of one of 500", (*bench).size},
	{"memory", "what an idle watcher of a board adds to the server", (*bench).memory},
}
