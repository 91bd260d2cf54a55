package money

import (
	"math/big"
	"strings"

	"github.com/rapidbott/tideboard/server/fault"
)

// Item is a line of what a record is about: so many of a thing at a price each. Both numbers are decimals, kept as they
// are; the currency is the record's.
type Item struct {
	Name      string `json:"name"`
	Quantity  string `json:"quantity"`
	UnitPrice string `json:"unit_price"`
}

// MaxFraction is how many fraction digits a quantity or a price each can have, whatever the currency.
const MaxFraction = 4

// Decimal reads a decimal of zero or more, at most 14 integer and MaxFraction fraction digits, into the one way of
// writing it: no zeros before the integer or after the fraction that say nothing.
func Decimal(text string) (string, error) {
	whole, frac, dot := strings.Cut(text, ".")
	if !digitsOnly(whole) || len(whole) > 14 || (dot && !digitsOnly(frac)) || len(frac) > MaxFraction {
		return "", fault.At("amount", fault.ValidationFailed, "%q is not a decimal number of 0 or more with at most 14 integer and %d fraction digits", text, MaxFraction)
	}
	whole, frac = strings.TrimLeft(whole, "0"), strings.TrimRight(frac, "0")
	if whole == "" {
		whole = "0"
	}
	if frac == "" {
		return whole, nil
	}
	return whole + "." + frac, nil
}

// Total is quantity × unit price, exactly, as a decimal.
func (i Item) Total() string {
	n, scale := i.product()
	s := n.String()
	if len(s) <= scale {
		s = strings.Repeat("0", scale+1-len(s)) + s
	}
	return s[:len(s)-scale] + "." + s[len(s)-scale:]
}

// product is quantity × unit price in units of 10^-scale.
func (i Item) product() (n *big.Int, scale int) {
	return new(big.Int).Mul(fixed(i.Quantity), fixed(i.UnitPrice)), 2 * MaxFraction
}

// fixed is a decimal in units of 10^-MaxFraction.
func fixed(decimal string) *big.Int {
	whole, frac, _ := strings.Cut(decimal, ".")
	n, _ := new(big.Int).SetString(whole+frac+strings.Repeat("0", MaxFraction-len(frac)), 10)
	return n
}

// ItemsValue is what items come to, in minor units: the exact sum, rounded half-even once at the end. It refuses more
// than 14 integer digits, and a currency that ISO 4217 does not know.
func ItemsValue(items []Item, code string) (int64, error) {
	scale, ok := Digits(code)
	if !ok {
		return 0, fault.At("currency", fault.ValidationFailed, "%q is not a currency of ISO 4217", code)
	}
	sum, units := new(big.Int), 2*MaxFraction
	for _, i := range items {
		n, _ := i.product()
		sum.Add(sum, n)
	}
	by := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(units-scale)), nil)
	q, rest := sum.DivMod(sum, by, new(big.Int))
	if c := rest.Lsh(rest, 1).Cmp(by); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	if len(q.String()) > 14+scale {
		return 0, fault.At("lineItems", fault.ValidationFailed, "come to more than 14 integer digits")
	}
	return q.Int64(), nil
}
