package view

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/tables"
)

// diffTotals adds a column up and compares.
func diffTotals(got board.Totals, due []*tables.Record, defaultCurrency string) []string {
	type sum struct {
		count            int
		amount, weighted *big.Int
	}
	sums := map[string]*sum{}
	var order []string
	for _, r := range due {
		t := sums[r.Currency]
		if t == nil {
			t = &sum{amount: new(big.Int), weighted: new(big.Int)}
			sums[r.Currency] = t
			order = append(order, r.Currency)
		}
		t.count++
		if r.Value != nil {
			t.amount.Add(t.amount, big.NewInt(*r.Value))
			t.weighted.Add(t.weighted, new(big.Int).Mul(big.NewInt(*r.Value), big.NewInt(int64(r.Probability))))
		}
	}
	slices.SortFunc(order, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == defaultCurrency, b != defaultCurrency && a < b:
			return -1
		}
		return 1
	})
	want, have := fmt.Sprintf("%d cards", len(due)), fmt.Sprintf("%d cards", got.Count)
	for _, currency := range order {
		t := sums[currency]
		want += fmt.Sprintf(", %d in %s: %s weighted %s", t.count, currency, t.amount, halfEven(t.weighted))
	}
	for _, a := range got.Amounts {
		have += fmt.Sprintf(", %d in %s: %s weighted %s", a.Count, a.Currency, Minor(a.Amount), Minor(a.Weighted))
	}
	if want != have {
		return []string{fmt.Sprintf("totals in minor units: the table gives %s; the board says %s", want, have)}
	}
	return nil
}
