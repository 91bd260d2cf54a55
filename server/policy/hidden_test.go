package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// TestHiddenIsMissing: wherever a record or a task can be named, one that the caller may not see gets the same answer as
// one that does not exist, whatever the role. What may write is rehearsed, so that both find the same.
func TestHiddenIsMissing(t *testing.T) {
	t.Parallel()
	servertest.Each(t, func(t *testing.T, dialect string) {
		s, h, worlds := schema(t), open(t, dialect), 0
		fresh := func(role viewer.Role) (*cast, map[string]string) {
			worlds++
			c := people(t, h.Server, fmt.Sprintf("alpha%03d", worlds))
			hidden := map[string]string{typeid.Record: c.spareRecord, typeid.Task: c.id[typeid.Task]}
			give := func(query, id string) {
				servertest.Must[any](t, &c.Owner.Client, query, servertest.Vars{"r": id, "o": c.Chloe.ID})
			}
			give(`mutation($r: ID!, $o: ID!) { assignRecord(input: {recordId: $r, ownerId: $o}) { revision } }`, c.id[typeid.Record])
			own := servertest.Must[struct {
				CreateTask struct{ Task struct{ ID string } }
			}](t, &c.Owner.Client,
				`mutation($r: ID!, $o: ID!) { createTask(input: {title: "own", recordId: $r, assigneeId: $o}) { task { id } } }`,
				servertest.Vars{"r": c.id[typeid.Record], "o": c.Chloe.ID}).CreateTask.Task
			c.id[typeid.Task] = own.ID
			stand(t, c, c.Chloe.ID, role, map[string]bool{"can_see_all_records": false, "can_see_all_tasks": false, "can_edit_crm": true,
				"can_assign_others": true, "can_delete_data": true, "can_manage_pipelines": true}, c.team)
			return c, hidden
		}
		roles := []viewer.Role{viewer.TeamAdmin, viewer.AgentRole, viewer.Admin, viewer.ProjectManager}
		if dialect == store.Postgres { // what roles do does not depend on the database
			roles = roles[:1]
		}
		for _, role := range roles {
			reader, hidden := fresh(role)
			tried := 0
			for _, l := range leaves(s) {
				for _, prefix := range []string{typeid.Record, typeid.Task} {
					if l.want != prefix && l.want != anything {
						continue
					}
					tried++
					missing := hidden[prefix][:4] + strings.Repeat("0", 25) + "1"
					answer := func(seen bool) string {
						id := missing
						if seen {
							id = hidden[prefix]
						}
						query, vars := filler{s, reader, l, id}.rehearsal()
						return masked(ask(t, &reader.Chloe.Client, l.kind, query, vars).body)
					}
					assert.Equal(t, answer(false), answer(true), "%s %s of a %s, as %s", l.kind, l.name(), prefix, role)
				}
			}
			require.Greater(t, tried, 20)
		}
	})
}
