package scenario_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/servertest"
)

func keyOf(t *testing.T, w *servertest.World, pipelines []string, scopes ...string) *servertest.Client {
	t.Helper()
	secret, err := w.Gate.IssueKey(t.Context(), w.WorkspaceID, access.NewKey{Name: "k", CreatedBy: w.Owner.ID, Scopes: scopes, PipelineIDs: pipelines})
	require.NoError(t, err)
	return &servertest.Client{URL: w.URL, Token: secret}
}

// TestANarrowedKeyStaysInItsPipelines: it neither sees nor touches what lies elsewhere, and nothing of the workspace as a
// whole.
func TestANarrowedKeyStaysInItsPipelines(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		type made struct {
			CreatePipeline struct {
				Pipeline struct{ Stages []struct{ ID string } }
			}
			CreateRecord struct{ Record struct{ ID string } }
			CreateTask   struct{ Task struct{ ID string } }
		}
		there := servertest.Must[made](t, &w.Owner.Client, `mutation { createPipeline(input: {name: "There", stages: [{name: "One"}]}) { pipeline { stages { id } } } }`, nil).CreatePipeline.Pipeline.Stages[0].ID
		task := func(stage string) string {
			r := servertest.Must[made](t, &w.Owner.Client, `mutation($s: ID!) { createRecord(input: {title: "x", stageId: $s}) { record { id } } }`, servertest.Vars{"s": stage}).CreateRecord.Record.ID
			return servertest.Must[made](t, &w.Owner.Client, `mutation($r: ID!) { createTask(input: {title: "t", recordId: $r}) { task { id } } }`, servertest.Vars{"r": r}).CreateTask.Task.ID
		}
		mine, theirs := task(w.Lead), task(there)
		key := keyOf(t, w, []string{w.Pipeline}, "records:write", "contacts:write", "tasks:write", "members:write", "pipelines:write")
		type tasks struct {
			Tasks struct {
				TotalCount int
				Nodes      []struct{ ID string }
			}
		}
		got := servertest.Must[tasks](t, key, `{ tasks { totalCount nodes { id } } }`, nil).Tasks
		require.Equal(t, 1, got.TotalCount)
		require.Equal(t, mine, got.Nodes[0].ID)
		const done = `mutation($t: ID!) { setTaskStatus(input: {id: $t, status: DONE}) { revision } }`
		key.Refused(t, "NOT_FOUND", done, servertest.Vars{"t": theirs})
		servertest.Must[any](t, key, done, servertest.Vars{"t": mine})
		key.Refused(t, "FORBIDDEN", `mutation { createTeam(input: {name: "N"}) { revision } }`, nil)
		key.Refused(t, "FORBIDDEN", `mutation($m: ID!) { deactivateMember(input: {id: $m}) { revision } }`, servertest.Vars{"m": w.Ben.ID})
		key.Refused(t, "FORBIDDEN", `mutation($m: ID!) { reassignWork(input: {fromMemberId: $m, unassign: true}) { revision } }`, servertest.Vars{"m": w.Ben.ID})
	})
}

// TestTheLogShowsWhatMayBeSeen: of the workspace's own row nothing, to who may not manage settings; of a card that went
// out of sight, how it was.
func TestTheLogShowsWhatMayBeSeen(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		id := servertest.Must[created](t, &w.Owner.Client, `mutation($o: ID!) { createRecord(input: {title: "hers", ownerId: $o}) { record { id title } revision } }`, servertest.Vars{"o": w.Chloe.ID}).CreateRecord.Record.ID
		servertest.Must[any](t, &w.Owner.Client, `mutation($r: ID!, $o: ID!) { updateRecord(input: {id: $r, ownerId: $o, title: "his"}) { revision } }`, servertest.Vars{"r": id, "o": w.Ben.ID})
		servertest.Must[any](t, &w.Owner.Client, `mutation { updateSettings(input: {general: {name: "New name"}}) { revision } }`, nil)
		type log struct {
			Changes struct {
				Commits []struct {
					Changes []struct {
						Kind          string
						Before, After map[string]any
					}
				}
			}
		}
		const all = `query($e: [String!]) { changes(first: 100, filter: {entities: $e}) { commits { changes { kind before after } } } }`
		read := func(c *servertest.Client, entity string) (out []map[string]any) {
			t.Helper()
			for _, commit := range servertest.Must[log](t, c, all, servertest.Vars{"e": []string{entity}}).Changes.Commits {
				for _, ch := range commit.Changes {
					out = append(out, map[string]any{"kind": ch.Kind, "before": ch.Before["title"], "after": ch.After["title"], "images": ch.Before != nil || ch.After != nil})
				}
			}
			return out
		}
		for _, ch := range read(&w.Chloe.Client, "record") {
			require.NotEqual(t, "his", ch["after"], "%v", ch)
		}
		require.Contains(t, read(&w.Chloe.Client, "record"), map[string]any{"kind": "record.assigned", "before": "hers", "after": nil, "images": true})
		require.Contains(t, read(&w.Ben.Client, "record"), map[string]any{"kind": "record.assigned", "before": "hers", "after": "his", "images": true}, "he sees all")
		for _, c := range []*servertest.Client{&w.Ben.Client, keyOf(t, w, nil, "tasks:read")} {
			told := read(c, "workspace")
			require.NotEmpty(t, told)
			for _, ch := range told {
				require.Equal(t, false, ch["images"], "%v", ch)
			}
		}
		require.Equal(t, true, read(&w.Owner.Client, "workspace")[0]["images"])
	})
}

// TestTheHistoryOfACardThatCameFromElsewhere: to who does not see that pipeline it names neither it nor its stages.
func TestTheHistoryOfACardThatCameFromElsewhere(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		type made struct {
			CreatePipeline struct {
				Pipeline struct {
					ID     string
					Stages []struct{ ID string }
				}
			}
		}
		there := servertest.Must[made](t, &w.Owner.Client, `mutation { createPipeline(input: {name: "There", stages: [{name: "One"}]}) { pipeline { id stages { id } } } }`, nil).CreatePipeline.Pipeline
		id := servertest.Must[created](t, &w.Owner.Client, `mutation($s: ID!) { createRecord(input: {title: "x", stageId: $s}) { record { id title } revision } }`,
			servertest.Vars{"s": there.Stages[0].ID}).CreateRecord.Record.ID
		servertest.Must[any](t, &w.Owner.Client, `mutation($r: ID!, $s: ID!, $p: ID!) { moveRecord(input: {recordId: $r, toPipelineId: $p, toStageId: $s}) { revision } }`, servertest.Vars{"r": id, "s": w.Lead, "p": w.Pipeline})
		servertest.Must[any](t, &w.Owner.Client, `mutation($r: ID!) { updateRecord(input: {id: $r, lineItems: [{name: "a", quantity: "2", unitPrice: "3"}]}) { revision } }`, servertest.Vars{"r": id})
		type past struct {
			Record struct {
				History struct {
					Nodes []struct {
						Field    string
						From, To any
					}
				}
			}
		}
		read := func(c *servertest.Client) (from, to map[string]any) {
			t.Helper()
			from, to = map[string]any{}, map[string]any{}
			for _, n := range servertest.Must[past](t, c, `query($r: ID!) { record(id: $r) { history { nodes { field from to } } } }`, servertest.Vars{"r": id}).Record.History.Nodes {
				if _, later := from[n.Field]; !later { // the newest comes first
					from[n.Field], to[n.Field] = n.From, n.To
				}
			}
			return from, to
		}
		from, to := read(keyOf(t, w, []string{w.Pipeline}, "records:read"))
		require.Contains(t, from, "pipelineId")
		require.Nil(t, from["pipelineId"])
		require.Contains(t, from, "stageId")
		require.Nil(t, from["stageId"])
		require.Equal(t, w.Pipeline, to["pipelineId"])
		require.Equal(t, w.Lead, to["stageId"])
		require.Equal(t, []any{map[string]any{"name": "a", "quantity": "2", "unitPrice": "3"}}, to["lineItems"])
		type stays struct {
			Record struct {
				StageHistory []struct{ FromStageID, StageID *string }
			}
		}
		newest := func(c *servertest.Client) []string {
			t.Helper()
			stay := servertest.Must[stays](t, c, `query($r: ID!) { record(id: $r) { stageHistory { fromStageId stageId } } }`, servertest.Vars{"r": id}).Record.StageHistory[0]
			if stay.FromStageID == nil {
				return []string{"", *stay.StageID}
			}
			return []string{*stay.FromStageID, *stay.StageID}
		}
		require.Equal(t, []string{"", w.Lead}, newest(keyOf(t, w, []string{w.Pipeline}, "records:read")))
		require.Equal(t, []string{there.Stages[0].ID, w.Lead}, newest(&w.Owner.Client))
		from, _ = read(&w.Owner.Client)
		require.Equal(t, there.ID, from["pipelineId"])
		require.Equal(t, there.Stages[0].ID, from["stageId"])

		other := servertest.Must[created](t, &w.Owner.Client, `mutation($s: ID!) { createRecord(input: {title: "y", stageId: $s}) { record { id title } revision } }`,
			servertest.Vars{"s": there.Stages[0].ID}).CreateRecord.Record.ID
		servertest.Must[any](t, &w.Owner.Client, `mutation($a: ID!, $b: ID!) { linkRecords(input: {recordId: $a, toRecordId: $b}) { revision } }`, servertest.Vars{"a": id, "b": other})
		images := func(c *servertest.Client) string {
			t.Helper()
			return fmt.Sprint(servertest.Must[any](t, c, `query($r: ID!) { changes(first: 100, filter: {entityId: $r}) { commits { changes { before after } } } }`, servertest.Vars{"r": id}))
		}
		require.Contains(t, images(&w.Owner.Client), other)
		told := images(keyOf(t, w, []string{w.Pipeline}, "records:read"))
		require.Contains(t, told, id)
		require.NotContains(t, told, other)
	})
}
