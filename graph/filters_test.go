package graph

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/gql"
)

// chosen is a query of records by a filter in a variable.
const chosen = "query($f: RecordFilter) { records(filter: $f) { totalCount } }"

type given = map[string]any

// TestWhatAFilterWouldIgnoreIsRefused: null and comparators without an operator, wherever they are written, each by its
// place.
func TestWhatAFilterWouldIgnoreIsRefused(t *testing.T) {
	e := idle()
	const ask = "must not be null: leave it out, or ask with isNull"
	const out = "must not be null: leave it out"
	const none = "has no operator"
	records := func(filter string) string { return "{ records(filter: " + filter + ") { totalCount } }" }
	for name, c := range map[string]struct {
		query string
		vars  given
		want  map[string]string // what is said, by place
	}{
		"equal to null":          {records("{status: {eq: OPEN}, owner: {eq: null}}"), nil, at("filter.owner.eq", ask)},
		"not null":               {records("{owner: {ne: null}}"), nil, at("filter.owner.ne", ask)},
		"a list that is null":    {records("{owner: {notIn: null}}"), nil, at("filter.owner.notIn", ask)},
		"a bound":                {records("{lastActivityAt: {lt: null}}"), nil, at("filter.lastActivityAt.lt", ask)},
		"whether it is null":     {records("{owner: {isNull: null}}"), nil, at("filter.owner.isNull", ask)},
		"a comparator":           {records("{owner: null}"), nil, at("filter.owner", ask)},
		"without isNull":         {records("{status: {ne: null}, tags: {any: null}}"), nil, map[string]string{"filter.status.ne": out, "filter.tags.any": out}},
		"a text and a truth":     {records("{q: null, isStale: null}"), nil, map[string]string{"filter.q": out, "filter.isStale": out}},
		"what combines":          {records("{and: null, or: null, not: null}"), nil, map[string]string{"filter.and": out, "filter.or": out, "filter.not": out}},
		"nested":                 {records("{or: [{q: \"x\"}, {not: {and: {value: {gt: null}}}}]}"), nil, at("filter.or[1].not.and.value.gt", ask)},
		"a custom field":         {records("{customFields: [{key: \"a\", as: TEXT, eq: null}]}"), nil, at("filter.customFields[0].eq", ask)},
		"a variable":             {chosen, given{"f": given{"owner": given{"eq": nil}, "or": []any{given{"q": nil}}}}, map[string]string{"filter.owner.eq": ask, "filter.or[0].q": out}},
		"one in place of a list": {"query($l: [RecordFilter!]) { records(filter: {or: $l}) { totalCount } }", given{"l": given{"q": nil}}, at("filter.or[0].q", out)},
		"a variable within":      {"query($m: ID) { records(filter: {owner: {eq: $m, isNull: false}}) { totalCount } }", given{"m": nil}, at("filter.owner.eq", ask)},
		"null by default":        {"query($m: ID = null) { records(filter: {owner: {eq: $m, isNull: false}}) { totalCount } }", nil, at("filter.owner.eq", ask)},
		"within a default":       {"query($f: RecordFilter = {owner: {ne: null}}) { records(filter: $f) { totalCount } }", nil, at("filter.owner.ne", ask)},
		"a variable left out":    {"query($m: ID) { records(filter: {owner: {eq: $m}}) { totalCount } }", nil, at("filter.owner", none)},
		"nothing":                {records("{owner: {}, createdAt: {}}"), nil, map[string]string{"filter.owner": none, "filter.createdAt": none}},
		"a currency":             {records("{value: {currency: \"USD\"}}"), nil, at("filter.value", none)},
		"a key":                  {records("{customFields: {key: \"a\", as: TEXT}}"), nil, at("filter.customFields", none)},
		"in an input":            {"mutation($n: String) { deleteRecords(input: {filter: {q: $n, not: {source: {}}}, expectedCount: 1}) { revision } }", given{"n": nil}, map[string]string{"input.filter.q": out, "input.filter.not.source": none}},
		"in a variable input":    {"mutation($i: CreateSavedViewInput!) { createSavedView(input: $i) { revision } }", given{"i": given{"name": "x", "filter": given{"owner": given{"eq": nil}}}}, at("input.filter.owner.eq", ask)},
		"in a fragment":          {"{ ...F } fragment F on Query { records(filter: {owner: {eq: null}}) { totalCount } }", nil, at("filter.owner.eq", ask)},
		"of tasks":               {"{ tasks(filter: {status: {ne: null}, dueAt: {gt: null}}) { totalCount } }", nil, map[string]string{"filter.status.ne": out, "filter.dueAt.gt": ask}},
		"of contacts":            {"{ contacts(filter: {hasEmail: null, companyName: {eq: null}}) { totalCount } }", nil, map[string]string{"filter.hasEmail": out, "filter.companyName.eq": ask}},
		"of companies":           {"{ companies(filter: {owner: {in: null}}) { totalCount } }", nil, at("filter.owner.in", ask)},
		"of changes":             {"subscription { changes(filter: {kinds: null, pipelineId: null}) { revision } }", nil, map[string]string{"filter.kinds": out, "filter.pipelineId": out}},
		"of the audit log":       {"{ auditLog(filter: {actorId: null, from: null}) { totalCount } }", nil, map[string]string{"filter.actorId": out, "filter.from": out}},
		"of a board":             {"subscription($p: ID!) { board(pipelineId: $p, filter: {stageId: {eq: null}}) { revision } }", given{"p": "pip_x"}, at("filter.stageId.eq", ask)},
	} {
		t.Run(name, func(t *testing.T) {
			_, refused := e.Prepare(t.Context(), gql.Request{Query: c.query, Variables: c.vars})
			require.NotNil(t, refused)
			body := string(refused.Body)
			require.Equal(t, "VALIDATION_FAILED", refused.Code, body)
			for place, said := range c.want {
				require.Contains(t, body, `"field":"`+place+`"`)
				require.Contains(t, body, said)
			}
			require.Equal(t, len(c.want), strings.Count(body, `"message":"must not`)+strings.Count(body, `"message":"has no operator`), body)
		})
	}
}

func at(place, said string) map[string]string { return map[string]string{place: said} }

// TestWhatAFilterMayHold: no filter at all is none, and what a caller leaves out asks for nothing.
func TestWhatAFilterMayHold(t *testing.T) {
	e := idle()
	for name, c := range map[string]struct {
		query string
		vars  given
	}{
		"no filter":             {"{ records(filter: null) { totalCount } }", nil},
		"no filter by variable": {chosen, given{"f": nil}},
		"left out":              {chosen, nil},
		"an empty one":          {chosen, given{"f": given{}}},
		"of an input":           {`mutation { updateSavedView(input: {id: "viw_x", filter: null}) { revision } }`, nil},
		"a variable left out":   {"query($m: ID, $q: String) { records(filter: {q: $q, owner: {eq: $m, isNull: false}}) { totalCount } }", nil},
		"null elsewhere":        {`mutation { updateRecord(input: {id: "rec_x", ownerId: null, expect: {stageId: null}}) { revision } }`, nil},
		"empty lists":           {"{ records(filter: {and: [], status: {in: []}, tags: {none: []}}) { totalCount } }", nil},
		"null in JSON":          {`mutation { createRecord(input: {title: "x", customFields: {n: null}}) { revision } }`, nil},
	} {
		_, refused := e.Prepare(t.Context(), gql.Request{Query: c.query, Variables: c.vars})
		if refused != nil {
			t.Errorf("%s: %s", name, refused.Body)
		}
	}
}

// TestNumbersBeyondAllSizeAreRefused: JSON holds any, but nothing reads those from a document.
func TestNumbersBeyondAllSizeAreRefused(t *testing.T) {
	for _, number := range []string{"99999999999999999999", "1e999"} {
		for _, custom := range []string{number, "{n: [" + number + "]}"} {
			_, refused := idle().Prepare(t.Context(), gql.Request{Query: `mutation { createRecord(input: {title: "x", customFields: ` + custom + `}) { revision } }`})
			require.NotNil(t, refused, custom)
			require.Equal(t, "VALIDATION_FAILED", refused.Code, custom)
		}
	}
}
