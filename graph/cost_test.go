package graph

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/gql"
)

// TestCosts pins what requests cost: rows, multiplied along nesting.
func TestCosts(t *testing.T) {
	e := idle()
	const board = `board(pipelineId: "pip_00000000000000000000000000")`
	for name, c := range map[string]struct {
		query string
		vars  map[string]any
		cost  int
	}{
		"the caller":               {"{ viewer { name permissions } }", nil, 0},
		"a row":                    {"{ workspace { id } }", nil, 1},
		"a row and its rows":       {"{ viewer { workspace { id } member { name } } }", nil, 2},
		"a page":                   {"{ records(first: 10) { nodes { id title } } }", nil, 10},
		"a page of the usual size": {"{ records { totalCount pageInfo { endCursor } nodes { id } } }", nil, 50},
		"edges are the same page":  {"{ records(first: 10) { edges { cursor node { id } } } }", nil, 10},
		"a page and its links":     {"{ records(first: 10) { nodes { contact { id } owner { id } value { amount } } } }", nil, 30},
		"links of links":           {"{ records(first: 10) { nodes { contact { records { id } } tasks { id } } } }", nil, 10 * (1 + (1 + 5) + 5)},
		"a page by a variable":     {"query($n: Int!) { records(first: $n) { nodes { id } } }", map[string]any{"n": 7}, 7},
		"a page too large":         {"{ records(first: 100000) { nodes { id } } }", nil, 200},
		"a page of nothing":        {"{ records(first: -5) { nodes { id } } }", nil, 1},
		"a board":                  {"{ " + board + " { revision columns { totals { count } cards(first: 20) { nodes { id contact { id } } } } } }", nil, 1 + 8*(1+20*2)},
		"two boards":               {"{ a: " + board + " { revision } b: " + board + " { revision } }", nil, 2},
		"fragments, each time":     {"{ records(first: 10) { nodes { ...F contact { records { ...F } } } } } fragment F on Record { owner { id } }", nil, 10 * (1 + 1 + (1 + 5*(1+1)))},
		"inline fragments":         {`{ node(id: "x") { ... on Record { tasks { id } } ... on Contact { records { id } } } }`, nil, 1 + 5 + 5},
		"the log":                  {"{ changes(first: 10) { head commits { changes { kind } } } }", nil, 10 * (1 + 2)},
		"a mutation":               {`mutation { createTask(input: {title: "x"}) { task { id record { id } } revision } }`, nil, 1 + 2},
		"a stream":                 {`subscription { ` + board + ` { ... on BoardCommit { cards { record { id } } columns { count } } } }`, nil, 1 + 10*(1+1) + 8},
		"names of types":           {"{ __typename viewer { __typename name } }", nil, 0},
		"the whole schema":         {introspection, nil, 100 * (1 + 10*(1+2) + 10 + 10 + 5 + 2) / 20},
	} {
		t.Run(name, func(t *testing.T) {
			op, refused := e.Prepare(t.Context(), gql.Request{Query: c.query, Variables: c.vars})
			if refused != nil {
				t.Fatalf("refused: %s", refused.Body)
			}
			require.Equal(t, c.cost, op.(*operation).cost)
		})
	}
}

// introspection is what a development tool asks, as GraphiQL does.
const introspection = `{ __schema { queryType { name } mutationType { name } types { kind name description
	fields(includeDeprecated: true) { name args { name type { ...T } defaultValue } type { ...T } isDeprecated }
	inputFields { name type { ...T } } interfaces { ...T } enumValues(includeDeprecated: true) { name } possibleTypes { ...T } } } }
	fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`

// TestWhatCostsTooMuchIsRefused, also where it is the schema that is asked for over and over.
func TestWhatCostsTooMuchIsRefused(t *testing.T) {
	e := idle()
	for name, query := range map[string]string{
		"pages of pages":     "{ records(first: 200) { nodes { contact { records { tasks { record { tasks { id } } } } } } } }",
		"many pages":         "{ " + numbered("a#: records(first: 200) { nodes { owner { id } contact { id } } } ", 17) + "}",
		"beyond any number":  "{ records(first: 200) { nodes { ...f0 } } }" + chained("Record", "a#: contact { records { ...f# } } b#: contact { records { ...f# } }", "id", 4),
		"priced once each":   "{ records { nodes { ...f0 } } }" + chained("Record", "...f# ...f#", "owner { id }", 60),
		"the schema anew":    "{ __schema { types { " + numbered("a#: fields { type { fields { name } } } ", 90) + "} } }",
		"the schema squared": "{ __schema { types { " + numbered("a#: fields { type { ...F } } ", 45) + "} } } fragment F on __Type { " + numbered("b#: fields { name } ", 45) + "}",
	} {
		_, refused := e.Prepare(t.Context(), gql.Request{Query: query})
		if refused == nil {
			t.Errorf("%s is not refused", name)
			continue
		}
		require.Equal(t, "QUERY_TOO_EXPENSIVE", refused.Code, "%s: %s", name, refused.Body)
		require.Contains(t, string(refused.Body), "rows", name)
	}
}

// TestVariablesAreExactlyWhatTheyShouldBe: all places at once, by their paths.
func TestVariablesAreExactlyWhatTheyShouldBe(t *testing.T) {
	e := idle()
	_, refused := e.Prepare(t.Context(), gql.Request{
		Query: "mutation($i: CreateRecordInput!) { createRecord(input: $i) { revision } }",
		Variables: map[string]any{"i": map[string]any{"priority": "low", "tags": []any{"a", true, nil}, "value": map[string]any{"amount": 5}, "stage": "x",
			"place": "TOP", "customFields": map[string]any{"a": []any{"\x00"}}}}})
	require.NotNil(t, refused)
	for _, place := range []string{"i.priority", "i.tags[1]", "i.tags[2]", "i.value.amount", "i.stage", "i.place", "i.customFields", "i.title"} {
		require.Contains(t, string(refused.Body), `"field":"`+place+`"`)
	}
	require.Equal(t, 8, strings.Count(string(refused.Body), `"field":`))
}
