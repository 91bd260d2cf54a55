package crm

import (
	"strings"
	"unicode"

	"github.com/rapidbott/tideboard/server/fault"
)

// dialling holds the country codes of countries whose national numbers are written with a leading 0 that is dropped
// when dialled from abroad.
var dialling = map[string]string{
	"AT": "43", "AU": "61", "BE": "32", "BR": "55", "CH": "41", "CN": "86", "DE": "49", "EG": "20", "FI": "358",
	"FR": "33", "GB": "44", "ID": "62", "IE": "353", "IL": "972", "IN": "91", "JP": "81", "KE": "254", "KR": "82",
	"MY": "60", "NG": "234", "NL": "31", "NZ": "64", "PH": "63", "PK": "92", "SE": "46", "TH": "66", "TR": "90",
	"UA": "380", "VN": "84", "ZA": "27",
}

// keepsZero are those that keep the 0.
var keepsZero = map[string]string{"IT": "39", "SM": "378", "VA": "39"}

// plusOne are the countries of the North American numbering plan.
var plusOne = map[string]bool{"US": true, "CA": true, "PR": true, "DO": true, "JM": true, "BS": true, "BB": true, "TT": true}

// punctuation drops what people write between digits: blanks, dashes, brackets, dots, slashes, in any script.
func punctuation(r rune) rune {
	if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Ps, unicode.Pe) || r == '.' || r == '/' {
		return -1
	}
	return r
}

// Phone brings a phone number into its canonical form, + and 8–15 digits, reading national numbers as of the default
// country, which may be empty (spec contacts, section 2). INVALID_PHONE otherwise.
func Phone(s, country string) (string, error) {
	t := strings.Map(punctuation, s)
	if rest, ok := strings.CutPrefix(t, "00"); ok {
		t = "+" + rest
	}
	national, international := t, strings.HasPrefix(t, "+")
	if !international {
		switch {
		case strings.HasPrefix(national, "0") && dialling[country] != "":
			t = "+" + dialling[country] + national[1:]
		case strings.HasPrefix(national, "0") && keepsZero[country] != "":
			t = "+" + keepsZero[country] + national
		case plusOne[country] && len(national) == 10:
			t = "+1" + national
		case len(national) >= 8:
			t = "+" + national
		}
	}
	digits, ok := strings.CutPrefix(t, "+")
	if !ok || len(digits) < 8 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return "", fault.New(fault.InvalidPhone, "%q is not a phone number", s)
	}
	return t, nil
}
