package servertest

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/partner/simulator"
)

// Partner is a simulated partner on a port of its own. It ends with the test.
type Partner struct {
	*simulator.Simulator
	URL string
}

// StartPartner runs a partner that knows no workspace yet.
func StartPartner(t testing.TB, now func() time.Time) *Partner {
	t.Helper()
	s := simulator.New(simulator.Config{Now: now})
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Clear(0) // answers that hang are given
		h.CloseClientConnections()
		h.Close()
	})
	return &Partner{s, h.URL}
}

// Eligible puts a workspace in good standing, with its owner rb_owner and an agent rb_ben, whose addresses are owner@ and
// ben@ the id's own domain.
func (p *Partner) Eligible(id string) {
	at := id + ".example.com"
	p.Put(simulator.Workspace{ID: id, Name: "The " + id, Slug: id, Timezone: "Europe/Berlin", Currency: "EUR", Country: "DE", Locale: "en",
		Plan: simulator.Plan{Code: "pro", Status: "active"}, Owner: simulator.Owner{MemberID: "rb_owner", FirstName: "Olivia", LastName: "Owner", Email: "owner@" + at},
		Members: []simulator.Member{
			{ID: "rb_owner", FirstName: "Olivia", LastName: "Owner", Email: "owner@" + at, Role: "owner", IsActive: true},
			{ID: "rb_amara", FirstName: "Amara", LastName: "Admin", Email: "amara@" + at, Role: "admin", IsActive: true},
			{ID: "rb_ben", FirstName: "Ben", LastName: "Agent", Email: "ben@" + at, Role: "agent", IsActive: true},
			{ID: "rb_gone", FirstName: "Gil", LastName: "Gone", Email: "gil@" + at, Role: "agent"}}})
}

// Ask has a server ask this partner, without waiting between tries.
func (p *Partner) Ask(c *app.Config) {
	c.Partner.BaseURL = p.URL
	c.Partner.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
}

// Clock is a clock that tests set.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock makes a clock that stands still.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now gives the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Pass lets time pass.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
