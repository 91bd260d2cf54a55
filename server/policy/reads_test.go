package policy_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

func TestBadQuestionsAreRefused(t *testing.T) {
	t.Parallel()
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		c := people(t, h.Server, "alpha")
		each(t, &c.Owner.Client, all(badRevisions(c), badFilters(c), badPages(t, c)))
		streams(t, c)
	})
}

const (
	future = "999999999"
	anId   = "00000000000000000000000000"
)

// malformed are no revisions.
var malformed = []any{"-1", "1.5", "x", "007", "+1", " 1", "", "1 ", "1e3", "0x1", nul, "99999999999999999999", "9223372036854775808", -1, 1.5, true, in{}, []any{}}

func badRevisions(c *cast) (out []bad) {
	for i, r := range malformed {
		for _, arg := range []string{"at", "atLeast"} {
			out = append(out, bad{fmt.Sprint("board ", arg, " ", i), invalid, "query($p: ID!, $r: Revision) { board(pipelineId: $p, " + arg + ": $r) { revision } }",
				servertest.Vars{"p": c.Pipeline, "r": r}, ""})
		}
		out = append(out, bad{fmt.Sprint("changes after ", i), invalid, "query($r: Revision) { changes(after: $r) { revision } }", servertest.Vars{"r": r}, ""})
	}
	board := func(name, code, args, field string) bad {
		return bad{name, code, fmt.Sprintf(`{ board(pipelineId: "%s", %s) { revision columns { cards { nodes { title } } } } }`, c.Pipeline, args), nil, field}
	}
	return append(out,
		board("a malformed revision in the document", invalid, `at: "x"`, ""), board("a negative one", invalid, `at: -1`, ""), board("a fraction", invalid, `at: 1.5`, ""),
		board("a word", invalid, `at: LATEST`, ""), board("an object", invalid, `at: {}`, ""), board("a number is a revision too", "", `at: 6`, ""),
		bad{"a malformed default", invalid, `query($r: Revision = "x") { changes(after: $r) { revision } }`, nil, ""},
		board("at the future", invalid, `at: "`+future+`"`, "at"), board("at the largest", invalid, `at: "9223372036854775807"`, "at"),
		board("atLeast the future", invalid, `atLeast: "`+future+`"`, "atLeast"),
		board("before there was a pipeline", "NOT_FOUND", `at: "1"`, "pipelineId"), board("at and asOf", invalid, `at: "6", asOf: "2026-11-21T12:00:00Z"`, "at"),
		board("asOf a day", invalid, `asOf: "2026-11-21"`, ""), board("asOf a word", invalid, `asOf: "now"`, ""), board("asOf long ago", "NOT_FOUND", `asOf: "0001-01-01T00:00:00Z"`, ""),
		board("asOf in ages", "", `asOf: "9999-12-31T23:59:59.999999Z"`, ""),
		bad{"changes after the future", invalid, `{ changes(after: "` + future + `") { revision } }`, nil, "after"},
		bad{"an unknown pipeline", "NOT_FOUND", `{ board(pipelineId: "` + typeid.New(typeid.Pipeline) + `") { revision } }`, nil, "pipelineId"},
		bad{"a stage for a pipeline", invalid, `{ board(pipelineId: "` + c.Lead + `") { revision } }`, nil, "pipelineId"},
		bad{"no id", invalid, `{ board(pipelineId: "") { revision } }`, nil, ""},
		bad{"no pipeline", invalid, `{ board { revision } }`, nil, ""},
		bad{"an id of no kind", invalid, `{ node(id: "xyz_` + anId + `") { id } }`, nil, "id"}, bad{"the id of a session", invalid, `{ node(id: "ses_` + anId + `") { id } }`, nil, "id"},
	)
}

func badFilters(c *cast) (out []bad) {
	record := func(name, code string, f any) {
		for _, q := range []string{"query($f: RecordFilter) { records(filter: $f) { totalCount } }",
			`query($f: RecordFilter) { board(pipelineId: "` + c.Pipeline + `", filter: $f) { columns { totals { count } } } }`} {
			out = append(out, bad{name + fmt.Sprint(" ", len(out)), code, q, servertest.Vars{"f": f}, ""})
		}
	}
	deep := func(word string, n int) any {
		f := in{"q": "x"}
		for range n - 1 {
			if f = (in{word: f}); word != "not" {
				f = in{word: []any{f[word]}}
			}
		}
		return f
	}
	repeated := func(v any, n int) (list []any) {
		for range n {
			list = append(list, v)
		}
		return list
	}
	for _, word := range []string{"and", "or", "not"} {
		record("deep enough "+word, "", deep(word, 5))
		record("too deep "+word, invalid, deep(word, 6))
	}
	record("fifty conditions", "", in{"or": repeated(in{"q": "x"}, 50)})
	record("51 conditions", invalid, in{"or": repeated(in{"q": "x"}, 51)})
	record("51 conditions in one", invalid, in{"or": repeated(in{"status": in{"eq": "OPEN", "ne": "WON", "in": []string{"OPEN"}}}, 17)})
	record("many empty filters", invalid, in{"and": repeated(in{}, 3000)})
	record("many empty alternatives", invalid, in{"or": repeated(in{}, 3000)})
	record("many empty lists", invalid, in{"and": repeated(in{"or": []any{}}, 3000)})
	record("501 ids", invalid, in{"id": in{"in": repeated(c.id[typeid.Record], 501)}})
	record("501 tags", invalid, in{"tags": in{"any": repeated("x", 501)}})
	record("500 tags", "", in{"tags": in{"any": repeated("x", 500), "all": repeated("x", 500), "none": repeated("x", 500)}})
	record("500 ids fifty times", invalid, in{"or": repeated(in{"id": in{"in": repeated(c.id[typeid.Record], 500)}}, 50)})
	record("a long text", invalid, in{"q": repeat("x", 401)})
	record("many words", "", in{"or": repeated(in{"q": repeat("1 ", 200)}, 50)})
	for _, f := range []any{in{"q": nul}, in{"tags": in{"any": []string{nul}}}, in{"value": in{"currency": nul, "eq": "1"}}, in{"value": in{"eq": "x"}}, in{"value": in{"gt": "2", "lt": "1"}},
		in{"value": in{"eq": "-1"}}, in{"value": in{"currency": "XXQ", "eq": "1"}}, in{"stageId": in{"eq": c.Pipeline}}, in{"owner": in{"in": []string{"x"}}}, in{"status": in{"eq": "open"}},
		in{"status": in{"eq": "LATE"}}, in{"priority": in{"gt": "high"}}, in{"priority": in{"gt": 3}}, in{"owner": in{"me": "true"}}, in{"q": 5}, in{"createdAt": in{"gt": "soon"}},
		in{"createdAt": in{"within": "ALL"}}, in{"createdAt": in{"gt": "P1D", "lt": "-P1D"}}, in{"expectedCloseDate": in{"eq": "2026-02-30"}}, in{"expectedCloseDate": in{"eq": "PT1H"}},
		in{"probability": in{"gte": 5, "lte": 5}}, in{"staleHours": 0}, in{"team": in{"eq": c.Pipeline}}, in{"title": in{"eq": nul}}, in{"customFields": []any{in{"key": "No", "as": "TEXT"}}},
		in{"customFields": []any{in{"key": "n", "as": "NUMBER", "eq": "1"}}}, "OPEN", []any{in{}, in{}}, 5} {
		record("bad", invalid, f)
	}
	for _, f := range []any{in{"titel": "x"}, in{"and": []any{in{"titel": "x"}}}, in{"status": in{"equals": "OPEN"}}, in{"Q": "x"}, in{"__typename": "RecordFilter"}} {
		record("unknown", "UNKNOWN_FIELD", f)
	}
	return append(out,
		bad{"unknown in the document", "UNKNOWN_FIELD", `{ records(filter: {titel: "x"}) { totalCount } }`, nil, ""},
		bad{"unknown below in the document", "UNKNOWN_FIELD", `{ records(filter: {status: {equals: OPEN}}) { totalCount } }`, nil, ""},
		bad{"unknown enum in the document", invalid, `{ records(filter: {status: {eq: LATE}}) { totalCount } }`, nil, ""},
		bad{"enum as a text", invalid, `{ records(filter: {status: {eq: "OPEN"}}) { totalCount } }`, nil, ""},
		bad{"contacts", invalid, `query($q: String) { contacts(filter: {q: $q}) { totalCount } }`, servertest.Vars{"q": nul}, ""},
		bad{"members", invalid, `query($q: String) { members(q: $q) { totalCount } }`, servertest.Vars{"q": nul}, ""},
		bad{"many words of members", invalid, `query($q: String) { members(q: $q) { totalCount } }`, servertest.Vars{"q": repeat("x ", 5000)}, ""},
		bad{"tasks", invalid, `{ tasks(filter: {q: "\u0000"}) { totalCount } }`, nil, ""},
		bad{"tasks by a wrong kind", invalid, `{ tasks(filter: {recordId: {eq: "` + c.Lead + `"}}) { totalCount } }`, nil, ""},
		bad{"changes of no kind", invalid, `{ changes(filter: {kinds: ["deal.won"]}) { revision } }`, nil, ""},
		bad{"changes of an unknown kind", invalid, `{ changes(filter: {kinds: ["record.exploded"]}) { revision } }`, nil, ""},
		bad{"changes of no entity", invalid, `{ changes(filter: {entities: ["deal"]}) { revision } }`, nil, ""},
		bad{"changes of no pipeline", invalid, `{ changes(filter: {pipelineId: "` + c.Lead + `"}) { revision } }`, nil, ""},
		bad{"unknown kind of change", "UNKNOWN_FIELD", `{ changes(filter: {kind: "record.won"}) { revision } }`, nil, ""},
	)
}

func badPages(t *testing.T, c *cast) (out []bad) {
	cursor := func(v ...any) string {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		return base64.RawURLEncoding.EncodeToString(b)
	}
	lists := map[string]string{"records": "", "contacts": "", "tasks": "", "members": "", "changes": ""}
	for list := range lists {
		what := "totalCount"
		if list == "changes" {
			what = "revision"
		} else {
			a := servertest.Must[map[string]struct{ PageInfo struct{ EndCursor string } }](t, &c.Owner.Client, "{ "+list+"(first: 1) { pageInfo { endCursor } } }", nil)
			lists[list] = a[list].PageInfo.EndCursor
		}
		for _, first := range []any{0, 201, -1, 3_000_000_000, "x", "10", 1.5, nil, in{}} {
			out = append(out, bad{fmt.Sprint(list, " first ", first), invalid, "query($n: Int!) { " + list + "(first: $n) { " + what + " } }", servertest.Vars{"n": first}, ""})
		}
		out = append(out, bad{list + " first 201", invalid, "{ " + list + "(first: 201) { " + what + " } }", nil, "first"})
	}
	require.NotEmpty(t, lists["tasks"])
	after := func(name, code, list, cursor string) {
		out = append(out, bad{name + " " + list + fmt.Sprint(" ", len(out)), code, "query($a: String) { " + list + " { nodes { id } } }", servertest.Vars{"a": cursor}, ""})
	}
	for _, list := range []string{"records(after: $a)", "records(after: $a, orderBy: {field: BOARD})", "contacts(after: $a)", "tasks(after: $a)", "members(after: $a)"} {
		for _, bad := range []string{"x", "", " ", "%%%", "bnVsbA", base64.RawURLEncoding.EncodeToString([]byte("not JSON")), cursor("nonsense", 1), cursor(), cursor("records UPDATED_AT DESC ", 1, "x"),
			cursor("records UPDATED_AT DESC ", in{}, in{}), cursor("members", 1, 2), cursor("members", nil), cursor("tasks DUE_AT ASC PRIORITY DESC", "x", "x", "x"), repeat("A", 10000)} {
			after("bad cursor", "BAD_CURSOR", list, bad)
		}
		after("a cursor with a NUL", invalid, list, nul)
	}
	for _, hidden := range []any{nul, in{"a": 1}, []any{1}, true, json.Number("1e999")} { // inside of a cursor that looks right
		after("forged", "BAD_CURSOR", "members(after: $a)", cursor("members", hidden, "x"))
		after("forged", "BAD_CURSOR", "records(after: $a, orderBy: {field: TITLE})", cursor("records TITLE ASC LAST", hidden, "x"))
		after("forged", "BAD_CURSOR", "records(after: $a, orderBy: {field: NUMBER})", cursor("records NUMBER ASC LAST", hidden, "x"))
	}
	for _, from := range []string{"records", "contacts", "tasks", "members"} {
		for _, to := range []string{"records", "contacts", "tasks", "members"} {
			if from != to {
				after("the cursor of "+from, "BAD_CURSOR", to+"(after: $a)", lists[from])
			}
		}
	}
	after("the cursor of another order", "BAD_CURSOR", "records(after: $a, orderBy: {field: TITLE})", lists["records"])
	after("its own cursor", "", "records(after: $a)", lists["records"])
	cards := func(code, args string) {
		out = append(out, bad{"cards " + args, code, `{ board(pipelineId: "` + c.Pipeline + `") { columns { cards(` + args + `) { nodes { id } } } } }`, nil, ""})
	}
	cards(invalid, "first: 0")
	cards(invalid, "first: 201")
	cards("BAD_CURSOR", `after: "x"`)
	cards("BAD_CURSOR", `after: "`+lists["records"]+`"`)
	orders := make([]in, 500)
	for i := range orders {
		orders[i] = in{"field": "TITLE"}
	}
	return append(out,
		bad{"500 orders", invalid, "query($o: [RecordOrder!]) { records(orderBy: $o) { totalCount } }", servertest.Vars{"o": orders}, ""},
		bad{"500 orders of contacts", invalid, "query($o: [ContactOrder!]) { contacts(orderBy: $o) { totalCount } }", servertest.Vars{"o": func() (l []in) {
			for range orders {
				l = append(l, in{"field": "NAME"})
			}
			return l
		}()}, ""},
		bad{"an unknown order", invalid, "{ records(orderBy: {field: RANK}) { totalCount } }", nil, ""},
		bad{"an order in lower case", invalid, "query($o: [RecordOrder!]) { records(orderBy: $o) { totalCount } }", servertest.Vars{"o": []in{{"field": "title"}}}, ""},
	)
}

// streams are refused with one error, and end.
func streams(t *testing.T, c *cast) {
	for name, b := range map[string]bad{
		"board after the future":    {"", invalid, `subscription { board(pipelineId: "` + c.Pipeline + `", after: "` + future + `") { revision } }`, nil, "after"},
		"changes after the future":  {"", invalid, `subscription { changes(after: "` + future + `") { revision } }`, nil, "after"},
		"board after a word":        {"", invalid, `subscription($r: Revision) { board(pipelineId: "` + c.Pipeline + `", after: $r) { revision } }`, servertest.Vars{"r": "x"}, ""},
		"changes after a word":      {"", invalid, `subscription($r: Revision) { changes(after: $r) { revision } }`, servertest.Vars{"r": "007"}, ""},
		"a board of a stage":        {"", invalid, `subscription { board(pipelineId: "` + c.Lead + `") { revision } }`, nil, "pipelineId"},
		"an unknown board":          {"", "NOT_FOUND", `subscription { board(pipelineId: "` + typeid.New(typeid.Pipeline) + `") { revision } }`, nil, "pipelineId"},
		"a board with a bad filter": {"", invalid, `subscription { board(pipelineId: "` + c.Pipeline + `", filter: {q: "` + repeat("x", 401) + `"}) { revision } }`, nil, ""},
		"an unknown filter":         {"", "UNKNOWN_FIELD", `subscription($f: RecordFilter) { board(pipelineId: "` + c.Pipeline + `", filter: $f) { revision } }`, servertest.Vars{"f": in{"x": 1}}, ""},
		"changes with a bad filter": {"", invalid, `subscription { changes(filter: {entities: ["deal"]}) { revision } }`, nil, ""},
		"two streams in one":        {"", invalid, `subscription { changes { revision } board(pipelineId: "` + c.Pipeline + `") { revision } }`, nil, ""},
		"a field that is not there": {"", "UNKNOWN_FIELD", `subscription { changes { nothing } }`, nil, ""},
		"a stream that is too deep": {"", "QUERY_TOO_EXPENSIVE", "subscription { changes " + repeat("{ a ", 20) + repeat("}", 20) + " }", nil, ""},
		"a cost above all":          {"", "QUERY_TOO_EXPENSIVE", `subscription { board(pipelineId: "` + c.Pipeline + `") { ... on BoardSnapshot { board { columns { cards(first: 200) { nodes { tasks { id contactId record { id tasks { id } } } } } } } } } }`, nil, ""},
	} {
		t.Run("stream "+name, func(t *testing.T) {
			r := first(t, &c.Owner.Client, b.query, b.vars)
			sound(t, r.errs)
			if assert.NotEmpty(t, r.errs, "not refused: %s", r.body) {
				assert.Equal(t, b.code, r.errs[0].Extensions.Code, r.errs[0].Message)
				if b.field != "" && assert.NotEmpty(t, r.errs[0].Extensions.Details) {
					assert.Equal(t, b.field, r.errs[0].Extensions.Details[0].Field)
				}
			}
		})
	}
}
