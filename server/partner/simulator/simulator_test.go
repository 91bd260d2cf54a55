package simulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/partner/simulator"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

type rig struct {
	*simulator.Simulator
	url string
}

func serve(t *testing.T) *rig {
	t.Helper()
	s := simulator.Demo(simulator.Config{Now: func() time.Time { return noon }})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Cleanup(func() { s.Clear(0) })
	return &rig{s, server.URL}
}

// ask sends a request and gives status and body.
func (r *rig) ask(t *testing.T, method, path, body string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

// TestTheContractOnTheWire is what docs/partner.md shows.
func TestTheContractOnTheWire(t *testing.T) {
	r := serve(t)
	status, body := r.ask(t, "GET", "/v1/workspaces/demo", "")
	assert.Equal(t, 200, status)
	assert.JSONEq(t, `{"id":"demo","name":"Harbour & Co","slug":"harbour-and-co","timezone":"Europe/Berlin","currency":"EUR","country":"DE","locale":"en","paused":false,
		"plan":{"code":"pro","status":"active","paid_through":"2026-12-29T12:00:00Z"},"trial_ends_at":null,
		"owner":{"member_id":"rb_olivia","first_name":"Olivia","last_name":"Hart","email":"olivia.hart@example.com"}}`, body)
	status, body = r.ask(t, "GET", "/v1/workspaces/nobody", "")
	assert.Equal(t, 404, status)
	assert.JSONEq(t, `{"error":{"code":"WORKSPACE_NOT_FOUND","workspace_id":"nobody"}}`, body)
	status, body = r.ask(t, "GET", "/v1/workspaces/demo/members?page=2&limit=2&role=agent", "")
	assert.Equal(t, 200, status)
	assert.JSONEq(t, `{"workspace_id":"demo","items":[],"total":2,"page":2,"limit":2,"total_pages":1}`, body)
	status, _ = r.ask(t, "GET", "/v1/workspaces/demo/members?limit=201", "")
	assert.Equal(t, 400, status)
	status, body = r.ask(t, "GET", "/v1/workspaces/demo/key", "", "X-Workspace-Key", "x")
	assert.Equal(t, 403, status)
	assert.JSONEq(t, `{"error":{"code":"KEY_REFUSED","workspace_id":"demo"}}`, body)
	status, body = r.ask(t, "GET", "/v1/workspaces/demo/key", "", "X-Workspace-Key", simulator.DemoKey)
	assert.Equal(t, 200, status)
	assert.JSONEq(t, `{"workspace_id":"demo"}`, body)
	status, _ = r.ask(t, "GET", "/v1/workspaces/demo/subscribers", "")
	assert.Equal(t, 403, status)
	status, body = r.ask(t, "GET", "/v1/elsewhere", "")
	assert.Equal(t, 404, status)
	assert.NotContains(t, body, "WORKSPACE_NOT_FOUND")
	status, body = r.ask(t, "POST", "/v1/mails", `{"to":"a@example.com","subject":"s","text":"t"}`, "Idempotency-Key", "k")
	assert.Equal(t, 202, status)
	assert.JSONEq(t, `{"accepted":true}`, body)
	status, body = r.ask(t, "POST", "/v1/mails", `{"to":"a@example.com","subject":"s","text":"other"}`, "Idempotency-Key", "k")
	assert.Equal(t, 409, status)
	assert.JSONEq(t, `{"error":{"code":"MAIL_KEY_REUSED"}}`, body)
	status, body = r.ask(t, "POST", "/v1/mails", `{"to":"nobody","subject":"s","text":"t"}`)
	assert.Equal(t, 422, status)
	assert.JSONEq(t, `{"error":{"code":"MAIL_REFUSED"}}`, body)
}

// TestThereIsAWorkspaceForEachReason names what the demo is asked for.
func TestThereIsAWorkspaceForEachReason(t *testing.T) {
	r := serve(t)
	said := map[string]string{}
	for _, w := range r.State().Workspaces {
		text := w.Plan.Code + " " + w.Plan.Status
		for name, at := range map[string]*time.Time{" paid": w.Plan.PaidThrough, " trial": w.TrialEndsAt} {
			if at != nil && at.After(noon) {
				text += name
			}
		}
		if w.Paused {
			text = "paused"
		}
		if w.Owner.Email == "" {
			text += " without mail"
		}
		said[strings.TrimPrefix(w.ID, "demo")] = text
	}
	assert.Equal(t, map[string]string{"": "pro active paid", "-trial": "free active trial", "-cancelled": "pro cancelled paid", "-past-due": "pro past_due paid",
		"-paused": "paused", "-free": "free active", "-trial-over": "free active", "-starter": "starter active paid", "-over": "pro cancelled", "-no-mail": "pro active paid without mail"}, said)
	assert.Equal(t, r.State(), simulator.Demo(simulator.Config{Now: func() time.Time { return noon }}).State(), "the same each time")
}

func TestTheStateIsScriptedOverHTTP(t *testing.T) {
	r := serve(t)
	status, _ := r.ask(t, "PATCH", "/_sim/workspaces/demo", `{"paused":true,"plan":{"status":"cancelled"},"members":[{"id":"m1","role":"owner"}]}`)
	assert.Equal(t, 204, status)
	w, _ := r.Workspace("demo")
	assert.True(t, w.Paused)
	assert.Equal(t, "pro cancelled", w.Plan.Code+" "+w.Plan.Status)
	assert.Equal(t, []simulator.Member{{ID: "m1", Role: "owner"}}, w.Members)
	assert.Len(t, w.Subscribers, 480)
	for _, bad := range []string{`{"pausd":true}`, `{"paused":"yes"}`, `nonsense`, ``, `[]`} {
		status, _ = r.ask(t, "PATCH", "/_sim/workspaces/demo", bad)
		assert.Equal(t, 400, status, bad)
	}
	again, _ := r.Workspace("demo")
	assert.Equal(t, w, again, "what is refused changes nothing")
	status, _ = r.ask(t, "PATCH", "/_sim/workspaces/nobody", `{}`)
	assert.Equal(t, 404, status)

	status, _ = r.ask(t, "PUT", "/_sim/workspaces/new", `{"id":"other","name":"New","plan":{"code":"pro","status":"active"}}`)
	assert.Equal(t, 204, status)
	status, body := r.ask(t, "GET", "/v1/workspaces/new", "")
	assert.Equal(t, 200, status)
	assert.Contains(t, body, `"id":"new"`)
	status, _ = r.ask(t, "DELETE", "/_sim/workspaces/new", "")
	assert.Equal(t, 204, status)
	status, _ = r.ask(t, "GET", "/_sim/workspaces/new", "")
	assert.Equal(t, 404, status)

	before := r.State()
	status, body = r.ask(t, "GET", "/_sim/state", "")
	assert.Equal(t, 200, status)
	status, _ = r.ask(t, "PUT", "/_sim/state", `{"workspaces":[]}`)
	assert.Equal(t, 204, status)
	assert.Empty(t, r.State().Workspaces)
	status, _ = r.ask(t, "PUT", "/_sim/state", body)
	assert.Equal(t, 204, status)
	assert.Equal(t, before, r.State())

	status, _ = r.ask(t, "PUT", "/_sim/state", `{"workspaces":[]}`, "Sec-Fetch-Site", "cross-site")
	assert.Equal(t, 403, status, "no other site scripts it")
}

func TestMailsAreListed(t *testing.T) {
	r := serve(t)
	for _, to := range []string{"a@example.com", "b@example.com"} {
		status, _ := r.ask(t, "POST", "/v1/mails", `{"to":"`+to+`","subject":"s","text":"t"}`)
		require.Equal(t, 202, status)
	}
	_, body := r.ask(t, "GET", "/_sim/mails?to=B@example.com", "")
	assert.JSONEq(t, `{"mails":[{"key":"","to":"b@example.com","subject":"s","text":"t","html":"","taken_at":"2026-03-04T12:00:00Z"}]}`, body)
	r.ask(t, "DELETE", "/_sim/mails", "")
	_, body = r.ask(t, "GET", "/_sim/mails", "")
	assert.JSONEq(t, `{"mails":[]}`, body)
}

func TestFaultsAreScriptedOverHTTP(t *testing.T) {
	r := serve(t)
	for _, bad := range []string{`{"kind":"nonsense"}`, `{"kind":"status"}`, `{"kind":"cut","route":"GET /x"}`, `{"kind":"cut","times":-1}`, `{"kind":"plan"}`, `{"kind":"cut","x":1}`, `{"kind":"cut"}{}`} {
		status, _ := r.ask(t, "POST", "/_sim/faults", bad)
		assert.Equal(t, 400, status, bad)
	}
	for i, f := range []string{
		`{"kind":"status","status":503,"retry_after":"7","times":1,"workspace":"demo"}`,
		`{"kind":"garbage","route":"GET /v1/workspaces/{id}"}`,
	} {
		status, body := r.ask(t, "POST", "/_sim/faults", f)
		assert.Equal(t, 201, status)
		var made struct{ ID int }
		require.NoError(t, json.Unmarshal([]byte(body), &made))
		assert.Equal(t, i+1, made.ID)
	}
	status, _ := r.ask(t, "GET", "/v1/workspaces/demo-free", "")
	assert.Equal(t, 200, status)
	assert.Len(t, r.Faults(), 2, "the first is for another workspace")
	status, _ = r.ask(t, "GET", "/v1/workspaces/demo/members", "")
	assert.Equal(t, 503, status)
	status, _ = r.ask(t, "GET", "/v1/workspaces/demo/members", "")
	assert.Equal(t, 200, status, "it was for one answer, and the next is for another route")
	_, body := r.ask(t, "GET", "/v1/workspaces/demo", "")
	assert.Contains(t, body, "<!doctype")
	_, body = r.ask(t, "GET", "/_sim/faults", "")
	assert.JSONEq(t, `{"faults":[{"id":2,"kind":"garbage","route":"GET /v1/workspaces/{id}"}]}`, body)
	_, body = r.ask(t, "GET", "/_sim/asked", "")
	assert.JSONEq(t, `{"asked":{"GET /v1/workspaces/{id}":2,"GET /v1/workspaces/{id}/members":2,"GET /v1/workspaces/{id}/subscribers":0,"GET /v1/workspaces/{id}/key":0,"POST /v1/mails":0}}`, body)
	status, _ = r.ask(t, "DELETE", "/_sim/faults/2", "")
	assert.Equal(t, 204, status)
	_, body = r.ask(t, "GET", "/v1/workspaces/demo", "")
	assert.Contains(t, body, "Harbour")
	r.ask(t, "DELETE", "/_sim/asked", "")
	assert.Zero(t, r.Asked(""))
}

func TestWhatIsHandedInAndOutIsACopy(t *testing.T) {
	s := simulator.New(simulator.Config{})
	at := noon
	w := simulator.Workspace{ID: "a", TrialEndsAt: &at, Subscribers: []simulator.Subscriber{{ID: "s", Tags: []string{"t"}, Attributes: map[string]string{"k": "v"}}}}
	s.Put(w)
	change := func(w simulator.Workspace) {
		*w.TrialEndsAt = time.Time{}
		w.Subscribers[0].Tags[0], w.Subscribers[0].Attributes["k"] = "x", "x"
	}
	change(w)
	for range 2 {
		got, ok := s.Workspace("a")
		require.True(t, ok)
		assert.Equal(t, noon, *got.TrialEndsAt)
		assert.Equal(t, "t", got.Subscribers[0].Tags[0])
		assert.Equal(t, "v", got.Subscribers[0].Attributes["k"])
		change(got)
	}
	assert.False(t, s.Change("b", func(*simulator.Workspace) {}))
}
