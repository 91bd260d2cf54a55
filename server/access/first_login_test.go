package access_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/partner/simulator"
	"github.com/rapidbott/tideboard/server/servertest"
)

// TestTheFirstLoginFoundsTheWorkspace: with its owner and the starter board, in one commit.
func TestTheFirstLoginFoundsTheWorkspace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		r := d.login(t, "acme")
		c := servertest.Client{URL: d.URL, Token: r.Token}
		got := servertest.Must[struct {
			Viewer struct {
				Name      string
				Member    struct{ Email, Role string }
				Workspace struct{ Name, Slug, Timezone, DefaultCurrency, DefaultCountry, PartnerWorkspaceID string }
			}
			Pipelines []struct {
				ID, Name, Category string
				IsDefault          bool
				Stages             []struct {
					Name, Color, Kind  string
					DefaultProbability int
				}
			}
			Changes struct {
				Commits []struct {
					Actor   struct{ Kind, Name string }
					Changes []struct{ Kind string }
				}
			}
		}](t, &c, `{ viewer { name member { email role } workspace { name slug timezone defaultCurrency defaultCountry partnerWorkspaceId } }
			pipelines { id name category isDefault stages { name color kind defaultProbability } } changes { commits { actor { kind name } changes { kind } } } }`, nil)
		assert.Equal(t, "Olivia Owner owner@acme.example.com OWNER", got.Viewer.Name+" "+got.Viewer.Member.Email+" "+got.Viewer.Member.Role)
		w := got.Viewer.Workspace
		assert.Equal(t, []string{"The acme", "acme", "Europe/Berlin", "EUR", "DE", "acme"}, []string{w.Name, w.Slug, w.Timezone, w.DefaultCurrency, w.DefaultCountry, w.PartnerWorkspaceID})
		require.Len(t, got.Pipelines, 1)
		p := got.Pipelines[0]
		assert.Equal(t, "Sales Pipeline SALES", p.Name+" "+p.Category)
		assert.True(t, p.IsDefault)
		var stages []string
		for _, s := range p.Stages {
			stages = append(stages, s.Name+" "+s.Kind)
		}
		assert.Equal(t, []string{"Lead OPEN", "Qualified OPEN", "Proposal OPEN", "Negotiation OPEN", "Closed Won WON", "Closed Lost LOST"}, stages)
		assert.Equal(t, []int{10, 30, 50, 70, 100, 0}, []int{p.Stages[0].DefaultProbability, p.Stages[1].DefaultProbability, p.Stages[2].DefaultProbability,
			p.Stages[3].DefaultProbability, p.Stages[4].DefaultProbability, p.Stages[5].DefaultProbability})
		require.Len(t, got.Changes.Commits, 1, "one commit, or none is made by the login itself")
		require.Len(t, got.Changes.Commits[0].Changes, 9, "workspace, owner, pipeline and six stages")

		d.clock.Pass(2 * time.Hour)
		again := d.request(t, "10.0.0.1", "acme", "")
		require.Equal(t, 200, again.status)
		require.Equal(t, 1, d.count(t, "SELECT count(*) FROM pipelines"), "nothing is seeded again")

		type made struct {
			CreatePipeline struct{ Pipeline struct{ ID string } }
		}
		own := servertest.Must[made](t, &c, `mutation { createPipeline(input: {name: "Own", stages: [{name: "One"}]}) { pipeline { id } } }`, nil)
		servertest.Must[any](t, &c, `mutation($id: ID!, $own: ID!) { deletePipeline(input: {id: $id, newDefaultId: $own}) { revision } }`,
			servertest.Vars{"id": p.ID, "own": own.CreatePipeline.Pipeline.ID})
		d.clock.Pass(2 * time.Hour)
		d.login(t, "acme")
		require.Equal(t, 1, d.count(t, "SELECT count(*) FROM pipelines WHERE deleted_at IS NULL"), "nor after it was deleted")
	})
}

// TestTwoFirstLoginsAtOnce make one workspace and one board.
func TestTwoFirstLoginsAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		servers := []*desk{d, d.beside(t)}
		var all sync.WaitGroup
		for i := range 8 {
			token := d.token(t, claims(in{"sub": []string{"rb_owner", "rb_ben"}[i%2], "email": nil}))
			all.Go(func() {
				if r := servers[i/4].embed(t, token); r.status != 200 {
					t.Error(r.text)
				}
			})
		}
		all.Wait()
		for table, want := range map[string]int{"workspaces": 1, "pipelines": 1, "stages": 6, "members": 2, "sessions": 8} {
			assert.Equal(t, want, d.count(t, "SELECT count(*) FROM "+table), table)
		}
	})
}

// TestThePartnersListRules: a member follows it at each login, and the owner is whom the partner names.
func TestThePartnersListRules(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	d.login(t, "acme")
	require.Equal(t, 200, d.embed(t, d.token(t, claims())).status)
	d.partner.Change("acme", func(w *simulator.Workspace) {
		w.Members[2].LastName, w.Members[2].Role = "Renamed", "admin"
		w.Owner = simulator.Owner{MemberID: "rb_amara", FirstName: "Amara", LastName: "Admin", Email: "amara@acme.example.com"}
	})
	d.clock.Pass(6 * time.Minute)
	require.Equal(t, 200, d.embed(t, d.token(t, claims())).status)
	require.Equal(t, 1, d.count(t, "SELECT count(*) FROM members WHERE last_name = 'Renamed' AND role = 'AGENT' AND version = 2"), "a role is given here")
	r := d.embed(t, d.token(t, claims(in{"sub": "rb_amara", "email": nil})))
	require.Equal(t, "OWNER", r.Role, r.text)
	require.Equal(t, 1, d.count(t, "SELECT count(*) FROM members WHERE role = 'OWNER'"))
	require.Equal(t, 1, d.count(t, "SELECT count(*) FROM members WHERE role = 'ADMIN' AND first_name = 'Olivia'"))
	require.Equal(t, 1, d.count(t, "SELECT count(*) FROM audit_log WHERE action = 'role.changed'"))

	d.partner.Change("acme", func(w *simulator.Workspace) { w.Members[2].IsActive = false })
	require.Equal(t, 401, d.embed(t, d.token(t, claims())).status, "dismissed a moment ago")
}

// TestTheLoginSchedule: outside of it nobody it binds logs in, by whichever way.
func TestTheLoginSchedule(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	d.login(t, "acme")
	require.Equal(t, 200, d.embed(t, d.token(t, claims())).status)
	now := d.clock.Now().In(must(time.LoadLocation("Europe/Berlin")))
	slot := func(from, to time.Duration) string {
		return `[{"weekdays":[1,2,3,4,5,6,7],"start":"` + now.Add(from).Format("15:04") + `","end":"` + now.Add(to).Format("15:04") + `"}]`
	}
	set := func(schedule string, bound bool) {
		permissions := "{}"
		if bound {
			permissions = `{"restrict_login_to_schedule":true}`
		}
		d.exec(t, "UPDATE members SET login_schedule = ?, permissions = ? WHERE partner_member_id = 'rb_ben'", schedule, permissions)
	}
	set(slot(time.Hour, 2*time.Hour), true)
	r := d.embed(t, d.token(t, claims()))
	require.Equal(t, 403, r.status)
	require.Equal(t, "LOGIN_OUTSIDE_SCHEDULE", r.Error.Code)
	require.Equal(t, 200, d.request(t, "10.0.0.7", "acme", "ben@acme.example.com").status)
	code := d.code(t, "ben@acme.example.com")
	require.Equal(t, "OTP_INVALID", d.verify(t, "10.0.0.7", "acme", "ben@acme.example.com", wrong(code)).Error.Code, "only who has the code learns of the hours")
	require.Equal(t, "LOGIN_OUTSIDE_SCHEDULE", d.verify(t, "10.0.0.7", "acme", "ben@acme.example.com", code).Error.Code)
	set(slot(time.Hour, 2*time.Hour), false)
	require.Equal(t, 200, d.embed(t, d.token(t, claims())).status, "a schedule without the switch")
	set(slot(-time.Hour, time.Hour), true)
	require.Equal(t, 200, d.embed(t, d.token(t, claims())).status, "within its hours")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
