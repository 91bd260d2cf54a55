package filter_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
)

// Neighbouring groups of digits are found as one number, wherever in a search they stand; every other word is still asked for.
func TestNumbersAreFoundHoweverTheyAreWritten(t *testing.T) {
	record := &row.Record{Number: 42, Title: "Ropes 2026", ContactName: ptr("Anna Lee"), ContactPhone: ptr("+49301234567"), Tags: []string{"7 seas"}}
	for q, found := range map[string]bool{
		"030 1234567": true, "030 123 45 67": true, "+49 30 1234567": true, "+49 (0)30 123-4567": true, "0049 30 / 123 45 67": true, "(030) 1234567": true,
		"Anna 030 1234567": true, "Anna 030 123 45 67": true, "030 123 45 67 Anna": true, "anna 030 123 45 67 ropes": true, "+49 (0) 30 12 34 56 7 lee": true,
		"42 030 1234567": true, "030 123 45 67 42 Anna": true, "2026 030 1234567": true, "030 1234567 7": true, "lee 123 45": true,
		"030 Anna 1234567": false, "Bob 030 1234567": false, "Anna 030 1234568": false, "Anna 030 123 45 99": false, "43 030 1234567": false,
		"99 030 123 45 67": false, "Anna 99": false, "30 2026 1234567": true, "031 1234567": false,
	} {
		p, err := filter.CompileRecords(&filter.RecordFilter{Q: &q}, filter.Env{})
		require.NoError(t, err)
		require.Equal(t, found, p.Match(record), q)
	}
}

// What asks nothing by its form is told from what asks something that every row happens to answer, or that none can.
func TestWhichFiltersAskNothing(t *testing.T) {
	type f = filter.RecordFilter
	none, blank := []string{}, " "
	for name, c := range map[string]struct {
		filter  f
		nothing bool
	}{
		"nothing":                {f{}, true},
		"empty parts":            {f{And: []*f{{}, {Or: []*f{{}}}}}, true},
		"no parts":               {f{And: []*f{}}, true},
		"a blank search":         {f{Q: &blank}, true},
		"none of no tags":        {f{Tags: &filter.TagComparator{None: none}}, true},
		"all of no tags":         {f{Tags: &filter.TagComparator{All: none}}, true},
		"not in nothing":         {f{Status: &filter.RecordStatusComparator{NotIn: none}}, true},
		"not in no days":         {f{ExpectedCloseDate: &filter.DateComparator{NotIn: none}}, true},
		"in no team of none":     {f{Team: &filter.TeamComparator{NotIn: none}}, true},
		"the opposite of nobody": {f{Not: &f{Owner: &filter.OwnerComparator{In: none}}}, true},
		"the opposite of none":   {f{Not: &f{Or: []*f{}}}, true},
		"below the lowest":       {f{Not: &f{Priority: &filter.PriorityComparator{Lt: ptr("LOW")}}}, true},
		"a key alone":            {f{CustomFields: []*filter.CustomFieldComparator{{Key: "a", As: "TEXT"}}}, true},
		"no tag of a list":       {f{CustomFields: []*filter.CustomFieldComparator{{Key: "a", As: "LIST", None: none}}}, true},
		"a currency alone":       {f{Value: &filter.MoneyComparator{Currency: ptr("USD")}}, true},
		"a blank part":           {f{Title: &filter.TextComparator{Contains: &blank}}, true},
		"or nothing":             {f{Or: []*f{{Q: ptr("x")}, {Q: &blank}}}, true},
		"and something":          {f{Q: &blank, Status: &filter.RecordStatusComparator{Ne: ptr("WON")}}, false},
		"something or something": {f{Or: []*f{{Q: ptr("x")}, {Owner: &filter.OwnerComparator{In: none}}}}, false},
		"nobody":                 {f{Owner: &filter.OwnerComparator{In: none}}, false},
		"any of no tags":         {f{Tags: &filter.TagComparator{Any: none}}, false},
		"a company":              {f{CompanyName: &filter.TextComparator{StartsWith: &blank}}, false},
		"idle":                   {f{HasOpenTasks: ptr(false)}, false},
	} {
		p, err := filter.CompileRecords(&c.filter, filter.Env{Currency: "EUR"})
		require.NoError(t, err, name)
		require.Equal(t, c.nothing, p.Vacuous(), name)
	}
}
