package scenario_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

type bulk struct {
	CreateRecords struct {
		Revision string
		Summary  struct{ Total, Successful, Failed, NewRecords, SkippedExisting, NewContactsCreated int }
		Results  []struct{ RecordID, ContactID string }
	}
}

const createMany = `mutation($i: CreateRecordsInput!) { createRecords(input: $i) { revision summary { total successful failed newRecords skippedExisting newContactsCreated }
	results { recordId contactId } } }`

// strangers are n rows, each with a new contact.
func strangers(n int) (rows []servertest.Vars) {
	for i := range n {
		rows = append(rows, servertest.Vars{"title": fmt.Sprint("Deal ", i), "contactEmail": fmt.Sprintf("p%d@x.example", i), "contactPhone": fmt.Sprintf("+49301234%03d", i)})
	}
	return rows
}

// TestTheSameManyRecordsAtOnce: the same call sent many times at the same moment is done once, with the stages crossing so
// that no lock of theirs helps; the rows that came second are told of as skipped.
func TestTheSameManyRecordsAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		stages := []string{w.Lead, w.Offer, w.Won, w.Lost}
		var all sync.WaitGroup
		answers := make([]bulk, 8)
		for i := range answers {
			all.Go(func() {
				rows := strangers(10)
				rows = append(rows, servertest.Vars{"title": "by id", "contactEmail": "p3@x.example", "externalId": "x"})
				input := servertest.Vars{"records": rows, "defaultStageId": stages[i%4], "skipIfExists": true, "createContactIfMissing": true}
				answers[i] = servertest.Must[bulk](t, &w.Owner.Client, createMany, servertest.Vars{"i": input})
			})
		}
		all.Wait()
		made := 0
		for _, a := range answers {
			assert.Equal(t, answers[0].CreateRecords.Results, a.CreateRecords.Results)
			assert.Equal(t, 11, a.CreateRecords.Summary.Successful)
			made += a.CreateRecords.Summary.NewRecords
		}
		require.Equal(t, 11, made)
		require.Equal(t, "11", count(t, w, "SELECT count(*) FROM records"))
		require.Equal(t, "10", count(t, w, "SELECT count(*) FROM contacts"))
		require.Equal(t, "11", count(t, w, "SELECT max(number) FROM records"))
		require.Equal(t, "10", count(t, w, "SELECT max(number) FROM contacts"))
	})
}

// TestManyRecordsAreRepeatedUnderAKey: a rehearsal stores nothing, a repeat under a key answers as the first time did.
func TestManyRecordsAreRepeatedUnderAKey(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		vars := servertest.Vars{"i": servertest.Vars{"records": strangers(3), "createContactIfMissing": true}}
		with := func(directive string) string {
			return `mutation($i: CreateRecordsInput!) { createRecords(input: $i) ` + directive + ` { revision summary { total successful failed newRecords skippedExisting newContactsCreated } results { recordId contactId } } }`
		}
		dry := w.Owner.Do(t, with("@dryRun"), vars)
		require.Empty(t, dry.Errors)
		require.Len(t, dry.Extensions.DryRun["createRecords"].Changes, 6)
		require.Equal(t, "0", count(t, w, "SELECT count(*) FROM records"))
		require.Equal(t, "0", count(t, w, "SELECT count(*) FROM contact_keys"))
		first := servertest.Must[bulk](t, &w.Owner.Client, with(`@idempotent(key: "k")`), vars)
		require.Equal(t, 3, first.CreateRecords.Summary.NewContactsCreated)
		require.Equal(t, first, servertest.Must[bulk](t, &w.Owner.Client, with(`@idempotent(key: "k")`), vars))
		require.Equal(t, "3", count(t, w, "SELECT count(*) FROM records"))
		w.Owner.Refused(t, "BATCH_TOO_LARGE", createMany, servertest.Vars{"i": servertest.Vars{"records": strangers(101), "createContactIfMissing": true}})
		require.Equal(t, "3", count(t, w, "SELECT count(*) FROM records"))
	})
}

// TestManyRecordsCostFewStatements: what 100 rows take beyond one is the statements that hold them, not one each.
func TestManyRecordsCostFewStatements(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		statements := func(rows int, prefix string) int {
			in := crm.CreateRecordsInput{CreateContactIfMissing: true, SkipIfExists: true}
			for i := range rows {
				email, id := fmt.Sprint(prefix, i, "@x.example"), fmt.Sprint(prefix, i)
				in.Records = append(in.Records, &crm.CreateRecordsRowInput{Title: "T", ContactEmail: &email, ExternalID: &id})
			}
			ctx, n := store.Count(viewer.NewContext(t.Context(), w.Owner.Viewer))
			out, err := w.CRM.CreateRecords(ctx, in)
			require.NoError(t, err)
			require.Equal(t, rows, out.Summary.NewContactsCreated)
			return len(n.Texts())
		}
		require.Equal(t, 19, statements(1, "a"))
		require.Equal(t, 22, statements(100, "b"))
	})
}

// TestDealsInBulkOverREST: the same in names of snake_case, rows read strictly, 200 also when rows fail.
func TestDealsInBulkOverREST(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		post := func(token, body string) (int, map[string]any) { return postDeals(t, w, token, body) }
		status, out := post(w.Key.Token, `{"create_contact_if_missing": true, "default_stage_id": "`+w.Offer+`", "default_currency": "USD", "deals": [
			{"title": "A", "contact_email": "ann@x.example", "contact_first_name": "Ann", "value": 12.50, "priority": "high", "source": "api", "tags": ["t"], "custom_fields": {"a": 1}, "external_id": "x"},
			{"title": "B", "contact_email": "ann@x.example", "value": "12.50"},
			{"title": "C", "contact_email": "ann@x.example", "colour": "red"},
			{"title": "D", "contact": {"email": "ann@x.example"}},
			{"title": "E", "contact_email": {"a": 1}}, 5, null, {"contact_email": "ann@x.example"},
			{"title": "F", "contact_email": "ann@x.example", "priority": "now"}, {"title": "G", "contact_email": "ann@x.example", "value": -1},
			{"title": "H", "contact_email": "ann@x.example", "external_id": "x"}, {"title": "I", "contact_email": "ann@x.example", "value": null, "products": [{"name": "Chair", "quantity": 2, "unit_price": 9.5}]},
			{"title": "J", "contact_email": "ann@x.example", "products": [{"name": "Chair", "quantity": "2", "unit_price": 9.5}]}]}`)
		require.Equal(t, 200, status)
		require.Equal(t, true, out["success"])
		require.Equal(t, false, out["all_succeeded"])
		require.Equal(t, map[string]any{"total": 13.0, "successful": 2.0, "failed": 11.0, "new_deals": 2.0, "skipped_existing": 0.0, "new_contacts_created": 1.0}, out["summary"])
		results := out["results"].([]any)
		wrong := func(i int) string {
			r := results[i].(map[string]any)
			require.Equal(t, float64(i), r["index"])
			require.Equal(t, false, r["success"])
			require.Nil(t, r["deal_id"])
			e := r["error"].(map[string]any)
			return fmt.Sprint(e["code"], " ", e["field"])
		}
		for i, want := range map[int]string{1: "VALIDATION_FAILED value", 2: "UNKNOWN_FIELD colour", 3: "UNKNOWN_FIELD contact", 4: "VALIDATION_FAILED contact_email", 5: "VALIDATION_FAILED <nil>",
			6: "VALIDATION_FAILED <nil>", 7: "VALIDATION_FAILED title", 8: "VALIDATION_FAILED priority", 9: "VALIDATION_FAILED value", 10: "DUPLICATE external_id", 12: "VALIDATION_FAILED products[0].quantity"} {
			assert.Equal(t, want, wrong(i))
		}
		first := results[0].(map[string]any)
		require.Equal(t, true, first["is_new_contact"])
		require.Equal(t, first["contact_id"], results[11].(map[string]any)["contact_id"])
		shown := servertest.Must[struct {
			Record struct {
				Title, Source, Priority string
				StageID                 string
				Value                   struct{ Amount, Currency string }
			}
		}](t, &w.Owner.Client, `query($i: ID!) { record(id: $i) { title source priority stageId value { amount currency } } }`, servertest.Vars{"i": first["deal_id"]}).Record
		require.Equal(t, "A API HIGH "+w.Offer+" {12.50 USD}", fmt.Sprint(shown.Title, " ", shown.Source, " ", shown.Priority, " ", shown.StageID, " ", shown.Value))

		refused := func(token, body, code string) map[string]any {
			status, out := post(token, body)
			require.NotEqual(t, 200, status)
			e := out["error"].(map[string]any)
			require.Equal(t, code, e["code"])
			return e
		}
		refused(w.Key.Token, `{"deals": []}`, "VALIDATION_FAILED")
		refused(w.Key.Token, `{"records": []}`, "UNKNOWN_FIELD")
		e := refused(w.Key.Token, `{"deals": [{}], "default_stage_id": "x"}`, "VALIDATION_FAILED")
		require.Equal(t, "default_stage_id", e["details"].([]any)[0].(map[string]any)["field"])
		many, err := json.Marshal(map[string]any{"deals": strangers(101)})
		require.NoError(t, err)
		e = refused(w.Key.Token, string(many), "BATCH_TOO_LARGE")
		require.Equal(t, "deals", e["details"].([]any)[0].(map[string]any)["field"])
		_, err = w.DB.Write.ExecContext(t.Context(), "UPDATE sessions SET read_only = TRUE WHERE id = '"+w.Ben.Viewer.CredentialID+"'")
		require.NoError(t, err)
		refused(w.Ben.Token, `{"deals": [{"title": "x", "contact_email": "ann@x.example"}]}`, "FORBIDDEN")
		refused("tbk_nobody", `{"deals": []}`, "INVALID_API_KEY")
		require.Equal(t, "2", count(t, w, "SELECT count(*) FROM records"))
		_, named := post(w.Key.Token, `{"deals": [{"title": "K", "contact_email": "ann@x.example", "assignee_id": "`+w.Ben.ID+`"},
			{"title": "L", "contact_email": "ann@x.example", "owner_id": "`+w.Ben.ID+`", "assignee_id": "`+w.Chloe.ID+`"}]}`)
		owned, torn := named["results"].([]any)[0].(map[string]any), named["results"].([]any)[1].(map[string]any)
		require.Equal(t, w.Ben.ID, servertest.Must[struct{ Record struct{ OwnerID string } }](t, &w.Owner.Client,
			`query($i: ID!) { record(id: $i) { ownerId } }`, servertest.Vars{"i": owned["deal_id"]}).Record.OwnerID)
		require.Equal(t, "assignee_id", torn["error"].(map[string]any)["field"], "two words for one thing must not disagree")
	})
}

// postDeals sends a body to POST /api/deals/bulk.
func postDeals(t *testing.T, w *servertest.World, token, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", w.URL+"/api/deals/bulk", bytes.NewReader([]byte(body)))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	var out map[string]any
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&out))
	return resp.StatusCode, out
}

// TestDealsAreReadToTheLetter: a field has one spelling and is given once, in the envelope and in each row; what is wrong is
// called what the caller called it.
func TestDealsAreReadToTheLetter(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		row := `{"title": "A", "contact_email": "ann@x.example"}`
		for body, want := range map[string]string{
			`{"DEALS": [` + row + `]}`:                                                             "UNKNOWN_FIELD DEALS",
			`{"deals": [` + row + `], "Skip_If_Exists": true}`:                                     "UNKNOWN_FIELD Skip_If_Exists",
			`{"deals": [` + row + `], "deals": []}`:                                                "VALIDATION_FAILED deals",
			`{"deals": [` + row + `], "skip_if_exists": true, "\u0073kip_if_exists": false}`:       "VALIDATION_FAILED skip_if_exists",
			`{"deals": [` + row + `], "create_contact_if_missing": true, "default_stage_id": "x"}`: "VALIDATION_FAILED default_stage_id",
		} {
			status, out := postDeals(t, w, w.Key.Token, body)
			require.Equal(t, 400, status, body)
			e := out["error"].(map[string]any)
			assert.Equal(t, want, fmt.Sprint(e["code"], " ", e["details"].([]any)[0].(map[string]any)["field"]))
			assert.NotContains(t, e["message"], "input.")
		}
		for _, c := range [][2]string{
			{`"Title": "B"`, "UNKNOWN_FIELD Title"},
			{`"title": "B"`, "VALIDATION_FAILED title"},
			{`"contact\u017f": "B"`, "UNKNOWN_FIELD contact\u017f"},
			{`"products": [{"name": "a", "quantity": 1, "unit_price": 1}, {"name": "b", "quantity": 1, "unit_price": -1}]`, "VALIDATION_FAILED products[1].unit_price"},
			{`"products": [{"name": "a", "quantity": 1, "unit_price": "1"}]`, "VALIDATION_FAILED products[0].unit_price"},
			{`"products": [{"name": "a", "quantity": 1, "unit_price": 1, "Name": "b"}]`, "UNKNOWN_FIELD products[0].Name"},
			{`"products": [{"name": "a", "quantity": 1, "unit_price": 1, "name": "b"}]`, "VALIDATION_FAILED products[0].name"},
			{`"products": [null]`, "VALIDATION_FAILED products[0]"},
			{`"custom_fields": {"a": 1, "b": {"c": 1, "c": 2}}`, "VALIDATION_FAILED custom_fields.b.c"},
			{`"assignee_id": "` + w.Pipeline + `"`, "VALIDATION_FAILED assignee_id"},
			{`"priority": "now"`, "VALIDATION_FAILED priority"},
		} {
			_, out := postDeals(t, w, w.Key.Token, `{"create_contact_if_missing": true, "deals": [{"title": "A", "contact_email": "ann@x.example", `+c[0]+`}]}`)
			e := out["results"].([]any)[0].(map[string]any)["error"].(map[string]any)
			assert.Equal(t, c[1], fmt.Sprint(e["code"], " ", e["field"]), c[0])
		}
		_, out := postDeals(t, w, w.Key.Token, `{"create_contact_if_missing": true, "deals": [{"title": "", "contact_email": "ann@x.example", "products": [{"name": "", "quantity": 1, "unit_price": -1}]}]}`)
		e := out["results"].([]any)[0].(map[string]any)["error"].(map[string]any)
		require.Contains(t, e["message"], "; products[0].unit_price: ")
		require.NotContains(t, e["message"], "lineItems")
		require.Equal(t, "0", count(t, w, "SELECT count(*) FROM records"))
	})
}

// TestAValueIsAnyNumber: however JSON writes it; one beyond the limits is refused, and so is one in quotes.
func TestAValueIsAnyNumber(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		for sent, want := range map[string]string{"1e3": "1000.00", "1.25E+1": "12.50", "125e-1": "12.50", "1000.0": "1000.00", "-0": "0.00", "0e400": "0.00",
			"1e400": "", "1e14": "", "1e-3": "", "1e999999999999999999999": "", "-1e2": "", `"1e3"`: "", `"1000"`: "", "true": ""} {
			_, out := postDeals(t, w, w.Key.Token, `{"create_contact_if_missing": true, "default_currency": "EUR", "deals": [{"title": "A", "contact_email": "ann@x.example", "value": `+sent+`}]}`)
			result := out["results"].([]any)[0].(map[string]any)
			if want == "" {
				require.Equal(t, "value", result["error"].(map[string]any)["field"], sent)
				continue
			}
			require.Equal(t, true, result["success"], sent)
			got := servertest.Must[struct {
				Record struct{ Value struct{ Amount string } }
			}](t, &w.Owner.Client,
				`query($i: ID!) { record(id: $i) { value { amount } } }`, servertest.Vars{"i": result["deal_id"]}).Record.Value.Amount
			require.Equal(t, want, got, sent)
		}
	})
}
