package filter

import (
	"slices"
	"time"

	"github.com/rapidbott/tideboard/server/period"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// IntComparator compares a whole number.
type IntComparator struct {
	Eq     *int
	Ne     *int
	In     []int
	NotIn  []int
	Gt     *int
	Gte    *int
	Lt     *int
	Lte    *int
	IsNull *bool
}

// TimeComparator compares an instant with others, each absolute or an ISO 8601 duration from now.
type TimeComparator struct {
	Gt     *string
	Gte    *string
	Lt     *string
	Lte    *string
	Within *string
	IsNull *bool
}

// DateComparator compares a calendar day with others, each absolute or an ISO 8601 duration from today.
type DateComparator struct {
	Eq     *string
	Ne     *string
	In     []string
	NotIn  []string
	Gt     *string
	Gte    *string
	Lt     *string
	Lte    *string
	Within *string
	IsNull *bool
}

func ints[T any](c *compiler[T], path, name string, get func(T) (int, bool), f *IntComparator) {
	if f == nil {
		return
	}
	compareTo(c, path, column(name, get), asked[int]{f.Eq, f.Ne, f.Gt, f.Gte, f.Lt, f.Lte, f.In, f.NotIn, f.IsNull})
}

// instants is a column of instants.
func instants[T any](name string, get func(T) (time.Time, bool)) figure[T, time.Time] {
	return figure[T, time.Time]{expr: stored(name), get: get, order: time.Time.Compare, arg: func(t time.Time) any { return t.UTC() }}
}

func times[T any](c *compiler[T], path, name string, get func(T) (time.Time, bool), f *TimeComparator) {
	if f == nil {
		return
	}
	at := func(name string, s *string) *time.Time { return c.instant(path+"."+name, s) }
	of := instants(name, get)
	compareTo(c, path, of, asked[time.Time]{gt: at("gt", f.Gt), gte: at("gte", f.Gte), lt: at("lt", f.Lt), lte: at("lte", f.Lte), isNull: f.IsNull})
	if f.Within != nil && c.preset(path+".within", *f.Within) {
		from, until, _ := period.Bounds(*f.Within, c.env.Now, c.env.zone(), c.env.weekStart())
		c.add(And([]Pred[T]{of.atLeast(from), of.below(until)}))
	}
}

func dates[T any](c *compiler[T], path string, of figure[T, string], f *DateComparator) {
	if f == nil {
		return
	}
	day := func(name string, s *string) *string { return c.day(path+"."+name, s) }
	days := func(name string, list []string) []string {
		out := slices.Clone(list)
		for i := range out {
			if d := day(name, &out[i]); d != nil {
				out[i] = *d
			}
		}
		return out
	}
	compareTo(c, path, of, asked[string]{day("eq", f.Eq), day("ne", f.Ne), day("gt", f.Gt), day("gte", f.Gte), day("lt", f.Lt), day("lte", f.Lte),
		days("in", f.In), days("notIn", f.NotIn), f.IsNull})
	if f.Within != nil && c.preset(path+".within", *f.Within) {
		from, until, _ := period.Days(*f.Within, c.env.today(), c.env.weekStart())
		c.add(And([]Pred[T]{of.atLeast(from.Format(time.DateOnly)), of.below(until.Format(time.DateOnly))}))
	}
}

// instant reads an instant or a duration from now; nil when there is none, or none that can be used.
func (c *compiler[T]) instant(path string, s *string) *time.Time {
	if s == nil {
		return nil
	}
	if period.IsDuration(*s) {
		return c.later(path, *s, c.env.Now.In(c.env.zone()))
	}
	t, err := time.Parse(time.RFC3339Nano, *s)
	if t = t.UTC().Truncate(time.Microsecond); err != nil || t.Year() < 1 || t.Year() > 9999 {
		c.problems.Add(path, "%q is neither an instant like 2026-11-21T08:00:00Z nor a duration like -P7D", *s)
		return nil
	}
	return &t
}

// day reads a calendar day or a duration from today.
func (c *compiler[T]) day(path string, s *string) *string {
	if s == nil {
		return nil
	}
	if !period.IsDuration(*s) {
		if !row.IsDay(*s) {
			c.problems.Add(path, "%q is neither a day like 2026-11-21 nor a duration like -P7D", *s)
			return nil
		}
		return s
	}
	if d, err := period.Parse(*s); err == nil && !d.Dated() {
		c.problems.Add(path, "%q is not made of days or longer", *s)
		return nil
	}
	t := c.later(path, *s, c.env.today())
	if t == nil {
		return nil
	}
	text := t.Format(time.DateOnly)
	return &text
}

// later gives the moment that lies a duration from another.
func (c *compiler[T]) later(path, s string, from time.Time) *time.Time {
	d, err := period.Parse(s)
	if err != nil {
		c.problems.Add(path, "%q %s", s, err)
		return nil
	}
	if !c.timed(path) {
		return nil
	}
	t, ok := d.From(from)
	if !ok {
		c.problems.Add(path, "%q is longer than %d years", s, period.MaxYears)
		return nil
	}
	return &t
}

// preset tells whether a named period can be used.
func (c *compiler[T]) preset(path, name string) bool {
	if !slices.Contains(period.Presets, name) {
		c.problems.Add(path, "%q is not a period", name)
		return false
	}
	return c.timed(path)
}

// due is when tasks fall due that fill a day: with its end.
func dueBefore[T any](of figure[T, time.Time], allDay Pred[T], now, today time.Time) Pred[T] {
	return Or([]Pred[T]{And([]Pred[T]{allDay, of.below(today)}), And([]Pred[T]{Not(allDay), of.below(now)})})
}

// truth holds for rows whose column is true.
func truth[T any](name string, get func(T) bool) Pred[T] {
	return Pred[T]{func(b *scope.Builder, a string) { b.Add(a+"."+name+" = ?", true) }, get, depends}
}
