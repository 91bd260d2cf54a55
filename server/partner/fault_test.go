package partner_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/partner/simulator"
)

// TestEveryFaultIsUnavailable tries each way to fail on each route: never a "no", never an answer, and as many
// attempts as may help. A mail without a key is handed over once.
func TestEveryFaultIsUnavailable(t *testing.T) {
	for name, f := range map[string]struct {
		simulator.Fault
		attempts int
	}{
		"500":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 500}, 3},
		"503":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 503}, 3},
		"429":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 429}, 3},
		"a plain 404":       {simulator.Fault{Kind: simulator.FaultStatus, Status: 404}, 1},
		"a plain 403":       {simulator.Fault{Kind: simulator.FaultStatus, Status: 403}, 1},
		"401":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 401}, 1},
		"400":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 400}, 1},
		"422":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 422}, 1},
		"204":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 204}, 1},
		"a cut":             {simulator.Fault{Kind: simulator.FaultCut}, 3},
		"a cut answer":      {simulator.Fault{Kind: simulator.FaultTruncate}, 3},
		"garbage":           {simulator.Fault{Kind: simulator.FaultGarbage}, 3},
		"an empty answer":   {simulator.Fault{Kind: simulator.FaultBody, Body: ""}, 3},
		"two answers":       {simulator.Fault{Kind: simulator.FaultBody, Body: "{}{}"}, 3},
		"no UTF-8":          {simulator.Fault{Kind: simulator.FaultBody, Body: "{\"id\":\"\xff\"}"}, 3},
		"a deep answer":     {simulator.Fault{Kind: simulator.FaultBody, Body: strings.Repeat("[", 20000) + strings.Repeat("]", 20000)}, 3},
		"null":              {simulator.Fault{Kind: simulator.FaultBody, Body: "null"}, 1},
		"a list":            {simulator.Fault{Kind: simulator.FaultBody, Body: "[]"}, 1},
		"nothing in it":     {simulator.Fault{Kind: simulator.FaultBody, Body: "{}"}, 1},
		"wrong types":       {simulator.Fault{Kind: simulator.FaultTypes}, 1},
		"a huge answer":     {simulator.Fault{Kind: simulator.FaultHuge}, 1},
		"a redirect":        {simulator.Fault{Kind: simulator.FaultRedirect, Location: "/v1/workspaces/demo"}, 1},
		"a broken redirect": {simulator.Fault{Kind: simulator.FaultRedirect, Location: "http://[secret"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := rigged(t, func(c *partner.Config) { c.Failures = 1000 })
			r.inject(t, f.Fault)
			for route, err := range everyCall(t, r) {
				assert.ErrorIs(t, err, partner.ErrUnavailable, route)
				for _, no := range []error{partner.ErrNotFound, partner.ErrKeyRefused, partner.ErrMailRefused} {
					assert.NotErrorIs(t, err, no, route)
				}
				assert.Equal(t, f.attempts, r.sim.Asked(route), route)
				harmless(t, r, err)
			}
			assert.ErrorIs(t, r.SendMail(t.Context(), mail("")), partner.ErrUnavailable)
			assert.Equal(t, f.attempts+1, r.sim.Asked(simulator.RouteMails), "a mail without a key is handed over once")
			keyed := 0 // a partner may take a mail and fail to say so, but takes a key once
			for _, m := range r.sim.Mails() {
				if m.Key == "k1" {
					keyed++
				}
			}
			assert.LessOrEqual(t, keyed, 1)
			r.sim.Clear(0)
			for route, err := range everyCall(t, r) {
				assert.NoError(t, err, route)
			}
		})
	}
}

// harmless looks for what must not be told in an error or in the log.
func harmless(t *testing.T, r *rig, err error) {
	t.Helper()
	for _, secret := range []string{simulator.DemoKey, token, "secret", "123456", "olivia", "Harbour", "doctype", "FAULT", "be back soon"} {
		assert.NotContains(t, err.Error(), secret)
		assert.NotContains(t, r.log.String(), secret)
	}
}

// TestAnAnswerAboutAnotherWorkspaceIsNone: also when it says that there is no such one, or refuses its key.
func TestAnAnswerAboutAnotherWorkspaceIsNone(t *testing.T) {
	for _, other := range []string{"demo-paused", "demo-free", "nobody"} {
		r := rigged(t, func(c *partner.Config) { c.Failures = 1 })
		r.inject(t, simulator.Fault{Kind: simulator.FaultOther, Instead: other})
		for route, err := range everyCall(t, r) {
			if route == simulator.RouteMails {
				assert.NoError(t, err)
				continue
			}
			assert.ErrorIs(t, err, partner.ErrUnavailable, "%s %s", route, other)
			assert.NotErrorIs(t, err, partner.ErrNotFound, "%s %s", route, other)
			assert.NotErrorIs(t, err, partner.ErrKeyRefused, "%s %s", route, other)
			assert.Equal(t, 1, r.sim.Asked(route), "the circuit stays closed")
		}
	}
}

func TestWhatComesBackAfterAFaultIsTaken(t *testing.T) {
	for _, f := range []simulator.Fault{{Kind: simulator.FaultStatus, Status: 502}, {Kind: simulator.FaultCut}, {Kind: simulator.FaultTruncate}, {Kind: simulator.FaultGarbage}} {
		r := rigged(t)
		f.Times = 2
		r.inject(t, f)
		w, err := r.Workspace(t.Context(), "demo")
		require.NoError(t, err, f.Kind)
		assert.Equal(t, "Harbour & Co", w.Name)
		assert.Equal(t, 3, r.sim.Asked(""))
		assert.Equal(t, []time.Duration{200*time.Millisecond - 1, 400*time.Millisecond - 1}, r.waited(), "the bound doubles")
	}
}

func TestRetryAfterIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		header   string
		attempts int
		pauses   []time.Duration
	}{
		"seconds":        {"3", 3, []time.Duration{3 * time.Second, 3 * time.Second}},
		"a date":         {"Wed, 04 Mar 2026 05:06:11 GMT", 3, []time.Duration{4 * time.Second, 4 * time.Second}},
		"a past date":    {"Wed, 04 Mar 2026 05:06:00 GMT", 3, []time.Duration{200*time.Millisecond - 1, 400*time.Millisecond - 1}},
		"nothing":        {"0", 3, []time.Duration{200*time.Millisecond - 1, 400*time.Millisecond - 1}},
		"nonsense":       {"soon", 3, []time.Duration{200*time.Millisecond - 1, 400*time.Millisecond - 1}},
		"too long":       {"6", 1, nil},
		"for ever":       {"4294967295", 1, nil},
		"a distant date": {"Fri, 31 Dec 9999 23:59:59 GMT", 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := rigged(t)
			r.inject(t, simulator.Fault{Kind: simulator.FaultStatus, Status: 429, RetryAfter: c.header})
			_, err := r.Workspace(t.Context(), "demo")
			assert.ErrorIs(t, err, partner.ErrUnavailable)
			assert.Equal(t, c.attempts, r.sim.Asked(""))
			assert.Equal(t, c.pauses, r.waited())
		})
	}
}

func TestAPartnerThatIsNotThere(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	r := rigged(t, func(c *partner.Config) { c.BaseURL = "http://" + l.Addr().String() })
	_, err = r.Workspace(t.Context(), "demo")
	assert.ErrorIs(t, err, partner.ErrUnavailable)
	var op *net.OpError
	assert.ErrorAs(t, err, &op)
	assert.Len(t, r.waited(), 2)
	_, ok := r.Reached()
	assert.False(t, ok)
}

// TestAnAttemptEnds: the partner says nothing, for as long as it takes.
func TestAnAttemptEnds(t *testing.T) {
	r := rigged(t, func(c *partner.Config) { c.Attempt = 20 * time.Millisecond })
	r.inject(t, simulator.Fault{Kind: simulator.FaultHang})
	_, err := r.Workspace(t.Context(), "demo")
	assert.ErrorIs(t, err, partner.ErrUnavailable)
	assert.ErrorContains(t, err, "no answer in time")
	assert.Len(t, r.waited(), 2, "it was asked again, twice")
}

func TestASlowAnswerIsTaken(t *testing.T) {
	r := rigged(t)
	r.inject(t, simulator.Fault{Kind: simulator.FaultSlow, DelayMS: 30})
	_, err := r.Workspace(t.Context(), "demo")
	assert.NoError(t, err)
}

// TestACallerMayGo: the call ends at once, is no failure of the partner's, and is not repeated.
func TestACallerMayGo(t *testing.T) {
	r := rigged(t, func(c *partner.Config) { c.Failures = 1 })
	r.inject(t, simulator.Fault{Kind: simulator.FaultHang, Times: 1})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1) // the one result
	go func() {
		_, err := r.Workspace(ctx, "demo")
		done <- err
	}()
	<-r.heard
	cancel()
	err := <-done
	assert.ErrorIs(t, err, context.Canceled)
	assert.NotErrorIs(t, err, partner.ErrUnavailable)

	// A caller whose time is up learns that there was no answer.
	late, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	_, err = r.Workspace(late, "demo")
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	assert.ErrorIs(t, err, partner.ErrUnavailable)

	_, err = r.Workspace(t.Context(), "demo")
	assert.NoError(t, err, "the circuit opens after one failure, and none of these was one")
}

func TestACallerMayGoBetweenAttempts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := rigged(t, func(c *partner.Config) {
		c.Sleep = func(ctx context.Context, _ time.Duration) error {
			cancel()
			return ctx.Err()
		}
	})
	r.inject(t, simulator.Fault{Kind: simulator.FaultStatus, Status: 500})
	_, err := r.Workspace(ctx, "demo")
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, r.sim.Asked(""))
}

func TestAPlanThatChanges(t *testing.T) {
	r := rigged(t)
	r.inject(t, simulator.Fault{Kind: simulator.FaultPlan, Plan: &simulator.Plan{Code: "free", Status: "active"}, Times: 1})
	r.inject(t, simulator.Fault{Kind: simulator.FaultPass, Times: 1})
	r.inject(t, simulator.Fault{Kind: simulator.FaultPlan, Plan: &simulator.Plan{Code: "pro", Status: "cancelled"}})
	var said []string
	for range 4 {
		w, err := r.Workspace(t.Context(), "demo")
		require.NoError(t, err)
		said = append(said, w.PlanCode+" "+w.PlanStatus)
	}
	assert.Equal(t, []string{"free active", "pro active", "pro cancelled", "pro cancelled"}, said)
}

// TestWorkspacesThatBreakTheContract are answers with one thing wrong.
func TestWorkspacesThatBreakTheContract(t *testing.T) {
	good := `{"id":"demo","name":"N","paused":false,"plan":{"code":"pro","status":"active","paid_through":null},"trial_ends_at":null,"owner":{"email":"odd @@"}}`
	long := strings.Repeat("x", 401)
	r := rigged(t)
	set := func(body string) (*partner.Workspace, error) {
		r.sim.Clear(0)
		r.inject(t, simulator.Fault{Kind: simulator.FaultBody, Body: body})
		return r.Workspace(t.Context(), "demo")
	}
	w, err := set(good)
	require.NoError(t, err)
	assert.Equal(t, "odd @@", w.Owner.Email, "an address is kept as it is")
	_, err = set(strings.Replace(good, `{"id"`, `{"new":{"a":[1]},"id"`, 1))
	require.NoError(t, err, "the partner may add fields")
	for _, change := range [][2]string{
		{`"id":"demo"`, `"id":"DEMO"`}, {`"id":"demo",`, ``}, {`"id":"demo"`, `"id":"demo "`}, {`"id":"demo"`, `"id":["demo"]`},
		{`"name":"N",`, ``}, {`"N"`, `""`}, {`"N"`, `"` + long + `"`}, {`"N"`, `"\u0000"`},
		{`"paused":false,`, ``}, {`false`, `null`}, {`false`, `"false"`}, {`false`, `0`},
		{`"pro"`, `""`}, {`"pro"`, `null`}, {`"active"`, `null`}, {`"active"`, `true`}, {`"plan":{`, `"plan":null,"x":{`}, {`"code":"pro",`, ``},
		{`"paid_through":null`, `"paid_through":"tomorrow"`}, {`"paid_through":null`, `"paid_through":1767225600`}, {`"paid_through":null`, `"paid_through":"2026-01-01"`},
		{`"trial_ends_at":null`, `"trial_ends_at":"2026-13-01T00:00:00Z"`}, {`"trial_ends_at":null`, `"trial_ends_at":""`},
		{`"owner":{`, `"owner":null,"x":{`}, {`"email":"odd @@"`, `"email":"` + long + `"`}, {`"email":"odd @@"`, `"member_id":"a\n"`}, {`"email":"odd @@"`, `"email":["a"]`},
		{`"name":"N"`, `"name":"N","currency":"eur"`}, {`"name":"N"`, `"name":"N","currency":"EURO"`}, {`"name":"N"`, `"name":"N","country":"D"`}, {`"name":"N"`, `"name":"N","timezone":"` + long + `"`},
	} {
		body := strings.Replace(good, change[0], change[1], 1)
		require.NotEqual(t, good, body, change[0])
		_, err := set(body)
		assert.ErrorIs(t, err, partner.ErrUnavailable, body)
		assert.NotErrorIs(t, err, partner.ErrNotFound, body)
	}
}

// TestARedirectIsNotFollowed: the deployment's token goes to nobody else.
func TestARedirectIsNotFollowed(t *testing.T) {
	r, trap := rigged(t), rigged(t)
	r.inject(t, simulator.Fault{Kind: simulator.FaultRedirect, Location: trap.url + "/v1/workspaces/demo"})
	_, err := r.Workspace(t.Context(), "demo")
	assert.ErrorIs(t, err, partner.ErrUnavailable)
	assert.ErrorContains(t, err, "status 307")
	assert.Zero(t, trap.sim.Asked(""))
	assert.Equal(t, 1, r.sim.Asked(""))
}
