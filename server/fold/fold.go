// Package fold makes texts comparable, in two ways: Text is for finding, and forgets case, accents and how a character
// was typed; Key is for telling whether two names or tags are the same, and forgets case alone. Database columns and
// in-memory matching use the same folding, so that both give the same answer.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Text folds case, accents and compatible spellings (ﬁ is fi) and collapses blanks. What marks a letter of another script
// than Latin, Greek and Cyrillic makes another letter of it, and stays: バ is not ハ.
func Text(s string) string {
	if ascii(s) {
		return lower(s)
	}
	return blanks(norm.NFC.String(cases.Fold().String(bare(norm.NFKD.String(s)))))
}

// Key folds case, in full (ß is ss), and collapses blanks; a text is the same however its characters are put together.
func Key(s string) string {
	if ascii(s) {
		return lower(s)
	}
	return blanks(norm.NFC.String(cases.Fold().String(norm.NFD.String(s))))
}

// Words splits a search into its folded words.
func Words(s string) []string { return strings.Fields(Text(s)) }

// Digits keeps the decimal digits of a text.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// Trim trims a text and collapses inner blanks.
func Trim(s string) string { return blanks(s) }

// Blank tells whether a text shows nothing: it has blanks and characters without a shape, if any.
func Blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && r != '\u2800' && !unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
}

// bare takes the accents from a decomposed text.
func bare(s string) string {
	accented := false // whether an accent here is one of a letter that has accents
	return strings.Map(func(r rune) rune {
		switch {
		case !unicode.Is(unicode.M, r):
			accented = unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
		case accented && r >= 0x300 && r <= 0x36f:
			return -1
		}
		return r
	}, s)
}

func lower(s string) string { return blanks(strings.ToLower(s)) }

func blanks(s string) string { return strings.Join(strings.Fields(s), " ") }

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
