package changelog

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"entgo.io/ent"
	"entgo.io/ent/dialect/sql"
)

// Next is a row as it is and as it shall be, both pointers to the entity.
type Next struct {
	ID            string
	Before, After any
}

// DraftAll is Draft for many rows of one entity in one statement: what differs, and becomes the same everywhere, goes into
// the mutation; what becomes another value from row to row is written by the modifier it gives, for the mutation's
// statement. `derived` are further columns, that are no part of the image, by the name of their fields. `varying` is how
// many columns the modifier writes.
func DraftAll(m ent.Mutation, rows []Next, derived map[string]string) (write func(*sql.UpdateBuilder), varying int, err error) {
	var each []func(*sql.UpdateBuilder)
	for _, c := range slices.Concat(columns(reflect.TypeOf(rows[0].After).Elem()), derivedColumns(rows[0].After, derived)) {
		changes, alike := false, true
		first := fieldOf(rows[0].After, c)
		for _, r := range rows {
			now := fieldOf(r.After, c)
			changes = changes || !equal(fieldOf(r.Before, c), now)
			alike = alike && equal(first, now)
		}
		switch {
		case !changes:
			continue
		case alike:
			err = setField(m, c.name, first)
		default:
			var values *cases
			if values, err = casesOf(rows, c); err == nil {
				each = append(each, func(u *sql.UpdateBuilder) { u.Set(values.column, sql.ExprFunc(values.write)) })
			}
		}
		if err != nil {
			return nil, 0, err
		}
	}
	return func(u *sql.UpdateBuilder) {
		for _, set := range each {
			set(u)
		}
	}, len(each), nil
}

func derivedColumns(row any, derived map[string]string) (out []column) {
	t := reflect.TypeOf(row).Elem()
	for name, field := range derived {
		f, ok := t.FieldByName(field)
		if !ok {
			panic("changelog: no field " + field)
		}
		out = append(out, column{name, f.Index[0]})
	}
	slices.SortFunc(out, func(a, b column) int { return strings.Compare(a.name, b.name) })
	return out
}

func fieldOf(row any, c column) reflect.Value { return reflect.ValueOf(row).Elem().Field(c.index) }

// setField puts a value into a mutation; a nil pointer or map clears.
func setField(m ent.Mutation, name string, v reflect.Value) error {
	if v.Kind() == reflect.Map && v.IsNil() {
		return m.ClearField(name)
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return m.ClearField(name)
		}
		v = v.Elem()
	}
	return m.SetField(name, v.Interface())
}

// cases is the expression that gives each row its own value of a column; rows with the same value share a case. The
// column itself stands at the end: by it the database knows of what type the values are.
type cases struct {
	column string
	values []any
	ids    [][]any
}

func casesOf(rows []Next, c column) (*cases, error) {
	out, at := &cases{column: c.name}, map[string]int{}
	for _, r := range rows {
		v := fieldOf(r.After, c)
		key, err := json.Marshal(v.Interface())
		if err != nil {
			return nil, err
		}
		i, ok := at[string(key)]
		if !ok {
			i = len(out.values)
			at[string(key)] = i
			out.values, out.ids = append(out.values, stored(v, key)), append(out.ids, nil)
		}
		out.ids[i] = append(out.ids[i], r.ID)
	}
	return out, nil
}

// stored gives a value as the database takes it.
func stored(v reflect.Value, text []byte) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return stored(v.Elem(), text)
	case reflect.Slice, reflect.Map:
		if v.Len() == 0 && (v.Kind() == reflect.Map || v.Type() == reflect.TypeFor[json.RawMessage]()) {
			return nil
		}
		return json.RawMessage(text)
	}
	return v.Interface()
}

func (c *cases) write(b *sql.Builder) {
	b.WriteString("CASE")
	for i, ids := range c.ids {
		b.WriteString(" WHEN ").Ident("id").WriteString(" IN (").Args(ids...).WriteString(") THEN ").Arg(c.values[i])
	}
	b.WriteString(" ELSE ").Ident(c.column).WriteString(" END")
}
