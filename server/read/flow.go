package read

import (
	"context"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Flow is how records went through a pipeline between two instants, the second not included.
type Flow struct {
	PipelineID string
	From, To   time.Time
	TimeZone   string
	ComputedAt time.Time
	Revision   row.Revision
	Nodes      []*FlowNode
	Edges      []*FlowEdge
}

// FlowNode is a stage: what is in it now, and what came and went in the range.
type FlowNode struct {
	Stage  *row.Stage
	Count  int
	Totals []money.Total
	// Entered and Left count stays that began and ended in the range; Spent is how long the latter took together.
	Entered, Left int
	spent         int64
	sums          money.Sums
}

// AverageSeconds is how long the stays took that ended in the range; nil when none did.
func (n *FlowNode) AverageSeconds() *int {
	if n.Left == 0 {
		return nil
	}
	mean := int(n.spent / int64(n.Left))
	return &mean
}

// maxFlowYears bounds the range.
const maxFlowYears = 5

// Flow reads how the records that the viewer sees and that pass a filter went through a pipeline on the days from `from`
// to `to`, both included, of the workspace's zone; the last 30 days when they are nil. One state of the database, a fixed
// number of statements. NOT_FOUND for a pipeline that is hidden or missing.
func (r Reader) Flow(ctx context.Context, pipelineID string, f *filter.RecordFilter, from, to *string) (*Flow, error) {
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	pred, err := filter.CompileRecords(f, env(ctx))
	if err != nil {
		return nil, err
	}
	out := &Flow{PipelineID: pipelineID, TimeZone: b.Viewer.Timezone, ComputedAt: row.Now(ctx)}
	if out.From, out.To, err = flowRange(ctx, from, to); err != nil {
		return nil, err
	}
	q := flowQuery{out, b.Viewer, r.DB.SQL, pred}
	err = r.DB.Snapshot(ctx, func(s store.Queryer) error { return q.read(ctx, s) })
	return out, err
}

// flowRange turns days into instants.
func flowRange(ctx context.Context, from, to *string) (start, end time.Time, err error) {
	last := row.Today(ctx)
	if to != nil {
		last = *to
	}
	if end, err = row.DayAfter(ctx, last, 1); err != nil {
		return start, end, fault.At("to", fault.ValidationFailed, "%q is not a day", last)
	}
	if from == nil {
		start, err = row.DayAfter(ctx, last, -29)
		return start, end, err
	}
	if start, err = row.DayAfter(ctx, *from, 0); err != nil {
		return start, end, fault.At("from", fault.ValidationFailed, "%q is not a day", *from)
	}
	switch {
	case !start.Before(end):
		err = fault.At("to", fault.ValidationFailed, "is before from")
	case start.AddDate(maxFlowYears, 0, 1).Before(end):
		err = fault.At("from", fault.ValidationFailed, "is more than %d years before to", maxFlowYears)
	}
	return start, end, err
}

// flowQuery reads one flow.
type flowQuery struct {
	*Flow
	viewer *viewer.Viewer
	sql    store.Dialect
	pred   filter.Records
}

func (q flowQuery) begin() *scope.Builder { return scope.New(q.viewer, q.sql) }

// chosen writes which records count: those that the viewer sees and that pass the filter.
func (q flowQuery) chosen(b *scope.Builder) *scope.Builder {
	b.Records("r").Add(" AND (")
	q.pred.SQL(b, "r")
	return b.Add(")")
}

func (q flowQuery) read(ctx context.Context, s store.Queryer) error {
	b := q.begin().Add("SELECT w.revision FROM workspaces w WHERE ").Own("w").Add(" AND EXISTS (SELECT 1 FROM pipelines p WHERE ").
		Pipelines("p").Add(" AND p.id = ?)", q.PipelineID)
	heads, err := scanIn(ctx, s, b, func(r *row.Revision) []any { return []any{r} })
	if err != nil {
		return err
	}
	if len(heads) == 0 {
		return fault.NotFound("pipelineId", typeid.Name(typeid.Pipeline), q.PipelineID)
	}
	q.Revision = *heads[0]
	nodes, err := q.stages(ctx, s)
	if err != nil {
		return err
	}
	if err := q.present(ctx, s, nodes); err != nil {
		return err
	}
	if err := q.stays(ctx, s, nodes); err != nil {
		return err
	}
	if q.Edges, err = q.edges(ctx, s, nodes); err != nil {
		return err
	}
	for _, n := range q.Nodes {
		n.Totals = n.sums.Totals(q.viewer.Currency)
	}
	q.Nodes = slices.DeleteFunc(q.Nodes, func(n *FlowNode) bool {
		return n.Stage.DeletedAt != nil && n.Entered == 0 && n.Left == 0
	})
	return nil
}

// stages reads the pipeline's stages, live ones first, each in board order.
func (q flowQuery) stages(ctx context.Context, s store.Queryer) (map[string]*FlowNode, error) {
	stages, err := scanIn(ctx, s, q.begin().Add("SELECT ").Columns("s", row.StageColumns).Add(" FROM stages s WHERE ").Stages("s").
		Add(" AND s.pipeline_id = ? ORDER BY (s.deleted_at IS NOT NULL), s.position, s.id", q.PipelineID), (*row.Stage).Dest)
	nodes := map[string]*FlowNode{}
	for _, st := range stages {
		n := &FlowNode{Stage: st, sums: money.Sums{}}
		nodes[st.ID], q.Nodes = n, append(q.Nodes, n)
	}
	return nodes, err
}

// present reads what is in the stages now.
func (q flowQuery) present(ctx context.Context, s store.Queryer, nodes map[string]*FlowNode) error {
	b := q.chosen(q.begin().Add(`SELECT r.stage_id, r.currency, COUNT(*), CAST(COALESCE(SUM(r.value / 1000000000), 0) AS bigint), CAST(COALESCE(SUM(r.value % 1000000000), 0) AS bigint),
		CAST(COALESCE(SUM(r.value / 1000000000 * r.probability), 0) AS bigint), CAST(COALESCE(SUM(r.value % 1000000000 * r.probability), 0) AS bigint)
		FROM records r WHERE `)).Add(" AND r.pipeline_id = ? GROUP BY r.stage_id, r.currency", q.PipelineID)
	lines, err := scanIn(ctx, s, b, func(l *line) []any {
		return []any{&l.pipelineID, &l.currency, &l.count, &l.high, &l.low, &l.weightedHigh, &l.weightedLow}
	})
	for _, l := range lines { // the first column is the stage here
		n := nodes[l.pipelineID]
		n.Count += l.count
		n.sums.Of(l.currency).AddSplit(l.count, l.high, l.low, l.weightedHigh, l.weightedLow)
	}
	return err
}

// stays reads how many stays began and ended in the range, and how many seconds the latter took.
func (q flowQuery) stays(ctx context.Context, s store.Queryer, nodes map[string]*FlowNode) error {
	from, to := q.From.UnixMicro(), q.To.UnixMicro()
	type stay struct {
		stage         string
		entered, left int
		spent         int64
	}
	b := q.begin().Add("SELECT s.stage_id, SUM(CASE WHEN s.entered_at >= ? AND s.entered_at < ? THEN 1 ELSE 0 END), ", from, to).
		Add("SUM(CASE WHEN s.left_at >= ? AND s.left_at < ? THEN 1 ELSE 0 END), ", from, to).
		Add("CAST(SUM(CASE WHEN s.left_at >= ? AND s.left_at < ? THEN (s.left_at - s.entered_at) / 1000000 ELSE 0 END) AS bigint)", from, to).
		Add(" FROM stage_spans s JOIN records r ON r.id = s.record_id AND ").Same("r", "s").Add(" WHERE ")
	b = q.chosen(b).Add(" AND ").StageSpans("s").Add(" AND s.pipeline_id = ? GROUP BY s.stage_id", q.PipelineID)
	stays, err := scanIn(ctx, s, b, func(t *stay) []any { return []any{&t.stage, &t.entered, &t.left, &t.spent} })
	for _, t := range stays {
		n := nodes[t.stage]
		n.Entered, n.Left, n.spent = t.entered, t.left, t.spent
	}
	return err
}

// scanIn reads all rows of a statement in a snapshot.
func scanIn[T any](ctx context.Context, q store.Queryer, b *scope.Builder, dest func(*T) []any) (out []*T, err error) {
	text, args := b.SQL()
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		t := new(T)
		if err := rows.Scan(dest(t)...); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}
