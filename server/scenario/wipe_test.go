package scenario_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/servertest"
)

const wipe = `mutation { deleteAllData(input: {phrase: "DELETE ALL DATA", clientMutationId: "w"}) { clientMutationId revision job { id kind state requestedBy { name } } } }`

type wiping struct {
	DeleteAllData struct {
		Revision string
		Job      struct{ ID, Kind, State string }
	}
}

type watched struct {
	Changes struct {
		Revision string
		Changes  []struct {
			Kind, EntityID string
			After          struct{ State string }
		}
	}
}

// furnish puts data of every kind into a workspace, all of it naming the workspace.
func furnish(t *testing.T, w *servertest.World, name string) {
	t.Helper()
	c := &w.Owner.Client
	for i := range 3 {
		vars := servertest.Vars{"n": fmt.Sprint(name, " person ", i), "t": fmt.Sprint(name, " deal ", i), "k": fmt.Sprint(name, " task ", i)}
		con := servertest.Must[struct {
			CreateContact struct{ Contact struct{ ID string } }
		}](t, c, `mutation($n: String!) { createContact(input: {firstName: $n}) { contact { id } } }`,
			servertest.Vars{"n": vars["n"]}).CreateContact.Contact.ID
		rec := servertest.Must[struct {
			CreateRecord struct{ Record struct{ ID string } }
		}](t, c, `mutation($t: String!, $c: ID!) { createRecord(input: {title: $t, contactId: $c}) { record { id } } }`,
			servertest.Vars{"t": vars["t"], "c": con}).CreateRecord.Record.ID
		servertest.Must[any](t, c, `mutation($k: String!, $r: ID!) { createTask(input: {title: $k, recordId: $r}) { revision } }`, servertest.Vars{"k": vars["k"], "r": rec})
		if i == 2 {
			servertest.Must[any](t, c, `mutation($r: ID!) { deleteRecord(input: {id: $r}) { revision } }`, servertest.Vars{"r": rec})
		}
	}
}

// done follows a stream of jobs until one is over.
func done(t *testing.T, s *servertest.Stream, id string) string {
	t.Helper()
	for {
		for _, c := range servertest.Next[watched](t, s).Changes.Changes {
			if c.EntityID == id && c.After.State != "QUEUED" && c.After.State != "RUNNING" {
				return c.After.State
			}
		}
	}
}

// TestAllDataGo: of this workspace and no other, with their histories; what belongs to the workspace itself stays; live
// boards start over, and nothing before can be read.
func TestAllDataGo(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := servertest.Start(t, dialect)
		alpha, bravo := servertest.Found(t, s, "alpha"), servertest.Found(t, s, "bravo")
		furnish(t, alpha, "alphadata")
		furnish(t, bravo, "bravodata")
		theirs := strings.Count(dumpAll(t, bravo), "bravodata")
		require.Positive(t, strings.Count(dumpAll(t, alpha), "alphadata"))
		board := alpha.Ben.Subscribe(t, `subscription($p: ID!) { board(pipelineId: $p) { __typename revision ... on BoardReset { reason }
			... on BoardSnapshot { board { columns { totals { count } cards { nodes { id } } } } } ... on BoardCommit { cards { kind } } } }`, servertest.Vars{"p": alpha.Pipeline})
		type frame struct {
			Board struct {
				Typename string `json:"__typename"`
				Revision string
				Reason   string
				Board    struct {
					Columns []struct {
						Totals struct{ Count int }
						Cards  struct{ Nodes []struct{ ID string } }
					}
				}
				Cards []struct{ Kind string }
			}
		}
		first := servertest.Next[frame](t, board).Board
		require.Equal(t, 2, first.Board.Columns[0].Totals.Count)
		jobs := alpha.Owner.Subscribe(t, `subscription { changes(filter: {entities: ["job"]}) { revision ... on ChangeCommit { changes { kind entityId after } } } }`, nil)
		servertest.Next[watched](t, jobs) // ready
		all := alpha.Ben.Subscribe(t, `subscription { changes(filter: {kinds: ["workspace.data_deleted", "record.*", "contact.*", "task.*"]}) { revision ... on ChangeCommit { changes { kind entityId } } } }`, nil)
		servertest.Next[watched](t, all)

		made := servertest.Must[wiping](t, &alpha.Owner.Client, wipe, nil).DeleteAllData
		require.Equal(t, "QUEUED", made.Job.State)
		require.Equal(t, "SUCCEEDED", done(t, jobs, made.Job.ID))
		told := servertest.Next[watched](t, all).Changes
		require.Len(t, told.Changes, 1, "one change instead of one per row")
		require.Equal(t, "workspace.data_deleted", told.Changes[0].Kind)
		require.Equal(t, alpha.WorkspaceID, told.Changes[0].EntityID)

		over := servertest.Next[frame](t, board).Board
		require.Equal(t, "BoardReset", over.Typename)
		require.Equal(t, "DATA_DELETED", over.Reason)
		fresh := servertest.Next[frame](t, board).Board
		require.Equal(t, "BoardSnapshot", fresh.Typename)
		for _, c := range fresh.Board.Columns {
			require.Zero(t, c.Totals.Count)
			require.Empty(t, c.Cards.Nodes)
		}
		servertest.Must[any](t, &alpha.Owner.Client, `mutation { createRecord(input: {title: "new"}) { revision } }`, nil)
		after := servertest.Next[frame](t, board).Board
		require.Equal(t, "BoardCommit", after.Typename)
		require.Equal(t, "ENTERED", after.Cards[0].Kind)

		j := servertest.Must[struct {
			Job struct {
				State       string
				Done, Total int
				Result      struct{ Records, Contacts, Tasks, Changes, Revision int }
			}
		}](t, &alpha.Owner.Client, `query($id: ID!) { job(id: $id) { state done total result } }`, servertest.Vars{"id": made.Job.ID}).Job
		require.Equal(t, 3, j.Result.Records, "those deleted before too")
		require.Equal(t, 3, j.Result.Contacts)
		require.Equal(t, 3, j.Result.Tasks)
		require.Positive(t, j.Result.Changes)
		require.Equal(t, told.Revision, fmt.Sprint(j.Result.Revision))
		require.Equal(t, j.Total, j.Done)

		rows := dumpAll(t, alpha)
		require.NotContains(t, rows, "alphadata", "not a word is left")
		require.Equal(t, theirs, strings.Count(rows, "bravodata"), "the other workspace has all of its own")
		kept := servertest.Must[struct {
			Members, APIKeys struct{ TotalCount int }
			Pipelines        []struct{ Stages []struct{ ID string } }
		}](t, &alpha.Owner.Client, `{ members { totalCount } apiKeys { totalCount } pipelines { stages { id } } }`, nil)
		require.Equal(t, 3, kept.Members.TotalCount)
		require.Equal(t, 1, kept.APIKeys.TotalCount)
		require.Len(t, kept.Pipelines[0].Stages, 4)
		lines := servertest.Must[struct {
			AuditLog struct{ Nodes []struct{ Action string } }
		}](t, &alpha.Owner.Client,
			`{ auditLog(filter: {actions: ["data.delete_requested", "workspace.data_deleted"]}) { nodes { action } } }`, nil).AuditLog.Nodes
		require.Len(t, lines, 2)

		alpha.Owner.Refused(t, "CURSOR_EXPIRED", `query($p: ID!, $r: Revision!) { board(pipelineId: $p, at: $r) { revision } }`, servertest.Vars{"p": alpha.Pipeline, "r": first.Revision})
		alpha.Owner.Refused(t, "CURSOR_EXPIRED", `query($r: Revision!) { changes(after: $r) { revision } }`, servertest.Vars{"r": first.Revision})
		late := alpha.Ben.Subscribe(t, `subscription($p: ID!, $r: Revision!) { board(pipelineId: $p, after: $r) { __typename revision ... on BoardReset { reason } } }`,
			servertest.Vars{"p": alpha.Pipeline, "r": first.Revision})
		require.Equal(t, "BoardReset", servertest.Next[frame](t, late).Board.Typename)
		require.Equal(t, "BoardSnapshot", servertest.Next[frame](t, late).Board.Typename)
		just := alpha.Ben.Subscribe(t, `subscription($p: ID!, $r: Revision!) { board(pipelineId: $p, after: $r) { __typename revision ... on BoardReset { reason } } }`,
			servertest.Vars{"p": alpha.Pipeline, "r": fmt.Sprint(j.Result.Revision - 1)})
		reset := servertest.Next[frame](t, just).Board
		require.Equal(t, "BoardReset", reset.Typename)
		require.Equal(t, "DATA_DELETED", reset.Reason)
	})
}

// TestOnlyTheOwnerEndsAllData: with the phrase, a fresh login, in a whole session, one job at a time.
func TestOnlyTheOwnerEndsAllData(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		clock := &clock{at: time.Now().UTC().Truncate(time.Microsecond)}
		w := servertest.Found(t, servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) { c.Now = clock.now }), "alpha")
		w.Jobs.Close() // nothing begins
		furnish(t, w, "alphadata")
		const other = `mutation($p: String!) { deleteAllData(input: {phrase: $p}) { revision } }`
		for _, phrase := range []string{"", "delete all data", "DELETE ALL DATA ", "DELETE  ALL DATA", "DELETE ALL"} {
			w.Owner.Refused(t, "VALIDATION_FAILED", other, servertest.Vars{"p": phrase})
		}
		w.Ben.Refused(t, "FORBIDDEN", wipe, nil)
		w.Key.Refused(t, "SCOPE_MISSING", wipe, nil)
		refused := func(change func(*viewer.Viewer)) {
			t.Helper()
			v := *w.Owner.Viewer
			v.AuthenticatedAt = clock.now()
			change(&v)
			_, err := w.CRM.DeleteAllData(viewer.NewContext(t.Context(), &v), crm.DeleteAllDataInput{Phrase: crm.WipePhrase})
			require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
		}
		refused(func(v *viewer.Viewer) { v.Role = viewer.Admin })
		refused(func(v *viewer.Viewer) { v.PipelineIDs = []string{w.Pipeline} })
		refused(func(v *viewer.Viewer) { v.Perms = v.Perms.ReadOnly() })
		refused(func(v *viewer.Viewer) { v.AuthenticatedAt = time.Time{} })
		clock.pass(10*time.Minute + time.Second)
		w.Owner.Refused(t, "FORBIDDEN", wipe, nil)
		require.Equal(t, "0", count(t, w, "SELECT COUNT(*) FROM jobs"))

		v := *w.Owner.Viewer
		v.AuthenticatedAt = clock.now()
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = w.CRM.DeleteAllData(viewer.NewContext(context.Background(), &v), crm.DeleteAllDataInput{Phrase: crm.WipePhrase})
			})
		}
		wg.Wait()
		began := 0
		for _, err := range errs {
			if err == nil {
				began++
			} else {
				assert.True(t, fault.Is(err, fault.JobRunning), "%v", err)
			}
		}
		require.Equal(t, 1, began)
		require.Contains(t, dumpAll(t, w), "alphadata")
	})
}

// TestAnEndOfDataIsTakenUpAgain: wherever a process dies, another goes on from there and the end is the same.
func TestAnEndOfDataIsTakenUpAgain(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		clock := &clock{at: time.Now().UTC().Truncate(time.Microsecond)}
		w := servertest.Found(t, servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) { c.Now = clock.now }), "alpha")
		w.Jobs.Close()
		furnish(t, w, "alphadata")
		v := *w.Owner.Viewer
		v.AuthenticatedAt = clock.now()
		asked, err := w.CRM.DeleteAllData(viewer.NewContext(t.Context(), &v), crm.DeleteAllDataInput{Phrase: crm.WipePhrase})
		require.NoError(t, err)
		over := make(chan *job.Job, 10) // 10: more than a job tells here
		take := func(work job.Work) *job.Runner {
			r := &job.Runner{DB: w.DB, Kinds: map[string]job.Work{crm.WipeKind: work}, Now: clock.now, Logger: slog.New(slog.DiscardHandler), Told: func(_ context.Context, j *job.Job) {
				if j.Over() {
					c := *j
					over <- &c
				}
			}}
			r.Start()
			r.Kick()
			return r
		}
		dying, die := context.WithCancel(context.Background())
		announce := w.CRM.Announce
		w.CRM.Announce = func(c *changelog.Commit) {
			announce(c)
			die() // the data are gone, and nothing more can be done
		}
		died := make(chan error, 1) // 1: it dies once
		first := take(func(_ context.Context, run *job.Run) (any, error) {
			result, err := w.CRM.Wipe(dying, run)
			died <- err
			return result, err
		})
		require.ErrorIs(t, <-died, context.Canceled)
		first.Close()
		w.CRM.Announce = announce
		require.Equal(t, "0", count(t, w, "SELECT COUNT(*) FROM records"))
		require.Contains(t, dumpAll(t, w), "alphadata", "their history is not gone yet")
		clock.pass(job.Lease + time.Second)
		second := take(w.CRM.Wipe)
		defer second.Close()
		j := <-over
		require.Equal(t, asked.Job.ID, j.ID)
		require.Equal(t, job.Succeeded, j.State)
		require.NotContains(t, dumpAll(t, w), "alphadata")
		require.Equal(t, "1", count(t, w, "SELECT COUNT(*) FROM changes WHERE kind = 'workspace.data_deleted'"), "told once")
	})
}
