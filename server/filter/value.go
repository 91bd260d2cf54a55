package filter

import (
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// TagComparator compares tags as tags are the same: whatever their case.
type TagComparator struct {
	Any  []string
	All  []string
	None []string
}

// MoneyComparator compares a value within one currency.
type MoneyComparator struct {
	Currency *string
	Eq       *string
	Ne       *string
	Gt       *string
	Gte      *string
	Lt       *string
	Lte      *string
	IsNull   *bool
}

func (c *compiler[T]) tags(path string, keys func(T) string, f TagComparator) {
	has := func(names []string) (ps []Pred[T]) {
		c.bounded(path, len(names))
		for _, n := range names {
			ps = append(ps, substring("tag_keys", keys, row.TagEnd+fold.Key(n)+row.TagEnd))
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

func (c *compiler[T]) money(path string, get func(T) (*int64, string), f MoneyComparator) {
	code := c.env.Currency
	if f.Currency != nil {
		code = *f.Currency
	}
	if _, ok := money.Digits(code); !ok {
		c.problems.Add(path+".currency", "%q is not a currency of ISO 4217", code)
		return
	}
	bounds := map[string]int64{}
	compare := func(name, op string, text *string, holds func(v, than int64) bool) {
		if text == nil {
			return
		}
		than, err := money.Parse(*text, code)
		if err != nil {
			c.problems.Take(path+"."+name, err)
			return
		}
		bounds[name] = than
		c.add(Pred[T]{func(b *scope.Builder, a string) {
			b.Add("("+a+".currency = ? AND "+a+".value IS NOT NULL AND "+a+".value "+op+" ?)", code, than)
		}, func(r T) bool {
			v, in := get(r)
			return v != nil && in == code && holds(*v, than)
		}, depends})
	}
	compare("eq", "=", f.Eq, func(v, t int64) bool { return v == t })
	compare("ne", "<>", f.Ne, func(v, t int64) bool { return v != t })
	compare("gt", ">", f.Gt, func(v, t int64) bool { return v > t })
	compare("gte", ">=", f.Gte, func(v, t int64) bool { return v >= t })
	compare("lt", "<", f.Lt, func(v, t int64) bool { return v < t })
	compare("lte", "<=", f.Lte, func(v, t int64) bool { return v <= t })
	for _, low := range []string{"gt", "gte"} {
		for _, high := range []string{"lt", "lte"} {
			l, hasLow := bounds[low]
			h, hasHigh := bounds[high]
			if hasLow && hasHigh && h <= l {
				c.problems.Add(path, "its upper bound is not above its lower bound")
			}
		}
	}
	if f.IsNull != nil {
		want := *f.IsNull
		c.add(Pred[T]{func(b *scope.Builder, a string) {
			b.Add(a + ".value IS " + map[bool]string{true: "NULL", false: "NOT NULL"}[want])
		}, func(r T) bool {
			v, _ := get(r)
			return (v == nil) == want
		}, depends})
	}
}
