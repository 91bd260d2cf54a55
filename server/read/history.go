package read

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// historyList names the list in its cursors.
const historyList = "record history"

// identity are the stored fields that never change, beside changelog.Bookkeeping.
var identity = []string{"id", "workspace_id", "number", "created_by", "created_at"}

// Histories reads a page of the changes of each record's fields, newest first, from the change log: two statements for
// any number of records, and a third for a viewer of some records only when links changed. A page can have fewer entries than asked for while there are more.
func (r Reader) Histories(ctx context.Context, records []*row.Record, first int, after *string) ([]*row.FieldChangeConnection, error) {
	if err := row.CheckFirst(first); err != nil {
		return nil, err
	}
	from, err := readPlace(after)
	if err != nil {
		return nil, err
	}
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	b.Add(`SELECT x.revision, x.ordinal, x.at, x.actor, x.source, x.kind, x.entity_id, x.before, x.after, x.changed FROM (SELECT c.*, ROW_NUMBER() OVER
		(PARTITION BY c.entity_id ORDER BY c.revision DESC, c.ordinal DESC) AS place FROM changes c WHERE `)
	r.told(b, records)
	if after != nil {
		b.Add(" AND (c.revision < ? OR c.revision = ? AND c.ordinal <= ?)", from.revision, from.revision, from.ordinal)
	}
	all, err := rows(ctx, r, b.Add(") x WHERE x.place <= ? ORDER BY x.entity_id, x.place", first+1), (*told).dest)
	if err != nil {
		return nil, err
	}
	whole, err := r.complete(ctx, records)
	if err != nil {
		return nil, err
	}
	seen, err := r.sight(ctx, all)
	if err != nil {
		return nil, err
	}
	out := make([]*row.FieldChangeConnection, len(records))
	for i, lines := range grouped(records, all, func(t *told) string { return t.recordID }) {
		out[i] = pageOf(lines, seen, first, from)
		out[i].PageInfo.HasPreviousPage, out[i].IsComplete = after != nil, whole[records[i].ID]
	}
	return out, nil
}

// told writes the choice of changes: those of records that the viewer sees, in pipelines that it sees, which the log
// still keeps.
func (r Reader) told(b *scope.Builder, records []*row.Record) {
	b.Changes("c").Add(" AND c.entity = 'record' AND ").In("c.entity_id", recordIDs(records)).
		Add(" AND c.revision > (SELECT w.log_floor FROM workspaces w WHERE ").Own("w").
		Add(") AND EXISTS (SELECT 1 FROM records r WHERE ").Records("r").Add(" AND r.id = c.entity_id)")
}

// complete tells of which records the log still knows the making.
func (r Reader) complete(ctx context.Context, records []*row.Record) (map[string]bool, error) {
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	r.told(b.Add("SELECT c.entity_id FROM changes c WHERE c.kind = 'record.created' AND "), records)
	made, err := rows(ctx, r, b, func(id *string) []any { return []any{id} })
	out := map[string]bool{}
	for _, id := range made {
		out[*id] = true
	}
	return out, err
}

// told is a change of a record as the log tells it.
type told struct {
	revision, ordinal int64
	at                time.Time
	actor             row.Actor
	source            viewer.Source
	kind, recordID    string
	before, after     row.JSON
	changed           []string
}

func (t *told) dest() []any {
	return []any{&t.revision, &t.ordinal, row.UTC(&t.at), &t.actor, &t.source, &t.kind, &t.recordID, &t.before, &t.after, (*row.Strings)(&t.changed)}
}

// place is an entry's place in the log: the change, and the field within it.
type place struct{ revision, ordinal, field int64 }

func (p place) cursor() string { return row.Cursor(historyList, p.revision, p.ordinal, p.field) }

func readPlace(after *string) (p place, err error) {
	if after == nil {
		return p, nil
	}
	keys, err := row.ReadCursor(*after, historyList, 3)
	if err != nil {
		return p, err
	}
	for i, into := range []*int64{&p.revision, &p.ordinal, &p.field} {
		n, ok := keys[i].(json.Number)
		if ok {
			*into, err = n.Int64()
		}
		if !ok || err != nil {
			return p, fault.At("after", fault.BadCursor, "not a cursor of this list")
		}
	}
	return p, nil
}

// pageOf makes a page of the fields of changes, of which one more was read than the page has entries.
func pageOf(lines []*told, seen sight, first int, from place) *row.FieldChangeConnection {
	c := &row.FieldChangeConnection{Nodes: []*row.FieldChange{}}
	c.PageInfo.HasNextPage = len(lines) > first
	end := from
	for _, l := range lines {
		for i, f := range l.fields(seen) {
			at := place{l.revision, l.ordinal, int64(i)}
			if at.revision == from.revision && at.ordinal == from.ordinal && at.field <= from.field {
				continue
			}
			if len(c.Nodes) == first {
				c.PageInfo.HasNextPage = true
				return bounded(c, end)
			}
			end, f.Cursor = at, at.cursor()
			c.Nodes = append(c.Nodes, f)
		}
		end = place{l.revision, l.ordinal, int64(len(l.changed))}
	}
	if len(lines) == 0 {
		return c
	}
	return bounded(c, end)
}

// bounded tells where a page begins and ends; the end may lie behind its last entry.
func bounded(c *row.FieldChangeConnection, end place) *row.FieldChangeConnection {
	cursor := end.cursor()
	c.PageInfo.EndCursor = &cursor
	if len(c.Nodes) > 0 {
		c.PageInfo.StartCursor = &c.Nodes[0].Cursor
	}
	return c
}

// fields are the changes of fields that a change tells of, each in one change of its commit only.
func (t *told) fields(seen sight) (out []*row.FieldChange) {
	before, after := values(t.before), values(t.after)
	outcome := slices.Contains([]string{"record.won", "record.lost", "record.reopened"}, t.kind)
	if outcome && string(before["stage_id"]) != string(after["stage_id"]) {
		return nil // the move tells of it
	}
	for _, column := range t.changed {
		if slices.Contains(changelog.Bookkeeping, column) || slices.Contains(identity, column) {
			continue
		}
		from, to := seen.shown(column, before), seen.shown(column, after)
		if column == "links" && seen.records != nil && unlinked(from) && unlinked(to) {
			continue // what changed is out of sight
		}
		out = append(out, &row.FieldChange{Revision: row.Revision(t.revision), At: t.at, Actor: t.actor, Source: t.source,
			Field: row.FieldName(column), From: from, To: to})
	}
	return out
}

func values(image row.JSON) map[string]json.RawMessage {
	v := changelog.Decode[map[string]json.RawMessage](image)
	if v == nil {
		return nil
	}
	return *v
}
