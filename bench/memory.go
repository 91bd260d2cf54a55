package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/rapidbott/tideboard/bench/crowd"
	"github.com/rapidbott/tideboard/bench/rig"
)

// few is how many watch before the rest comes: what the first ones cost is not the price of one more.
const few = 20

// memory weighs a server started anew, because one that has worked has room left over, before and after many watchers came, each of whom got the board and then has
// nothing to do. What a process holds is what the system says it holds, waste included.
func (b *bench) memory(ctx context.Context) (*report, error) {
	if err := errors.Join(b.startServer(ctx), b.startPeer(ctx)); err != nil {
		return nil, err
	}
	watchers := func(n int) (*crowd.Crowd, error) { return b.watch(ctx, n, true) }
	ours, err := b.weigh(ctx, b.server, watchers)
	if err != nil {
		return nil, err
	}
	theirs, err := b.weigh(ctx, b.peer, func(n int) (*crowd.Crowd, error) { return b.listen(ctx, n) })
	if err != nil {
		return nil, err
	}
	line := func(name string, w weight) string {
		return fmt.Sprintf("%-20s %.1f KiB a socket (%.1f anonymous): %d MiB with %d sockets, %d MiB with %d", name, w.rss, w.anon,
			w.before.RSS>>10, few, w.after.RSS>>10, few+b.idle)
	}
	return &report{lines: []string{line("Tideboard", ours), line("aside, bare gorilla", theirs)},
		figure: fmt.Sprintf("%.1f KiB a watcher", ours.rss), goal: "≤ 40", met: ours.rss <= 40}, nil
}

// weight is what sockets add to a process, in KiB each.
type weight struct {
	before, after rig.Memory
	rss, anon     float64
}

func (b *bench) weigh(ctx context.Context, p *rig.Process, gather func(n int) (*crowd.Crowd, error)) (w weight, err error) {
	first, err := gather(few)
	if err != nil {
		return w, err
	}
	defer first.Close()
	if w.before, err = p.Rest(ctx, b.still, b.patience); err != nil {
		return w, err
	}
	rest, err := gather(b.idle)
	if err != nil {
		return w, err
	}
	defer rest.Close()
	if w.after, err = p.Rest(ctx, b.still, b.patience); err != nil {
		return w, err
	}
	w.rss = float64(w.after.RSS-w.before.RSS) / float64(b.idle)
	w.anon = float64(w.after.Anon-w.before.Anon) / float64(b.idle)
	if err := first.Err(); err != nil {
		return w, err
	}
	return w, rest.Err()
}
