package policy_test

import (
	"bytes"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

// house is a server whose log is read when the test ends: a request, however bad, makes no line of level error.
type house struct {
	*servertest.Server
	log *logbook
}

func open(t *testing.T, dialect string) *house {
	t.Helper()
	log := &logbook{}
	s := servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) {
		c.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelError}))
	})
	t.Cleanup(func() {
		if text := log.take(); text != "" {
			t.Errorf("the server logged faults of its own:\n%s", text)
		}
	})
	return &house{s, log}
}

type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// take gives what was logged since it was last asked.
func (l *logbook) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.text.Reset()
	return l.text.String()
}

// cast is a world with one object of every kind in it. Its main record lies in Lead, its spare pipeline holds a record
// too and is not the default.
type cast struct {
	*servertest.World
	id                                map[string]string // by prefix
	sparePipeline, inbox, spareRecord string
	// goneRecord was deleted.
	goneRecord string
	team       string
	// The saved views of two members.
	ownersView, chloesView string
}

// people makes a world whose every text begins with its name.
func people(t *testing.T, s *servertest.Server, name string) *cast {
	t.Helper()
	w := servertest.Found(t, s, name)
	c := &cast{World: w, id: map[string]string{typeid.Workspace: w.WorkspaceID, typeid.Member: w.Ben.ID, typeid.Pipeline: w.Pipeline,
		typeid.Stage: w.Lead, typeid.APIKey: w.Key.ID, typeid.Session: w.Owner.Viewer.CredentialID}}
	w.Gather(t)
	as := &w.Owner.Client
	make := func(query string, vars servertest.Vars) string {
		out := servertest.Must[map[string]map[string]struct{ ID string }](t, as, query, vars)
		for _, payload := range out {
			for _, made := range payload {
				return made.ID
			}
		}
		return ""
	}
	c.id[typeid.Job] = ended(t, s, w)
	c.id[typeid.Contact] = make(`mutation($i: CreateContactInput!) { createContact(input: $i) { contact { id } } }`,
		servertest.Vars{"i": servertest.Vars{"firstName": name, "lastName": "contact", "emails": []string{"c@" + name + ".example"}}})
	c.id[typeid.Company] = make(`mutation($i: CreateCompanyInput!) { createCompany(input: $i) { company { id } } }`,
		servertest.Vars{"i": servertest.Vars{"name": name + " company", "domain": name + ".example"}})
	record := func(stage string) string {
		return make(`mutation($i: CreateRecordInput!) { createRecord(input: $i) { record { id } } }`,
			servertest.Vars{"i": servertest.Vars{"title": name + " deal", "stageId": stage, "contactId": c.id[typeid.Contact], "ownerId": w.Ben.ID, "companyId": c.id[typeid.Company],
				"participants": []servertest.Vars{{"contactId": c.id[typeid.Contact], "role": name + " role"}},
				"lineItems":    []servertest.Vars{{"name": name + " item", "quantity": "1", "unitPrice": "2.5"}},
				"value":        servertest.Vars{"amount": "12.50"}, "tags": []string{name}, "description": name + " description"}})
	}
	c.id[typeid.Record] = record(w.Lead)
	c.id[typeid.Task] = make(`mutation($i: CreateTaskInput!) { createTask(input: $i) { task { id } } }`,
		servertest.Vars{"i": servertest.Vars{"title": name + " task", "recordId": c.id[typeid.Record], "assigneeId": w.Ben.ID}})
	c.id[typeid.Team] = make(`mutation($i: CreateTeamInput!) { createTeam(input: $i) { team { id } } }`,
		servertest.Vars{"i": servertest.Vars{"name": name + " team"}})
	c.team = c.id[typeid.Team]
	c.id[typeid.Target] = make(`mutation { setTarget(input: {unit: MONTH, day: "2020-02-29", amount: "7"}) { target { id } } }`, nil)
	view := func() string {
		return make(`mutation($n: String!) { createSavedView(input: {name: $n, filter: {q: $n}}) { savedView { id } } }`, servertest.Vars{"n": name + " view"})
	}
	c.ownersView = view()
	c.id[typeid.SavedView] = c.ownersView
	as = &w.Chloe.Client
	c.chloesView = view()
	as = &w.Owner.Client
	c.id[typeid.Invitation] = servertest.Must[struct {
		InviteMembers struct {
			Results []struct{ Invitation struct{ ID string } }
		}
	}](t, &w.Owner.Client, `mutation($e: [String!]!) { inviteMembers(input: {emails: $e, role: AGENT}) { results { invitation { id } } } }`,
		servertest.Vars{"e": []string{"new@" + name + ".example"}}).InviteMembers.Results[0].Invitation.ID
	spare := servertest.Must[struct {
		CreatePipeline struct {
			Pipeline struct {
				ID     string
				Stages []struct{ ID string }
			}
		}
	}](t, &w.Owner.Client, `mutation($n: String!) { createPipeline(input: {name: $n, stages: [{name: "Inbox"}]}) { pipeline { id stages { id } } } }`,
		servertest.Vars{"n": name + " spare"}).CreatePipeline.Pipeline
	c.sparePipeline, c.inbox = spare.ID, spare.Stages[0].ID
	c.spareRecord = record(c.inbox)
	c.goneRecord = record(c.inbox)
	servertest.Must[struct{ DeleteRecord struct{ DeletedID string } }](t, &w.Owner.Client, `mutation($i: ID!) { deleteRecord(input: {id: $i}) { deletedId } }`,
		servertest.Vars{"i": c.goneRecord})
	return c
}

// ended puts a job that is over into a workspace.
func ended(t *testing.T, s *servertest.Server, w *servertest.World) string {
	t.Helper()
	j := &job.Job{WorkspaceID: w.WorkspaceID, ID: typeid.New(typeid.Job), Kind: "DELETE_ALL_DATA", RequestedBy: row.Actor(w.Owner.Viewer.Actor()), CreatedAt: time.Now()}
	tx, err := s.DB.Write.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback() // does nothing after the commit
	require.NoError(t, job.Add(t.Context(), tx, s.DB.SQL, j))
	asked, err := job.Cancel(t.Context(), tx, s.DB.SQL, j, time.Now())
	require.NoError(t, err)
	require.True(t, asked)
	require.NoError(t, tx.Commit())
	return j.ID
}
