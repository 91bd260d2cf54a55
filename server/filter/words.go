package filter

import (
	"strings"

	"github.com/rapidbott/tideboard/server/fold"
)

const (
	// minDigits is from how many digits on a word, or a group of neighbouring ones, may be a phone number or part of one.
	minDigits = 4
	// maxDigits and maxGroup are how many digits, and how many words, one number is written with at most.
	maxDigits = 20
	maxGroup  = 8
	// maxRun is how many words of digits in a row may be numbers written in groups; more are something else.
	maxRun = 12
)

// text adds that every word of q is found; see SDL, RecordFilter.q. A word in which there is nothing but what numbers are
// written with is found by itself or together with its neighbours, as a part of one number: `Anna 030 123 45 67`.
func (c *compiler[T]) text(path string, get func(T) string, q *string) {
	if q == nil {
		return
	}
	c.short(path, *q)
	words := fold.Words(*q)
	found := make([][]Pred[T], len(words)) // ways to find each
	for i, w := range words {
		found[i] = []Pred[T]{substring("search_text", get, w)}
		if d := dialled(w); len(d) >= minDigits {
			found[i] = append(found[i], number(get, d)...)
		}
	}
	groups, runs := 0, runsOf(words)
	for from := range words {
		for to := from + 1; to < len(words) && to < from+maxGroup && runs[from] > 0 && runs[from] <= maxRun && isNumber(words[to]); to++ {
			digits := dialled(strings.Join(words[from:to+1], ""))
			if len(digits) < minDigits || len(digits) > maxDigits {
				continue
			}
			together := Or(number(get, digits))
			for i := from; i <= to; i++ {
				found[i] = append(found[i], together)
				groups++
			}
		}
	}
	ps := make([]Pred[T], len(words))
	for i := range words {
		ps[i] = Or(found[i])
	}
	c.conditions += groups / 100 // as values of a list do: they are bound one by one
	c.add(And(ps))
}

// runsOf tells of each word how many words of digits stand in a row where it stands; 0 of another word.
func runsOf(words []string) []int {
	runs := make([]int, len(words))
	for from := 0; from < len(words); from++ {
		to := from
		for to < len(words) && isNumber(words[to]) {
			to++
		}
		for i := from; i < to; i++ {
			runs[i] = to - from
		}
		from = max(from, to-1)
	}
	return runs
}

// isNumber tells whether a word consists of what numbers are written with.
func isNumber(word string) bool { return strings.Trim(word, "0123456789+-()./") == "" }

// dialled keeps the digits of a number as it is dialled from abroad: without the zero of its own country in `+49 (0)30`.
func dialled(s string) string {
	if before, after, ok := strings.Cut(s, "(0)"); ok && fold.Digits(before) != "" {
		s = before + after
	}
	return fold.Digits(s)
}

// number holds for rows with these digits in a row, also without the zeros that a number has in front in its own country.
func number[T any](get func(T) string, digits string) []Pred[T] {
	out := []Pred[T]{substring("search_text", get, digits)}
	if national := strings.TrimLeft(digits, "0"); national != digits && len(national) >= minDigits {
		out = append(out, substring("search_text", get, national))
	}
	return out
}
