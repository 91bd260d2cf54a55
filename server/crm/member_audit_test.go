package crm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
)

// TestPeopleAreAudited: what is done to members, teams and invitations stands in the audit log, with who did it; what
// changed nothing, and what was refused, does not.
func TestPeopleAreAudited(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "corp")
		audited := func() (actions []string) {
			rows, err := w.DB.Query(t.Context(), "SELECT a.action FROM audit_log a WHERE a.workspace_id = "+w.DB.SQL.Placeholder(1)+
				" AND CAST(a.actor AS TEXT) LIKE '%"+w.Owner.ID+"%' ORDER BY a.at, a.id", w.WorkspaceID)
			require.NoError(t, err)
			defer rows.Close()
			for rows.Next() {
				var a string
				require.NoError(t, rows.Scan(&a))
				actions = append(actions, a)
			}
			require.NoError(t, rows.Err())
			return actions
		}
		do := func(fields string, vars servertest.Vars) string {
			out := servertest.Must[map[string]map[string]any](t, &w.Owner.Client, "mutation($i: ID!) { "+fields+" }", vars)
			for _, payload := range out {
				for _, made := range payload {
					if m, ok := made.(map[string]any); ok {
						return m["id"].(string)
					}
				}
			}
			return ""
		}
		ben, chloe := servertest.Vars{"i": w.Ben.ID}, servertest.Vars{"i": w.Chloe.ID}
		do(`setMemberRole(input: {id: $i, role: TEAM_ADMIN}) { revision }`, ben)
		do(`setMemberRole(input: {id: $i, role: TEAM_ADMIN}) { revision }`, ben) // nothing changes
		do(`setMemberPermissions(input: {id: $i, overrides: [{permission: CAN_EXPORT, allowed: false}]}) { revision }`, ben)
		do(`updateMember(input: {id: $i, loginSchedule: [{weekdays: [1], start: "08:00", end: "10:00"}]}) { revision }`, ben)
		do(`updateMember(input: {id: $i, language: "de"}) { revision }`, ben) // nothing sensitive
		team := servertest.Vars{"i": do(`createTeam(input: {name: "North", memberIds: [$i]}) { team { id } }`, ben)}
		do(`updateTeam(input: {id: $i, name: "South"}) { revision }`, team)
		do(`updateTeam(input: {id: $i, name: "South"}) { revision }`, team)
		do(`deleteTeam(input: {id: $i}) { revision }`, team)
		do(`deactivateMember(input: {id: $i}) { revision }`, chloe)
		do(`deactivateMember(input: {id: $i}) { revision }`, chloe)
		do(`activateMember(input: {id: $i}) { revision }`, chloe)
		w.Owner.Do(t, `mutation($i: ID!) { setMemberRole(input: {id: $i, role: AGENT}) { revision } }`, servertest.Vars{"i": w.Owner.ID}) // refused
		do(`createRecord(input: {title: "x", ownerId: $i}) { revision }`, chloe)
		do(`reassignWork(input: {fromMemberId: $i, unassign: true}) { revision }`, chloe)
		do(`removeMember(input: {id: $i}) { revision }`, chloe)
		assert.Equal(t, []string{"role.changed", "permissions.changed", "login_schedule.changed", "team.created", "team.changed", "team.deleted",
			"member.deactivated", "member.activated", "work.reassigned", "member.removed"}, audited())
	})
}
