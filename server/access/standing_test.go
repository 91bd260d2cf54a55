package access_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/partner/simulator"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
)

// mirror reads what the workspace's row says.
func (d *desk) mirror(t *testing.T) access.Mirror {
	t.Helper()
	m := access.Mirror{CheckedAt: &time.Time{}}
	require.NoError(t, d.DB.Write.QueryRowContext(t.Context(), "SELECT id, partner_workspace_id, eligibility, checked_at FROM workspaces").
		Scan(&m.WorkspaceID, &m.PartnerWorkspaceID, &m.Eligibility, row.UTC(m.CheckedAt)))
	return m
}

// stands gives the reason by which the workspace may not go on; empty when it may.
func (d *desk) stands(t *testing.T) string {
	t.Helper()
	err := d.Eligibility.Standing(t.Context(), d.mirror(t))
	if err == nil {
		return ""
	}
	f := fault.Of(err)
	require.NotNil(t, f, "%v", err)
	if f.Reason != "" {
		return f.Reason
	}
	return string(f.Kind)
}

func (d *desk) asks() int { return d.partner.Asked(simulator.RouteWorkspace) }

// TestARunningWorkspaceIsLookedAtEveryFiveMinutes: a change of the answer is written by a command, once; what is the same
// is noted beside the log.
func TestARunningWorkspaceIsLookedAtEveryFiveMinutes(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		d.login(t, "acme")
		commits := func() int { return d.count(t, "SELECT revision FROM workspaces") }
		before, asked := commits(), d.asks()
		d.clock.Pass(4*time.Minute + 59*time.Second)
		require.Empty(t, d.stands(t))
		require.Equal(t, asked, d.asks(), "the mirror is young")
		d.clock.Pass(2 * time.Second)
		require.Empty(t, d.stands(t))
		require.Equal(t, asked+1, d.asks())
		require.Equal(t, d.clock.Now(), d.mirror(t).CheckedAt.UTC())
		require.Equal(t, before, commits(), "what is the same makes no commit")

		d.partner.Change("acme", func(w *simulator.Workspace) { w.Paused = true })
		require.Empty(t, d.stands(t), "the answer holds for five minutes")
		d.clock.Pass(5 * time.Minute)
		var all sync.WaitGroup
		m := d.mirror(t)
		for range 20 {
			all.Go(func() {
				if err := d.Eligibility.Standing(context.Background(), m); !fault.Is(err, fault.NotEligible) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.Equal(t, asked+2, d.asks(), "twenty at once are one question")
		require.Equal(t, before+1, commits(), "and one commit")
		require.Equal(t, 1, d.count(t, "SELECT count(*) FROM changes WHERE kind = 'workspace.eligibility_changed'"))
		require.Equal(t, "PAUSED", d.stands(t))

		d.partner.Change("acme", func(w *simulator.Workspace) { w.Paused, w.Plan.Code = false, "free" })
		d.clock.Pass(6 * time.Minute)
		require.Equal(t, "NO_VALID_PLAN", d.stands(t))
		d.partner.Remove("acme")
		d.clock.Pass(6 * time.Minute)
		require.Equal(t, "WORKSPACE_NOT_FOUND", d.stands(t))
		d.partner.Eligible("acme")
		d.clock.Pass(6 * time.Minute)
		require.Empty(t, d.stands(t), "regained")
		require.Equal(t, before+4, commits())
		require.Equal(t, 1, d.count(t, "SELECT count(*) FROM pipelines"), "nothing is seeded again")
	})
}

// TestRunningSessionsOutliveThePartner: for a day, on the last answer, whatever it was; then nobody goes on.
func TestRunningSessionsOutliveThePartner(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		d.login(t, "acme")
		_, err := d.partner.Inject(simulator.Fault{Kind: simulator.FaultStatus, Status: 503})
		require.NoError(t, err)
		for range 23 {
			d.clock.Pass(time.Hour)
			require.Empty(t, d.stands(t))
			asked := d.asks()
			require.Empty(t, d.stands(t))
			require.Equal(t, asked, d.asks(), "who waited in vain is not made to wait again at once")
		}
		require.Equal(t, 503, d.call(t, "GET", "/api/access?workspace_id=acme", "", nil).status, "nobody new comes in")
		d.clock.Pass(time.Hour)
		require.Equal(t, "UPSTREAM_UNAVAILABLE", d.stands(t))
		d.partner.Clear(0)
		d.clock.Pass(time.Minute) // the circuit
		require.Empty(t, d.stands(t))

		d.partner.Change("acme", func(w *simulator.Workspace) { w.Paused = true })
		d.clock.Pass(6 * time.Minute)
		require.Equal(t, "PAUSED", d.stands(t))
		_, err = d.partner.Inject(simulator.Fault{Kind: simulator.FaultOther, Instead: "acme2"})
		require.NoError(t, err)
		d.partner.Eligible("acme2")
		d.clock.Pass(time.Hour)
		require.Equal(t, "PAUSED", d.stands(t), "an answer about somebody else counts for nothing")
	})
}

// TestASlowPartnerHoldsNobodyUp: a request of a running session waits a moment at most, and the answer counts when it comes.
func TestASlowPartnerHoldsNobodyUp(t *testing.T) {
	d := reception(t, servertest.Dialects[0], func(c *app.Config) { c.Partner.Attempt = time.Minute })
	d.login(t, "acme")
	d.partner.Change("acme", func(w *simulator.Workspace) { w.Paused = true })
	_, err := d.partner.Inject(simulator.Fault{Kind: simulator.FaultHang})
	require.NoError(t, err)
	d.clock.Pass(6 * time.Minute)
	require.Empty(t, d.stands(t))
	require.Empty(t, d.stands(t))
	d.partner.Clear(0)
	d.clock.Pass(31 * time.Second)
	require.Eventually(t, func() bool {
		d.clock.Pass(31 * time.Second)
		return d.stands(t) == "PAUSED"
	}, time.Minute, time.Millisecond)
}

// TestAnOldAnswerCountsForNothing: one that another process has overtaken.
func TestAnOldAnswerCountsForNothing(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	d.login(t, "acme")
	m := d.mirror(t)
	d.clock.Pass(6 * time.Minute)
	other := d.beside(t)
	require.Empty(t, other.stands(t)) // what it has heard is kept for five minutes
	d.partner.Change("acme", func(w *simulator.Workspace) { w.Paused = true })
	d.clock.Pass(time.Minute)
	require.Equal(t, "PAUSED", string(fault.Of(d.Eligibility.Standing(t.Context(), m)).Reason))
	require.Equal(t, "PAUSED", string(fault.Of(other.Eligibility.Standing(t.Context(), m)).Reason), "the older answer does not replace the newer")
	require.Equal(t, "PAUSED", d.mirror(t).Eligibility)
}

// TestLostEligibilityEndsWhatRuns: every call is refused with the reason, on every way, and all goes on when it is regained.
func TestLostEligibilityEndsWhatRuns(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	token := d.login(t, "acme").Token
	me := &servertest.Client{URL: d.URL, Token: token}
	servertest.Must[struct{ Viewer struct{ Name string } }](t, me, "{ viewer { name } }", nil)
	d.partner.Change("acme", func(w *simulator.Workspace) { w.Paused = true })
	d.clock.Pass(6 * time.Minute)
	r := d.call(t, "GET", "/api/auth/session", "", nil, "Authorization", "Bearer "+token)
	require.Equal(t, 403, r.status)
	require.Equal(t, "WORKSPACE_NOT_ELIGIBLE PAUSED", r.Error.Code+" "+r.Error.Reason)
	me.Refused(t, "WORKSPACE_NOT_ELIGIBLE", "{ viewer { name } }", nil)
	require.Equal(t, "4403 Forbidden: WORKSPACE_NOT_ELIGIBLE PAUSED", d.dial(t, "", d.URL, `{"Authorization":"Bearer `+token+`"}`))
	d.partner.Change("acme", func(w *simulator.Workspace) { w.Paused = false })
	d.clock.Pass(6 * time.Minute)
	servertest.Must[struct{ Viewer struct{ Name string } }](t, me, "{ viewer { name } }", nil)
}
