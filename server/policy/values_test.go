package policy_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

// in is an input object.
type in = map[string]any

const nul = "a\x00b"

// mutation makes a request of a mutation with an input.
func mutation(name, code, operation string, input in) bad {
	about := strings.ToUpper(operation[:1]) + operation[1:]
	return bad{name: operation + " " + name, code: code, vars: servertest.Vars{"input": input},
		query: fmt.Sprintf("mutation($input: %sInput!) { %s(input: $input) { revision } }", about, operation)}
}

// with gives a copy of an input with more in it.
func with(base in, more in) in {
	out := in{}
	for k, v := range base {
		out[k] = v
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// each value is refused in its field.
func field(operation string, base in, name, code string, values ...any) (out []bad) {
	for i, v := range values {
		b := mutation(fmt.Sprintf("%s %d", name, i), code, operation, with(base, in{name: v}))
		out = append(out, b)
	}
	return out
}

func TestBadValuesAreRefused(t *testing.T) {
	t.Parallel()
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		c := people(t, h.Server, "alpha")
		for _, list := range [][]bad{badRecords(c), badUpdates(c), badContacts(), badCompanies(), badTasks(), badPipelines(), badMoves(c)} {
			each(t, &c.Owner.Client, list)
		}
	})
}

const invalid = "VALIDATION_FAILED"

func badRecords(c *cast) []bad {
	base := in{"stageId": c.Lead, "title": "x"}
	f := func(name, code string, values ...any) []bad {
		return field("createRecord", base, name, code, values...)
	}
	money := func(amount any, currency any) any { return in{"amount": amount, "currency": currency} }
	many := func(n int) (out []string) {
		for i := range n {
			out = append(out, fmt.Sprint("t", i))
		}
		return out
	}
	return all(
		f("title", invalid, "", "  \t ", "\u00a0", repeat("x", 201), nul, "a\ab", 5.5, nil, []string{"a", "b"}, in{}),
		f("title", "", repeat("😀", 200)),
		f("description", invalid, repeat("x", 5001), nul),
		f("value", invalid, money("-1", "EUR"), money("1e3", "EUR"), money("abc", "EUR"), money("", "EUR"), money("1.", "EUR"), money(".5", "EUR"),
			money("1.234", "EUR"), money("1.5", "JPY"), money("999999999999999", "EUR"), money("1", "XXQ"), money("1", "eur"), money("1", "EURO"),
			money("1", ""), money("1", nul), money(nul, "EUR"), money(true, "EUR"), money(in{}, "EUR"), money([]string{}, "EUR"), money("1", in{}), 5),
		f("probability", invalid, 101, -1, 1.5, "50", 3_000_000_000, true),
		f("expectedCloseDate", invalid, "2026-13-01", "2026-1-1", "0000-01-01", "tomorrow", "2026-02-30", nul, 20261121, in{}, true),
		f("contactEmail", "INVALID_EMAIL", "x", "a@b", "a b@c.de", "@c.de", repeat("x", 250)+"@c.de", "a\a@c.de"), f("contactEmail", invalid, "a\x00@c.de"),
		f("contactPhone", "INVALID_PHONE", "123", "abc", "+12345678901234567", "1234567890\a"), f("contactPhone", invalid, nul),
		f("chatUrl", invalid, "http://x.example", "javascript:alert(1)", "https://", "//x.example", "https://u:p@x.example", "https://x.example/"+nul,
			"https://x.example/"+repeat("x", 2048), "HTTPS", "data:text/html,x"),
		f("tags", invalid, many(51), []string{repeat("x", 51)}, []string{""}, []string{nul}, in{"a": 1}, []any{in{}}, []any{nil}),
		f("tags", "", many(50), []string{"a", "A", " á ", "a"}),
		f("customFields", invalid, []any{}, "x", 5, true, in{"a": repeat("x", 33<<10)}, in{repeat("k", 65): 1}, in{"": 1}, in{"a": nul}, in{nul: 1},
			in{"a": []any{in{"b": nul}}}, in{"a": json.RawMessage("1e400000")}, in{"a": json.RawMessage("-1e-400000")},
			in{"a": json.RawMessage(repeat("[", 9000) + repeat("]", 9000))}, in{"a": json.RawMessage(repeat(`{"a":`, 65) + "1" + repeat("}", 65))}),
		f("customFields", "", in{"a": []any{1.5, nil, true, "\uffff", "\u2028", in{}}}, in{"a": json.RawMessage(`"\ud800"`)}, nil),
		f("clientMutationId", invalid, repeat("x", 129), nul, in{}),
		f("contactResolution", invalid, "MAYBE", nil, true), f("contactExternalId", invalid, repeat("x", 256), nul),
		field("createRecords", in{}, "records", invalid, []any{}, nil, []any{nil}, []any{in{}}, []any{in{"title": 5}}, "x"),
		field("createRecords", in{"records": []any{base}}, "defaultCurrency", invalid, "EURO", "eur", "", nul),
		field("createRecords", in{"records": []any{base}, "onError": "REJECT_ALL"}, "createContactIfMissing", invalid, true),
		f("externalId", invalid, repeat("x", 256), nul), f("userNs", invalid, repeat("x", 129), nul),
		f("companyName", invalid, repeat("x", 201), nul), f("contactName", invalid, repeat("x", 201), nul),
		f("sourceDetail", invalid, repeat("x", 51), nul), f("lostReason", invalid, "why", repeat("x", 501), nul), f("lostReasonKey", invalid, "why", nul),
		f("priority", invalid, "SUPER", "low", 1, nul), f("channel", invalid, "FAX", 1),
		f("place", invalid, in{"toEnd": "TOP", "afterRecordId": c.spareRecord}, in{"afterRecordId": c.Lead}, in{"toEnd": "MIDDLE"}, "TOP"),
		f("stageId", "NOT_FOUND", typeid.New(typeid.Stage)), f("stageId", invalid, c.Pipeline, "", nul, 5),
		f("pipelineId", "STAGE_NOT_IN_PIPELINE", c.sparePipeline), f("pipelineId", invalid, c.Lead, nul),
		f("contactId", "CONTACT_NOT_FOUND", typeid.New(typeid.Contact)), f("ownerId", "NOT_FOUND", typeid.New(typeid.Member)),
		f("lineItems", invalid, slices.Repeat([]in{{"name": "x", "quantity": "1", "unitPrice": "1"}}, 101), in{"name": nul, "quantity": "1", "unitPrice": "1"},
			in{"name": "x", "quantity": "0.0", "unitPrice": "1"}, in{"name": "x", "quantity": "-1", "unitPrice": "1"}, in{"name": "x", "quantity": "1", "unitPrice": "1.00001"},
			in{"name": "x", "quantity": "NaN", "unitPrice": "1"}, in{"name": "x", "quantity": "1", "unitPrice": "1e2"}, in{"name": "x", "quantity": "1"}),
		f("lineItems", "", slices.Repeat([]in{{"name": "x", "quantity": "0.0001", "unitPrice": "0"}}, 100), nil),
		f("participants", invalid, slices.Repeat([]in{{"contactId": c.id[typeid.Contact]}}, 2), participants(21), in{"contactId": c.Lead}, in{"contactId": nul},
			in{"contactId": c.id[typeid.Contact], "role": repeat("x", 51)}, in{"contactId": c.id[typeid.Contact], "role": nul}),
		f("participants", "CONTACT_NOT_FOUND", in{"contactId": typeid.New(typeid.Contact)}), f("currency", invalid, "XXY", "eur", "", nul),
		f("valueFromItems", invalid, nil, "yes"), f("companyId", "NOT_FOUND", typeid.New(typeid.Company)), f("companyId", invalid, c.Lead, nul, 5),
		f("newCompany", invalid, in{"name": ""}, in{"name": "x", "domain": "x y"}), f("newContact", invalid, in{"jobTitle": "x"}, in{"lastName": nul}),
		f("newCompany", "UNKNOWN_FIELD", in{"name": "x", "clientMutationId": "m"}),
		f("unheardOf", "UNKNOWN_FIELD", 1), f("owner", "UNKNOWN_FIELD", nil), f("Title", "UNKNOWN_FIELD", "x"),
	)
}

// participants are so many that nobody knows.
func participants(n int) (out []in) {
	for range n {
		out = append(out, in{"contactId": typeid.New(typeid.Contact)})
	}
	return out
}

func badUpdates(c *cast) []bad {
	base := in{"id": c.id[typeid.Record]}
	f := func(name, code string, values ...any) []bad {
		return field("updateRecord", base, name, code, values...)
	}
	lost := func(more in) bad {
		return mutation(fmt.Sprintf("lost %d", len(more)), invalid, "updateRecord", with(with(base, in{"stageId": c.Lost}), more))
	}
	return all(
		f("title", invalid, nil, "", nul), f("priority", invalid, nil, "SUPER"), f("stageId", invalid, nil, c.Pipeline),
		f("stageId", "STAGE_NOT_IN_PIPELINE", c.inbox), f("stageId", "NOT_FOUND", typeid.New(typeid.Stage)),
		f("probability", invalid, 101, -1), f("contactEmail", "INVALID_EMAIL", "x", "a\x01@c.de"), f("contactPhone", "INVALID_PHONE", "x"),
		f("expectedCloseDate", invalid, "x"), f("chatUrl", invalid, "http://x.example"), f("lostReason", invalid, "why"),
		f("addTags", invalid, []string{repeat("x", 51)}, []string{""}, []string{nul}), f("tags", invalid, []string{nul}),
		f("customFields", invalid, "x", []any{}, in{"a": nul}), f("customFieldsPatch", invalid, "x", []any{}, 5, in{"a": nul}, in{"": 1}, in{"a": repeat("x", 33<<10)}),
		f("customFieldsPatch", "", in{"a": 1}, in{"a": nil}),
		f("newCompany", invalid, in{"name": ""}), f("newContact", invalid, in{"jobTitle": "x"}, in{"lastName": nul}), f("newContact", "", in{"lastName": "x"}),
		f("expect", "CONFLICT", in{"version": 99}, in{"stageId": c.Offer}), f("expect", invalid, in{"stageId": c.Pipeline}, in{"version": "x"}),
		f("expect", "UNKNOWN_FIELD", in{"revision": 1}),
		[]bad{lost(in{"lostReason": repeat("x", 3000)}), lost(in{"lostReason": nul, "title": "x"}), lost(in{"lostReasonKey": nul, "title": "x", "probability": 0}),
			lost(in{"lostReasonKey": repeat("x", 300), "title": "x", "probability": 0, "userNs": nil}),
			lost(in{"lostReasonKey": "unheard_of", "title": "x", "probability": 0, "userNs": nil, "channel": nil})},
		[]bad{mutation("probability of a WON stage", "PROBABILITY_FIXED", "updateRecord", with(base, in{"stageId": c.Won, "probability": 50}))},
	)
}

func badContacts() []bad {
	base := in{"lastName": "x"}
	f := func(name, code string, values ...any) []bad {
		return field("createContact", base, name, code, values...)
	}
	return all(
		f("firstName", invalid, repeat("x", 101), nul), f("tags", invalid, []string{repeat("x", 51)}, []string{""}, []string{nul}), f("emails", "INVALID_EMAIL", []string{"x"}, []string{"a\x01@c.de"}),
		f("emails", invalid, eleven("a%d@c.de")), f("phones", "INVALID_PHONE", []string{"x"}, []string{"12345678\x7f"}), f("phones", invalid, []string{nul}), f("phones", invalid, eleven("+4912345%02d")),
		f("jobTitle", invalid, repeat("x", 151), nul), f("companyName", invalid, repeat("x", 201), nul), f("description", invalid, repeat("x", 5001), nul),
		f("userNs", invalid, nul), f("externalId", invalid, nul), f("lastName", invalid, "", nil, nul), f("clientMutationId", invalid, nul),
	)
}

func badCompanies() []bad {
	f := func(name, code string, values ...any) []bad {
		return field("createCompany", in{"name": "x"}, name, code, values...)
	}
	return all(
		f("name", invalid, "", " ", nil, nul, repeat("x", 201)), f("name", "", repeat("x", 200), "漢字"),
		f("domain", invalid, "x", "a b.example", "-a.example", "a..example", "http://", "a@b.example", nul, repeat("x.", 127)+"example"),
		f("domain", "", "http://www.A.example/x?y#z", "a.example:80", "bücher.example", "a.example.", nil, " "),
		f("website", invalid, "ftp://x.example", "javascript:alert(1)", "https://u:p@x.example", "https://x.example/"+nul, "https://x.example/"+repeat("x", 2048)),
		f("industry", invalid, repeat("x", 101), nul), f("description", invalid, repeat("x", 5001), nul), f("externalId", invalid, repeat("x", 256), nul),
		f("emails", "INVALID_EMAIL", []string{"x"}), f("emails", invalid, eleven("a%d@c.de")), f("phones", "INVALID_PHONE", []string{"x"}),
		f("tags", invalid, slices.Repeat([]string{repeat("x", 51)}, 1), []string{nul}), f("customFields", invalid, []any{}, in{"a": nul}), f("ownerId", "NOT_FOUND", typeid.New(typeid.Member)),
	)
}

func eleven(format string) (out []string) {
	for i := range 11 {
		out = append(out, fmt.Sprintf(format, i))
	}
	return out
}

func badTasks() []bad {
	f := func(name, code string, values ...any) []bad {
		return field("createTask", in{"title": "x"}, name, code, values...)
	}
	return all(
		f("title", invalid, "", repeat("x", 201), nul), f("description", invalid, repeat("x", 5001), nul),
		f("dueAt", invalid, "yesterday", "2026-11-21", 5, "", nul, "0000-01-01T00:00:00Z", "2026-11-21T25:00:00Z", in{}, true),
		f("dueAt", "", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-21T12:00:00.123456789+14:00"),
		f("dueAllDay", invalid, true, "yes"), f("priority", invalid, "SUPER"), f("recordId", "NOT_FOUND", typeid.New(typeid.Record)),
	)
}

func all(lists ...[]bad) (out []bad) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}
