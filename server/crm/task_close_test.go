package crm_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// chores is a world in which records have things to do.
type chores struct {
	*servertest.World
	t     *testing.T
	ctx   context.Context
	clock *hourglass
}

func newChores(t *testing.T, dialect string) *chores {
	t.Helper()
	w, clock := timed(t, dialect)
	return &chores{World: w, t: t, ctx: as(w.Owner), clock: clock}
}

func (c *chores) record(stage string) string {
	c.t.Helper()
	made, err := c.CRM.CreateRecord(c.ctx, crm.CreateRecordInput{Title: "deal", Priority: "LOW", StageID: &stage})
	require.NoError(c.t, err)
	return made.Record.ID
}

func (c *chores) todo(recordID string) string {
	c.t.Helper()
	due := c.clock.now().Add(time.Hour)
	made, err := c.CRM.CreateTask(c.ctx, crm.CreateTaskInput{Title: "call", Priority: "LOW", RecordID: &recordID, DueAt: &due})
	require.NoError(c.t, err)
	return made.Task.ID
}

func (c *chores) set(id, status string) {
	c.t.Helper()
	_, err := c.CRM.SetTaskStatus(c.ctx, crm.SetTaskStatusInput{ID: id, Status: status})
	require.NoError(c.t, err)
}

func (c *chores) move(id, stage string) *crm.MoveRecordPayload {
	c.t.Helper()
	out, err := c.CRM.MoveRecord(c.ctx, crm.MoveRecordInput{RecordID: id, ToStageID: &stage})
	require.NoError(c.t, err)
	return out
}

func (c *chores) policy(which string) {
	c.t.Helper()
	_, err := c.CRM.UpdateSettings(c.ctx, crm.UpdateSettingsInput{Tasks: map[string]any{"autoClose": which}})
	require.NoError(c.t, err)
}

func (c *chores) task(id string) (out *ent.Task) {
	c.t.Helper()
	_, err := c.CRM.Do(c.ctx, nil, func(tx *crm.Tx) (err error) {
		out, err = tx.Ent().Task.Get(tx.Ctx(), id)
		return err
	})
	require.NoError(c.t, err)
	return out
}

// state tells in a word what became of a task: OPEN, DONE by hand, or the cause.
func (c *chores) state(id string) string {
	c.t.Helper()
	t := c.task(id)
	if t.CompletionCause != nil {
		require.Equal(c.t, "DONE", string(t.Status))
		return string(*t.CompletionCause)
	}
	return string(t.Status)
}

func (c *chores) head() (r row.Revision) {
	c.t.Helper()
	require.NoError(c.t, c.DB.Read.QueryRowContext(c.t.Context(), "SELECT revision FROM workspaces WHERE id = '"+c.WorkspaceID+"'").Scan(&r))
	return r
}

// road is a pipeline of its own: two OPEN stages, one WON, one LOST.
type road struct{ id, first, second, won, lost string }

func (c *chores) road(name string) road {
	c.t.Helper()
	made, err := c.CRM.CreatePipeline(c.ctx, crm.CreatePipelineInput{Name: name, Category: "CUSTOM", Stages: []*crm.StageInput{{Name: "a"},
		{Name: "b"}, {Name: "won", Kind: graphql.OmittableOf(new("WON"))}, {Name: "lost", Kind: graphql.OmittableOf(new("LOST"))}}})
	require.NoError(c.t, err)
	r := road{id: made.Pipeline.ID}
	for i, into := range []*string{&r.first, &r.second, &r.won, &r.lost} {
		*into = made.Pipeline.Stages[i].ID
	}
	return r
}

// Whatever closes or deletes a record completes what is open on it, in the same commit: by the program, with the cause.
func TestTasksEndWithTheirRecord(t *testing.T) {
	closed, deleted, one := "RECORD_CLOSED", "RECORD_DELETED", 1
	paths := map[string]struct {
		cause string
		act   func(c *chores, r road, id string) error
	}{
		"moved": {closed, func(c *chores, r road, id string) error {
			out, err := c.CRM.MoveRecord(c.ctx, crm.MoveRecordInput{RecordID: id, ToStageID: &r.won})
			if err == nil {
				require.Zero(c.t, out.Record.OpenTaskCount, "the answer tells it")
				require.Nil(c.t, out.Record.NextDueAt)
			}
			return err
		}},
		"updated": {closed, func(c *chores, r road, id string) error {
			out, err := c.CRM.UpdateRecord(c.ctx, crm.UpdateRecordInput{ID: id, StageID: graphql.OmittableOf(&r.lost)})
			if err == nil {
				require.Zero(c.t, out.Record.OpenTaskCount, "the answer tells it")
			}
			return err
		}},
		"moved among many": {closed, func(c *chores, r road, id string) error {
			_, err := c.CRM.MoveRecords(c.ctx, crm.MoveRecordsInput{BatchTarget: ids(id), ToStageID: &r.won})
			return err
		}},
		"moved to another pipeline": {closed, func(c *chores, _ road, id string) error {
			_, err := c.CRM.MoveRecord(c.ctx, crm.MoveRecordInput{RecordID: id, ToPipelineID: &c.Pipeline, ToStageID: &c.Won})
			return err
		}},
		"its stage becomes another kind": {closed, func(c *chores, r road, _ string) error {
			_, err := c.CRM.UpdatePipeline(c.ctx, crm.UpdatePipelineInput{ID: r.id, Stages: []*crm.StageInput{
				{ID: &r.second, Name: "b"}, {ID: &r.first, Name: "a", Kind: graphql.OmittableOf(new("LOST")), ConfirmCount: &one},
				{ID: &r.won, Name: "won", Kind: graphql.OmittableOf(new("WON"))}, {ID: &r.lost, Name: "lost", Kind: graphql.OmittableOf(new("LOST"))}}})
			return err
		}},
		"its stage is deleted": {closed, func(c *chores, r road, _ string) error {
			_, err := c.CRM.UpdatePipeline(c.ctx, crm.UpdatePipelineInput{ID: r.id, MoveRecords: []*crm.StageMoveInput{{FromStageID: r.first, ToStageID: r.won}},
				Stages: []*crm.StageInput{{ID: &r.second, Name: "b"}, {ID: &r.won, Name: "won", Kind: graphql.OmittableOf(new("WON"))}}})
			return err
		}},
		"its pipeline is deleted, it goes elsewhere": {closed, func(c *chores, r road, _ string) error {
			_, err := c.CRM.DeletePipeline(c.ctx, crm.DeletePipelineInput{ID: r.id, MoveTo: &crm.PipelineMoveInput{PipelineID: c.Pipeline, StageID: &c.Lost}})
			return err
		}},
		"its pipeline is deleted with it": {deleted, func(c *chores, r road, _ string) error {
			_, err := c.CRM.DeletePipeline(c.ctx, crm.DeletePipelineInput{ID: r.id, DeleteRecords: true, ConfirmCount: &one})
			return err
		}},
		"deleted": {deleted, func(c *chores, _ road, id string) error {
			_, err := c.CRM.DeleteRecord(c.ctx, crm.DeleteRecordInput{ID: id})
			return err
		}},
		"deleted among many": {deleted, func(c *chores, _ road, id string) error {
			_, err := c.CRM.DeleteRecords(c.ctx, crm.DeleteRecordsInput{BatchTarget: ids(id)})
			return err
		}},
		"by a command that nobody has written yet": {closed, func(c *chores, r road, id string) error {
			_, err := c.CRM.Do(c.ctx, nil, func(tx *crm.Tx) error {
				return tx.Ent().Record.UpdateOneID(id).SetStageID(r.won).SetStatus("WON").AddVersion(1).Exec(tx.Ctx())
			})
			return err
		}},
	}
	servertest.Each(t, func(t *testing.T, dialect string) {
		c := newChores(t, dialect)
		for name, path := range paths {
			r := c.road(name)
			id := c.record(r.first)
			open, byHand := c.todo(id), c.todo(id)
			c.set(byHand, "DONE")
			c.clock.pass(time.Minute)
			before, start := c.task(byHand), c.head()
			require.NoError(t, path.act(c, r, id), name)
			require.Equal(t, start+1, c.head(), "%s: one commit", name)

			done := c.task(open)
			require.Equal(t, path.cause, c.state(open), name)
			require.True(t, done.CompletedAt.Equal(c.clock.now()), name)
			require.Equal(t, viewer.System, done.UpdatedBy.Kind, name)
			require.Equal(t, 2, done.Version, name)
			require.Equal(t, before.Version, c.task(byHand).Version, "%s: what was done stays as it is", name)
			require.Equal(t, "DONE", c.state(byHand), name)
			at := slices.IndexFunc(everyRecord(t, c.World), func(r *ent.Record) bool { return r.ID == id })
			now := everyRecord(t, c.World)[at]
			require.Zero(t, now.OpenTaskCount, name)
			require.Nil(t, now.NextDueAt, name)

			commits, err := changelog.Log{DB: c.DB}.Read(t.Context(), c.DB, c.WorkspaceID, start, start+1)
			require.NoError(t, err)
			require.Equal(t, viewer.Member, commits[0].Actor.Kind, "the commit is that of who acts")
			var told []string
			for _, ch := range commits[0].Changes {
				if ch.Entity == "task" {
					told = append(told, ch.Kind+" "+ch.EntityID)
					require.Subset(t, ch.Changed, []string{"status", "completed_at", "completion_cause"}, name)
				}
			}
			require.Equal(t, []string{"task.completed " + open}, told, name)
		}
	})
}

// What is noted on a closed record is a follow-up: it stays while the record is closed the same way, through reopening too,
// and ends when it is closed another way, or deleted. Reopening a record reopens no task.
func TestFollowUpsStay(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		c := newChores(t, dialect)
		id := c.record(c.Lead)
		first := c.todo(id)
		c.move(id, c.Won)
		require.Equal(t, "RECORD_CLOSED", c.state(first))
		followUp := c.todo(id)
		start := c.head()
		c.move(id, c.Won)
		require.Equal(t, start, c.head(), "nothing changes")
		_, err := c.CRM.UpdateRecord(c.ctx, crm.UpdateRecordInput{ID: id, Title: graphql.OmittableOf(&c.Ben.ID)})
		require.NoError(t, err)
		require.Equal(t, "OPEN", c.state(followUp))
		c.move(id, c.Lead)
		require.Equal(t, "RECORD_CLOSED", c.state(first), "reopening the record reopens no task")
		require.Equal(t, "OPEN", c.state(followUp))
		c.move(id, c.Won)
		require.Equal(t, "RECORD_CLOSED", c.state(followUp), "it was closed again")

		another := c.todo(id)
		c.move(id, c.Lost)
		require.Equal(t, "RECORD_CLOSED", c.state(another), "lost, not won: closed anew")
		last := c.todo(id)
		_, err = c.CRM.DeleteRecord(c.ctx, crm.DeleteRecordInput{ID: id})
		require.NoError(t, err)
		require.Equal(t, "RECORD_DELETED", c.state(last))
		_, err = c.CRM.RestoreRecord(c.ctx, crm.RestoreRecordInput{ID: id})
		require.NoError(t, err)
		require.Equal(t, "RECORD_DELETED", c.state(last), "restoring the record reopens no task")
		c.set(last, "OPEN")
		require.Equal(t, "OPEN", c.state(last), "somebody may")
		require.Nil(t, c.task(last).CompletionCause)
		c.set(last, "DONE")
		require.Equal(t, "DONE", c.state(last))
	})
}

// The setting says which tasks end: all, those that the follow-up agent made, or none.
func TestWhichTasksEndWithTheirRecord(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		c := newChores(t, dialect)
		sources := []task.Source{task.SourceMANUAL, task.SourceAGENT, task.SourceAUTOMATION, task.SourceAPI, task.SourceIMPORT}
		ended := func() string {
			id, of := c.record(c.Lead), map[string]task.Source{}
			_, err := c.CRM.Do(c.ctx, nil, func(tx *crm.Tx) error {
				for i, source := range sources {
					taskID, by := typeid.New(typeid.Task), tx.Viewer().Actor()
					of[taskID] = source
					err := tx.Ent().Task.Create().SetID(taskID).SetWorkspaceID(c.WorkspaceID).SetNumber(int(c.head())*10 + i).SetTitle("t").SetRecordID(id).SetSource(source).
						SetSearchText("").SetCreatedBy(by).SetUpdatedBy(by).SetCreatedAt(tx.Time()).SetUpdatedAt(tx.Time()).Exec(tx.Ctx())
					if err != nil {
						return err
					}
				}
				return nil
			})
			require.NoError(t, err)
			c.move(id, c.Won)
			var out []string
			for taskID, source := range of {
				if c.state(taskID) != "OPEN" {
					out = append(out, string(source))
				}
			}
			slices.Sort(out)
			return strings.Join(out, " ")
		}
		require.Equal(t, "AGENT API AUTOMATION IMPORT MANUAL", ended(), "by default all")
		c.policy("AGENT_ONLY")
		require.Equal(t, "AGENT", ended())
		c.policy("OFF")
		require.Empty(t, ended())
		c.policy("ALL")
		require.Equal(t, "AGENT API AUTOMATION IMPORT MANUAL", ended())
	})
}

// Completing what is open is the program's doing: no activity on a record whose stage changed its kind.
func TestTasksThatEndAreNoActivity(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		c := newChores(t, dialect)
		r, one := c.road("road"), 1
		id := c.record(r.first)
		c.todo(id)
		active := everyRecord(t, c.World)[0].LastActivityAt
		c.clock.pass(time.Hour)
		_, err := c.CRM.UpdatePipeline(c.ctx, crm.UpdatePipelineInput{ID: r.id, Stages: []*crm.StageInput{
			{ID: &r.second, Name: "b"}, {ID: &r.first, Name: "a", Kind: graphql.OmittableOf(new("LOST")), ConfirmCount: &one}}})
		require.NoError(t, err)
		now := everyRecord(t, c.World)[0]
		require.Zero(t, now.OpenTaskCount)
		require.True(t, active.Equal(now.LastActivityAt))
	})
}

// How many records end, and with how many tasks, costs no more statements; where nothing is open, not one.
func TestStatementsOfTasksThatEnd(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		c := newChores(t, dialect)
		fill(t, c.World, 15)
		var all []string
		for _, r := range column(t, c.World, c.Lead) {
			all = append(all, r.ID)
		}
		cost := func(act func(ctx context.Context) error) int {
			t.Helper()
			ctx, n := store.Count(crm.Rehearse(c.ctx, &crm.Rehearsal{}))
			require.NoError(t, act(ctx))
			return n.Statements()
		}
		move := func(some []string, to string) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := c.CRM.MoveRecords(ctx, crm.MoveRecordsInput{BatchTarget: ids(some...), ToStageID: &to})
				return err
			}
		}
		remove := func(some []string) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := c.CRM.DeleteRecords(ctx, crm.DeleteRecordsInput{BatchTarget: ids(some...)})
				return err
			}
		}
		won, gone := cost(move(all[:15], c.Won)), cost(remove(all[:15]))
		require.Equal(t, cost(move(all[:15], c.Offer)), won, "nothing is open: closing costs what moving does")
		for range 2 {
			for _, id := range all[:15] {
				c.todo(id)
			}
		}
		// The setting, the tasks, three that complete them; two that count what is open, three that write it.
		require.Equal(t, cost(move(all[:1], c.Offer))+10, cost(move(all[:1], c.Won)))
		require.Equal(t, won+10, cost(move(all[:15], c.Won)))
		require.Equal(t, gone+10, cost(remove(all[:15])))
		require.Equal(t, won, cost(move(all[:15], c.Offer)), "what stays open costs nothing")
	})
}
