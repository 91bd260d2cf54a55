// Package money holds amounts exactly: whole minor units and a currency, never a float. Amounts of different
// currencies are never added; a sum has room for any number of the largest amounts.
package money

import (
	"math/big"
	"strings"

	"golang.org/x/text/currency"

	"github.com/rapidbott/tideboard/server/fault"
)

// Money is an amount in one currency.
type Money struct {
	Amount   string
	Currency string
}

// Digits is how many fraction digits a currency has; false for a code that ISO 4217 does not know.
func Digits(code string) (int, bool) {
	if len(code) != 3 || strings.ToUpper(code) != code {
		return 0, false
	}
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 0, false
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale, true
}

// Parse reads a decimal of zero or more, at most 14 integer digits, and no more fraction digits than the currency
// has, into minor units.
func Parse(amount, code string) (int64, error) {
	scale, ok := Digits(code)
	if !ok {
		return 0, fault.At("currency", fault.ValidationFailed, "%q is not a currency of ISO 4217", code)
	}
	whole, frac, dot := strings.Cut(amount, ".")
	if !digitsOnly(whole) || len(whole) > 14 || (dot && !digitsOnly(frac)) {
		return 0, fault.At("amount", fault.ValidationFailed, "%q is not a decimal number of 0 or more with at most 14 integer digits", amount)
	}
	if len(frac) > scale {
		return 0, fault.At("amount", fault.ValidationFailed, "%s has %d fraction digits", code, scale)
	}
	n := int64(0)
	for _, c := range whole + frac + strings.Repeat("0", scale-len(frac)) {
		n = n*10 + int64(c-'0')
	}
	return n, nil
}

// Format writes minor units as a decimal.
func Format(minor int64, code string) string { return format(big.NewInt(minor), code) }

// Weighted is minor × percent / 100, rounded half-even to whole minor units.
func Weighted(minor int64, percent int) int64 {
	return halfEven(new(big.Int).Mul(big.NewInt(minor), big.NewInt(int64(percent)))).Int64()
}

func digitsOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func format(n *big.Int, code string) string {
	scale, _ := Digits(code)
	s := n.String()
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	if scale == 0 {
		return sign + s
	}
	if len(s) <= scale {
		s = strings.Repeat("0", scale+1-len(s)) + s
	}
	return sign + s[:len(s)-scale] + "." + s[len(s)-scale:]
}

var hundred = big.NewInt(100)

// halfEven divides by 100, rounding half to even.
func halfEven(n *big.Int) *big.Int {
	q, r := new(big.Int).DivMod(n, hundred, new(big.Int))
	switch twice := r.Int64() * 2; {
	case twice > 100, twice == 100 && q.Bit(0) == 1:
		q.Add(q, big.NewInt(1))
	}
	return q
}
