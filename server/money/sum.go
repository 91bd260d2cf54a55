package money

import (
	"math/big"
	"sort"
)

// Split is the base in which a database sums amounts in two halves, so that no sum of 64-bit numbers overflows.
const Split = 1_000_000_000

// Sum adds up records in one currency. The zero value is empty.
type Sum struct {
	Count    int
	amount   big.Int
	weighted big.Int // amount × percent
}

// Add takes a record in, sign 1, or out, sign -1. A missing value counts as 0.
func (s *Sum) Add(minor *int64, percent int, sign int64) {
	s.Count += int(sign)
	if minor == nil {
		return
	}
	a := big.NewInt(*minor * sign)
	s.amount.Add(&s.amount, a)
	s.weighted.Add(&s.weighted, a.Mul(a, big.NewInt(int64(percent))))
}

// AddSplit takes in what a database summed in halves.
func (s *Sum) AddSplit(count int, high, low, weightedHigh, weightedLow int64) {
	s.Count += count
	s.amount.Add(&s.amount, join(high, low))
	s.weighted.Add(&s.weighted, join(weightedHigh, weightedLow))
}

func join(high, low int64) *big.Int {
	n := new(big.Int).Mul(big.NewInt(high), big.NewInt(Split))
	return n.Add(n, big.NewInt(low))
}

// Mean gives the amount divided by n, n > 0, rounded half-even to the digits of the currency.
func (s *Sum) Mean(n int, code string) Money {
	by := big.NewInt(int64(n))
	q, rest := new(big.Int).DivMod(&s.amount, by, new(big.Int))
	if c := rest.Lsh(rest, 1).Cmp(by); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return Money{Amount: format(q, code), Currency: code}
}

// Total is a Sum made ready to show.
type Total struct {
	Currency string
	Count    int
	Amount   string
	Weighted string
}

// Sums holds a Sum per currency.
type Sums map[string]*Sum

// Add takes a record in or out.
func (s Sums) Add(code string, minor *int64, percent int, sign int64) {
	sum := s.Of(code)
	sum.Add(minor, percent, sign)
	if sum.Count == 0 {
		delete(s, code)
	}
}

// Clone gives sums that can go their own way.
func (s Sums) Clone() Sums {
	out := make(Sums, len(s))
	for code, sum := range s {
		c := &Sum{Count: sum.Count}
		c.amount.Set(&sum.amount)
		c.weighted.Set(&sum.weighted)
		out[code] = c
	}
	return out
}

// Of gives the sum of a currency, making it when there is none.
func (s Sums) Of(code string) *Sum {
	sum := s[code]
	if sum == nil {
		sum = &Sum{}
		s[code] = sum
	}
	return sum
}

// Totals lists the sums, the first currency first, then by code.
func (s Sums) Totals(first string) []Total {
	out := make([]Total, 0, len(s))
	for code, sum := range s {
		out = append(out, Total{code, sum.Count, format(&sum.amount, code), format(halfEven(&sum.weighted), code)})
	}
	sort.Slice(out, func(i, j int) bool {
		if a, b := out[i].Currency == first, out[j].Currency == first; a != b {
			return a
		}
		return out[i].Currency < out[j].Currency
	})
	return out
}

// Zero tells whether a sum shows nothing: no record more or less, no amount.
func (s *Sum) Zero() bool { return s.Count == 0 && s.amount.Sign() == 0 && s.weighted.Sign() == 0 }

// Minor gives the amount in minor units. It is the caller's own.
func (s *Sum) Minor() *big.Int { return new(big.Int).Set(&s.amount) }

// WeightedMinor gives Σ amount × percent / 100 in minor units, rounded half-even. It is the caller's own.
func (s *Sum) WeightedMinor() *big.Int { return halfEven(&s.weighted) }

// FormatBig writes minor units of any size as a decimal.
func FormatBig(minor *big.Int, code string) string { return format(minor, code) }
