// Package filter holds the meaning of filters, once: a filter compiles into a predicate that writes itself as SQL
// and answers for a row in memory, and both give the same answer for every row. Predicates are two-valued, in SQL
// too: a missing value makes a comparison false, never unknown, so that `not` is the exact opposite.
package filter

import (
	"strings"

	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/scope"
)

// Pred is a compiled filter over rows of one kind.
type Pred[T any] struct {
	// SQL writes the predicate for the table with this alias.
	SQL func(b *scope.Builder, alias string)
	// Match answers for a row.
	Match func(T) bool
}

// All holds for every row.
func All[T any]() Pred[T] {
	return Pred[T]{func(b *scope.Builder, _ string) { b.Add("1 = 1") }, func(T) bool { return true }}
}

// And holds when all do.
func And[T any](ps []Pred[T]) Pred[T] { return join(ps, " AND ", "1 = 1", false) }

// Or holds when any does.
func Or[T any](ps []Pred[T]) Pred[T] { return join(ps, " OR ", "1 = 0", true) }

// Not is the exact opposite.
func Not[T any](p Pred[T]) Pred[T] {
	return Pred[T]{func(b *scope.Builder, a string) {
		b.Add("NOT (")
		p.SQL(b, a)
		b.Add(")")
	}, func(r T) bool { return !p.Match(r) }}
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
	}}
}

// null holds for rows without a value.
func null[T any](column string, get func(T) *string) Pred[T] {
	return Pred[T]{func(b *scope.Builder, a string) { b.Add(a + "." + column + " IS NULL") },
		func(r T) bool { return get(r) == nil }}
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
	}}
}

// text holds for rows in whose folded text every word of q is found; see SDL, RecordFilter.q.
func text[T any](get func(T) string, q string) Pred[T] {
	var words []Pred[T]
	for _, w := range fold.Words(q) {
		words = append(words, contains(get, w))
	}
	if digits := fold.Digits(q); len(digits) >= 4 && strings.Trim(q, "0123456789 +-()./") == "" {
		return Or(append(number(get, digits), And(words)))
	}
	return And(words)
}

func contains[T any](get func(T) string, word string) Pred[T] {
	p := substring("search_text", get, word)
	if d := fold.Digits(word); len(d) >= 4 {
		return Or(append(number(get, d), p))
	}
	return p
}

// number holds for rows with these digits in a row, also without the zeros that a number has in front in its own country.
func number[T any](get func(T) string, digits string) []Pred[T] {
	out := []Pred[T]{substring("search_text", get, digits)}
	if national := strings.TrimLeft(digits, "0"); national != digits && len(national) >= 4 {
		out = append(out, substring("search_text", get, national))
	}
	return out
}

func substring[T any](column string, get func(T) string, part string) Pred[T] {
	return Pred[T]{func(b *scope.Builder, a string) { b.Contains(a+"."+column, part) },
		func(r T) bool { return strings.Contains(get(r), part) }}
}
