package read

import (
	"context"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// Summaries sums up the records of pipelines that the viewer sees, in two statements for any number of pipelines. Every
// id gets an answer; one of nothing is empty.
func (r Reader) Summaries(ctx context.Context, pipelineIDs []string) (map[string]*row.Summary, error) {
	hours, err := r.staleHours(ctx, pipelineIDs)
	if err != nil {
		return nil, err
	}
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	summarize(b, row.Today(ctx), row.Now(ctx), hours)
	lines, err := rows(ctx, r, b.Add(" AND ").In("r.pipeline_id", pipelineIDs).Add(" GROUP BY r.pipeline_id, r.status, r.currency"), (*line).dest)
	if err != nil {
		return nil, err
	}
	of := map[string][]*line{}
	for _, l := range lines {
		of[l.pipelineID] = append(of[l.pipelineID], l)
	}
	out := map[string]*row.Summary{}
	for _, id := range pipelineIDs {
		out[id] = sumUp(of[id], b.Viewer.Currency)
	}
	return out, nil
}

// effectiveHours is after how many hours a record is stale, of a stage and its pipeline; its argument are the workspace's.
const effectiveHours = "COALESCE(s.stale_after_hours, p.stale_after_hours, ?)"

// staleHours gives the different hours after which records of these pipelines are stale: a few numbers.
func (r Reader) staleHours(ctx context.Context, pipelineIDs []string) ([]*int, error) {
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT DISTINCT "+effectiveHours+" FROM stages s JOIN pipelines p ON p.id = s.pipeline_id AND ", row.StaleHours(b.Viewer.StaleHours, nil, nil)).Same("p", "s").
		Add(" WHERE ").Stages("s").Add(" AND s.deleted_at IS NULL AND ").In("s.pipeline_id", pipelineIDs)
	return rows(ctx, r, b, func(h *int) []any { return []any{h} })
}

// line is what the records of one pipeline, status and currency come to; amounts in halves, see money.Sum.
type line struct {
	pipelineID, status, currency              string
	count, valued, overdue, unassigned, stale int
	high, low, weightedHigh, weightedLow      int64
	lastActivityAt                            time.Time
}

func (l *line) dest() []any {
	return []any{&l.pipelineID, &l.status, &l.currency, &l.count, &l.valued, &l.overdue, &l.unassigned, &l.stale,
		&l.high, &l.low, &l.weightedHigh, &l.weightedLow, row.UTC(&l.lastActivityAt)}
}

// summarize writes what reads the lines, up to the choice of pipelines.
func summarize(b *scope.Builder, today string, now time.Time, hours []*int) {
	b.Add(`SELECT r.pipeline_id, r.status, r.currency, COUNT(*), COUNT(r.value),
		SUM(CASE WHEN r.status = 'OPEN' AND r.expected_close_date < ? THEN 1 ELSE 0 END),
		SUM(CASE WHEN r.status = 'OPEN' AND r.owner_id IS NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN r.status = 'OPEN' AND (1 = 0`, today)
	for _, h := range hours {
		b.Add(" OR "+effectiveHours+" = ? AND r.last_activity_at <= ?", row.StaleHours(b.Viewer.StaleHours, nil, nil), *h, now.Truncate(time.Second).Add(-time.Duration(*h)*time.Hour))
	}
	b.Add(`) THEN 1 ELSE 0 END), COALESCE(SUM(r.value / 1000000000), 0), COALESCE(SUM(r.value % 1000000000), 0),
		COALESCE(SUM(r.value / 1000000000 * r.probability), 0), COALESCE(SUM(r.value % 1000000000 * r.probability), 0),
		MAX(r.last_activity_at) FROM records r JOIN stages s ON s.id = r.stage_id AND `).Same("s", "r").
		Add(" JOIN pipelines p ON p.id = r.pipeline_id AND ").Same("p", "r").Add(" WHERE ").Records("r")
}

// sumUp adds the lines of one pipeline.
func sumUp(lines []*line, first string) *row.Summary {
	s, all, open, valued := &row.Summary{AverageValue: []money.Money{}}, money.Sums{}, money.Sums{}, map[string]int{}
	for _, l := range lines {
		all.Of(l.currency).AddSplit(l.count, l.high, l.low, l.weightedHigh, l.weightedLow)
		switch l.status {
		case "OPEN":
			s.Open += l.count
			open.Of(l.currency).AddSplit(l.count, l.high, l.low, l.weightedHigh, l.weightedLow)
		case "WON":
			s.Won += l.count
		case "LOST":
			s.Lost += l.count
		}
		s.RecordCount += l.count
		s.WithoutValue += l.count - l.valued
		s.Overdue, s.Stale, s.Unassigned = s.Overdue+l.overdue, s.Stale+l.stale, s.Unassigned+l.unassigned
		valued[l.currency] += l.valued
		if s.LastActivityAt == nil || l.lastActivityAt.After(*s.LastActivityAt) {
			s.LastActivityAt = &l.lastActivityAt
		}
	}
	s.Totals, s.OpenTotals = all.Totals(first), open.Totals(first)
	for _, t := range s.Totals {
		if n := valued[t.Currency]; n > 0 {
			s.AverageValue = append(s.AverageValue, all[t.Currency].Mean(n, t.Currency))
		}
	}
	return s
}
