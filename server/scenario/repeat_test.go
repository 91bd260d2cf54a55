package scenario_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/servertest"
)

const createUnder = `mutation($t: String!, $k: String!) { createRecord(input: {title: $t}) @idempotent(key: $k) { record { id title } revision } }`

type created struct {
	CreateRecord struct {
		Record   struct{ ID, Title string }
		Revision string
	}
}

func records(t *testing.T, w *servertest.World) int {
	t.Helper()
	return servertest.Must[struct{ Records struct{ TotalCount int } }](t, &w.Owner.Client, `{ records { totalCount } }`, nil).Records.TotalCount
}

// TestARepeatGivesTheFirstAnswer: one after the other, all at once, from another caller, with another input.
func TestARepeatGivesTheFirstAnswer(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		first := servertest.Must[created](t, &w.Owner.Client, createUnder, servertest.Vars{"t": "A", "k": "one"})
		again := servertest.Must[created](t, &w.Owner.Client, createUnder, servertest.Vars{"t": "A", "k": "one"})
		require.Equal(t, first, again)
		w.Owner.Refused(t, "IDEMPOTENCY_MISMATCH", createUnder, servertest.Vars{"t": "B", "k": "one"})
		other := servertest.Must[created](t, &w.Ben.Client, createUnder, servertest.Vars{"t": "A", "k": "one"})
		require.NotEqual(t, first.CreateRecord.Record.ID, other.CreateRecord.Record.ID, "a key is its caller's own")
		for _, key := range []string{"", string(make([]byte, 129))} {
			w.Owner.Refused(t, "VALIDATION_FAILED", createUnder, servertest.Vars{"t": "A", "k": key})
		}

		var all sync.WaitGroup
		answers := make([]created, 12)
		for i := range answers {
			all.Go(func() {
				answers[i] = servertest.Must[created](t, &w.Owner.Client, createUnder, servertest.Vars{"t": "A", "k": "many"})
			})
		}
		all.Wait()
		for _, a := range answers {
			assert.Equal(t, answers[0], a)
		}
		require.Equal(t, 3, records(t, w))

		// What was refused left nothing behind under its key.
		w.Owner.Refused(t, "VALIDATION_FAILED", createUnder, servertest.Vars{"t": "", "k": "bad"})
		servertest.Must[created](t, &w.Owner.Client, createUnder, servertest.Vars{"t": "good", "k": "bad"})
		w.Owner.Refused(t, "VALIDATION_FAILED", `query { records @idempotent(key: "x") { totalCount } }`, nil)
		w.Owner.Refused(t, "VALIDATION_FAILED", `mutation { createRecord(input: {title: "A"}) { revision @dryRun } }`, nil)
	})
}

// TestAnAnswerIsForgottenAfterItsTerm: the daily sweep leaves no answer that nobody can ask for again.
func TestAnAnswerIsForgottenAfterItsTerm(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		kept := func() (n int) {
			require.NoError(t, w.DB.Read.QueryRow("SELECT count(*) FROM idempotency").Scan(&n))
			return n
		}
		first := servertest.Must[created](t, &w.Owner.Client, createUnder, servertest.Vars{"t": "A", "k": "one"})
		require.NoError(t, access.Sweep(t.Context(), w.DB, time.Now().Add(crm.IdempotencyTerm-time.Hour)))
		require.Equal(t, 1, kept())
		require.NoError(t, access.Sweep(t.Context(), w.DB, time.Now().Add(crm.IdempotencyTerm+time.Hour)))
		require.Zero(t, kept())
		again := servertest.Must[created](t, &w.Owner.Client, createUnder, servertest.Vars{"t": "A", "k": "one"})
		require.NotEqual(t, first.CreateRecord.Record.ID, again.CreateRecord.Record.ID)
	})
}

// TestARepeatAfterACrash: a server that dies after the commit and before the answer has done what it was asked once.
func TestARepeatAfterACrash(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		w.CRM.Announce = func(*changelog.Commit) { panic("killed between commit and answer") }
		a := w.Owner.Do(t, createUnder, servertest.Vars{"t": "A", "k": "one"})
		require.NotEmpty(t, a.Errors, "the answer is lost")
		w.Stop(t)
		w.Server = servertest.StartOn(t, w.Database, nil)
		owner := servertest.Client{URL: w.URL, Token: w.Owner.Token}
		w.Owner.Client = owner
		require.Equal(t, 1, records(t, w))
		first := servertest.Must[created](t, &owner, createUnder, servertest.Vars{"t": "A", "k": "one"})
		require.Equal(t, "A", first.CreateRecord.Record.Title)
		require.Equal(t, 1, records(t, w))
		require.Equal(t, first, servertest.Must[created](t, &owner, createUnder, servertest.Vars{"t": "A", "k": "one"}))
	})
}

// TestARehearsal runs a command whole and stores nothing: no row, no number, no revision, no frame.
func TestARehearsal(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		real := servertest.Must[created](t, &w.Owner.Client, `mutation { createRecord(input: {title: "A"}) { record { id title } revision } }`, nil).CreateRecord
		frames := w.Owner.Subscribe(t, `subscription($p: ID!) { board(pipelineId: $p) { revision } }`, servertest.Vars{"p": w.Pipeline})
		at := func() string {
			return servertest.Next[struct{ Board struct{ Revision string } }](t, frames).Board.Revision
		}
		require.Equal(t, real.Revision, at())
		ask := func(c *servertest.Client, query string, vars servertest.Vars) (map[string]json.RawMessage, map[string]struct{ Changes []map[string]any }) {
			t.Helper()
			a := c.Do(t, query, vars)
			require.Empty(t, a.Errors)
			var data map[string]json.RawMessage
			require.NoError(t, json.Unmarshal(a.Data, &data))
			return data, a.Extensions.DryRun
		}
		data, dry := ask(&w.Owner.Client, `mutation($r: ID!, $s: ID!) {
			moved: moveRecord(input: {recordId: $r, toStageId: $s}) @dryRun { revision record { number stage { name } probability } }
			made: createRecord(input: {title: "B"}) @dryRun { revision record { number title } }
			same: updateRecord(input: {id: $r, title: "A"}) @dryRun { revision } }`, servertest.Vars{"r": real.Record.ID, "s": w.Offer})
		require.JSONEq(t, fmt.Sprintf(`{"revision": %q, "record": {"number": 1, "stage": {"name": "Offer"}, "probability": 50}}`, real.Revision), string(data["moved"]))
		require.JSONEq(t, fmt.Sprintf(`{"revision": %q, "record": {"number": 2, "title": "B"}}`, real.Revision), string(data["made"]))
		require.Len(t, dry["moved"].Changes, 1)
		require.Equal(t, "record.stage.changed", dry["moved"].Changes[0]["kind"])
		require.Equal(t, real.Record.ID, dry["moved"].Changes[0]["entityId"])
		require.Equal(t, "record.created", dry["made"].Changes[0]["kind"])
		require.Nil(t, dry["made"].Changes[0]["before"])
		require.Empty(t, dry["same"].Changes)
		require.NotNil(t, dry["same"].Changes)

		w.Owner.Refused(t, "VALIDATION_FAILED", `mutation { createRecord(input: {title: ""}) @dryRun { revision } }`, nil)
		w.Owner.Refused(t, "NOT_FOUND", `mutation { deleteRecord(input: {id: "rec_00000000000000000000000001"}) @dryRun { revision } }`, nil)
		// Under a key too nothing is kept: what follows is done.
		ask(&w.Owner.Client, `mutation { createRecord(input: {title: "C"}) @dryRun @idempotent(key: "c") { revision } }`, nil)
		next := servertest.Must[created](t, &w.Owner.Client, `mutation { createRecord(input: {title: "C"}) @idempotent(key: "c") { record { id title } revision } }`, nil).CreateRecord
		require.Equal(t, next.Revision, at(), "the first frame since is that of what was meant")
		require.Equal(t, 2, records(t, w))

		// Of another's hidden record nothing is told, as if it were not there.
		_, dry = ask(&w.Chloe.Client, `mutation($s: ID!) { createRecord(input: {title: "D", stageId: $s}) @dryRun { revision } }`, servertest.Vars{"s": w.Lead})
		for _, c := range dry["createRecord"].Changes {
			require.NotEqual(t, real.Record.ID, c["entityId"])
		}
	})
}
