package writer

import (
	"fmt"
	"math/rand/v2"

	"github.com/rapidbott/tideboard/bench/truth/view"
)

// The words of titles, tags and names. Watchers' text filters look for the first of Nouns.
var (
	Nouns      = []string{"kestrel", "lantern", "harbour", "quartz", "meadow", "compass", "juniper", "anvil"}
	Adjectives = []string{"quiet", "amber", "brisk", "hollow", "velvet", "northern", "hidden", "plain"}
	Tags       = []string{"hot", "renewal", "partner", "trial", "spring", "follow-up", "press"}
	firstNames = []string{"Ada", "Bela", "Chiara", "Dmitri", "Esi", "Farid", "Greta", "Hiro"}
	lastNames  = []string{"Albers", "Bodin", "Castell", "Dvorak", "Eriksen", "Fontaine", "Guzman", "Haddad"}
	// Priorities in their order.
	Priorities = []string{"LOW", "MEDIUM", "HIGH", "URGENT"}
)

func pick(random *rand.Rand, from []string) string { return from[random.IntN(len(from))] }

func title(random *rand.Rand, serial int) string {
	return fmt.Sprintf("%s %s %d", pick(random, Adjectives), pick(random, Nouns), serial)
}

// tags are one to three different tags.
func tags(random *rand.Rand) []string {
	out := []string{}
	for _, i := range random.Perm(len(Tags))[:1+random.IntN(3)] {
		out = append(out, Tags[i])
	}
	return out
}

// value is an amount as the API takes it and as the ledger keeps it; nil and empty: unknown.
func value(random *rand.Rand, defaultCurrency string, create bool) (input map[string]any, kept string) {
	currency := defaultCurrency
	switch random.IntN(10) {
	case 0:
		return nil, ""
	case 1, 2:
		currency = "EUR"
	case 3:
		currency = "JPY"
	}
	minor := random.Int64N(2_000_000)
	amount := fmt.Sprintf("%d.%02d", minor/100, minor%100)
	if currency == "JPY" {
		amount = fmt.Sprint(minor)
	}
	input = map[string]any{"amount": amount}
	if !create || currency != defaultCurrency || random.IntN(2) == 0 { // a record that has a currency keeps it
		input["currency"] = currency
	}
	return input, fmt.Sprintf("%s %s", currency, view.Minor(amount))
}
