package rest

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// numeral is a JSON number as a decimal, exactly; a number in quotes is none.
type numeral string

// UnmarshalJSON reads one.
func (n *numeral) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '-' && (b[0] < '0' || b[0] > '9') {
		return &json.UnmarshalTypeError{Value: map[bool]string{true: "string", false: "value of another type"}[len(b) > 0 && b[0] == '"'], Type: reflect.TypeFor[numeral]()}
	}
	*n = numeral(decimal(string(b)))
	return nil
}

// maxShift is how far an exponent moves the point at most: further than any number that is possible anywhere here.
const maxShift = 40

// decimal writes a JSON number without an exponent and without zeros that say nothing. A number too large or too small
// for that stays as it is written: whoever reads decimals refuses it.
func decimal(number string) string {
	rest, negative := strings.CutPrefix(number, "-")
	mantissa, power, _ := strings.Cut(strings.ToLower(rest), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "0"
	}
	point := len(digits) - len(fraction) // how many digits stand before it; below 0, how many zeros behind it
	digits = strings.TrimRight(digits, "0")
	if power != "" {
		shift, err := strconv.Atoi(power)
		if err != nil || shift > 2*maxBody || shift < -2*maxBody {
			return number
		}
		point += shift
	}
	switch {
	case point > maxShift || point < -maxShift:
		return number
	case point <= 0:
		digits = "0." + strings.Repeat("0", -point) + digits
	case point < len(digits):
		digits = digits[:point] + "." + digits[point:]
	default:
		digits += strings.Repeat("0", point-len(digits))
	}
	if negative {
		return "-" + digits
	}
	return digits
}
