package fold_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/fold"
)

// Texts that are found by each other, and whether they are the same as names, too.
func TestWhatIsFoundAndWhatIsTheSame(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		found, same bool
	}{
		{"Sales  Desk ", "sales desk", true, true},
		{"STRASSE", "straße", true, true},
		{"ΣΊΣΥΦΟΣ", "σίσυφος", true, true},
		{"caf\u00e9", "CAFE\u0301", true, true},
		{"Café", "Cafe", true, false},
		{"Résumé", "resume", true, false},
		{"Ἀθῆναι", "αθηναι", true, false},
		{"ᾳ", "α", true, false},
		{"ЁЛКА", "елка", true, false},
		{"Việt Nam", "viet nam", true, false},
		{"q\u0323\u0307", "Q\u0307\u0323", true, true},
		{"İstanbul", "istanbul", true, false},
		{"ﬁne", "fine", true, true},
		{"Phase ②", "phase 2", true, false},
		{"m²", "m2", true, false},
		{"ｶﾞ", "ガ", true, false},
		{"a\u3000b", "A b", true, true},
		{"ハス", "バス", false, false},
		{"ハ\u3099ス", "バス", true, true},
		{"パス", "バス", false, false},
		{"กิน", "กัน", false, false},
		{"किला", "कला", false, false},
		{"क़लम", "कलम", false, false},
		{"한국", "하구", false, false},
		{"שָׁלוֹם", "שלום", false, false},
		{"مُدرس", "مدرس", false, false},
		{"ハ\u0301", "ハ", false, false},
		{"≠", "=", false, false},
	} {
		require.Equal(t, c.found, fold.Text(c.a) == fold.Text(c.b), "%q found by %q", c.a, c.b)
		require.Equal(t, c.same, fold.Key(c.a) == fold.Key(c.b), "%q the same as %q", c.a, c.b)
		for _, s := range []string{c.a, c.b} {
			require.Equal(t, fold.Text(s), fold.Text(fold.Text(s)), "%q", s)
			require.Equal(t, fold.Key(s), fold.Key(fold.Key(s)), "%q", s)
		}
	}
}

func TestWordsAndDigits(t *testing.T) {
	require.Equal(t, []string{"cafe", "バス"}, fold.Words(" Café\u00a0バス "))
	require.Equal(t, "4930", fold.Digits("+49 (30)"))
	require.Equal(t, "a b", fold.Trim(" a\t b "))
}

// What shows nothing is blank; what shows something is not, whatever is around it.
func TestBlank(t *testing.T) {
	for text, want := range map[string]bool{"": true, " \t\n": true, "\u00a0\u200b": true, "\u2060\ufeff\u00ad": true, "\u3164": true, "\u2800": true, "\ufe0f\u200d": true,
		"a": false, " \u200ba": false, "❤️": false, "\u200f\u05d0": false, "0": false, "\x00": false} {
		require.Equal(t, want, fold.Blank(text), "%q", text)
	}
}
