package filter

import (
	"cmp"
	"slices"

	"github.com/rapidbott/tideboard/server/scope"
)

// figure is something of a row that can be compared: how SQL writes it, null where there is none, and how it is read from
// a row in memory.
type figure[T, V any] struct {
	expr func(b *scope.Builder, alias string) (text string, args []any)
	get  func(T) (V, bool)
	// order is what SQL's comparison comes to, arg what a value is in SQL.
	order func(a, b V) int
	arg   func(V) any
	// every says that each row has it.
	every bool
}

// column is a figure that is stored as such.
func column[T any, V cmp.Ordered](name string, get func(T) (V, bool)) figure[T, V] {
	return figure[T, V]{expr: stored(name), get: get, order: cmp.Compare[V], arg: func(v V) any { return v }}
}

func stored(name string) func(*scope.Builder, string) (string, []any) {
	return func(_ *scope.Builder, a string) (string, []any) { return a + "." + name, nil }
}

// write writes the figure, and what follows it.
func (f figure[T, V]) write(b *scope.Builder, alias, more string, values ...any) {
	text, args := f.expr(b, alias)
	b.Add(text+more, slices.Concat(args, values)...)
}

// has holds for rows that have the figure.
func (f figure[T, V]) has() Pred[T] {
	return Pred[T]{func(b *scope.Builder, a string) {
		f.write(b, a, " IS NOT NULL")
	}, func(r T) bool {
		_, ok := f.get(r)
		return ok
	}, map[bool]form{true: vacuous}[f.every]}
}

// compared holds for rows whose figure stands so to a value. The operator is SQL's.
func (f figure[T, V]) compared(op string, than V, holds func(order int) bool) Pred[T] {
	return And([]Pred[T]{f.has(), {func(b *scope.Builder, a string) {
		f.write(b, a, " "+op+" ?", f.arg(than))
	}, func(r T) bool {
		v, ok := f.get(r)
		return ok && holds(f.order(v, than))
	}, depends}})
}

func (f figure[T, V]) above(v V) Pred[T] {
	return f.compared(">", v, func(o int) bool { return o > 0 })
}
func (f figure[T, V]) atLeast(v V) Pred[T] {
	return f.compared(">=", v, func(o int) bool { return o >= 0 })
}
func (f figure[T, V]) below(v V) Pred[T] {
	return f.compared("<", v, func(o int) bool { return o < 0 })
}
func (f figure[T, V]) atMost(v V) Pred[T] {
	return f.compared("<=", v, func(o int) bool { return o <= 0 })
}

// oneOf holds for rows whose figure is one of these.
func (f figure[T, V]) oneOf(values []V) Pred[T] {
	if len(values) == 0 {
		return Or[T](nil)
	}
	return And([]Pred[T]{f.has(), {func(b *scope.Builder, a string) {
		f.write(b, a, " IN (")
		for i, v := range values {
			b.Add(map[bool]string{true: "?", false: ", ?"}[i == 0], f.arg(v))
		}
		b.Add(")")
	}, func(r T) bool {
		v, ok := f.get(r)
		for i := 0; ok && i < len(values); i++ {
			if f.order(v, values[i]) == 0 {
				return true
			}
		}
		return false
	}, depends}})
}

// asked is what a comparator asks of a figure; `ne` and `notIn` are the exact opposites of `eq` and `in`.
type asked[V any] struct {
	eq, ne, gt, gte, lt, lte *V
	in, notIn                []V
	isNull                   *bool
}

// compareTo adds the conditions of a comparator. It refuses a range without room in it: an exact value has an operator of
// its own.
func compareTo[T, V any](c *compiler[T], path string, f figure[T, V], a asked[V]) {
	if a.eq != nil {
		c.add(f.oneOf([]V{*a.eq}))
	}
	if a.ne != nil {
		c.add(Not(f.oneOf([]V{*a.ne})))
	}
	if a.in != nil {
		c.bounded(path+".in", len(a.in))
		c.add(f.oneOf(a.in))
	}
	if a.notIn != nil {
		c.bounded(path+".notIn", len(a.notIn))
		c.add(Not(f.oneOf(a.notIn)))
	}
	for _, bound := range []struct {
		v    *V
		pred func(V) Pred[T]
	}{{a.gt, f.above}, {a.gte, f.atLeast}, {a.lt, f.below}, {a.lte, f.atMost}} {
		if bound.v != nil {
			c.add(bound.pred(*bound.v))
		}
	}
	for _, low := range []*V{a.gt, a.gte} {
		for _, high := range []*V{a.lt, a.lte} {
			if low != nil && high != nil && f.order(*high, *low) <= 0 {
				c.problems.Add(path, "its upper bound is not above its lower bound")
			}
		}
	}
	c.addIf(a.isNull, func() Pred[T] { return Not(f.has()) })
}

// pointed reads what a row points at.
func pointed[T, V any](get func(T) *V) func(T) (V, bool) {
	return func(r T) (v V, ok bool) {
		if p := get(r); p != nil {
			return *p, true
		}
		return v, false
	}
}

// always reads what every row has.
func always[T, V any](get func(T) V) func(T) (V, bool) {
	return func(r T) (V, bool) { return get(r), true }
}

// stringOrder compares texts byte by byte.
var stringOrder = cmp.Compare[string]
