package read

import (
	"context"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// StageHistories reads the newest stays of each record, at most `first`, newest first, with their stages: two statements
// for any number of records. Stays in pipelines that the viewer does not see are left out.
func (r Reader) StageHistories(ctx context.Context, records []*row.Record, first int) ([][]*row.StageSpan, error) {
	b, err := r.spans(ctx, first)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT ").Columns("x", row.StageSpanColumns).Add(` FROM (SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.record_id ORDER BY s.entered_at DESC, s.id DESC) AS place
		FROM stage_spans s JOIN records r ON r.id = s.record_id AND `).Same("r", "s").Add(" WHERE ").Records("r").Add(" AND ").StageSpans("s").
		Add(" AND ").In("s.record_id", recordIDs(records)).Add(") x WHERE x.place <= ? ORDER BY x.record_id, x.place", first)
	all, err := rows(ctx, r, b, (*row.StageSpan).Dest)
	if err != nil {
		return nil, err
	}
	stages, err := r.StagesByID(ctx, links(all, func(s *row.StageSpan) []*string { return []*string{&s.StageID, s.FromStageID} }))
	if err != nil {
		return nil, err
	}
	now := row.Now(ctx)
	for _, s := range all {
		s.Length, s.Stage = between(s.Entered, s.Left, now), stages[s.StageID]
		if s.FromStageID != nil {
			if s.FromStage = stages[*s.FromStageID]; s.FromStage == nil { // it lies where the viewer does not look
				s.FromStageID = nil
			}
		}
	}
	return grouped(records, all, func(s *row.StageSpan) string { return s.RecordID }), nil
}

// OwnerHistories reads the newest ownerships of each record, in the same way.
func (r Reader) OwnerHistories(ctx context.Context, records []*row.Record, first int) ([][]*row.OwnerSpan, error) {
	b, err := r.spans(ctx, first)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT ").Columns("x", row.OwnerSpanColumns).Add(` FROM (SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.record_id ORDER BY s.started_at DESC, s.id DESC) AS place
		FROM owner_spans s JOIN records r ON r.id = s.record_id AND `).Same("r", "s").Add(" WHERE ").Records("r").
		Add(" AND ").In("s.record_id", recordIDs(records)).Add(") x WHERE x.place <= ? ORDER BY x.record_id, x.place", first)
	all, err := rows(ctx, r, b, (*row.OwnerSpan).Dest)
	if err != nil {
		return nil, err
	}
	members, err := r.MembersByID(ctx, links(all, func(s *row.OwnerSpan) []*string { return []*string{s.OwnerID, s.FromOwnerID} }))
	if err != nil {
		return nil, err
	}
	until := map[string]time.Time{}
	for _, rec := range records {
		until[rec.ID] = row.Now(ctx)
		if rec.ClosedAt != nil {
			until[rec.ID] = *rec.ClosedAt
		}
	}
	for _, s := range all {
		s.Length = between(s.Started, s.Ended, until[s.RecordID])
		if s.OwnerID != nil {
			s.Owner = members[*s.OwnerID]
		}
		if s.FromOwnerID != nil {
			s.FromOwner = members[*s.FromOwnerID]
		}
	}
	return grouped(records, all, func(s *row.OwnerSpan) string { return s.RecordID }), nil
}

// TimesInStages sums up each record's stays by stage, longest first: two statements for any number of records.
func (r Reader) TimesInStages(ctx context.Context, records []*row.Record) ([][]*row.StageTime, error) {
	b, err := r.spans(ctx, 1)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT s.record_id, s.stage_id, COUNT(*), CAST(SUM(COALESCE(s.left_at, ?) - s.entered_at) AS bigint) AS spent", row.Now(ctx).UnixMicro()).
		Add(" FROM stage_spans s JOIN records r ON r.id = s.record_id AND ").Same("r", "s").Add(" WHERE ").Records("r").Add(" AND ").StageSpans("s").
		Add(" AND ").In("s.record_id", recordIDs(records)).Add(" GROUP BY s.record_id, s.stage_id ORDER BY s.record_id, spent DESC, s.stage_id")
	type line struct {
		row.StageTime
		micros int64
	}
	lines, err := rows(ctx, r, b, func(l *line) []any { return []any{&l.RecordID, &l.StageID, &l.Visits, &l.micros} })
	if err != nil {
		return nil, err
	}
	stages, err := r.StagesByID(ctx, links(lines, func(l *line) []*string { return []*string{&l.StageID} }))
	if err != nil {
		return nil, err
	}
	all := make([]*row.StageTime, len(lines))
	for i, l := range lines {
		l.Length, l.Stage = max(0, time.Duration(l.micros)*time.Microsecond), stages[l.StageID]
		all[i] = &l.StageTime
	}
	return grouped(records, all, func(s *row.StageTime) string { return s.RecordID }), nil
}

// TimesInStage tells how long each record has been in the stage it is in, former stays there included, in whole seconds:
// one statement for any number of records.
func (r Reader) TimesInStage(ctx context.Context, records []*row.Record) ([]int, error) {
	b, err := r.spans(ctx, 1)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT ").Columns("s", row.StageSpanColumns).Add(" FROM stage_spans s JOIN records r ON r.id = s.record_id AND ").Same("r", "s").
		Add(" WHERE ").Records("r").Add(" AND s.left_at IS NOT NULL AND ").In("s.record_id", recordIDs(records))
	past, err := rows(ctx, r, b, (*row.StageSpan).Dest)
	if err != nil {
		return nil, err
	}
	of := grouped(records, past, func(s *row.StageSpan) string { return s.RecordID })
	out := make([]int, len(records))
	for i, rec := range records {
		length := max(0, row.Now(ctx).Sub(rec.StageEnteredAt))
		for _, s := range of[i] { // a record of the past knows nothing of what came later
			if s.StageID == rec.StageID && s.Entered.Before(rec.StageEnteredAt) {
				length += between(s.Entered, s.Left, s.Left.Time)
			}
		}
		out[i] = int(length / time.Second)
	}
	return out, nil
}

// spans begins a statement over spans of records that the viewer sees.
func (r Reader) spans(ctx context.Context, first int) (*scope.Builder, error) {
	if err := row.CheckFirst(first); err != nil {
		return nil, err
	}
	return r.begin(ctx, viewer.ReadRecords)
}

// between is how long a span is that ends, at the latest, at `until`.
func between(from row.Micros, to *row.Micros, until time.Time) time.Duration {
	if to != nil {
		until = to.Time
	}
	return max(0, until.Sub(from.Time))
}

func recordIDs(records []*row.Record) []string {
	out := make([]string, len(records))
	for i, r := range records {
		out[i] = r.ID
	}
	return out
}

// links gives the different ids that rows link to.
func links[T any](all []*T, of func(*T) []*string) (out []string) {
	seen := map[string]bool{}
	for _, t := range all {
		for _, id := range of(t) {
			if id != nil && !seen[*id] {
				seen[*id] = true
				out = append(out, *id)
			}
		}
	}
	return out
}

// grouped gives each record its rows, in their order.
func grouped[T any](records []*row.Record, all []*T, recordID func(*T) string) [][]*T {
	of := map[string][]*T{}
	for _, t := range all {
		of[recordID(t)] = append(of[recordID(t)], t)
	}
	out := make([][]*T, len(records))
	for i, r := range records {
		if out[i] = of[r.ID]; out[i] == nil {
			out[i] = []*T{}
		}
	}
	return out
}
