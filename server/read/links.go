package read

import (
	"context"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// byID reads rows by id in one statement. Ids that are hidden or missing are not in the answer.
func byID[T any](ctx context.Context, r Reader, ids []string, columns []string, table, alias string, visible func(*scope.Builder),
	dest func(*T) []any, id func(*T) string) (map[string]*T, error) {
	found := map[string]*T{}
	if len(ids) == 0 {
		return found, nil
	}
	b, err := r.begin(ctx, 0)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT ").Columns(alias, columns).Add(" FROM " + table + " " + alias + " WHERE ")
	visible(b)
	all, err := rows(ctx, r, b.Add(" AND ").In(alias+".id", ids), dest)
	for _, t := range all {
		found[id(t)] = t
	}
	return found, err
}

// ContactsByID reads contacts that rows link to.
func (r Reader) ContactsByID(ctx context.Context, ids []string) (map[string]*row.Contact, error) {
	return byID(ctx, r, ids, row.ContactColumns, "contacts", "c", func(b *scope.Builder) { b.Contacts("c") },
		(*row.Contact).Dest, func(c *row.Contact) string { return c.ID })
}

// MembersByID reads members that rows link to, also former ones.
func (r Reader) MembersByID(ctx context.Context, ids []string) (map[string]*row.Member, error) {
	return byID(ctx, r, ids, row.MemberColumns, "members", "m", func(b *scope.Builder) { b.Workspace("m") },
		(*row.Member).Dest, func(m *row.Member) string { return m.ID })
}

// RecordsByID reads records that rows link to.
func (r Reader) RecordsByID(ctx context.Context, ids []string) (map[string]*row.Record, error) {
	return byID(ctx, r, ids, row.RecordColumns, "records", "r", func(b *scope.Builder) { b.Records("r") },
		(*row.Record).Dest, func(x *row.Record) string { return x.ID })
}

// PipelinesByID reads pipelines that rows link to, also deleted ones.
func (r Reader) PipelinesByID(ctx context.Context, ids []string) (map[string]*row.Pipeline, error) {
	return byID(ctx, r, ids, row.PipelineColumns, "pipelines", "p", func(b *scope.Builder) { b.Workspace("p") },
		(*row.Pipeline).Dest, func(p *row.Pipeline) string { return p.ID })
}

// StagesByID reads stages that rows link to, also deleted ones.
func (r Reader) StagesByID(ctx context.Context, ids []string) (map[string]*row.Stage, error) {
	return byID(ctx, r, ids, row.StageColumns, "stages", "s", func(b *scope.Builder) { b.Stages("s") },
		(*row.Stage).Dest, func(s *row.Stage) string { return s.ID })
}

// StagesOf reads the live stages of pipelines, in board order.
func (r Reader) StagesOf(ctx context.Context, pipelineIDs []string) (map[string][]*row.Stage, error) {
	b, err := r.begin(ctx, 0)
	if err != nil {
		return nil, err
	}
	all, err := rows(ctx, r, b.Add("SELECT ").Columns("s", row.StageColumns).Add(" FROM stages s WHERE ").Stages("s").
		Add(" AND s.deleted_at IS NULL AND ").In("s.pipeline_id", pipelineIDs).Add(" ORDER BY s.position, s.id"), (*row.Stage).Dest)
	out := map[string][]*row.Stage{}
	for _, s := range all {
		out[s.PipelineID] = append(out[s.PipelineID], s)
	}
	return out, err
}

// linkedRows is how many rows a link to many shows.
const linkedRows = 50

// TasksOf reads the first 50 tasks of each record, by due time.
func (r Reader) TasksOf(ctx context.Context, recordIDs []string) (map[string][]*row.Task, error) {
	b, err := r.begin(ctx, 0)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT ").Columns("t", row.TaskColumns).Add(` FROM (SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t.record_id
		ORDER BY (t.due_at IS NULL), t.due_at, t.id) AS place FROM tasks t WHERE `).Tasks("t").Add(" AND ").In("t.record_id", recordIDs)
	all, err := rows(ctx, r, b.Add(") t WHERE t.place <= ? ORDER BY t.record_id, t.place", linkedRows), (*row.Task).Dest)
	out := map[string][]*row.Task{}
	for _, t := range all {
		out[*t.RecordID] = append(out[*t.RecordID], t)
	}
	return out, err
}

// RecordsOf reads the first 50 records of each contact, newest first.
func (r Reader) RecordsOf(ctx context.Context, contactIDs []string) (map[string][]*row.Record, error) {
	b, err := r.begin(ctx, 0)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT ").Columns("r", row.RecordColumns).Add(` FROM (SELECT r.*, ROW_NUMBER() OVER (PARTITION BY r.contact_id
		ORDER BY r.created_at DESC, r.id DESC) AS place FROM records r WHERE `).Records("r").Add(" AND ").In("r.contact_id", contactIDs)
	all, err := rows(ctx, r, b.Add(") r WHERE r.place <= ? ORDER BY r.contact_id, r.place", linkedRows), (*row.Record).Dest)
	out := map[string][]*row.Record{}
	for _, x := range all {
		out[*x.ContactID] = append(out[*x.ContactID], x)
	}
	return out, err
}
