package partner_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/partner/simulator"
)

// clock is a time that stands until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// rig is a client before a simulator, over real HTTP. Its pauses take no time and are written down.
type rig struct {
	*partner.Client
	sim    *simulator.Simulator
	clock  *clock
	url    string
	heard  chan string // more than a test asks, so that the simulator never waits
	log    *bytes.Buffer
	mu     sync.Mutex
	pauses []time.Duration
}

func (r *rig) waited() []time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]time.Duration(nil), r.pauses...)
}

const token = "deployment-token-1"

func rigged(t *testing.T, change ...func(*partner.Config)) *rig {
	t.Helper()
	r := &rig{clock: &clock{at: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}, heard: make(chan string, 10_000), log: &bytes.Buffer{}}
	r.sim = simulator.Demo(simulator.Config{Token: token, Now: r.clock.now, Heard: func(route string) { r.heard <- route }})
	server := httptest.NewServer(r.sim)
	t.Cleanup(server.Close)
	t.Cleanup(func() { r.sim.Clear(0) })
	r.url = server.URL
	c := partner.Config{BaseURL: server.URL + "/", Token: token, Now: r.clock.now, Logger: slog.New(slog.NewTextHandler(r.log, nil)),
		// Nothing but a fault makes an attempt end early, however slow the machine is.
		Connect: time.Minute, Attempt: time.Minute,
		Jitter: func(below time.Duration) time.Duration { return below - 1 },
		Sleep: func(ctx context.Context, d time.Duration) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.pauses = append(r.pauses, d)
			return ctx.Err()
		}}
	for _, f := range change {
		f(&c)
	}
	var err error
	r.Client, err = partner.New(c)
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r
}

// inject adds a fault that must be a good one.
func (r *rig) inject(t *testing.T, f simulator.Fault) {
	t.Helper()
	_, err := r.sim.Inject(f)
	require.NoError(t, err)
}

func TestAWorkspaceIsToldAsThePartnerHasIt(t *testing.T) {
	r := rigged(t)
	w, err := r.Workspace(t.Context(), "demo")
	require.NoError(t, err)
	paid := r.clock.now().AddDate(0, 0, 300)
	assert.Equal(t, &partner.Workspace{ID: "demo", Name: "Harbour & Co", Slug: "harbour-and-co", Timezone: "Europe/Berlin", Currency: "EUR",
		Country: "DE", Locale: "en", PlanCode: "pro", PlanStatus: "active", PaidThrough: &paid,
		Owner: partner.Person{MemberID: "rb_olivia", FirstName: "Olivia", LastName: "Hart", Email: "olivia.hart@example.com"}, CheckedAt: r.clock.now()}, w)
	at, ok := r.Reached()
	assert.True(t, ok)
	assert.Equal(t, r.clock.now(), at)

	w, err = r.Workspace(t.Context(), "demo-paused")
	require.NoError(t, err)
	assert.True(t, w.Paused)
	assert.Equal(t, r.clock.now().AddDate(0, 0, 14), *w.TrialEndsAt)

	w, err = r.Workspace(t.Context(), "demo-no-mail")
	require.NoError(t, err)
	assert.Empty(t, w.Owner.Email)
}

// TestAnIDThatCanBeNoneIsLikeOneThatIsUnknown also shows which ids the partner hears of at all.
func TestAnIDThatCanBeNoneIsLikeOneThatIsUnknown(t *testing.T) {
	r := rigged(t)
	for id, asks := range map[string]int{
		"nobody": 1, "a b": 1, "a/b": 1, "../demo": 1, "x/../demo": 1, "demo?x=1": 1, "demo#x": 1, "demo%2F": 1, "Ω": 1, "demo/members": 1, "...": 1,
		string(bytes.Repeat([]byte("x"), 64)): 1, string(bytes.Repeat([]byte("x"), 65)): 0,
		"": 0, ".": 0, "..": 0, "demo\x00": 0, "demo\n": 0, "demo\x7f": 0, "\u0085": 0, "\xff": 0,
	} {
		r.sim.ClearAsked()
		_, err := r.Workspace(t.Context(), id)
		assert.Equal(t, partner.ErrNotFound, err, "%q", id)
		assert.Equal(t, asks, r.sim.Asked(simulator.RouteWorkspace), "%q", id)
		assert.Equal(t, asks, r.sim.Asked(""), "%q", id)
		_, err = r.Members(t.Context(), id, partner.MemberQuery{})
		assert.Equal(t, partner.ErrNotFound, err, "%q", id)
		_, err = r.Subscribers(t.Context(), id, partner.SubscriberQuery{Key: simulator.DemoKey})
		assert.Equal(t, partner.ErrNotFound, err, "%q", id)
		assert.Equal(t, partner.ErrNotFound, r.CheckKey(t.Context(), id, simulator.DemoKey), "%q", id)
	}
}

func TestAnIDWithASlashIsAnID(t *testing.T) {
	r := rigged(t)
	r.sim.Put(simulator.Workspace{ID: "a/b c?#%", Name: "Odd", Plan: simulator.Plan{Code: "pro", Status: "active"}})
	w, err := r.Workspace(t.Context(), "a/b c?#%")
	require.NoError(t, err)
	assert.Equal(t, "Odd", w.Name)
}

func TestKeysAreChecked(t *testing.T) {
	r := rigged(t)
	require.NoError(t, r.CheckKey(t.Context(), "demo", simulator.DemoKey))
	for _, key := range []string{"rbk_demo-paused", "x", "", "a b", "a\r\nX-Evil: 1", "ü", string(bytes.Repeat([]byte("x"), 257))} {
		assert.Equal(t, partner.ErrKeyRefused, r.CheckKey(t.Context(), "demo", key), "%q", key)
		_, err := r.Subscribers(t.Context(), "demo", partner.SubscriberQuery{Key: key})
		assert.Equal(t, partner.ErrKeyRefused, err, "%q", key)
	}
	// A key that is good elsewhere is not taken because the partner mixes up workspaces.
	r.inject(t, simulator.Fault{Kind: simulator.FaultBody, Body: `{"workspace_id":"demo-paused"}`})
	assert.ErrorIs(t, r.CheckKey(t.Context(), "demo", "x"), partner.ErrUnavailable)
}

func TestTheDeploymentsTokenIsNoKey(t *testing.T) {
	r := rigged(t, func(c *partner.Config) { c.Token = "another" })
	for _, err := range everyCall(t, r) {
		assert.ErrorIs(t, err, partner.ErrUnavailable)
		assert.NotErrorIs(t, err, partner.ErrKeyRefused)
		assert.NotErrorIs(t, err, partner.ErrNotFound)
		assert.ErrorContains(t, err, "token is refused")
	}
}

// everyCall makes one call of each kind and gives what became of it, by route.
func everyCall(t *testing.T, r *rig) map[string]error {
	t.Helper()
	_, workspace := r.Workspace(t.Context(), "demo")
	_, members := r.Members(t.Context(), "demo", partner.MemberQuery{})
	_, subscribers := r.Subscribers(t.Context(), "demo", partner.SubscriberQuery{Key: simulator.DemoKey})
	return map[string]error{
		simulator.RouteWorkspace: workspace, simulator.RouteMembers: members, simulator.RouteSubscribers: subscribers,
		simulator.RouteKey:   r.CheckKey(t.Context(), "demo", simulator.DemoKey),
		simulator.RouteMails: r.SendMail(t.Context(), mail("k1")),
	}
}

func mail(key string) partner.Mail {
	return partner.Mail{To: "olivia.hart@example.com", Subject: "Your code", Text: "secret-mail-text 123456", HTML: "<p>secret-mail-html", Key: key}
}

func TestAddressesThatAreNoneAreRefused(t *testing.T) {
	for _, address := range []string{"", "rapidbott.example", "ftp://x", "http://", "https://user:pa55@x", "https://x?a=1", "https://x?", "https://x#a", "http://[::1", "http://x\x7f"} {
		_, err := partner.New(partner.Config{BaseURL: address})
		if assert.Error(t, err, "%q", address) {
			assert.NotContains(t, err.Error(), "pa55")
		}
	}
	_, err := partner.New(partner.Config{BaseURL: "http://x", Token: "a\nb"})
	assert.Error(t, err)
	_, err = partner.New(partner.Config{BaseURL: "https://x/some/path/"})
	assert.NoError(t, err)
}
