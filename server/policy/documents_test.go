package policy_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

const expensive = "QUERY_TOO_EXPENSIVE"

// TestBadDocumentsAreRefused needs one database: nothing of this reaches any.
func TestBadDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	h := open(t, store.SQLite)
	c := people(t, h.Server, "alpha")
	each(t, &c.Owner.Client, badDocuments(c))
	for name, query := range bombs() {
		t.Run("bomb "+name, func(t *testing.T) {
			inTime(t, func() { refused(t, &c.Owner.Client, bad{code: expensive, query: query}) })
		})
	}
	for name, query := range duds() {
		t.Run("dud "+name, func(t *testing.T) { inTime(t, func() { refused(t, &c.Owner.Client, bad{query: query}) }) })
	}
	badTransport(t, c)
}

// inTime fails when what is exponential in the size of a request is done after all: then it never ends. What is refused
// or cheap takes milliseconds, so that the bound says nothing about the speed of the machine.
func inTime(t *testing.T, ask func()) {
	t.Helper()
	done := make(chan struct{}) // never sent to: closed at the end
	go func() {
		defer close(done)
		ask()
	}()
	select {
	case <-done:
	case <-time.After(120 * time.Second):
		t.Fatal("this does not end")
	}
}

// lines repeats a text with its number in place of %d.
func lines(format string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// chain writes fragments on a type, each spreading the next one twice.
func chain(on, spread, last string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on %s { %s }", i, on, strings.ReplaceAll(spread, "%d", fmt.Sprint(i+1)))
	}
	return b.String() + fmt.Sprintf(" fragment f%d on %s { %s }", n, on, last)
}

// bombs are small requests that would be answered, or only looked at, for ever.
func bombs() map[string]string {
	return map[string]string{
		"introspection through fragments": "{ __schema { types { ...f0 } } }" + chain("__Type", "ofType { ...f%d } x: ofType { ...f%d }", "fields { type { fields { type { fields { name } } } } }", 60),
		"introspection in depth":          "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
		"nested objects":                  "{ workspace { id } ...f0 }" + chain("Query", "...f%d a: pipelines { stages { id } ...g%d } b: pipelines { stages { id } }", "viewer { name }", 40) + lines(" fragment g%d on Pipeline { stages { id } }", 42),
		"cost through fragments":          "{ records(first: 1) { nodes { ...f0 } } }" + chain("Record", "contact { records { ...f%d } } owner { id } x: contact { records { ...f%d } }", "id", 4),
		"roots through fragments":         "{ ...f0 }" + chain("Query", "...f%d a%d: viewer { name } ...f%d", "viewer { name }", 30),
		"objects beside fragments":        "{ viewer { ...f0 } }" + chain("Viewer", "name workspace { id } ...f%d ...f%d", "name", 60),
		"aliases":                         "{ viewer { " + lines("a%d: name ", 101) + "} }",
		"directives":                      "{ viewer { " + repeat("name @include(if: true) ", 51) + "} }",
	}
}

// duds look like bombs, and cost no more than their length.
func duds() map[string]string {
	return map[string]string{
		"fragments":        "{ viewer { ...f0 } }" + chain("Viewer", "...f%d ...f%d", "name", 300),
		"introspection":    "{ __schema { ...f0 } }" + chain("__Schema", "...f%d ...f%d", "queryType { name }", 60),
		"inline fragments": "{ viewer { ...f0 } }" + chain("Viewer", "...on Viewer { ...f%d } ...on Viewer { ...f%d }", "name", 60),
		"the same field":   "{ viewer { " + repeat("name ", 2000) + "} }",
		"the same object":  "{ " + repeat("viewer { workspace { id name slug } } ", 20) + "}",
	}
}

func badDocuments(c *cast) []bad {
	deep := "{ pipelines { stages { id } } node(id: \"" + c.id["rec"] + "\") { " + repeat("... on Record { contact { records { ", 6) + "id" + repeat(" } } }", 6) + " } }"
	return []bad{
		{"nothing", invalid, "", nil, ""}, {"blank", invalid, "  \n", nil, ""}, {"a comment", invalid, "# nothing", nil, ""}, {"no GraphQL", invalid, "SELECT 1", nil, ""},
		{"half a document", invalid, "{ viewer {", nil, ""}, {"an open text", invalid, `{ node(id: "x`, nil, ""}, {"a bad escape", invalid, `{ node(id: "\q") { id } }`, nil, ""}, {"a NUL", invalid, "{ viewer\x00 { name } }", nil, ""},
		{"a fragment alone", invalid, "fragment F on Viewer { name }", nil, ""}, {"no selection", invalid, "{ viewer }", nil, ""}, {"a selection of a scalar", "UNKNOWN_FIELD", "{ viewer { name { x } } }", nil, ""},
		{"an unknown field", "UNKNOWN_FIELD", "{ viewer { nmae } }", nil, ""}, {"an unknown root", "UNKNOWN_FIELD", "{ deals { id } }", nil, ""}, {"an unknown mutation", "UNKNOWN_FIELD", "mutation { dropTable { id } }", nil, ""},
		{"an unknown argument", "UNKNOWN_FIELD", "{ pipelines(limit: 1) { id } }", nil, ""}, {"an unknown directive", "UNKNOWN_FIELD", "{ viewer { name @upper } }", nil, ""},
		{"an unknown type", "UNKNOWN_FIELD", "{ ...on Deal { id } }", nil, ""}, {"a variable of an unknown type", "UNKNOWN_FIELD", "query($x: Deal) { viewer { name } }", nil, ""},
		{"an unknown fragment", "UNKNOWN_FIELD", "{ viewer { ...F } }", nil, ""}, {"an unused fragment", invalid, "{ viewer { name } } fragment F on Viewer { name }", nil, ""},
		{"an unknown variable", invalid, "{ node(id: $id) { id } }", nil, ""}, {"an unused variable", invalid, "query($id: ID!) { viewer { name } }", servertest.Vars{"id": "x"}, ""},
		{"a missing variable", invalid, "query($id: ID!) { node(id: $id) { id } }", nil, ""}, {"a null for a value", invalid, "query($id: ID!) { node(id: $id) { id } }", servertest.Vars{"id": nil}, ""},
		{"a variable of another type", invalid, "query($id: Int!) { node(id: $id) { id } }", servertest.Vars{"id": 1}, ""}, {"a wrong value", invalid, "query($id: ID!) { node(id: $id) { id } }", servertest.Vars{"id": true}, ""},
		{"an object for an id", invalid, "query($id: ID!) { node(id: $id) { id } }", servertest.Vars{"id": in{}}, ""}, {"a list for an id", invalid, "query($id: ID!) { node(id: $id) { id } }", servertest.Vars{"id": []string{"x", "y"}}, ""},
		{"a text for a condition", invalid, "query($c: Boolean!) { viewer { name @include(if: $c) } }", servertest.Vars{"c": "true"}, ""},
		{"a text for an input", invalid, "mutation($i: CreateTaskInput!) { createTask(input: $i) { revision } }", servertest.Vars{"i": "x"}, ""},
		{"a list for an input", invalid, "mutation($i: CreateTaskInput!) { createTask(input: $i) { revision } }", servertest.Vars{"i": []any{in{"title": "a"}, in{"title": "b"}}}, ""},
		{"two operations without a name", invalid, "query A { viewer { name } } query B { viewer { name } }", nil, ""}, {"two operations of a name", invalid, "query A { viewer { name } } query A { viewer { name } }", nil, ""},
		{"an operation beside an anonymous one", invalid, "{ viewer { name } } query A { viewer { name } }", nil, ""}, {"an argument twice", invalid, `{ node(id: "a", id: "b") { id } }`, nil, ""},
		{"a missing argument", invalid, "{ node { id } }", nil, ""}, {"fields that clash", invalid, "{ viewer { a: name a: kind } }", nil, ""}, {"a field given twice", invalid, `mutation { createTask(input: {title: "a", title: "b"}) { revision } }`, nil, ""},
		{"a subscription over HTTP", invalid, "subscription { changes { revision } }", nil, ""}, {"a circle of one", invalid, "{ viewer { ...F } } fragment F on Viewer { ...F }", nil, ""},
		{"a circle of two", invalid, "{ viewer { ...F } } fragment F on Viewer { name ...G } fragment G on Viewer { ...F }", nil, ""},
		{"a circle with fields", invalid, "{ ...F } fragment F on Query { viewer { workspace { id } } ...G } fragment G on Query { pipelines { id } ...F }", nil, ""},
		{"a circle in introspection", invalid, "{ __schema { ...F } } fragment F on __Schema { types { ...G } } fragment G on __Type { fields { type { ...G } } }", nil, ""},
		{"a circle beside the operation", invalid, "{ viewer { name } } fragment F on Viewer { ...F }", nil, ""},
		{"too many tokens", expensive, "{ viewer { " + repeat("name ", 5000) + "} }", nil, ""}, {"too deep", expensive, deep, nil, ""}, {"deep in a fragment", expensive, "{ viewer { ...F } } fragment F on Viewer " + repeat("{ workspace ", 13) + "{ id }" + repeat(" }", 13), nil, ""},
		{"100 aliases", "", "{ viewer { " + lines("a%d: name ", 100) + "} }", nil, ""}, {"20 roots", "", "{ " + lines("a%d: viewer { name } ", 20) + "}", nil, ""}, {"21 roots", expensive, "{ " + lines("a%d: viewer { name } ", 21) + "}", nil, ""},
		{"21 mutations", expensive, "mutation { " + lines(`a%d: createTask(input: {title: "x"}) { revision } `, 21) + "}", nil, ""},
		{"a cost above all", expensive, "{ records(first: 200) { nodes { contact { records { id } } tasks { id } owner { id } } } more: records(first: 200) { nodes { contact { records { tasks { id } owner { id } stage { id } } } } } }", nil, ""},
		{"a cost by variables", expensive, "query($n: Int!) { records(first: $n) { nodes { contact { records { tasks { id record { id } } } } } } }", servertest.Vars{"n": 200}, ""},
		{"a board of boards", expensive, `{ a: board(pipelineId: "` + c.Pipeline + `") { columns { cards(first: 200) { nodes { tasks { record { id } } } } } } }`, nil, ""},
	}
}

// badTransport are requests that are wrong before they are GraphQL.
func badTransport(t *testing.T, c *cast) {
	post := func(contentType string, body string) *http.Request {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/graphql", strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Content-Type", contentType)
		return req
	}
	get := func(query string) *http.Request {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.URL+"/graphql?"+query, nil)
		require.NoError(t, err)
		return req
	}
	text := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	const asJSON = "application/json"
	for name, r := range map[string]struct {
		req    *http.Request
		status int
		code   string
	}{
		"a body that is too large":      {post(asJSON, `{"query":`+text("#"+repeat("x", 5_000_000))+`}`), 413, invalid},
		"variables that are too large":  {post(asJSON, `{"query":"{ viewer { name } }","variables":{"x":`+text(repeat("x", 5_000_000))+`}}`), 413, invalid},
		"no JSON":                       {post(asJSON, `query=1`), 400, invalid},
		"a list":                        {post(asJSON, `[{"query":"{ viewer { name } }"}]`), 400, invalid},
		"nothing":                       {post(asJSON, ``), 400, invalid},
		"null":                          {post(asJSON, `null`), 400, invalid},
		"a query that is a number":      {post(asJSON, `{"query":5}`), 400, invalid},
		"variables that are a list":     {post(asJSON, `{"query":"{ viewer { name } }","variables":[]}`), 400, invalid},
		"variables that are a text":     {post(asJSON, `{"query":"{ viewer { name } }","variables":"{}"}`), 400, invalid},
		"a name that is a number":       {post(asJSON, `{"query":"{ viewer { name } }","operationName":1}`), 400, invalid},
		"a name that is not there":      {post(asJSON, `{"query":"{ viewer { name } }","operationName":"X"}`), 400, invalid},
		"a name with a NUL":             {post(asJSON, `{"query":"{ viewer { name } }","operationName":"\u0000"}`), 400, invalid},
		"variables nested without end":  {post(asJSON, `{"query":"{ viewer { name } }","variables":{"x":`+repeat("[", 20000)+repeat("]", 20000)+`}}`), 400, invalid},
		"invalid UTF-8":                 {post(asJSON, "{\"query\":\"{ node(id: \\\"\xff\\\") { id } }\"}"), 400, invalid},
		"invalid UTF-8 in a GET":        {get("query=" + url.QueryEscape("{ records(filter: {q: \"\xff\xfe\"}) { totalCount } }")), 400, invalid},
		"invalid UTF-8 in an id":        {get("query=" + url.QueryEscape("{ node(id: \"\xff\") { id } }")), 400, invalid},
		"an overlong NUL in a GET":      {get("query=" + url.QueryEscape("{ records(filter: {q: \"\xc0\x80\"}) { totalCount } }")), 400, invalid},
		"a malformed query string":      {get("query=%zz"), 400, invalid},
		"a mutation by GET":             {get("query=" + url.QueryEscape(`mutation { createTask(input: {title: "x"}) { revision } }`)), 405, invalid},
		"no query":                      {get(""), 400, invalid},
		"a form":                        {post("application/x-www-form-urlencoded", "query=1"), 415, invalid},
		"a text":                        {post("text/plain", `{"query":"{ viewer { name } }"}`), 415, invalid},
		"another charset":               {post(asJSON+"; charset=latin1", `{"query":"{ viewer { name } }"}`), 415, invalid},
		"a persisted query not in here": {post(asJSON, `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}`), 400, invalid},
	} {
		t.Run(name, func(t *testing.T) {
			status, errs := exchange(t, &c.Owner.Client, r.req)
			assert.Equal(t, r.status, status)
			if assert.NotEmpty(t, errs) {
				assert.Equal(t, r.code, errs[0].Extensions.Code, errs[0].Message)
			}
		})
	}
}
