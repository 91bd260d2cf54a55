package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/verdict"
)

// leastQuiet is how many quiet points a run has at least.
const leastQuiet = 4

// conduct leads the run: stretches of writing, in each a kill as long as kills are due, each ended by a quiet point.
func (r *round) conduct(ctx context.Context) error {
	stretches := max(leastQuiet, r.config.kills+1)
	for i := range stretches {
		from, to := r.config.commits*i/stretches, r.config.commits*(i+1)/stretches
		if i < r.config.kills {
			at := from + (to-from)/5 + r.random.IntN(max(1, (to-from)/2))
			if err := r.await(ctx, at); err != nil {
				return err
			}
			if err := r.kill(ctx); err != nil {
				return err
			}
		}
		if err := r.await(ctx, to); err != nil {
			return err
		}
		if i == stretches-1 {
			r.enough.Store(true)
		}
		if err := r.quietPoint(ctx, i == stretches-1); err != nil {
			return err
		}
	}
	return nil
}

// await waits for a number of acknowledged commits, and notices servers that die by themselves.
func (r *round) await(ctx context.Context, commits int) error {
	for r.ledger.Acknowledged() < commits {
		r.desk.Does("waits for commit %d of %d, has %d", commits, r.config.commits, r.ledger.Acknowledged())
		if err := fleet.Pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
		if err := r.fleet.Died(); err != nil {
			return &verdict.Violation{Kind: "a server died", Who: "conductor", Lines: []string{err.Error()}}
		}
	}
	return nil
}

// kill ends a server in the middle of everything and brings it back.
func (r *round) kill(ctx context.Context) error {
	if err := fleet.Pause(ctx, time.Duration(r.random.IntN(200))*time.Millisecond); err != nil {
		return err
	}
	r.desk.Does("kills a server and starts it again")
	r.court.Counts.Kills.Add(1)
	base, err := r.fleet.KillOne(ctx, r.random, time.Duration(r.random.IntN(700))*time.Millisecond)
	if err != nil {
		return &verdict.Violation{Kind: "no recovery", Who: "conductor", Lines: []string{err.Error()}}
	}
	fmt.Fprintf(os.Stderr, "truth: killed %s at about commit %d and started it again\n", base, r.ledger.Acknowledged())
	return nil
}
