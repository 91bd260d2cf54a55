package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/rapidbott/tideboard/bench/api"
	"github.com/rapidbott/tideboard/bench/load"
)

// The boards that are compared: as many stages and cards shown, a hundred times as many cards in them.
const (
	sizeStages = 8
	smallBoard = 500
	bigBoard   = 50_000
)

// size measures what a board's size costs its first page and exact totals: a big one and a small one, on the same server,
// while cards of both are moved all the time, so that no answer can be given twice. Asides: boards where nothing moves, and
// each request with a filter of its own, so that nothing can be known before it comes.
func (b *bench) size(ctx context.Context) (*report, error) {
	var boards []*filled
	for _, n := range []int{bigBoard, smallBoard} {
		f, err := b.fillBoard(ctx, n)
		if err != nil {
			return nil, err
		}
		boards = append(boards, f)
	}
	if _, err := b.db.ExecContext(ctx, "VACUUM ANALYZE records"); err != nil {
		return nil, err
	}
	plain := func(f *filled) func() []byte {
		return always(api.Request(api.Board, map[string]any{"pipelineId": f.id}))
	}
	fresh := func(f *filled) func() []byte {
		return func() []byte {
			return api.Request(api.Board, map[string]any{"pipelineId": f.id, "filter": map[string]any{"id": map[string]any{"ne": b.noRecord()}}})
		}
	}
	out := &report{goal: "≤ 3"}
	for _, c := range []struct {
		about  string
		body   func(*filled) func() []byte
		moving bool
	}{{"", plain, true}, {"aside: nothing moves", plain, false}, {"aside: each request with another filter", fresh, false}} {
		d, err := b.twoBoards(ctx, c.body(boards[0]), c.body(boards[1]))
		if err != nil {
			return nil, err
		}
		stop := func() error { return nil }
		if c.moving {
			stop, err = b.keepMoving(ctx, boards)
		}
		if err == nil {
			err = errors.Join(d.fight(ctx, b.rounds, b.round), stop())
		}
		d.close()
		if err != nil {
			return nil, err
		}
		big, small := load.Merge(d.ours.answers...), load.Merge(d.theirs.answers...)
		times := float64(big.Percentile(50)) / float64(small.Percentile(50))
		text := fmt.Sprintf("%.2f times the time of the small board (p50), %.2f by processor time", times, 1/d.costs)
		if c.about == "" {
			out.lines, out.figure, out.met = d.lines("boards"), text, times <= 3
			continue
		}
		out.lines = append(out.lines, c.about)
		for _, line := range append(d.lines("boards"), text) {
			out.lines = append(out.lines, "  "+line)
		}
	}
	return out, nil
}

// keepMoving moves cards of the boards, by turns, some fifty a second in all, until it is stopped.
func (b *bench) keepMoving(ctx context.Context, boards []*filled) (stop func() error, err error) {
	pool, err := load.Dial(ctx, b.server.Addr, graphqlPath, b.token, 1)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1) // 1: the mover says once how it ended
	go func() {
		defer pool.Close()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-ctx.Done():
				ended <- nil
				return
			case <-tick.C:
			}
			f := boards[n%len(boards)]
			var moved json.RawMessage
			if err := api.Ask(pool, api.Move, map[string]any{"input": map[string]any{"recordId": f.cards[rand.IntN(len(f.cards))],
				"toStageId": f.stages[rand.IntN(len(f.stages))]}}, &moved); err != nil {
				ended <- err
				return
			}
		}
	}()
	return func() error { cancel(); return <-ended }, nil
}

// twoBoards sets a big board against a small one of the same server. One request at a time: it is about the time of one.
func (b *bench) twoBoards(ctx context.Context, big, small func() []byte) (*duel, error) {
	d := &duel{db: b.db, ours: &side{name: fmt.Sprintf("%d cards", bigBoard), process: b.server, next: big},
		theirs: &side{name: fmt.Sprintf("%d cards", smallBoard), process: b.server, next: small}}
	for _, s := range []*side{d.ours, d.theirs} {
		var err error
		if s.pool, err = load.Dial(ctx, b.server.Addr, graphqlPath, b.token, 1); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// filled is a board that is measured, with some of its cards.
type filled struct {
	id            string
	stages, cards []string
}

// fillBoard makes a pipeline of so many cards: copies of those that were made through the API, written by SQL, because
// how they came in is not what is measured.
func (b *bench) fillBoard(ctx context.Context, cards int) (*filled, error) {
	pool, err := load.Dial(ctx, b.server.Addr, graphqlPath, b.token, 1)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	id, stages, err := api.Pipeline(pool, fmt.Sprintf("%d cards", cards), sizeStages)
	if err != nil {
		return nil, err
	}
	columns, values, err := b.copied(ctx)
	if err != nil {
		return nil, err
	}
	_, err = b.db.ExecContext(ctx, `INSERT INTO records (`+strings.Join(columns, ", ")+`)
		SELECT `+strings.Join(values, ", ")+`
		FROM generate_series(1, $1::int) AS g(n)
		JOIN (SELECT s.*, ROW_NUMBER() OVER (ORDER BY s.id) - 1 AS place, COUNT(*) OVER () AS cards,
			(SELECT MAX(number) FROM records m WHERE m.workspace_id = s.workspace_id) AS last
			FROM records s WHERE s.workspace_id = $2 AND s.pipeline_id = $3 AND s.deleted_at IS NULL) r ON r.place = g.n % r.cards
		JOIN stages t ON t.workspace_id = $2 AND t.pipeline_id = $4 AND t.position = g.n % $5`,
		cards, b.world.WorkspaceID, b.world.PipelineID, id, len(stages))
	if err != nil {
		return nil, err
	}
	f := &filled{id: id, stages: stages}
	return f, b.db.QueryRowContext(ctx, "SELECT array_agg(id) FROM (SELECT id FROM records WHERE workspace_id = $1 AND pipeline_id = $2 ORDER BY id LIMIT 500) AS r",
		b.world.WorkspaceID, id).Scan((*pq.StringArray)(&f.cards))
}

// copied gives the columns of a record, and what each is in a copy.
func (b *bench) copied(ctx context.Context) (columns, values []string, err error) {
	rows, err := b.db.QueryContext(ctx, "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'records'")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	other := map[string]string{"id": "'rec_' || lpad(to_hex(r.last + g.n), 26, '0')", "number": "r.last + g.n", "pipeline_id": "t.pipeline_id",
		"stage_id": "t.id", "rank": "'p' || lpad(to_hex(g.n), 8, '0') || 'i'", "external_id": "NULL"}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, nil, err
		}
		value, ok := other[name]
		if !ok {
			value = "r." + name
		}
		columns, values = append(columns, name), append(values, value)
	}
	return columns, values, rows.Err()
}
