package demo

import (
	"math/rand/v2"
	"strconv"
)

// dice are rolled in the same order every time.
type dice struct{ *rand.Rand }

// chance is true in so many of a hundred cases.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// between is a number from low to high, both possible.
func (d dice) between(low, high int) int {
	if high <= low {
		return low
	}
	return low + d.IntN(high-low+1)
}

// pos is a position from low to high.
func (d dice) pos(low, high int64) int64 {
	if high <= low {
		return low
	}
	return low + d.Int64N(high-low+1)
}

// low is a number from low to high, small ones more often.
func (d dice) low(low, high int) int { return min(d.between(low, high), d.between(low, high)) }

func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

// digits fills the # of a pattern.
func (d dice) digits(pattern string) string {
	b := []byte(pattern)
	for i := range b {
		if b[i] == '#' {
			b[i] = byte('0' + d.IntN(10))
		}
	}
	return string(b)
}

// amount rolls a round sum of money; yen come in larger numbers and without fraction.
func (d dice) amount(low, high int, currency string) string {
	n := d.low(low, high)
	switch {
	case n > 20000:
		n -= n % 500
	case n > 1000:
		n -= n % 50
	}
	if currency == "JPY" {
		return strconv.Itoa(n * 160)
	}
	cents := ""
	if n < 10000 && d.chance(15) {
		cents = pick(d, []string{".50", ".90", ".75"})
	}
	return strconv.Itoa(n) + cents
}
