package view

import (
	"fmt"
	"math/big"
	"strings"
)

// decimal writes minor units of a currency with two fraction digits.
func decimal(minor *int64) string {
	if minor == nil {
		return ""
	}
	return fmt.Sprintf("%d.%02d", *minor/100, *minor%100)
}

// Minor reads an amount that has all its currency's fraction digits as minor units; nil when it is not a number.
func Minor(amount string) *big.Int {
	n, ok := new(big.Int).SetString(strings.Replace(amount, ".", "", 1), 10)
	if !ok {
		return nil
	}
	return n
}

// halfEven divides by 100 and rounds half to even; n is not negative.
func halfEven(n *big.Int) *big.Int {
	hundred := big.NewInt(100)
	quotient, rest := new(big.Int).QuoRem(n, hundred, new(big.Int))
	switch twice := rest.Lsh(rest, 1).Cmp(hundred); {
	case twice > 0, twice == 0 && quotient.Bit(0) == 1:
		quotient.Add(quotient, big.NewInt(1))
	}
	return quotient
}
