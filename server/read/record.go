package read

import (
	"context"
	"strings"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// RecordOrder is a key to sort records by.
type RecordOrder struct {
	Field     string
	Direction string
	Nulls     string
}

// Record reads one record; nil when hidden or missing.
func (r Reader) Record(ctx context.Context, id string) (*row.Record, error) {
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	return one(ctx, r, b.Add("SELECT ").Columns("r", row.RecordColumns).Add(" FROM records r WHERE ").Records("r").Add(" AND r.id = ?", id),
		(*row.Record).Dest)
}

// Records reads a page of records; most recently updated first when no order is given.
func (r Reader) Records(ctx context.Context, f *filter.RecordFilter, order []*RecordOrder, first int, after *string) (*row.RecordConnection, error) {
	return r.records(ctx, f, order, first, after, 0)
}

// maxSkipped bounds how deep a page by number lies: the rows before it are read and thrown away.
const maxSkipped = 100_000

// RecordsPage reads a page of records by its number, from 1, in place of a cursor.
func (r Reader) RecordsPage(ctx context.Context, f *filter.RecordFilter, order []*RecordOrder, limit int, after *string, page int) (*row.RecordConnection, error) {
	if after != nil {
		return nil, fault.At("page", fault.ValidationFailed, "a page is asked for by number or by cursor, not by both")
	}
	if page < 1 || page > maxSkipped/max(limit, 1) {
		return nil, fault.At("page", fault.ValidationFailed, "is not between 1 and %d", maxSkipped/max(limit, 1))
	}
	return r.records(ctx, f, order, limit, nil, (page-1)*limit)
}

func (r Reader) records(ctx context.Context, f *filter.RecordFilter, order []*RecordOrder, first int, after *string, skip int) (*row.RecordConnection, error) {
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	compiled, err := filter.CompileRecords(f, env(ctx))
	if err == nil {
		err = checkOrder(len(order))
	}
	if err != nil {
		return nil, err
	}
	l := list[row.Record]{from: "records r", alias: "r", columns: row.RecordColumns, dest: (*row.Record).Dest, skip: skip,
		where: func(b *scope.Builder) {
			b.Records("r").Add(" AND (")
			compiled.SQL(b, "r")
			b.Add(")")
		}}
	l.name, l.keys = recordKeys(order, b.Viewer.Currency)
	c, at, err := datedPage(ctx, r, l, first, after)
	return &row.RecordConnection{Connection: c, Revision: at}, err
}

// again begins statements for a viewer whose rights were checked.
func (r Reader) again(ctx context.Context) func() *scope.Builder {
	v := viewer.FromContext(ctx)
	return func() *scope.Builder { return scope.New(v, r.DB.SQL) }
}

const priorityOrder = "CASE r.priority WHEN 'LOW' THEN 0 WHEN 'MEDIUM' THEN 1 WHEN 'HIGH' THEN 2 ELSE 3 END"

// ofStage writes a column of a record's stage.
func ofStage(column string) string {
	return "(SELECT s." + column + " FROM stages s WHERE " + scope.Same("s", "r") + " AND s.id = r.stage_id)"
}

// recordOrders are the keys of each order; the place of an argument is that of the workspace's currency.
var recordOrders = map[string][]key{
	"BOARD": {{expr: "(SELECT p.position FROM pipelines p WHERE " + scope.Same("p", "r") + " AND p.id = r.pipeline_id)", kind: number},
		{expr: "r.pipeline_id"}, {expr: ofStage("position"), kind: number}, {expr: "r.stage_id"}, {expr: "r.rank"}},
	"STAGE":      {{expr: ofStage("position"), kind: number}},
	"TITLE":      {{expr: "r.title_folded"}},
	"OWNER_NAME": {{expr: "(SELECT m.sort_name FROM members m WHERE " + scope.Same("m", "r") + " AND m.id = r.owner_id)", nullable: true}},
	"VALUE": {{expr: "CASE WHEN r.value IS NULL THEN 1 ELSE 0 END", byNulls: true, kind: number}, {expr: "CASE WHEN r.currency = ? THEN 0 ELSE 1 END", fixed: true, kind: number}, {expr: "r.currency", fixed: true},
		{expr: "r.value", kind: number, nullable: true}},
	"PROBABILITY":         {{expr: "r.probability", kind: number}},
	"PRIORITY":            {{expr: priorityOrder, kind: number}},
	"EXPECTED_CLOSE_DATE": {{expr: "r.expected_close_date", nullable: true}},
	"CREATED_AT":          {{expr: "r.created_at", kind: instant}},
	"UPDATED_AT":          {{expr: "r.updated_at", kind: instant}},
	"LAST_ACTIVITY_AT":    {{expr: "r.last_activity_at", kind: instant}},
	"CLOSED_AT":           {{expr: "r.closed_at", kind: instant, nullable: true}},
	"NUMBER":              {{expr: "r.number", kind: number}},
}

func recordKeys(order []*RecordOrder, currency string) (string, []key) {
	if len(order) == 0 {
		order = []*RecordOrder{{Field: "UPDATED_AT", Direction: "DESC"}}
	}
	name, keys := "records", []key(nil)
	for _, o := range order {
		name += " " + o.Field + " " + o.Direction + " " + o.Nulls
		for _, k := range directed(recordOrders[o.Field], o.Direction, o.Nulls) {
			if strings.Contains(k.expr, "?") {
				k.args = []any{currency}
				name += " " + currency
			}
			keys = append(keys, k)
		}
	}
	return name, keys
}

// directed gives keys a direction.
func directed(keys []key, direction, nulls string) []key {
	out := make([]key, len(keys))
	for i, k := range keys {
		switch {
		case k.byNulls:
			k.desc = nulls == "FIRST"
		case !k.fixed:
			k.desc, k.nullsFirst = direction == "DESC", nulls == "FIRST"
		}
		out[i] = k
	}
	return out
}
