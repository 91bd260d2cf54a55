package access_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/partner/simulator"
	"github.com/rapidbott/tideboard/server/servertest"
)

func TestTheDecision(t *testing.T) {
	plans, err := access.ParsePlans(access.DefaultPlans, access.DefaultMinimum)
	require.NoError(t, err)
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) *time.Time { then := now.Add(d); return &then }
	ahead, past, exactly := at(time.Second), at(-time.Second), at(0)
	for i, c := range []struct {
		w    *partner.Workspace
		want access.Reason
	}{
		{nil, access.WorkspaceNotFound},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "active"}, access.Eligible},
		{&partner.Workspace{PlanCode: "PRO", PlanStatus: "Active"}, access.Eligible},
		{&partner.Workspace{PlanCode: "enterprise", PlanStatus: "active"}, access.Eligible},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "active", PaidThrough: past}, access.Eligible},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "active", Paused: true}, access.Paused},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "active", Paused: true, TrialEndsAt: ahead}, access.Paused},
		{&partner.Workspace{PlanCode: "free", PlanStatus: "active", Paused: true}, access.Paused},
		{&partner.Workspace{PlanCode: "free", PlanStatus: "active"}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "free", PlanStatus: "active", PaidThrough: ahead}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "starter", PlanStatus: "active"}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "platinum", PlanStatus: "active"}, access.NoValidPlan},
		{&partner.Workspace{PlanStatus: "active"}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "free", PlanStatus: "active", TrialEndsAt: ahead}, access.Eligible},
		{&partner.Workspace{PlanCode: "free", PlanStatus: "active", TrialEndsAt: exactly}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "free", PlanStatus: "active", TrialEndsAt: past}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "starter", PlanStatus: "expired", TrialEndsAt: ahead}, access.Eligible},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "cancelled", PaidThrough: ahead}, access.Eligible},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "cancelled", PaidThrough: exactly}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "cancelled", PaidThrough: past}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "cancelled"}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "past_due", PaidThrough: ahead}, access.Eligible},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "past_due", PaidThrough: past}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "starter", PlanStatus: "cancelled", PaidThrough: ahead}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "unpaid", PaidThrough: ahead}, access.NoValidPlan},
		{&partner.Workspace{PlanCode: "pro", PlanStatus: "cancelled", PaidThrough: past, TrialEndsAt: ahead}, access.Eligible},
	} {
		assert.Equal(t, c.want, plans.Decide(c.w, now), "%d %+v", i, c.w)
	}
}

func TestTheLadderOfPlans(t *testing.T) {
	p, err := access.ParsePlans("free, basic ,Gold|gold_yearly,diamond", "GOLD")
	require.NoError(t, err)
	for code, want := range map[string]access.Reason{"gold": access.Eligible, "gold_yearly": access.Eligible, "diamond": access.Eligible,
		"basic": access.NoValidPlan, "free": access.NoValidPlan, "pro": access.NoValidPlan} {
		assert.Equal(t, want, p.Decide(&partner.Workspace{PlanCode: code, PlanStatus: "active"}, time.Now()), code)
	}
	for _, bad := range [][2]string{{"free,pro", "gold"}, {"free,pro", "free"}, {"free,,pro", "pro"}, {"free,pro,pro", "pro"}, {"", ""}, {"free|pro", "pro"}} {
		_, err := access.ParsePlans(bad[0], bad[1])
		assert.Error(t, err, bad)
	}
}

// TestAccessIsAnsweredToAnybody: whether a workspace may be logged in to is public, and asking leaves nothing behind.
func TestAccessIsAnsweredToAnybody(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	ask := func(id string) string {
		r := d.call(t, "GET", "/api/access?workspace_id="+id, "", nil)
		require.Equal(t, 200, r.status, r.text)
		return r.text
	}
	answer := func(allowed bool, reason, name string, otp, embed bool) string {
		return fmt.Sprintf(`{"allowed":%t,"reason":%q,"workspace_name":%s,"otp_available":%t,"embed_available":%t,"checked_at":%q}`,
			allowed, reason, name, otp, embed, d.clock.Now().Format(time.RFC3339Nano))
	}
	d.partner.Eligible("quiet")
	d.partner.Change("quiet", func(w *simulator.Workspace) { w.Owner.Email = "not an address" })
	d.partner.Eligible("asleep")
	d.partner.Change("asleep", func(w *simulator.Workspace) { w.Paused = true })
	require.Equal(t, answer(true, "ELIGIBLE", `"The acme"`, true, true), ask("acme"))
	require.Equal(t, answer(true, "ELIGIBLE", `"The quiet"`, false, true), ask("quiet"))
	require.Equal(t, answer(false, "PAUSED", `"The asleep"`, false, false), ask("asleep"))
	require.Equal(t, answer(false, "WORKSPACE_NOT_FOUND", `null`, false, false), ask("nobody"))
	require.Equal(t, answer(false, "WORKSPACE_NOT_FOUND", `null`, false, false), ask("..%2Facme"))
	require.Equal(t, 400, d.call(t, "GET", "/api/access", "", nil).status)
	require.Equal(t, 400, d.call(t, "GET", "/api/access?workspace_id=acme&x=1", "", nil).status)
	require.Equal(t, 405, d.call(t, "POST", "/api/access?workspace_id=acme", "", nil).status)
	for _, table := range []string{"workspaces", "members", "login_codes", "limits", "audit_log", "changes", "mails"} {
		require.Zero(t, d.count(t, "SELECT count(*) FROM "+table), table)
	}
	require.Equal(t, 409, d.request(t, "10.0.0.1", "quiet", "").status, "OWNER_EMAIL_MISSING")
}

// TestAPartnerThatFails: whoever has no answer lets nobody in, whatever the partner does instead.
func TestAPartnerThatFails(t *testing.T) {
	for _, f := range []simulator.Fault{{Kind: simulator.FaultStatus, Status: 500}, {Kind: simulator.FaultStatus, Status: 429}, {Kind: simulator.FaultCut},
		{Kind: simulator.FaultTruncate}, {Kind: simulator.FaultGarbage}, {Kind: simulator.FaultTypes}, {Kind: simulator.FaultOther, Instead: "other"},
		{Kind: simulator.FaultBody, Body: `{"id":"acme"}`}, {Kind: simulator.FaultHang}} {
		t.Run(string(f.Kind), func(t *testing.T) {
			d := reception(t, servertest.Dialects[0], func(c *app.Config) { c.Partner.Attempt = 50 * time.Millisecond })
			d.partner.Eligible("other")
			_, err := d.partner.Inject(f)
			require.NoError(t, err)
			for _, r := range []reply{d.call(t, "GET", "/api/access?workspace_id=acme", "", nil), d.request(t, "10.0.0.1", "acme", ""),
				d.verify(t, "10.0.0.1", "acme", "", "123456"), d.call(t, "POST", "/api/auth/embed", "", in{"token": d.token(t, claims())})} {
				require.Equal(t, 503, r.status, r.text)
				require.Equal(t, "UPSTREAM_UNAVAILABLE", r.Error.Code)
			}
			require.Zero(t, d.count(t, "SELECT count(*) FROM login_codes")+d.count(t, "SELECT count(*) FROM workspaces"))
		})
	}
}

// TestWithoutAPartnerNobodyLogsIn: and what runs goes on.
func TestWithoutAPartnerNobodyLogsIn(t *testing.T) {
	d := reception(t, servertest.Dialects[0], func(c *app.Config) { c.Partner.BaseURL = "" })
	require.Equal(t, 503, d.call(t, "GET", "/api/access?workspace_id=acme", "", nil).status)
	require.Equal(t, 503, d.request(t, "10.0.0.1", "acme", "").status)
	require.NoError(t, d.Eligibility.Standing(t.Context(), access.Mirror{Eligibility: "ELIGIBLE"}))
}
