package read

import (
	"context"
	"strconv"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// forecast is a question for a forecast that was found to be a good one.
type forecast struct {
	pipelineID *string
	period     *period
	where      filter.Records
	// by is OWNER, PIPELINE or empty.
	by    string
	today string
	zone  *time.Location
}

// Forecast tells what records are expected to bring, of those the viewer sees (spec records, section 13): of one pipeline,
// or of all that hold deals. One statement, and one more to find the pipeline.
func (r Reader) Forecast(ctx context.Context, pipelineID *string, p *ForecastPeriodInput, f *filter.RecordFilter, by *string) (*row.Forecast, error) {
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	q := &forecast{pipelineID: pipelineID, today: row.Today(ctx), zone: row.LocalZone(ctx)}
	if by != nil {
		q.by = *by
	}
	if q.period, err = p.read(q.today); err != nil {
		return nil, err
	}
	if q.where, err = filter.CompileRecords(f, env(ctx)); err != nil {
		return nil, err
	}
	if pipelineID != nil {
		if err := r.livePipeline(ctx, *pipelineID); err != nil {
			return nil, err
		}
	}
	q.write(b)
	lines, err := rows(ctx, r, b, (*forecastLine).dest)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	out := &row.Forecast{TimeZone: q.zone.String(), Revision: lines[0].revision, ComputedAt: row.Now(ctx)}
	if q.period != nil {
		out.From, out.To = &q.period.from, &q.period.to
	}
	// A target is of all records: beside the figures of some it would tell of a gap that is none.
	whole := f == nil && b.Viewer.Can(viewer.SeeAllRecords) && (b.Viewer.PipelineIDs == nil || pipelineID != nil)
	out.ForecastPart, out.Groups = q.sum(lines, b.Viewer.Currency, whole)
	return out, nil
}

// livePipeline refuses a pipeline that the viewer does not see.
func (r Reader) livePipeline(ctx context.Context, id string) error {
	if !typeid.Is(typeid.Pipeline, id) {
		return fault.At("pipelineId", fault.ValidationFailed, "%q is not the id of a %s", id, typeid.Name(typeid.Pipeline))
	}
	b := r.again(ctx)().Add("SELECT p.id FROM pipelines p WHERE ")
	found, err := rows(ctx, r, b.Pipelines("p").Add(" AND p.id = ?", id), func(s *string) []any { return []any{s} })
	if err == nil && len(found) == 0 {
		err = fault.NotFound("pipelineId", typeid.Name(typeid.Pipeline), id)
	}
	return err
}

// The parts of a forecast that records are in; a target's is its unit.
const (
	inPeriod = "OPEN"
	won      = "WON"
	undated  = "UNDATED"
	overdue  = "OVERDUE"
)

// forecastLine is what the records of one group, part and currency come to, or the targets; amounts in halves, see
// money.Sum. The workspace's revision stands in each, so that it is that of the figures.
type forecastLine struct {
	revision                             row.Revision
	group, part, currency                string
	count, valued                        int
	high, low, weightedHigh, weightedLow int64
}

func (l *forecastLine) dest() []any {
	return []any{&l.revision, &l.group, &l.part, &l.currency, &l.count, &l.valued, &l.high, &l.low, &l.weightedHigh, &l.weightedLow}
}

// write writes the statement.
func (q *forecast) write(b *scope.Builder) {
	split := strconv.Itoa(money.Split)
	b.Add(`SELECT w.revision, COALESCE(l.grouped, ''), COALESCE(l.part, ''), COALESCE(l.currency, ''), COALESCE(l.n, 0), COALESCE(l.valued, 0),
		COALESCE(l.high, 0), COALESCE(l.low, 0), COALESCE(l.weighted_high, 0), COALESCE(l.weighted_low, 0) FROM workspaces w LEFT JOIN (
		SELECT x.grouped, x.part, x.currency, COUNT(*) AS n, COUNT(x.value) AS valued, SUM(x.value / `+split+`) AS high, SUM(x.value % `+split+`) AS low,
		SUM(x.value / `+split+` * x.probability) AS weighted_high, SUM(x.value % `+split+` * x.probability) AS weighted_low FROM (SELECT `+
		map[string]string{"OWNER": "COALESCE(r.owner_id, '')", "PIPELINE": "r.pipeline_id", "": "''"}[q.by]+` AS grouped,
		CASE WHEN r.status = 'WON' THEN 'WON' WHEN r.expected_close_date IS NULL THEN 'UNDATED' WHEN r.expected_close_date < ? THEN 'OVERDUE'
		ELSE 'OPEN' END AS part, r.currency, r.value, r.probability FROM records r WHERE `, q.today).Records("r")
	if q.pipelineID != nil {
		b.Add(" AND r.pipeline_id = ?", *q.pipelineID)
	} else {
		b.Add(" AND EXISTS (SELECT 1 FROM pipelines p WHERE ").Same("p", "r").Add(" AND p.id = r.pipeline_id AND p.record_type = 'DEAL')")
	}
	if p := q.period; p != nil {
		start, end := p.instants(q.zone)
		b.Add(` AND (r.status = 'WON' AND r.closed_at >= ? AND r.closed_at < ? OR r.status = 'OPEN' AND (r.expected_close_date IS NULL
			OR r.expected_close_date < ? OR r.expected_close_date >= ? AND r.expected_close_date <= ?))`, start, end, q.today, p.from, p.to)
	} else {
		b.Add(" AND r.status IN ('OPEN', 'WON')")
	}
	b.Add(" AND (")
	q.where.SQL(b, "r")
	b.Add(")) x GROUP BY x.grouped, x.part, x.currency")
	q.targets(b, split)
	b.Add(") l ON 1 = 1 WHERE ").Own("w")
}

// targets writes those of the period: its own, and for a quarter those of its months.
func (q *forecast) targets(b *scope.Builder, split string) {
	if q.period == nil || q.period.unit == custom {
		return
	}
	b.Add(` UNION ALL SELECT t.scope, t.unit, t.currency, COUNT(*), 0, SUM(t.amount / `+split+`), SUM(t.amount % `+split+`), 0, 0 FROM targets t WHERE `).
		Workspace("t").Add(" AND (t.unit = ? AND t.start = ?", q.period.unit, q.period.from)
	if q.period.unit == quarter {
		b.Add(" OR t.unit = 'MONTH' AND ").In("t.start", q.period.months())
	}
	b.Add(")")
	switch {
	case q.pipelineID != nil:
		b.Add(" AND t.scope = ?", *q.pipelineID)
	case q.by != "PIPELINE":
		b.Add(" AND t.scope = ''")
	}
	b.Add(" GROUP BY t.scope, t.unit, t.currency")
}
