// Package filter holds the meaning of filters, once: a filter compiles into a predicate that writes itself as SQL
// and answers for a row in memory, and both give the same answer for every row. Predicates are two-valued, in SQL
// too: a missing value makes a comparison false, never unknown, so that `not` is the exact opposite.
package filter

import (
	"strings"

	"github.com/rapidbott/tideboard/server/scope"
)

// Pred is a compiled filter over rows of one kind.
type Pred[T any] struct {
	// SQL writes the predicate for the table with this alias.
	SQL func(b *scope.Builder, alias string)
	// Match answers for a row.
	Match func(T) bool

	form form
}

// form is what a predicate says of every row by its form alone, whatever rows there are.
type form int

const (
	never   form = -1
	depends form = 0
	vacuous form = 1
)

// Vacuous tells whether the predicate asks nothing of a row, however it is put: to be in no empty list, to have a blank text
// in one that every row has, not to be what no row can be.
func (p Pred[T]) Vacuous() bool { return p.form == vacuous }

// All holds for every row.
func All[T any]() Pred[T] { return And[T](nil) }

// And holds when all do.
func And[T any](ps []Pred[T]) Pred[T] {
	p := join(ps, " AND ", "1 = 1", false)
	p.form = vacuous
	for _, q := range ps {
		p.form = min(p.form, q.form)
	}
	return p
}

// Or holds when any does.
func Or[T any](ps []Pred[T]) Pred[T] {
	p := join(ps, " OR ", "1 = 0", true)
	p.form = never
	for _, q := range ps {
		p.form = max(p.form, q.form)
	}
	return p
}

// Not is the exact opposite.
func Not[T any](p Pred[T]) Pred[T] {
	return Pred[T]{func(b *scope.Builder, a string) {
		b.Add("NOT (")
		p.SQL(b, a)
		b.Add(")")
	}, func(r T) bool { return !p.Match(r) }, -p.form}
}

func join[T any](ps []Pred[T], word, empty string, until bool) Pred[T] {
	if len(ps) == 1 {
		return ps[0]
	}
	return Pred[T]{func(b *scope.Builder, a string) {
		if len(ps) == 0 {
			b.Add(empty)
			return
		}
		for i, p := range ps {
			b.Add(map[bool]string{true: "(", false: word + "("}[i == 0])
			p.SQL(b, a)
			b.Add(")")
		}
	}, func(r T) bool {
		for _, p := range ps {
			if p.Match(r) == until {
				return until
			}
		}
		return !until
	}, depends}
}

// null holds for rows without a value.
func null[T any](column string, get func(T) *string) Pred[T] {
	return Pred[T]{func(b *scope.Builder, a string) { b.Add(a + "." + column + " IS NULL") },
		func(r T) bool { return get(r) == nil }, depends}
}

// oneOf holds for rows whose value is one of these.
func oneOf[T any](column string, get func(T) *string, values []string) Pred[T] {
	set := map[string]bool{}
	for _, v := range values {
		set[v] = true
	}
	return Pred[T]{func(b *scope.Builder, a string) {
		b.Add("("+a+"."+column+" IS NOT NULL AND ").In(a+"."+column, values).Add(")")
	}, func(r T) bool {
		v := get(r)
		return v != nil && set[*v]
	}, ofList(values)}
}

// ofList is the form of being one of a list.
func ofList[V any](values []V) form {
	if len(values) == 0 {
		return never
	}
	return depends
}

// ofPart is the form of having a text in another: the empty one is in every text.
func ofPart(part string) form {
	if part == "" {
		return vacuous
	}
	return depends
}

func substring[T any](column string, get func(T) string, part string) Pred[T] {
	return Pred[T]{func(b *scope.Builder, a string) { b.Contains(a+"."+column, part) },
		func(r T) bool { return strings.Contains(get(r), part) }, ofPart(part)}
}
