package view

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/tables"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

func minor(n int64) *int64 { return &n }

func deal() *tables.Record {
	return &tables.Record{
		ID: "a", PipelineID: "pip", StageID: "s1", Rank: "m", Title: "Quiet Kestrel 7", Value: minor(125), Currency: "USD",
		Probability: 50, Status: "OPEN", Priority: "HIGH", OwnerID: "ada", Tags: []string{"Hot", "press"}, Version: 3, Number: 4, Source: "API",
	}
}

func TestFilterMatch(t *testing.T) {
	yes, no := true, false
	unvalued := deal()
	unvalued.Value, unvalued.OwnerID = nil, ""
	for name, test := range map[string]struct {
		filter        Filter
		deal, without bool
	}{
		"empty":          {Filter{}, true, true},
		"priority in":    {Filter{PriorityIn: []string{"LOW"}}, false, false},
		"priority gte":   {Filter{PriorityGte: "HIGH"}, true, true},
		"owner":          {Filter{OwnerEq: "ada"}, true, false},
		"nobody":         {Filter{OwnerNone: true}, false, true},
		"tags any":       {Filter{TagsAny: []string{"hot", "x"}}, true, true},
		"tags all":       {Filter{TagsAll: []string{"hot", "x"}}, false, false},
		"tags none":      {Filter{TagsNone: []string{"PRESS"}}, false, false},
		"value range":    {Filter{Value: &ValueRange{Gte: minor(125), Lt: minor(126)}}, true, false},
		"other currency": {Filter{Value: &ValueRange{Currency: "EUR", Gte: minor(1)}}, false, false},
		"no value":       {Filter{Value: &ValueRange{IsNull: &yes}}, false, true},
		"some value":     {Filter{Value: &ValueRange{IsNull: &no}}, true, false},
		"not a value":    {Filter{Not: &Filter{Value: &ValueRange{Gte: minor(1)}}}, false, true},
		"words":          {Filter{Q: "kest QUIET press"}, true, true},
		"a word more":    {Filter{Q: "kestrel owl"}, false, false},
		"or":             {Filter{Or: []Filter{{OwnerEq: "ada"}, {OwnerNone: true}}}, true, true},
		"title":          {Filter{TitleContains: "KESTREL"}, true, true},
		"no such title":  {Filter{TitleContains: "kestrel quiet"}, false, false},
		"probability":    {Filter{Probability: &Percents{50, 60}}, true, true},
		"improbable":     {Filter{Probability: &Percents{51, 60}}, false, false},
		"source":         {Filter{SourceIn: []string{"API"}}, true, true},
		"another source": {Filter{SourceIn: []string{"MANUAL"}}, false, false},
		"no company":     {Filter{CompanyNone: &yes}, true, true},
		"a company":      {Filter{CompanyNone: &no}, false, false},
		"and beside":     {Filter{And: []Filter{{OwnerEq: "ada"}}, StatusEq: "WON"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.deal, test.filter.Match(deal(), "USD"))
			require.Equal(t, test.without, test.filter.Match(unvalued, "USD"))
		})
	}
}

func TestFilterVariables(t *testing.T) {
	f := Filter{
		And: []Filter{{OwnerNone: true}}, Not: &Filter{Q: "x"}, PriorityIn: []string{"LOW"}, PriorityGte: "LOW",
		Value: &ValueRange{Gte: minor(5), Lt: minor(1250)},
	}
	require.JSONEq(t, `{"and":[{"owner":{"isNull":true}}],"not":{"q":"x"},"priority":{"in":["LOW"],"gte":"LOW"},"value":{"gte":"0.05","lt":"12.50"}}`, f.String())
}

func TestThrough(t *testing.T) {
	v := View{PipelineID: "pip", Who: wire.Session("Ada", "ada", "t", false), Filter: &Filter{StatusEq: "OPEN"}}
	require.JSONEq(t, `{"and":[{"owner":{"eq":"ada"}},{"status":{"eq":"OPEN"}}]}`, v.Through(wire.Key("k"), false).Filter.String())
	require.JSONEq(t, `{"status":{"eq":"OPEN"}}`, v.Through(wire.Key("k"), true).Filter.String())
	require.True(t, v.Through(wire.Key("k"), true).Who.SeesAll)
}

func TestHalfEven(t *testing.T) {
	for from, want := range map[int64]int64{0: 0, 149: 1, 150: 2, 151: 2, 250: 2, 251: 3, 350: 4, 1_000_050: 10_000} {
		require.Equal(t, want, halfEven(big.NewInt(from)).Int64(), "%d", from)
	}
}

func TestDiffAgainstTables(t *testing.T) {
	state := func() *tables.State {
		r := deal()
		return &tables.State{
			Currency: "USD", Pipelines: map[string]string{"pip": "Sales"}, Stages: map[string][]tables.Stage{"pip": {{ID: "s1", PipelineID: "pip", Name: "New", Kind: "OPEN"}}},
			Columns: map[string][]*tables.Record{"s1": {r}}, Records: map[string]*tables.Record{"a": r}, Members: map[string]string{"ada": "Ada A"},
		}
	}
	a, err := board.ParseAnswer(json.RawMessage(`{"revision":"9","pipeline":{"id":"pip","name":"Sales","stages":[{"id":"s1","name":"New","kind":"OPEN"}]},
		"columns":[{"stage":{"id":"s1"},"totals":{"stageId":"s1","count":1,"amounts":[{"currency":"USD","count":1,"amount":"1.25","weighted":"0.62"}]},
		"cards":{"pageInfo":{},"nodes":[{"id":"a","number":4,"pipelineId":"pip","stageId":"s1","rank":"m","title":"Quiet Kestrel 7","value":{"amount":"1.25","currency":"USD"},
		"probability":50,"status":"OPEN","priority":"HIGH","ownerId":"ada","tags":["Hot","press"],"version":3,"owner":{"id":"ada","name":"Ada A"}}]}}]}`))
	require.NoError(t, err)
	b, err := a.Board()
	require.NoError(t, err)
	v := View{Who: wire.Key("k"), PipelineID: "pip"}
	require.Empty(t, v.Diff(b, state()))
	for name, spoil := range map[string]func(s *tables.State){
		"title":    func(s *tables.State) { s.Records["a"].Title = "Z" },
		"value":    func(s *tables.State) { s.Records["a"].Value = minor(126) },
		"owner":    func(s *tables.State) { s.Members["ada"] = "Ada B" },
		"pipeline": func(s *tables.State) { s.Pipelines["pip"] = "Sold" },
		"stage":    func(s *tables.State) { s.Stages["pip"][0].Name = "Old" },
		"gone":     func(s *tables.State) { s.Columns["s1"] = nil },
		"weight":   func(s *tables.State) { s.Records["a"].Probability = 60 },
	} {
		t.Run(name, func(t *testing.T) {
			s := state()
			spoil(s)
			require.NotEmpty(t, v.Diff(b, s))
		})
	}
	blind := View{Who: wire.Session("Ben", "ben", "t", false), PipelineID: "pip"}
	require.NotEmpty(t, blind.Diff(b, state()), "who sees only its own must not see this card")
}
