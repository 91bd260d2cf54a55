package changelog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"entgo.io/ent"

	"github.com/rapidbott/tideboard/server/row"
)

// column is a stored field that belongs to an entity's image.
type column struct {
	name  string
	index int
}

var columnsOf sync.Map // reflect.Type → []column

// columns lists what an entity's image is made of: all but secrets, derived texts and edges.
func columns(t reflect.Type) []column {
	if c, ok := columnsOf.Load(t); ok {
		return c.([]column)
	}
	var out []column
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && name != "" && name != "-" && f.Name != "Edges" {
			out = append(out, column{name, i})
		}
	}
	columnsOf.Store(t, out)
	return out
}

// differences names the columns in which two states of a row differ; all that are set when there was none before.
// It refuses a version that did not grow by exactly one: then somebody else wrote in between.
func differences(before, after any) ([]string, error) {
	now := reflect.ValueOf(after).Elem()
	if before == nil {
		var set []string
		for _, c := range columns(now.Type()) {
			if !now.Field(c.index).IsZero() {
				set = append(set, c.name)
			}
		}
		return set, nil
	}
	changed := Changed(before, after)
	if slices.Contains(changed, "version") {
		old, v := reflect.ValueOf(before).Elem().FieldByName("Version").Int(), now.FieldByName("Version").Int()
		if v != old+1 {
			return nil, fmt.Errorf("%w: version %d became %d", ErrLost, old, v)
		}
	}
	return changed, nil
}

// Changed names the columns in which two states of a row differ: of an entity, or of its read model.
func Changed(before, after any) (names []string) {
	old, now := reflect.ValueOf(before).Elem(), reflect.ValueOf(after).Elem()
	for _, c := range columns(now.Type()) {
		if !equal(old.Field(c.index), now.Field(c.index)) {
			names = append(names, c.name)
		}
	}
	return names
}

func equal(a, b reflect.Value) bool {
	if ta, ok := a.Interface().(time.Time); ok {
		return ta.Equal(b.Interface().(time.Time))
	}
	if ta, ok := a.Interface().(*time.Time); ok {
		tb := b.Interface().(*time.Time)
		return (ta == nil) == (tb == nil) && (ta == nil || ta.Equal(*tb))
	}
	if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

var noEdges = []byte(`,"edges":{}}`)

// image writes a row as the log keeps it.
func image(e any) row.JSON {
	if e == nil {
		return nil
	}
	b, err := json.Marshal(e)
	if err != nil {
		panic("changelog: an entity that cannot be an image: " + err.Error())
	}
	if cut, ok := bytes.CutSuffix(b, noEdges); ok {
		return append(cut, '}')
	}
	return b
}

// Row shows an entity as its read model.
func Row[T any](e any) *T { return Decode[T](image(e)) }

// Differ tells whether two states of an entity differ in what the log keeps.
func Differ(before, after any) bool { return len(Changed(before, after)) > 0 }

// Draft puts what differs between two states of an entity into a mutation, column by column; false when nothing does.
func Draft(m ent.Mutation, before, after any) (bool, error) {
	old, now := reflect.ValueOf(before).Elem(), reflect.ValueOf(after).Elem()
	drafted := false
	for _, c := range columns(now.Type()) {
		v := now.Field(c.index)
		if equal(old.Field(c.index), v) {
			continue
		}
		drafted = true
		if err := setField(m, c.name, v); err != nil {
			return false, err
		}
	}
	return drafted, nil
}
