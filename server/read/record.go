package read

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
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
	if _, err := r.begin(ctx, viewer.ReadRecords); err != nil {
		return nil, err
	}
	compiled, err := filter.CompileRecords(f, env(ctx))
	if err == nil {
		err = checkOrder(len(order))
	}
	if err != nil {
		return nil, err
	}
	l := list[row.Record]{from: "records r", alias: "r", columns: row.RecordColumns, dest: (*row.Record).Dest,
		where: func(b *scope.Builder) {
			b.Records("r").Add(" AND (")
			compiled.SQL(b, "r")
			b.Add(")")
		}}
	l.name, l.keys = recordKeys(order)
	c, err := page(ctx, r, r.again(ctx), l, first, after)
	return &row.RecordConnection{Connection: c}, err
}

// again begins statements for a viewer whose rights were checked.
func (r Reader) again(ctx context.Context) func() *scope.Builder {
	v := viewer.FromContext(ctx)
	return func() *scope.Builder { return scope.New(v, r.DB.SQL) }
}

const priorityOrder = "CASE r.priority WHEN 'LOW' THEN 0 WHEN 'MEDIUM' THEN 1 WHEN 'HIGH' THEN 2 ELSE 3 END"

var recordOrders = map[string][]key{
	"BOARD": {{expr: "(SELECT p.position FROM pipelines p WHERE " + scope.Same("p", "r") + " AND p.id = r.pipeline_id)", kind: number},
		{expr: "r.pipeline_id"},
		{expr: "(SELECT s.position FROM stages s WHERE " + scope.Same("s", "r") + " AND s.id = r.stage_id)", kind: number},
		{expr: "r.stage_id"}, {expr: "r.rank"}},
	"TITLE":               {{expr: "r.title"}},
	"VALUE":               {{expr: "r.currency"}, {expr: "r.value", kind: number, nullable: true}},
	"PROBABILITY":         {{expr: "r.probability", kind: number}},
	"PRIORITY":            {{expr: priorityOrder, kind: number}},
	"EXPECTED_CLOSE_DATE": {{expr: "r.expected_close_date", nullable: true}},
	"CREATED_AT":          {{expr: "r.created_at", kind: instant}},
	"UPDATED_AT":          {{expr: "r.updated_at", kind: instant}},
	"LAST_ACTIVITY_AT":    {{expr: "r.last_activity_at", kind: instant}},
	"CLOSED_AT":           {{expr: "r.closed_at", kind: instant, nullable: true}},
	"NUMBER":              {{expr: "r.number", kind: number}},
}

func recordKeys(order []*RecordOrder) (string, []key) {
	if len(order) == 0 {
		order = []*RecordOrder{{Field: "UPDATED_AT", Direction: "DESC"}}
	}
	name, keys := "records", []key(nil)
	for _, o := range order {
		name += " " + o.Field + " " + o.Direction + " " + o.Nulls
		keys = append(keys, directed(recordOrders[o.Field], o.Direction, o.Nulls)...)
	}
	return name, keys
}

// directed gives keys a direction.
func directed(keys []key, direction, nulls string) []key {
	out := make([]key, len(keys))
	for i, k := range keys {
		k.desc, k.nullsFirst = direction == "DESC", nulls == "FIRST"
		out[i] = k
	}
	return out
}
