package money_test

import (
	"math"
	"math/big"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/money"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		amount, code string
		minor        int64
	}{
		{"0", "EUR", 0}, {"0.00", "EUR", 0}, {"0.01", "EUR", 1}, {"0.1", "EUR", 10}, {"1", "EUR", 100}, {"007.5", "EUR", 750},
		{"1200.50", "USD", 120050}, {"99999999999999.99", "EUR", 9999999999999999}, {"99999999999999", "JPY", 99999999999999},
		{"1.234", "KWD", 1234}, {"0.001", "BHD", 1}, {"99999999999999.999", "KWD", 99999999999999999}, {"12", "KRW", 12},
	} {
		minor, err := money.Parse(c.amount, c.code)
		require.NoError(t, err, "%s %s", c.amount, c.code)
		require.Equal(t, c.minor, minor, "%s %s", c.amount, c.code)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ amount, code, field string }{
		{"", "EUR", "amount"}, {"-1", "EUR", "amount"}, {"+1", "EUR", "amount"}, {"1.", "EUR", "amount"}, {".5", "EUR", "amount"},
		{"1,5", "EUR", "amount"}, {"1e3", "EUR", "amount"}, {" 1", "EUR", "amount"}, {"1 ", "EUR", "amount"}, {"0x1", "EUR", "amount"},
		{"1.2.3", "EUR", "amount"}, {"NaN", "EUR", "amount"}, {"٣", "EUR", "amount"}, {"100000000000000", "EUR", "amount"},
		{"1.005", "EUR", "amount"}, {"1.0", "JPY", "amount"}, {"1.2345", "KWD", "amount"}, {"000000000000001", "EUR", "amount"},
		{"1", "eur", "currency"}, {"1", "", "currency"}, {"1", "EU", "currency"}, {"1", "EURO", "currency"}, {"1", "ZZZ", "currency"},
		{"1", "€", "currency"},
	} {
		_, err := money.Parse(c.amount, c.code)
		f := fault.Of(err)
		require.NotNil(t, f, "%q %q", c.amount, c.code)
		require.Equal(t, fault.ValidationFailed, f.Kind)
		require.Equal(t, c.field, f.Details[0].Field, "%q %q", c.amount, c.code)
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		minor int64
		code  string
		text  string
	}{
		{0, "EUR", "0.00"}, {1, "EUR", "0.01"}, {99, "EUR", "0.99"}, {100, "EUR", "1.00"}, {123456, "USD", "1234.56"},
		{0, "JPY", "0"}, {7, "JPY", "7"}, {1, "KWD", "0.001"}, {1234, "KWD", "1.234"}, {9999999999999999, "EUR", "99999999999999.99"},
	} {
		require.Equal(t, c.text, money.Format(c.minor, c.code))
	}
}

func TestParseUndoesFormat(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 2000 {
		code := []string{"EUR", "JPY", "KWD"}[r.Intn(3)]
		minor := r.Int63n(1e14)
		back, err := money.Parse(money.Format(minor, code), code)
		require.NoError(t, err)
		require.Equal(t, minor, back)
	}
}

func TestWeightedRoundsHalfToEven(t *testing.T) {
	for _, c := range []struct {
		minor   int64
		percent int
		want    int64
	}{
		{100, 0, 0}, {100, 100, 100}, {1, 50, 0}, {3, 50, 2}, {5, 50, 2}, {7, 50, 4}, {101, 50, 50}, {103, 50, 52}, {1, 49, 0}, {1, 51, 1},
		{150, 33, 50}, {151, 33, 50}, {10050, 10, 1005}, {9999999999999999, 99, 9899999999999999},
	} {
		require.Equal(t, c.want, money.Weighted(c.minor, c.percent), "%d × %d %%", c.minor, c.percent)
	}
}

func TestSumsHoldAnyNumberOfTheLargestAmounts(t *testing.T) {
	largest := int64(99_999_999_999_999_999)
	s := money.Sums{}
	for range 1000 {
		s.Add("KWD", &largest, 100, 1)
	}
	require.Equal(t, []money.Total{{Currency: "KWD", Count: 1000, Amount: "99999999999999999.000", Weighted: "99999999999999999.000"}}, s.Totals("EUR"))
	require.Greater(t, new(big.Int).Mul(big.NewInt(largest), big.NewInt(1000)).Cmp(big.NewInt(math.MaxInt64)), 0, "else this test shows nothing")
}

func TestSumsTakeOutWhatTheyTookIn(t *testing.T) {
	a, b := int64(1005), int64(3)
	s := money.Sums{}
	s.Add("USD", &a, 50, 1)
	s.Add("EUR", nil, 10, 1)
	s.Add("CHF", &b, 50, 1)
	s.Add("USD", &b, 50, 1)
	// The workspace's currency first, then by code; a record without a value counts; rounding comes once, at the end.
	require.Equal(t, []money.Total{
		{Currency: "EUR", Count: 1, Amount: "0.00", Weighted: "0.00"},
		{Currency: "CHF", Count: 1, Amount: "0.03", Weighted: "0.02"},
		{Currency: "USD", Count: 2, Amount: "10.08", Weighted: "5.04"},
	}, s.Totals("EUR"))
	s.Add("CHF", &b, 50, -1)
	s.Add("EUR", nil, 10, -1)
	s.Add("USD", &a, 50, -1)
	require.Equal(t, []money.Total{{Currency: "USD", Count: 1, Amount: "0.03", Weighted: "0.02"}}, s.Totals("EUR"))
}

func TestSumsOfADatabaseAreThoseOfMemory(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	memory, database := money.Sums{}, money.Sums{}
	var high, low, whigh, wlow int64
	for range 500 {
		v, p := r.Int63n(1e17), r.Intn(101)
		memory.Add("EUR", &v, p, 1)
		high, low = high+v/money.Split, low+v%money.Split
		whigh, wlow = whigh+v/money.Split*int64(p), wlow+v%money.Split*int64(p)
	}
	database.Of("EUR").AddSplit(500, high, low, whigh, wlow)
	require.Equal(t, memory.Totals("EUR"), database.Totals("EUR"))
}

func FuzzParse(f *testing.F) {
	f.Add("1.5", "EUR")
	f.Add("00", "JPY")
	f.Fuzz(func(t *testing.T, amount, code string) {
		minor, err := money.Parse(amount, code)
		if err != nil {
			return
		}
		back, err := money.Parse(money.Format(minor, code), code)
		if err != nil || back != minor || minor < 0 {
			t.Fatalf("%q %q: %d, then %d, %v", amount, code, minor, back, err)
		}
	})
}

func TestMeanRoundsHalfToEven(t *testing.T) {
	for _, c := range []struct {
		minor []int64
		code  string
		want  string
	}{{[]int64{1, 2}, "EUR", "0.02"}, {[]int64{2, 3}, "EUR", "0.02"}, {[]int64{3, 4}, "EUR", "0.04"}, {[]int64{10, 10, 0}, "JPY", "7"},
		{[]int64{10, 0, 0}, "JPY", "3"}, {[]int64{9223372036854775807, 9223372036854775807, 9223372036854775806}, "EUR", "92233720368547758.07"}} {
		s := money.Sum{}
		for i := range c.minor {
			s.Add(&c.minor[i], 0, 1)
		}
		require.Equal(t, money.Money{Amount: c.want, Currency: c.code}, s.Mean(len(c.minor), c.code))
	}
}
