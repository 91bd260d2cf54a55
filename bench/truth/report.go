package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/fleet"
)

// report says every few seconds how far the run is. It ends with the context.
func (r *round) report(ctx context.Context) {
	for fleet.Pause(ctx, 10*time.Second) == nil {
		c := &r.court.Counts
		r.note("%d commits, %d frames, %d boards compared, %d reconnects, %d resets",
			r.ledger.Acknowledged(), c.Frames.Load(), c.Compared.Load(), c.Reconnects.Load(), c.Resets.Load())
	}
}

func (r *round) note(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "truth: %5.1f s: %s\n", time.Since(r.began).Seconds(), fmt.Sprintf(format, args...))
}

// summary says what was done and found right.
func (r *round) summary() {
	c := &r.court.Counts
	lost, carriedOut := r.ledger.Unknown()
	fmt.Printf(`truth: no violation (mode %s, seed %d)
  commits acknowledged   %d
  answers never had      %d, of which %d were carried out
  frames checked         %d (%d of them said nothing)
  boards compared        %d
  streams replayed       %d
  snapshots              %d
  reconnects             %d
  resets                 %d
  requests tried again   %d
  servers killed         %d
  quiet points           %d
  seconds                %.1f
`, r.config.mode, r.config.seed, r.ledger.Acknowledged(), lost, carriedOut, c.Frames.Load(), c.Empty.Load(), c.Compared.Load(),
		c.Replays.Load(), c.Snapshots.Load(), c.Reconnects.Load(), c.Resets.Load(), c.Retries.Load(), c.Kills.Load(),
		c.QuietPoints.Load(), time.Since(r.began).Seconds())
}
