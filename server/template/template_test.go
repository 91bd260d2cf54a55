package template

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/schema"
	"github.com/rapidbott/tideboard/server/fold"
)

// perCategory is how many templates each category has (spec pipelines, section 4).
var perCategory = map[string]int{"SALES": 5, "CUSTOMER_ONBOARDING": 1, "CUSTOMER_SUPPORT": 1, "RECRUITMENT": 1, "PROJECT_TRACKER": 1,
	"ACCOUNT_MANAGEMENT": 1, "MARKETING_CAMPAIGNS": 2, "IT_HELPDESK": 1, "EVENT_MANAGEMENT": 1, "FINANCE_COLLECTIONS": 1, "PRODUCT_LAUNCH": 1,
	"REAL_ESTATE": 3, "CONSTRUCTION": 1, "HEALTHCARE": 1, "EDUCATION": 2, "INSURANCE": 3, "LEGAL": 1, "ECOMMERCE": 4, "PROCUREMENT": 1,
	"AGENCY": 2, "AUTOMOTIVE": 6, "HOSPITALITY": 4, "BANKING": 7, "TELECOM": 1, "PUBLIC_SECTOR": 1}

func TestTheCatalogueIsWhole(t *testing.T) {
	got := map[string]int{}
	for _, tp := range All() {
		got[tp.Category]++
	}
	assert.Equal(t, perCategory, got)
	for _, c := range schema.Categories {
		assert.Len(t, In(c), perCategory[c], c)
		assert.Equal(t, c != "CUSTOM", perCategory[c] > 0, c)
	}
	for c := range maps.Keys(got) {
		assert.Contains(t, schema.Categories, c)
	}
}

// TestEveryTemplateIsAPipeline holds each against the rules of pipelines and stages, apart from the parser's own check.
func TestEveryTemplateIsAPipeline(t *testing.T) {
	keys, names, known := map[string]bool{}, map[string]bool{}, slices.Collect(maps.Values(colors))
	for _, tp := range All() {
		assert.False(t, keys[tp.Key], "%s is there twice", tp.Key)
		assert.False(t, names[fold.Text(tp.Name)], "the name %q is there twice", tp.Name)
		keys[tp.Key], names[fold.Text(tp.Name)] = true, true
		assert.Same(t, tp, Get(tp.Key))
		assert.NotEmpty(t, tp.Description, tp.Key)
		assert.LessOrEqual(t, len(tp.Key), 64, tp.Key)
		assert.LessOrEqual(t, len([]rune(tp.Name)), 100, tp.Key)
		assert.LessOrEqual(t, len([]rune(tp.Description)), 500, tp.Key)
		assert.Contains(t, []string{"DEAL", "TICKET", "OTHER"}, tp.RecordType, tp.Key)
		kinds, stages := map[string]int{}, map[string]bool{}
		for _, s := range tp.Stages {
			at := tp.Key + " " + s.Name
			assert.False(t, stages[fold.Text(s.Name)], "%s is there twice", at)
			stages[fold.Text(s.Name)] = true
			kinds[s.Kind]++
			assert.LessOrEqual(t, len([]rune(s.Name)), 60, at)
			assert.Equal(t, fold.Trim(s.Name), s.Name)
			assert.NotEmpty(t, s.Name, at)
			assert.Contains(t, known, s.Color, at)
			switch s.Kind {
			case "WON":
				assert.Equal(t, Stage{s.Name, "#22C55E", 100, "WON"}, s)
			case "LOST":
				assert.Equal(t, Stage{s.Name, "#9CA3AF", 0, "LOST"}, s)
			default:
				assert.Equal(t, "OPEN", s.Kind, at)
				assert.GreaterOrEqual(t, s.DefaultProbability, 0, at)
				assert.LessOrEqual(t, s.DefaultProbability, 100, at)
			}
		}
		assert.Positive(t, kinds["OPEN"], tp.Key)
		assert.Positive(t, kinds["WON"], "%s has no end that is good", tp.Key)
		assert.Positive(t, kinds["LOST"], "%s has no end that is not", tp.Key)
		assert.LessOrEqual(t, len(tp.Stages), 50, tp.Key)
	}
}

func TestTheStarterIsTheStandardBoard(t *testing.T) {
	require.Equal(t, &Template{Key: "sales_standard", Category: "SALES", Name: "Sales Pipeline", RecordType: "DEAL",
		Description: "Sell to other businesses from first contact to signature; also the starter board.",
		Stages: []Stage{{"Lead", "#9CA3AF", 10, "OPEN"}, {"Qualified", "#3B82F6", 30, "OPEN"}, {"Proposal", "#EAB308", 50, "OPEN"},
			{"Negotiation", "#EF4444", 70, "OPEN"}, {"Closed Won", "#22C55E", 100, "WON"}, {"Closed Lost", "#9CA3AF", 0, "LOST"}}}, Get(Starter))
	assert.True(t, Get("sales_call_outcome").RequireLostReason)
	assert.Equal(t, "TICKET", Get("it_helpdesk").RecordType)
	assert.Equal(t, "OTHER", Get("bank_kyc").RecordType)
	assert.Nil(t, Get("sales"))
}

func TestABadCatalogueIsRefused(t *testing.T) {
	good := "k | N | D | d | A gray 1 > B W > C L"
	_, err := parse("SALES\n" + good)
	require.NoError(t, err)
	for why, text := range map[string]string{
		"line 1: stands in no category":                     good,
		"line 3: the key k is taken":                        "SALES\n" + good + "\n" + good,
		"has 4 cells":                                       "SALES\nk | N | D | A gray 1",
		`"X" is no type`:                                    "SALES\n" + strings.Replace(good, "D", "X", 1),
		`"Key" is no key`:                                   "SALES\nKey" + good[1:],
		"no colour that is known":                           "SALES\nk | N | D | d | A plum 1",
		"no probability of 0–100":                           "SALES\nk | N | D | d | A gray 101",
		`"A" is no stage`:                                   "SALES\nk | N | D | d | A",
		"k has no OPEN stage":                               "SALES\nk | N | D | d | A W",
		`the stage name "É" is too long or taken`:           "SALES\nk | N | D | d | é gray 1 > É gray 2",
		"the name of k is not 1–100 characters long":        "SALES\nk | " + strings.Repeat("n", 101) + " | D | d | A gray 1",
		"the description of k is not 1–500 characters":      "SALES\nk | N | D | " + strings.Repeat("n", 501) + " | A gray 1",
		`the stage name "` + strings.Repeat("n", 61) + `" `: "SALES\nk | N | D | d | " + strings.Repeat("n", 61) + " gray 1",
		"k has 51 stages":                                   "SALES\nk | N | D | d | A gray 1" + strings.Repeat(" > B gray 1", 50),
	} {
		_, err := parse(text)
		assert.ErrorContains(t, err, why)
	}
	assert.Panics(t, func() { mustParse("nonsense") })
}
