package graph

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/rapidbott/tideboard/server/gql"
)

// idle is an engine that prepares and never runs.
func idle() *Engine { return NewEngine(&Resolver{}, DefaultLimits, slog.New(slog.DiscardHandler)) }

// numbered repeats a text with its number in place of #.
func numbered(text string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "#", fmt.Sprint(i)))
	}
	return b.String()
}

// chained writes fragments of which each spreads the next one twice.
func chained(on, spread, last string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on %s { %s }", i, on, strings.ReplaceAll(spread, "#", fmt.Sprint(i+1)))
	}
	return b.String() + fmt.Sprintf(" fragment f%d on %s { %s }", n, on, last)
}

func TestStructureHasItsLimits(t *testing.T) {
	e := idle()
	deep := func(n int) string { return strings.Repeat("{ a ", n) + strings.Repeat("}", n) }
	for name, c := range map[string]struct{ query, refused string }{
		"depth":                          {deep(12), ""},
		"too deep":                       {deep(13), "13 levels deep"},
		"depth through a fragment":       {"{ a { ...F } } fragment F on T " + deep(11), ""},
		"too deep through a fragment":    {"{ a { ...F } } fragment F on T " + deep(12), "13 levels deep"},
		"too deep in the second spread":  {"{ ...F a { a { ...F } } } fragment F on T " + deep(11), "13 levels deep"},
		"inline fragments are no level":  {"{ ... on T " + deep(12) + " }", ""},
		"introspection is apart":         {"{ __schema " + deep(20) + " }", ""},
		"lists of introspection":         {"{ __schema { types { fields { type { fields { name } } } } } }", ""},
		"too many lists":                 {"{ __schema { types { fields { type { inputFields { type { interfaces { name } } } } } } } }", "3 lists deep into the schema"},
		"too many lists in fragments":    {"{ __type { ...F } } fragment F on T { fields { ...G } } fragment G on T { a { fields { ...H } } } fragment H on T { possibleTypes { name } }", "3 lists deep into the schema"},
		"lists of our own are others":    {"{ a { fields { fields { fields { fields { a } } } } } }", ""},
		"aliases":                        {"{ a { " + numbered("x#: a ", 100) + "} }", ""},
		"too many aliases":               {"{ a { " + numbered("x#: a ", 101) + "} }", "101 aliases"},
		"no alias":                       {"{ b { " + strings.Repeat("a: a ", 200) + "} }", ""},
		"aliases where they are written": {"{ a { ...F } b { ...F } c { ...F } } fragment F on T { " + numbered("x#: a ", 100) + "}", ""},
		"too many aliases in fragments":  {"{ a { ...F ...G } } fragment F on T { " + numbered("x#: a ", 51) + "} fragment G on T { " + numbered("y#: a ", 50) + "}", "101 aliases"},
		"aliases that nobody spreads":    {"{ a } fragment F on T { " + numbered("x#: a ", 101) + "}", "101 aliases"},
		"roots":                          {"{ " + numbered("a# ", 20) + "}", ""},
		"too many roots":                 {"{ " + numbered("a# ", 21) + "}", "21 fields at its root"},
		"too many roots in fragments":    {"{ ...F ... on T { " + numbered("b# ", 10) + "} } fragment F on T { " + numbered("a# ", 11) + "}", "21 fields at its root"},
		"roots of another operation":     {"query A { a } query B { " + numbered("a# ", 21) + "}", "21 fields at its root"},
		"directives":                     {"{ a { " + strings.Repeat("b @x ", 50) + "} }", ""},
		"too many directives":            {"query @x { a @x { " + strings.Repeat("b @x ", 20) + "} ... @x { a } a { ...F @x } } fragment F on T @x { " + strings.Repeat("b @x ", 30) + "}", "55 directives"},
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := parser.ParseQuery(&ast.Source{Input: c.query})
			require.NoError(t, err)
			errs := e.structure(doc)
			if c.refused == "" {
				require.Empty(t, errs)
				return
			}
			require.Len(t, errs, 1)
			require.Contains(t, errs[0].Error(), c.refused)
		})
	}
}

// TestStructureLooksAtEachFragmentOnce: 2^20 spreads are 20 fragments, each with an alias that is counted when it is seen.
func TestStructureLooksAtEachFragmentOnce(t *testing.T) {
	for name, query := range map[string]string{
		"spreads":       "{ ...f0 }" + chained("T", "x: y ...f# ...f#", "x: y", 20),
		"fields":        "{ a { ...f0 } }" + chained("T", "x: y ...f# ... on T { ...f# }", "x: y", 20),
		"introspection": "{ __schema { ...f0 } }" + chained("T", "x: y ...f# ... on T { ...f# }", "x: fields { a }", 20),
		"a circle":      "{ ...f0 }" + chained("T", "x: y ...f# ...f#", "x: y ...f0 ...f10", 20),
	} {
		doc, err := parser.ParseQuery(&ast.Source{Input: query})
		require.NoError(t, err)
		m := &measurer{doc: doc, depths: map[string]int{}, open: map[string]bool{}}
		m.depth(doc.Operations[0].SelectionSet)
		require.Equal(t, 21, m.aliases, name)
	}
	// Where nothing is counted: what looks at a fragment as often as it is spread does not end.
	for _, query := range []string{"{ __schema { ...f0 } }" + chained("T", "...f# b { ...f# }", "fields { a }", 60), "{ ...f0 }" + chained("T", "...f# ...f#", "a", 60)} {
		doc, err := parser.ParseQuery(&ast.Source{Input: query})
		require.NoError(t, err)
		require.NotPanics(t, func() { idle().structure(doc) })
	}
}

// TestTokensAreCountedFirst: what is too long is not even read to its end.
func TestTokensAreCountedFirst(t *testing.T) {
	e := idle()
	_, refused := e.Prepare(t.Context(), gql.Request{Query: "{ viewer { " + strings.Repeat("name ", 5000) + "} this is no GraphQL"})
	require.Contains(t, string(refused.Body), "more than 5000 tokens")
	require.Equal(t, "QUERY_TOO_EXPENSIVE", refused.Code)
}

// TestDocumentsAreParsedOnce: a text that came before is neither parsed nor validated, one that was refused is not kept.
func TestDocumentsAreParsedOnce(t *testing.T) {
	e := idle()
	one, errs := e.document("{ viewer { name } }")
	require.Empty(t, errs)
	two, errs := e.document("{ viewer { name } }")
	require.Empty(t, errs)
	require.Same(t, one, two)
	_, errs = e.document("{ viewer { nmae } }")
	require.NotEmpty(t, errs)
	_, errs = e.document("{ viewer { name } } #" + strings.Repeat("x", maxKept))
	require.Empty(t, errs)
	require.Equal(t, 1, e.docs.Len())
}
