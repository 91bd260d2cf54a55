package money_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/money"
)

func TestDecimalHasOneWayOfWriting(t *testing.T) {
	for text, want := range map[string]string{"0": "0", "000": "0", "0.0000": "0", "007.50": "7.5", "0.0001": "0.0001", "12345678901234": "12345678901234",
		"1.10": "1.1", "10": "10"} {
		got, err := money.Decimal(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got)
		again, err := money.Decimal(got)
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
	for _, text := range []string{"", ".", "1.", ".5", "-1", "+1", "1e3", " 1", "1,5", "0.00001", "1.12345", "123456789012345", "0x1", "٣"} {
		_, err := money.Decimal(text)
		require.Error(t, err, text)
	}
}

func TestItemsValueRoundsOnceHalfEven(t *testing.T) {
	item := func(quantity, price string) money.Item {
		return money.Item{Name: "i", Quantity: quantity, UnitPrice: price}
	}
	for _, c := range []struct {
		items []money.Item
		code  string
		want  int64
	}{
		{nil, "EUR", 0},
		{[]money.Item{item("0.5", "0.01")}, "EUR", 0},
		{[]money.Item{item("1.5", "0.01")}, "EUR", 2},
		{[]money.Item{item("2.5", "0.01")}, "EUR", 2},
		{[]money.Item{item("0.5001", "0.01")}, "EUR", 1},
		{[]money.Item{item("0.5", "0.01"), item("0.5", "0.01")}, "EUR", 1},
		{[]money.Item{item("3.5", "10.1")}, "JPY", 35},
		{[]money.Item{item("0.0001", "0.0001")}, "KWD", 0},
		{[]money.Item{item("1", "0.0015")}, "KWD", 2},
		{[]money.Item{item("1", "99999999999999.99")}, "EUR", 9999999999999999},
	} {
		got, err := money.ItemsValue(c.items, c.code)
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%v %s", c.items, c.code)
	}
	_, err := money.ItemsValue([]money.Item{item("2", "99999999999999")}, "EUR")
	require.Error(t, err)
	_, err = money.ItemsValue([]money.Item{item("99999999999999.9999", "99999999999999.9999")}, "EUR")
	require.Error(t, err)
	_, err = money.ItemsValue(nil, "ABC")
	require.Error(t, err)
}

func TestTotalIsExact(t *testing.T) {
	i := money.Item{Name: "i", Quantity: "99999999999999.9999", UnitPrice: "99999999999999.9999"}
	got, ok := new(big.Rat).SetString(i.Total())
	require.True(t, ok)
	n, _ := new(big.Rat).SetString("99999999999999.9999")
	require.Zero(t, got.Cmp(n.Mul(n, n)))
	require.Equal(t, "0.00000001", money.Item{Quantity: "0.0001", UnitPrice: "0.0001"}.Total())
}
