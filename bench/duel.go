package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/rapidbott/tideboard/bench/load"
	"github.com/rapidbott/tideboard/bench/rig"
)

// side is one of two that are measured in turns.
type side struct {
	name    string
	process *rig.Process
	pool    *load.Pool
	next    func() []byte
	// count tells how much was done so far; nil counts requests.
	count func() (int64, error)

	done    float64
	rates   []float64
	answers []load.Result
	usage   rig.Usage
}

// duel is two sides on one database, Tideboard's first.
type duel struct {
	db           *rig.Database
	ours, theirs *side

	// ratio is that of the rates, turn by turn; costs that of the processor time per unit of work, over all turns.
	ratio spread
	costs float64
}

// newDuel dials Tideboard's API and a path of the peer.
func (b *bench) newDuel(ctx context.Context, path, name string, ours, theirs func() []byte) (*duel, error) {
	d := &duel{db: b.db, ours: &side{name: "Tideboard", process: b.server, next: ours}, theirs: &side{name: name, process: b.peer, next: theirs}}
	var err error
	if d.ours.pool, err = load.Dial(ctx, b.server.Addr, graphqlPath, b.token, b.conns); err != nil {
		return nil, err
	}
	if d.theirs.pool, err = load.Dial(ctx, b.peer.Addr, path, "", b.conns); err != nil {
		d.ours.pool.Close()
		return nil, err
	}
	return d, nil
}

// graphqlPath is where Tideboard answers.
const graphqlPath = "/graphql"

func (d *duel) close() {
	d.ours.pool.Close()
	d.theirs.pool.Close()
}

// fight lets the sides take turns, after one of each that does not count.
func (d *duel) fight(ctx context.Context, turns int, length time.Duration) error {
	var ratios []float64
	for i := range turns + 1 {
		for _, s := range []*side{d.ours, d.theirs} {
			if err := d.turn(ctx, s, length, i > 0); err != nil {
				return err
			}
		}
		if i > 0 {
			ratios = append(ratios, d.ours.rates[i-1]/d.theirs.rates[i-1])
		}
	}
	d.ratio, d.costs = spreadOf(ratios), d.theirs.cost()/d.ours.cost()
	return nil
}

// turn puts load on one side.
func (d *duel) turn(ctx context.Context, s *side, length time.Duration, counts bool) error {
	before, err := s.counted()
	if err != nil {
		return err
	}
	begun, err := d.db.Usage(ctx, s.process)
	if err != nil {
		return err
	}
	r, err := s.pool.Run(ctx, length, s.next)
	if err != nil || !counts {
		return err
	}
	ended, err := d.db.Usage(ctx, s.process)
	if err != nil {
		return err
	}
	after, err := s.counted()
	if err != nil {
		return err
	}
	done := float64(after - before)
	if s.count == nil {
		done = float64(r.Requests)
	}
	s.done += done
	s.rates, s.answers = append(s.rates, done/r.Elapsed.Seconds()), append(s.answers, r)
	s.usage = s.usage.Plus(ended.Minus(begun))
	return nil
}

func (s *side) counted() (int64, error) {
	if s.count == nil {
		return 0, nil
	}
	return s.count()
}

// cost is the processor time per unit of work, in milliseconds: the program's and the database's.
func (s *side) cost() float64 { return inMs(s.usage.Process+s.usage.Postgres) / s.done }

// lines tells of both sides.
func (d *duel) lines(unit string) (out []string) {
	for _, s := range []*side{d.ours, d.theirs} {
		all := load.Merge(s.answers...)
		out = append(out, fmt.Sprintf("%-18s %6.0f %s/s  p50 %s  p99 %s  processors %.2f ms + PostgreSQL %.2f ms  answer %s", s.name,
			spreadOf(s.rates).middle, unit, ms(all.Percentile(50)), ms(all.Percentile(99)), inMs(s.usage.Process)/s.done,
			inMs(s.usage.Postgres)/s.done, size(all.Bytes)))
	}
	return out
}

// disturbed is the share of the processors that other programs may take before the rates are worth less than the
// processor time: whoever works in more processes, as PostgreSQL does, then gets a larger share of what is left.
const disturbed = 0.1

// figure is how the sides compare: by rate, and by processor time; `fair` is the one to go by.
func (d *duel) figure() (text string, fair float64) {
	elapsed, others := time.Duration(0), time.Duration(0)
	for _, s := range []*side{d.ours, d.theirs} {
		elapsed, others = elapsed+load.Merge(s.answers...).Elapsed, others+s.usage.Others
	}
	text, fair = "ratio "+d.ratio.String(), d.ratio.middle
	if d.costs > 0 {
		text += fmt.Sprintf("; by processor time %.2f", d.costs)
	}
	if share := float64(others) / float64(elapsed) / float64(runtime.NumCPU()); share > disturbed {
		text += fmt.Sprintf(", which counts: other programs took %.0f %% of the processors", share*100)
		fair = d.costs
	}
	return text, fair
}
