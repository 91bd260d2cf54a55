package read

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
)

// key is what a list is sorted by: an SQL expression with its arguments, its direction, and where its nulls go.
type key struct {
	expr       string
	args       []any
	desc       bool
	nullable   bool
	nullsFirst bool
	// byNulls is of what is there and what is not: only where nulls go concerns it.
	byNulls bool
	// fixed keeps its direction and its nulls, whichever are asked for.
	fixed bool
	kind  kind
}

// kind is how a key's values travel in a cursor.
type kind int

const (
	text kind = iota
	number
	instant
)

// list is a keyset-paged list of one kind of rows.
type list[T any] struct {
	name    string
	from    string // table and alias
	alias   string
	columns []string
	dest    func(*T) []any
	// where writes the scope and the filter.
	where func(*scope.Builder)
	keys  []key
	// skip is how many rows come before the page; for pages by number.
	skip int
}

// page reads a page of a list; the id breaks ties.
func page[T any](ctx context.Context, r Reader, begin func() *scope.Builder, l list[T], first int, after *string) (row.Connection[*T], error) {
	return pageIn(ctx, r, r.DB, begin, l, first, after)
}

// Dated makes a reader whose pages of records and of members tell their revision, which takes a snapshot.
func (r Reader) Dated() Reader { return Reader{r.DB, true} }

// datedPage is page for the viewer of the context; a dated reader tells the revision too.
func datedPage[T any](ctx context.Context, r Reader, l list[T], first int, after *string) (c row.Connection[*T], at row.Revision, err error) {
	if !r.dated {
		c, err = page(ctx, r, r.again(ctx), l, first, after)
		return c, at, err
	}
	err = r.DB.Snapshot(ctx, func(q store.Queryer) error {
		head, _, err := changelog.Log{DB: r.DB}.Head(ctx, q, viewer.FromContext(ctx).WorkspaceID)
		if err == nil {
			at = head
			c, err = pageIn(ctx, r, q, r.again(ctx), l, first, after)
		}
		return err
	})
	return c, at, err
}

// pageIn is page, read by way of q.
func pageIn[T any](ctx context.Context, r Reader, q store.Queryer, begin func() *scope.Builder, l list[T], first int, after *string) (c row.Connection[*T], err error) {
	if err := row.CheckFirst(first); err != nil {
		return c, err
	}
	keys := append(l.keys, key{expr: l.alias + ".id"})
	b := begin().Add("SELECT ").Columns(l.alias, l.columns)
	for _, k := range keys {
		b.Add(", "+k.expr, k.args...)
	}
	b.Add(" FROM " + l.from + " WHERE ")
	l.where(b)
	if after != nil {
		if err := beyond(b, l.name, keys, *after); err != nil {
			return c, err
		}
	}
	orderBy(b, keys)
	b.Add(" LIMIT ?", first+1)
	if l.skip > 0 {
		b.Add(" OFFSET ?", l.skip)
	}
	text, args := b.SQL()
	found, err := q.Query(ctx, text, args...)
	if err != nil {
		return c, err
	}
	defer found.Close()
	var out []*T
	cursors := map[*T]string{}
	for found.Next() {
		t, values := new(T), make([]any, len(keys))
		dest := l.dest(t)
		for i := range values {
			dest = append(dest, &values[i])
		}
		if err := found.Scan(dest...); err != nil {
			return c, err
		}
		for i, v := range values {
			values[i] = written(v)
		}
		cursors[t] = row.Cursor(l.name, values...)
		out = append(out, t)
	}
	total := func(ctx context.Context) (n int, err error) {
		b := begin().Add("SELECT COUNT(*) FROM " + l.from + " WHERE ")
		l.where(b)
		text, args := b.SQL()
		return n, r.DB.QueryRow(ctx, text, args...).Scan(&n)
	}
	return row.NewConnection(out, first, after != nil || l.skip > 0, func(t *T) string { return cursors[t] }, total), found.Err()
}

// MaxOrder is by how many keys a list is sorted at most.
const MaxOrder = 10

// checkOrder refuses more keys than a list is sorted by.
func checkOrder(n int) error {
	if n > MaxOrder {
		return fault.At("orderBy", fault.ValidationFailed, "has %d keys, at most %d are possible", n, MaxOrder)
	}
	return nil
}

func orderBy(b *scope.Builder, keys []key) {
	direction := map[bool]string{false: "", true: " DESC"}
	for i, k := range keys {
		b.Add(map[bool]string{true: " ORDER BY ", false: ", "}[i == 0])
		if k.nullable {
			b.Add("("+k.expr+" IS NULL)"+direction[k.nullsFirst]+", ", k.args...)
		}
		b.Add(k.expr+direction[k.desc], k.args...)
	}
}

// beyond writes that a row comes after a cursor.
func beyond(b *scope.Builder, name string, keys []key, cursor string) error {
	raw, err := row.ReadCursor(cursor, name, len(keys))
	if err != nil {
		return err
	}
	values := make([]any, len(keys))
	for i, k := range keys {
		if values[i], err = k.read(raw[i]); err != nil {
			return fault.At("after", fault.BadCursor, "not a cursor of this list")
		}
	}
	b.Add(" AND (")
	for i := range keys {
		if i > 0 {
			b.Add(" OR ")
		}
		b.Add("(")
		for j := range i {
			keys[j].equals(b, values[j])
			b.Add(" AND ")
		}
		keys[i].follows(b, values[i])
		b.Add(")")
	}
	b.Add(")")
	return nil
}

func (k key) equals(b *scope.Builder, v any) {
	if v == nil {
		b.Add(k.expr+" IS NULL", k.args...)
		return
	}
	b.Add(k.expr+" = ?", k.with(v)...)
}

func (k key) follows(b *scope.Builder, v any) {
	compare := map[bool]string{false: " > ?", true: " < ?"}[k.desc]
	switch {
	case v == nil && k.nullsFirst:
		b.Add(k.expr+" IS NOT NULL", k.args...)
	case v == nil:
		b.Add("1 = 0")
	case k.nullable && !k.nullsFirst:
		b.Add("("+k.expr+compare+" OR "+k.expr+" IS NULL)", append(k.with(v), k.args...)...)
	default:
		b.Add(k.expr+compare, k.with(v)...)
	}
}

// with are the expression's arguments and one more.
func (k key) with(v any) []any { return append(slices.Clip(k.args), v) }

// read turns a value of a cursor into an argument.
func (k key) read(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch k.kind {
	case number:
		n, ok := v.(json.Number)
		if !ok {
			return nil, errKind
		}
		return n.Int64()
	case instant:
		s, _ := v.(string)
		return time.Parse(time.RFC3339Nano, s)
	}
	s, ok := v.(string)
	if !ok || strings.ContainsRune(s, 0) {
		return nil, errKind
	}
	return s, nil
}

var errKind = fault.New(fault.BadCursor, "a value of another kind")

// written turns a database value into one of a cursor.
func written(v any) any {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	}
	return v
}
