package crm

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
)

const (
	// maxViewFilter is how many bytes a saved filter has at most.
	maxViewFilter = 16 << 10
	// maxSort is by how many keys a saved view sorts at most, as lists do.
	maxSort = 10
	// customColumn begins the name of a column that shows a custom field.
	customColumn = "customFields."
)

// computed are the fields of a record that are no columns of it.
var computed = strings.Fields("weightedValue pipeline stage owner contact tasks isOverdue isStale ageDays timeInStageSeconds")

// ViewColumns are the fields of a record that a saved view can show, beside custom fields by their keys.
func ViewColumns() []string {
	out := slices.Clone(computed)
	for _, c := range row.RecordColumns {
		if c != "currency" && c != "deleted_at" { // part of a value; never seen
			out = append(out, camel(c))
		}
	}
	return out
}

// camel turns a name of storage into one of GraphQL.
func camel(name string) string {
	parts := strings.Split(name, "_")
	for i, p := range parts[1:] {
		parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
	}
	return strings.Join(parts, "")
}

// viewFilter checks a filter as every other at a moment, and gives it as it was sent.
func (c *checker) viewFilter(ctx context.Context, now time.Time, f *filter.RecordFilter, text row.JSON) row.JSON {
	if f == nil {
		return nil
	}
	if _, err := filter.CompileRecords(f, filter.EnvOf(viewer.FromContext(ctx), now)); err != nil {
		wrong := fault.Of(err)
		if wrong == nil || len(wrong.Details) == 0 {
			c.Take("input", err)
			return nil
		}
		for _, d := range wrong.Details {
			c.AddCode("input."+d.Field, d.Code, "%s", d.Message)
		}
		return nil
	}
	if len(text) > maxViewFilter {
		c.Add("input.filter", "has %d bytes, at most %d are possible", len(text), maxViewFilter)
	}
	if strings.Contains(string(text), `\u0000`) {
		c.Add("input.filter", "contains characters that cannot be stored")
	}
	return text
}

func (c *checker) viewSort(list []*ViewSortInput) []row.ViewSort {
	if len(list) > maxSort {
		c.Add("input.sort", "has %d keys, at most %d are possible", len(list), maxSort)
	}
	out := []row.ViewSort{}
	for _, s := range list {
		out = append(out, *s)
	}
	return out
}

func (c *checker) viewColumns(list []string) []string {
	if len(list) > maxColumns {
		c.Add("input.columns", "has %d columns, at most %d are possible", len(list), maxColumns)
		return nil
	}
	known, out := ViewColumns(), []string{}
	for i, name := range list {
		at := pathOf("input.columns", i)
		key, custom := strings.CutPrefix(name, customColumn)
		switch {
		case slices.Contains(out, name):
			c.Add(at, "was given before")
		case custom:
			c.required(at, key, 64)
		case !slices.Contains(known, name):
			c.Add(at, "%q is neither a field of a record nor %sKEY", name, customColumn)
		}
		out = append(out, name)
	}
	return out
}
