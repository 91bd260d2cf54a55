package read

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// FlowEdge is how records went from one stage to another in the range, or into the pipeline, or out of it.
type FlowEdge struct {
	// Kind is MOVE, ENTRY or EXIT.
	Kind string
	// From is nil for an ENTRY, To for an EXIT.
	From, To *row.Stage
	Count    int
	Values   []money.Money
	// median is twice the median length of the stays that ended so.
	median time.Duration
	sums   money.Sums
}

// MedianHours is how long half of the records at most had been in the stage they came from, in hours with one decimal,
// rounded half up; nil for an ENTRY.
func (e *FlowEdge) MedianHours() *string {
	if e.From == nil {
		return nil
	}
	const tenth = time.Hour / 10
	n := (e.median + tenth) / (2 * tenth)
	text := fmt.Sprintf("%d.%d", n/10, n%10)
	return &text
}

// step is what the records that went one way in the range come to, in one currency.
type step struct {
	kind      string
	from, to  *string
	currency  string
	count     int
	high, low int64
	middle    int64 // the sum of the one or two lengths in the middle, as far as they are of this currency
	middles   int64
}

// pairs are the stays of records, each with the one before it; ways are how records went by that. A stay that follows another one of the pipeline
// is a MOVE; any other stay in the pipeline begins by an ENTRY, and any other end of one there is an EXIT.
const (
	ways = `, steps AS (
		SELECT CASE WHEN follows = 1 THEN 'MOVE' ELSE 'ENTRY' END AS kind, CASE WHEN follows = 1 THEN last_stage END AS from_stage, stage_id AS to_stage,
			currency, value_at_entry AS value, CASE WHEN follows = 1 THEN last_left - last_entered ELSE 0 END AS length
		FROM walks WHERE inside = 1 AND entered_at >= ? AND entered_at < ?
		UNION ALL
		SELECT 'EXIT', last_stage, NULL, currency, value_at_entry, last_left - last_entered
		FROM walks WHERE last_inside = 1 AND follows = 0 AND last_left >= ? AND last_left < ?), ranked AS (
		SELECT kind, from_stage, to_stage, currency, value, length, ROW_NUMBER() OVER (PARTITION BY kind, from_stage, to_stage ORDER BY length) AS place,
			COUNT(*) OVER (PARTITION BY kind, from_stage, to_stage) AS places FROM steps)
	SELECT kind, from_stage, to_stage, currency, COUNT(*), CAST(COALESCE(SUM(value / 1000000000), 0) AS bigint), CAST(COALESCE(SUM(value % 1000000000), 0) AS bigint),
		CAST(SUM(CASE WHEN place = (places + 1) / 2 OR place = (places + 2) / 2 THEN length ELSE 0 END) AS bigint),
		SUM(CASE WHEN place = (places + 1) / 2 OR place = (places + 2) / 2 THEN 1 ELSE 0 END)
	FROM ranked GROUP BY kind, from_stage, to_stage, currency`
	pairs = `SELECT x.*, CASE WHEN inside = 1 AND last_inside = 1 AND from_stage_id = last_stage THEN 1 ELSE 0 END AS follows FROM (SELECT s.stage_id, s.from_stage_id,
		s.currency, s.value_at_entry, s.entered_at, CASE WHEN s.pipeline_id = ? THEN 1 ELSE 0 END AS inside,
		LAG(CASE WHEN s.pipeline_id = ? THEN 1 ELSE 0 END) OVER past AS last_inside, LAG(s.stage_id) OVER past AS last_stage,
		LAG(s.entered_at) OVER past AS last_entered, LAG(s.left_at) OVER past AS last_left`
)

// edges reads the ways that records went.
func (q flowQuery) edges(ctx context.Context, s store.Queryer, nodes map[string]*FlowNode) ([]*FlowEdge, error) {
	from, to := q.From.UnixMicro(), q.To.UnixMicro()
	b := q.begin().Add("WITH walks AS ("+pairs, q.PipelineID, q.PipelineID).
		Add(" FROM stage_spans s JOIN records r ON r.id = s.record_id AND ").Same("r", "s").Add(" WHERE ")
	b = q.chosen(b).Add(" AND ").StageSpans("s").Add(" AND s.record_id IN (SELECT p.record_id FROM stage_spans p WHERE ").Workspace("p").
		Add(" AND p.pipeline_id = ?)", q.PipelineID).Add(" WINDOW past AS (PARTITION BY s.record_id ORDER BY s.entered_at, s.id)) x)").
		Add(ways, from, to, from, to)
	steps, err := scanIn(ctx, s, b, func(t *step) []any {
		return []any{&t.kind, &t.from, &t.to, &t.currency, &t.count, &t.high, &t.low, &t.middle, &t.middles}
	})
	if err != nil {
		return nil, err
	}
	return q.join(steps, nodes), nil
}

// join brings the currencies of each way together.
func (q flowQuery) join(steps []*step, nodes map[string]*FlowNode) []*FlowEdge {
	type way struct{ kind, from, to string }
	of, middles := map[way]*FlowEdge{}, map[*FlowEdge]int64{}
	edges := []*FlowEdge{}
	for _, t := range steps {
		w, from, to := way{kind: t.kind}, (*row.Stage)(nil), (*row.Stage)(nil)
		if t.from != nil {
			w.from, from = *t.from, nodes[*t.from].Stage
		}
		if t.to != nil {
			w.to, to = *t.to, nodes[*t.to].Stage
		}
		e := of[w]
		if e == nil {
			e = &FlowEdge{Kind: t.kind, From: from, To: to, sums: money.Sums{}}
			of[w], edges = e, append(edges, e)
		}
		e.Count += t.count
		e.sums.Of(t.currency).AddSplit(t.count, t.high, t.low, 0, 0)
		e.median += time.Duration(t.middle) * time.Microsecond
		middles[e] += t.middles
	}
	place := map[string]int{}
	for i, n := range q.Nodes {
		place[n.Stage.ID] = i
	}
	for _, e := range edges {
		if middles[e] == 1 {
			e.median *= 2
		}
		e.Values = []money.Money{}
		for _, t := range e.sums.Totals(q.viewer.Currency) {
			e.Values = append(e.Values, money.Money{Amount: t.Amount, Currency: t.Currency})
		}
	}
	at := func(s *row.Stage) int {
		if s == nil {
			return -1
		}
		return place[s.ID]
	}
	slices.SortFunc(edges, func(a, b *FlowEdge) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(at(a.From), at(b.From)), cmp.Compare(at(a.To), at(b.To)))
	})
	return edges
}

// kinds are those of edges, in their order.
var kinds = []string{"ENTRY", "MOVE", "EXIT"}
