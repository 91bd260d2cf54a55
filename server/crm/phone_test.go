package crm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
)

func TestPhone(t *testing.T) {
	for _, c := range []struct{ text, country, want string }{
		{"+49 30 123456", "", "+4930123456"},
		{"+49 (30) 123-456", "US", "+4930123456"},
		{"0049.30.123456", "", "+4930123456"},
		{"0049 30 123456", "DE", "+4930123456"},
		{"030 / 123456", "DE", "+4930123456"},
		{"06 1234 5678", "IT", "+390612345678"},
		{"020 7946 0018", "GB", "+442079460018"},
		{"(202) 555-0123", "US", "+12025550123"},
		{"202.555.0123", "CA", "+12025550123"},
		{"12025550123", "US", "+12025550123"},
		{"4930123456", "", "+4930123456"},
		{"4930123456", "DE", "+4930123456"},
		{"91234567", "SG", "+91234567"},
		{"+12345678", "", "+12345678"},
		{"+123456789012345", "", "+123456789012345"},
		{" +49\u00a030 123456 ", "", "+4930123456"},
	} {
		got, err := crm.Phone(c.text, c.country)
		require.NoError(t, err, "%q in %q", c.text, c.country)
		require.Equal(t, c.want, got, "%q in %q", c.text, c.country)
		again, err := crm.Phone(got, c.country)
		require.NoError(t, err)
		require.Equal(t, got, again, "the canonical form stays as it is")
	}
}

func TestPhoneRefuses(t *testing.T) {
	for _, c := range []struct{ text, country string }{
		{"", ""}, {"1234567", ""}, {"+1234567", ""}, {"+1234567890123456", ""}, {"call me", ""}, {"+49 30 CALL", ""}, {"030 12x456", "DE"},
		{"++4930123456", ""}, {"+49+30123456", ""}, {"12345", "US"}, {"٠١٢٣٤٥٦٧٨٩", ""}, {"+", ""}, {"00", ""}, {"0", "DE"}, {"+49#30123456", ""},
	} {
		got, err := crm.Phone(c.text, c.country)
		require.True(t, fault.Is(err, fault.InvalidPhone), "%q in %q became %q", c.text, c.country, got)
	}
}

func FuzzPhone(f *testing.F) {
	f.Add("030 123456", "DE")
	f.Fuzz(func(t *testing.T, text, country string) {
		got, err := crm.Phone(text, country)
		if err != nil {
			return
		}
		if again, err := crm.Phone(got, country); err != nil || again != got || len(got) < 9 || len(got) > 16 || got[0] != '+' {
			t.Fatalf("%q in %q: %q, again %q, %v", text, country, got, again, err)
		}
	})
}
