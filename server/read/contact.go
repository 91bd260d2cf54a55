package read

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// Order is a key to sort contacts or tasks by.
type Order struct {
	Field     string
	Direction string
}

// ContactOrder is a key to sort contacts by.
type ContactOrder Order

// TaskOrder is a key to sort tasks by.
type TaskOrder Order

// Contact reads one contact; nil when hidden or missing.
func (r Reader) Contact(ctx context.Context, id string) (*row.Contact, error) {
	b, err := r.begin(ctx, viewer.ReadContacts)
	if err != nil {
		return nil, err
	}
	return one(ctx, r, b.Add("SELECT ").Columns("c", row.ContactColumns).Add(" FROM contacts c WHERE ").Contacts("c").Add(" AND c.id = ?", id),
		(*row.Contact).Dest)
}

// Contacts reads a page of contacts; newest first when no order is given.
func (r Reader) Contacts(ctx context.Context, f *filter.ContactFilter, order []*ContactOrder, first int, after *string) (*row.ContactConnection, error) {
	if _, err := r.begin(ctx, viewer.ReadContacts); err != nil {
		return nil, err
	}
	pred, err := filter.CompileContacts(f, env(ctx))
	if err == nil {
		err = checkOrder(len(order))
	}
	if err != nil {
		return nil, err
	}
	l := list[row.Contact]{name: "contacts", from: "contacts c", alias: "c", columns: row.ContactColumns, dest: (*row.Contact).Dest,
		where: func(b *scope.Builder) {
			b.Contacts("c").Add(" AND (")
			pred.SQL(b, "c")
			b.Add(")")
		}}
	if len(order) == 0 {
		order = []*ContactOrder{{"CREATED_AT", "DESC"}}
	}
	for _, o := range order {
		l.name += " " + o.Field + " " + o.Direction
		l.keys = append(l.keys, directed(contactOrders[o.Field], o.Direction, "")...)
	}
	c, err := page(ctx, r, r.again(ctx), l, first, after)
	return &row.ContactConnection{Connection: c}, err
}

var contactOrders = map[string][]key{
	"NAME":       {{expr: "c.sort_name"}},
	"CREATED_AT": {{expr: "c.created_at", kind: instant}},
	"UPDATED_AT": {{expr: "c.updated_at", kind: instant}},
	"NUMBER":     {{expr: "c.number", kind: number}},
}

// Task reads one task; nil when hidden or missing.
func (r Reader) Task(ctx context.Context, id string) (*row.Task, error) {
	b, err := r.begin(ctx, viewer.ReadTasks)
	if err != nil {
		return nil, err
	}
	return one(ctx, r, b.Add("SELECT ").Columns("t", row.TaskColumns).Add(" FROM tasks t WHERE ").Tasks("t").Add(" AND t.id = ?", id),
		(*row.Task).Dest)
}

// Tasks reads a page of tasks; by due time, then priority, when no order is given.
func (r Reader) Tasks(ctx context.Context, f *filter.TaskFilter, order []*TaskOrder, first int, after *string) (*row.TaskConnection, error) {
	if _, err := r.begin(ctx, viewer.ReadTasks); err != nil {
		return nil, err
	}
	pred, err := filter.CompileTasks(f, env(ctx))
	if err == nil {
		err = checkOrder(len(order))
	}
	if err != nil {
		return nil, err
	}
	l := list[row.Task]{name: "tasks", from: "tasks t", alias: "t", columns: row.TaskColumns, dest: (*row.Task).Dest,
		where: func(b *scope.Builder) {
			b.Tasks("t").Add(" AND (")
			pred.SQL(b, "t")
			b.Add(")")
		}}
	if len(order) == 0 {
		order = []*TaskOrder{{"DUE_AT", "ASC"}, {"PRIORITY", "DESC"}}
	}
	for _, o := range order {
		l.name += " " + o.Field + " " + o.Direction
		l.keys = append(l.keys, directed(taskOrders[o.Field], o.Direction, "")...)
	}
	c, err := page(ctx, r, r.again(ctx), l, first, after)
	return &row.TaskConnection{Connection: c}, err
}

var taskOrders = map[string][]key{
	"DUE_AT":     {{expr: "t.due_at", kind: instant, nullable: true}},
	"PRIORITY":   {{expr: "CASE t.priority WHEN 'LOW' THEN 0 WHEN 'MEDIUM' THEN 1 WHEN 'HIGH' THEN 2 ELSE 3 END", kind: number}},
	"CREATED_AT": {{expr: "t.created_at", kind: instant}},
	"UPDATED_AT": {{expr: "t.updated_at", kind: instant}},
}
