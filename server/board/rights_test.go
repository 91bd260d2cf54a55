package board_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

// stand gives a member other rights, as the program would.
func stand(t *testing.T, w *servertest.World, who *servertest.Person, s viewer.Standing) {
	t.Helper()
	ctx := viewer.NewContext(t.Context(), viewer.ForSystem(w.WorkspaceID))
	_, err := w.CRM.Do(ctx, nil, func(tx *crm.Tx) error {
		return tx.Ent().Member.UpdateOneID(who.ID).SetRole(member.Role(s.Role)).SetPermissions(s.Overrides).SetTeamIds(s.Teams).
			SetUpdatedAt(tx.Time()).AddVersion(1).Exec(tx.Ctx())
	})
	require.NoError(t, err)
}

var teams = []string{typeid.New(typeid.Team), typeid.New(typeid.Team)}

// promote gives Ben or Chloe other rights. What they held before, they may come back with; but the past looks to them as
// the rights of now show it.
func (p *play) promote(t *testing.T) {
	t.Helper()
	who := pick(p.r, []*servertest.Person{p.w.Ben, p.w.Chloe, p.w.Chloe})
	own := map[string]bool{"can_see_all_records": false}
	stand(t, p.w, who, pick(p.r, []viewer.Standing{
		{Role: viewer.AgentRole}, {Role: viewer.AgentRole, Overrides: own, Teams: teams[:1]}, {Role: viewer.AgentRole, Overrides: own},
		{Role: viewer.TeamAdmin, Overrides: own, Teams: teams[:1]}, {Role: viewer.TeamAdmin, Overrides: own, Teams: teams[1:]},
		{Role: viewer.TeamAdmin, Overrides: own}, {Role: viewer.ProjectManager}, {Role: viewer.TeamAdmin, Teams: teams}}))
	head, _, err := changelog.Log{DB: p.w.DB}.Head(t.Context(), p.w.DB, p.w.WorkspaceID)
	require.NoError(t, err)
	p.reached(t)
	for _, other := range []*servertest.Person{p.w.Ben, p.w.Chloe} {
		now, err := p.w.Gate.Refresh(t.Context(), other.Viewer)
		require.NoError(t, err)
		other.Viewer = now
	}
	for _, w := range p.watchers {
		if *w.who == p.w.Ben || *w.who == p.w.Chloe {
			w.since = head
			p.take(t, w)
			w.at = head
			p.compare(t, w)
			w.past = append(w.past, memory{w.at, w.holds.copy()})
		}
	}
}

// Whoever may no longer look at boards is told so, after what was seen before; and does not come in again.
func TestAWatcherWhoMayNotLookAnyMore(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		p := newPlay(t, dialect, 1)
		w := p.watchers[1]
		require.Equal(t, p.w.Ben, *w.who)
		_, err := p.w.CRM.CreateRecord(p.ctx(p.w.Owner), crm.CreateRecordInput{Title: "card", Priority: "LOW", PipelineID: &p.other})
		require.NoError(t, err)
		stand(t, p.w, p.w.Ben, viewer.Standing{Role: viewer.AgentRole, Overrides: map[string]bool{"can_access_crm": false}})
		_, err = p.w.CRM.CreateRecord(p.ctx(p.w.Owner), crm.CreateRecordInput{Title: "unseen", Priority: "LOW", PipelineID: &p.other})
		require.NoError(t, err)
		p.reached(t)
		f, err := w.sub.Next(t.Context())
		require.NoError(t, err)
		w.hold(t, f)
		_, err = w.sub.Next(t.Context())
		require.True(t, fault.Is(err, fault.Forbidden), "%v", err)

		// The viewer that a socket still holds is as it was: it must not get in by that.
		_, err = p.w.Boards.Subscribe(t.Context(), p.w.Ben.Viewer, p.other, nil, nil, func() {})
		require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
		_, err = p.w.Boards.Subscribe(t.Context(), p.w.Ben.Viewer, p.other, nil, &w.at, func() {})
		require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
	})
}
