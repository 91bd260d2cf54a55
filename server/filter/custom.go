package filter

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// CustomFieldComparator compares a custom field, read as one kind of value. A value of another kind is none.
type CustomFieldComparator struct {
	Key string
	// As is TEXT, NUMBER, DATE, BOOLEAN or LIST.
	As         string
	Eq         row.JSON `json:",omitempty"`
	Ne         row.JSON `json:",omitempty"`
	In         []row.JSON
	NotIn      []row.JSON
	Gt         row.JSON `json:",omitempty"`
	Gte        row.JSON `json:",omitempty"`
	Lt         row.JSON `json:",omitempty"`
	Lte        row.JSON `json:",omitempty"`
	Contains   *string
	StartsWith *string
	Any        []string
	All        []string
	None       []string
	IsNull     *bool
}

// customKinds are where the values of each kind are found in an index of custom fields.
var customKinds = map[string]string{"TEXT": row.CustomText, "NUMBER": row.CustomNumber, "DATE": row.CustomDate, "BOOLEAN": row.CustomBoolean, "LIST": row.CustomList}

// custom compares custom fields, by a column that holds their index.
func custom[T any](c *compiler[T], path, name string, get func(T) row.JSON, fs []*CustomFieldComparator) {
	for i, f := range fs {
		at := path + "[" + strconv.Itoa(i) + "]"
		if f == nil {
			continue
		}
		kind, ok := customKinds[f.As]
		if !ok || !row.IsCustomKey(f.Key) {
			c.problems.Add(at+".key", "%q is not the key of a custom field: snake_case, at most 64 characters", f.Key)
			continue
		}
		member := kind + f.Key
		of := figure[T, string]{expr: func(b *scope.Builder, a string) (string, []any) { return b.Member(a + "." + name), []any{member} },
			get: func(r T) (string, bool) {
				v, ok := row.CustomIndex(get(r))[member]
				return v, ok
			}, order: stringOrder, arg: func(s string) any { return s }}
		customField(c, at, of, f)
	}
}

func customField[T any](c *compiler[T], path string, of figure[T, string], f *CustomFieldComparator) {
	one := func(name string, v row.JSON) *string { return c.customValue(path+"."+name, f.As, v) }
	list := func(name string, in []row.JSON) (out []string) {
		if in != nil {
			out = []string{}
		}
		for _, v := range in {
			if s := one(name, v); s != nil {
				out = append(out, *s)
			}
		}
		return out
	}
	a := asked[string]{one("eq", f.Eq), one("ne", f.Ne), one("gt", f.Gt), one("gte", f.Gte), one("lt", f.Lt), one("lte", f.Lte),
		list("in", f.In), list("notIn", f.NotIn), f.IsNull}
	if f.As == "BOOLEAN" && (a.gt != nil || a.gte != nil || a.lt != nil || a.lte != nil) {
		c.problems.Add(path, "a BOOLEAN has no order")
	}
	compareTo(c, path, of, a)
	for name, s := range map[string]*string{"contains": f.Contains, "startsWith": f.StartsWith} {
		if s != nil && f.As != "TEXT" {
			c.problems.Add(path+"."+name, "is for TEXT alone")
		}
	}
	if f.As == "TEXT" {
		compareTexts(c, path, of, TextComparator{Contains: f.Contains, StartsWith: f.StartsWith}, fold.Text)
	}
	customList(c, path, of, f)
}

// customList compares a list with others.
func customList[T any](c *compiler[T], path string, of figure[T, string], f *CustomFieldComparator) {
	if f.As != "LIST" {
		if f.Any != nil || f.All != nil || f.None != nil {
			c.problems.Add(path, "any, all and none are for a LIST alone")
		}
		return
	}
	has := func(texts []string) (ps []Pred[T]) {
		c.bounded(path, len(texts))
		for _, t := range texts {
			c.short(path, t)
			ps = append(ps, containing(of, row.TagEnd+fold.Text(t)+row.TagEnd))
		}
		return ps
	}
	if f.Any != nil {
		c.add(Or(has(f.Any)))
	}
	if f.All != nil {
		c.add(And(has(f.All)))
	}
	if f.None != nil {
		c.add(Not(Or(has(f.None))))
	}
}

// customValue reads a value as the kind it is compared as, in the form of the index; nil when there is none.
func (c *compiler[T]) customValue(path, as string, v row.JSON) *string {
	if len(v) == 0 || string(v) == "null" {
		return nil
	}
	var text, out string
	isText := json.Unmarshal(v, &text) == nil
	switch {
	case as == "TEXT" && isText:
		c.short(path, text)
		out = fold.Text(text)
	case as == "DATE" && isText:
		day := c.day(path, &text)
		if day == nil {
			return nil
		}
		out = *day
	case as == "BOOLEAN" && (string(v) == "true" || string(v) == "false"):
		out = string(v)
	case as == "NUMBER" && !isText:
		var f float64
		if json.Unmarshal(v, &f) == nil {
			out = row.CustomNumberText(f)
		}
	}
	if out == "" && !(as == "TEXT" && isText) {
		c.problems.Add(path, "%s is not a %s", strings.TrimSpace(string(v)), as)
		return nil
	}
	return &out
}
