// Package rank makes the places of cards in a column: texts that sort byte by byte, between any two of which another
// fits. A rank is a whole part, whose first letter tells its length so that placing at an end costs nothing, and a
// fraction. Only [0-9a-z] occur, so that every collation agrees on the order. Callers never send ranks; the database
// refuses two equal ones in a column.
package rank

import (
	"errors"
	"strings"
)

// MaxLen is the length from which a column should be spaced anew.
const MaxLen = 48

// ErrOrder says that the neighbours given are not in order.
var ErrOrder = errors.New("rank: neighbours out of order")

const digits = "0123456789abcdefghijklmnopqrstuvwxyz"

// first is the rank of the first card of an empty column.
const first = "n0"

// Between gives a rank above `low` and below `high`; an empty text is an open end.
func Between(low, high string) (string, error) {
	switch {
	case low != "" && high != "" && low >= high:
		return "", ErrOrder
	case low == "" && high == "":
		return first, nil
	case high == "":
		if next, ok := step(whole(low), 1); ok {
			return next, nil
		}
		return whole(low) + middle(low[len(whole(low)):], ""), nil
	case low == "":
		if frac := high[len(whole(high)):]; frac != "" {
			return whole(high), nil
		}
		if prev, ok := step(whole(high), -1); ok {
			return prev, nil
		}
		return "", ErrOrder
	}
	wl, wh := whole(low), whole(high)
	if wl == wh {
		return wl + middle(low[len(wl):], high[len(wh):]), nil
	}
	if next, ok := step(wl, 1); ok && next < high {
		return next, nil
	}
	return wl + middle(low[len(wl):], ""), nil
}

// Spread gives n ranks in order between two neighbours.
func Spread(n int, low, high string) ([]string, error) {
	out := make([]string, n)
	if high == "" {
		for i := range out {
			next, err := Between(low, "")
			if err != nil {
				return nil, err
			}
			out[i], low = next, next
		}
		return out, nil
	}
	return out, halve(out, low, high)
}

func halve(out []string, low, high string) error {
	if len(out) == 0 {
		return nil
	}
	mid := len(out) / 2
	r, err := Between(low, high)
	if err != nil {
		return err
	}
	out[mid] = r
	if err := halve(out[:mid], low, r); err != nil {
		return err
	}
	return halve(out[mid+1:], r, high)
}

// whole cuts out the whole part. Its first letter is n…z for 1…13 digits upwards, m…a for 1…13 digits downwards.
func whole(r string) string {
	n := 1 + int(r[0]-'n') + 1
	if r[0] < 'n' {
		n = 1 + int('m'-r[0]) + 1
	}
	if n > len(r) {
		return r
	}
	return r[:n]
}

// step counts the whole part one up or down; false at the end of all numbers.
func step(w string, by int) (string, bool) {
	b := []byte(w)
	for i := len(b) - 1; i > 0; i-- {
		d := strings.IndexByte(digits, b[i]) + by
		if d >= 0 && d < len(digits) {
			b[i] = digits[d]
			return string(b), true
		}
		b[i] = digits[(d+len(digits))%len(digits)]
	}
	head := int(b[0]) + by
	if head < 'a' || head > 'z' {
		return "", false
	}
	n := head - 'n' + 1
	fill := "0"
	if head < 'n' {
		n = 'm' - head + 1
	}
	if by < 0 {
		fill = "z"
	}
	return string(rune(head)) + strings.Repeat(fill, n), true
}

// middle gives a fraction between two fractions, of which the first may be empty (0) and the second too (1).
// A fraction never ends in 0.
func middle(a, b string) string {
	if b != "" {
		n := 0
		for n < len(b) && digitAt(a, n) == b[n] {
			n++
		}
		if n > 0 {
			return b[:n] + middle(tail(a, n), b[n:])
		}
	}
	da := strings.IndexByte(digits, digitAt(a, 0))
	db := len(digits)
	if b != "" {
		db = strings.IndexByte(digits, b[0])
	}
	if db-da > 1 {
		return string(digits[(da+db)/2])
	}
	if b != "" && len(b) > 1 {
		return b[:1]
	}
	return string(digits[da]) + middle(tail(a, 1), "")
}

func digitAt(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return '0'
}

func tail(s string, n int) string {
	if n >= len(s) {
		return ""
	}
	return s[n:]
}
