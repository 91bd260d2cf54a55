package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/ledger"
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
  cards by permission    %d
  across rights          %d boards compared
  past by revision       %d boards compared
  past by time           %d boards compared
  commands               %s
  seconds                %.1f
`, r.config.mode, r.config.seed, r.ledger.Acknowledged(), lost, carriedOut, c.Frames.Load(), c.Empty.Load(), c.Compared.Load(),
		c.Replays.Load(), c.Snapshots.Load(), c.Reconnects.Load(), c.Resets.Load(), c.Retries.Load(), c.Kills.Load(),
		c.QuietPoints.Load(), c.Permission.Load(), c.Narrowed.Load(), c.Recalled.Load(), c.AsOf.Load(), done(c.Done()), time.Since(r.began).Seconds())
}

// done lists commands by their kind.
func done(counts map[string]int) string {
	var out []string
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%s %d", kind, counts[kind]))
	}
	return strings.Join(out, ", ")
}

// showsEnough refuses a run that did not do what it is to prove something about.
func (r *round) showsEnough() error {
	c, counts := &r.court.Counts, r.court.Counts.Done()
	var missing []string
	for _, kind := range ledger.Kinds {
		if counts[string(kind)] == 0 {
			missing = append(missing, string(kind))
		}
	}
	for name, n := range map[string]int64{
		"cards that entered or left by permission": c.Permission.Load(), "boards compared across rights": c.Narrowed.Load(),
		"boards of the past by revision": c.Recalled.Load(), "boards of the past by time": c.AsOf.Load(), "replays": c.Replays.Load(),
	} {
		if n == 0 {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("the run shows little: there were no %s; let it be longer", strings.Join(missing, ", "))
	}
	return nil
}
