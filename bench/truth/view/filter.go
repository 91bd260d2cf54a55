// Package view says what a watcher looks at and, from the tables alone, what it should see: it decides filters and sight
// by its own reading of the contract and knows nothing of how the server does it.
package view

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/bench/truth/tables"
)

// Filter is the part of RecordFilter that watchers use. Conditions beside each other must all hold; the zero value holds
// for every record.
type Filter struct {
	And, Or []Filter
	Not     *Filter

	PriorityIn  []string
	PriorityGte string
	StatusEq    string
	OwnerEq     string
	OwnerNone   bool
	TagsAny     []string
	TagsAll     []string
	TagsNone    []string
	Value       *ValueRange
	Q           string

	TitleContains string
	Probability   *Percents
	SourceIn      []string
	CompanyNone   *bool // true: without the name of a company
}

// Percents is a range of probabilities, both ends in it.
type Percents struct{ Gte, Lte int }

// ValueRange is a range in one currency with two fraction digits, in minor units; nil ends are open.
type ValueRange struct {
	Currency string
	Gte, Lt  *int64
	IsNull   *bool
}

// priorities in their order.
var priorities = []string{"LOW", "MEDIUM", "HIGH", "URGENT"}

// Variables is the filter as a value of the input type RecordFilter.
func (f Filter) Variables() map[string]any {
	out := map[string]any{}
	list := func(name string, parts []Filter) {
		if len(parts) > 0 {
			values := make([]any, len(parts))
			for i, p := range parts {
				values[i] = p.Variables()
			}
			out[name] = values
		}
	}
	list("and", f.And)
	list("or", f.Or)
	if f.Not != nil {
		out["not"] = f.Not.Variables()
	}
	compare := func(field, comparator string, value any, given bool) {
		if !given {
			return
		}
		if out[field] == nil {
			out[field] = map[string]any{}
		}
		out[field].(map[string]any)[comparator] = value
	}
	compare("priority", "in", f.PriorityIn, f.PriorityIn != nil)
	compare("priority", "gte", f.PriorityGte, f.PriorityGte != "")
	compare("status", "eq", f.StatusEq, f.StatusEq != "")
	compare("owner", "eq", f.OwnerEq, f.OwnerEq != "")
	compare("owner", "isNull", true, f.OwnerNone)
	compare("tags", "any", f.TagsAny, f.TagsAny != nil)
	compare("tags", "all", f.TagsAll, f.TagsAll != nil)
	compare("tags", "none", f.TagsNone, f.TagsNone != nil)
	if v := f.Value; v != nil {
		compare("value", "currency", v.Currency, v.Currency != "")
		compare("value", "gte", decimal(v.Gte), v.Gte != nil)
		compare("value", "lt", decimal(v.Lt), v.Lt != nil)
		compare("value", "isNull", v.IsNull, v.IsNull != nil)
	}
	compare("title", "contains", f.TitleContains, f.TitleContains != "")
	if p := f.Probability; p != nil {
		compare("probability", "gte", p.Gte, true)
		compare("probability", "lte", p.Lte, true)
	}
	compare("source", "in", f.SourceIn, f.SourceIn != nil)
	compare("companyName", "isNull", f.CompanyNone, f.CompanyNone != nil)
	if f.Q != "" {
		out["q"] = f.Q
	}
	return out
}

// String is the filter as JSON.
func (f Filter) String() string {
	b, err := json.Marshal(f.Variables())
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Match decides the filter for a record. Logic is two-valued: `not` turns every false into true, a missing value included.
func (f Filter) Match(r *tables.Record, defaultCurrency string) bool {
	for _, part := range f.And {
		if !part.Match(r, defaultCurrency) {
			return false
		}
	}
	if f.Or != nil && !slices.ContainsFunc(f.Or, func(part Filter) bool { return part.Match(r, defaultCurrency) }) {
		return false
	}
	if f.Not != nil && f.Not.Match(r, defaultCurrency) {
		return false
	}
	switch {
	case f.PriorityIn != nil && !slices.Contains(f.PriorityIn, r.Priority),
		f.PriorityGte != "" && slices.Index(priorities, r.Priority) < slices.Index(priorities, f.PriorityGte),
		f.StatusEq != "" && r.Status != f.StatusEq,
		f.OwnerEq != "" && r.OwnerID != f.OwnerEq,
		f.OwnerNone && r.OwnerID != "",
		f.TagsAny != nil && count(r.Tags, f.TagsAny) == 0,
		f.TagsAll != nil && count(r.Tags, f.TagsAll) < len(f.TagsAll),
		f.TagsNone != nil && count(r.Tags, f.TagsNone) > 0,
		f.TitleContains != "" && !strings.Contains(strings.ToLower(r.Title), strings.ToLower(f.TitleContains)),
		f.Probability != nil && (r.Probability < f.Probability.Gte || r.Probability > f.Probability.Lte),
		f.SourceIn != nil && !slices.Contains(f.SourceIn, r.Source),
		f.CompanyNone != nil && *f.CompanyNone != (r.CompanyName == ""),
		f.Value != nil && !f.Value.match(r, defaultCurrency):
		return false
	}
	return f.Q == "" || found(f.Q, r)
}

func (v ValueRange) match(r *tables.Record, defaultCurrency string) bool {
	if v.IsNull != nil && *v.IsNull != (r.Value == nil) {
		return false
	}
	if v.Gte == nil && v.Lt == nil {
		return true
	}
	currency := v.Currency
	if currency == "" {
		currency = defaultCurrency
	}
	return r.Value != nil && r.Currency == currency && (v.Gte == nil || *r.Value >= *v.Gte) && (v.Lt == nil || *r.Value < *v.Lt)
}

// count says how many of the wanted tags a record has, ignoring case.
func count(tags, wanted []string) (n int) {
	for _, w := range wanted {
		if slices.ContainsFunc(tags, func(t string) bool { return strings.EqualFold(t, w) }) {
			n++
		}
	}
	return n
}

// found tells whether every word stands somewhere in the searched texts. Words without accents and digits are expected.
func found(q string, r *tables.Record) bool {
	texts := strings.ToLower(strings.Join(append([]string{r.Title, r.Description, r.ExternalID, r.ContactName, r.ContactEmail, r.CompanyName}, r.Tags...), "\x00"))
	for _, word := range strings.Fields(strings.ToLower(q)) {
		if !strings.Contains(texts, word) {
			return false
		}
	}
	return true
}
