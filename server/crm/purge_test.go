package crm_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/servertest"
)

// What was deleted more than 30 days ago goes for good, with its spans; what histories name stays, and so does everybody
// else's.
func TestPurge(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, clock := timed(t, dialect)
		other := servertest.Found(t, w.Server, "beta")
		ctx := as(w.Owner)
		second, err := w.CRM.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead"})
		require.NoError(t, err)
		third, err := w.CRM.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_client"})
		require.NoError(t, err)
		create := func(w *servertest.World, pipeline string) string {
			out, err := w.CRM.CreateRecord(as(w.Owner), crm.CreateRecordInput{Title: "deal", Priority: "LOW", PipelineID: &pipeline})
			require.NoError(t, err)
			return out.Record.ID
		}
		remove := func(w *servertest.World, id string) {
			_, err := w.CRM.DeleteRecord(as(w.Owner), crm.DeleteRecordInput{ID: id})
			require.NoError(t, err)
		}
		old, stays1, moved, theirs := create(w, w.Pipeline), create(w, w.Pipeline), create(w, second.Pipeline.ID), create(other, other.Pipeline)
		inThird := create(w, third.Pipeline.ID)
		todo, err := w.CRM.CreateTask(ctx, crm.CreateTaskInput{Title: "t", Priority: "LOW", RecordID: &old})
		require.NoError(t, err)
		_, err = w.CRM.UpdateSettings(ctx, crm.UpdateSettingsInput{Tasks: map[string]any{"autoClose": "OFF"}})
		require.NoError(t, err, "the deletion leaves it open")
		_, err = w.CRM.LinkRecords(ctx, crm.LinkRecordsInput{RecordID: old, ToRecordID: moved})
		require.NoError(t, err)
		_, err = w.CRM.LinkRecords(ctx, crm.LinkRecordsInput{RecordID: stays1, ToRecordID: moved})
		require.NoError(t, err)
		one := 1
		_, err = w.CRM.DeletePipeline(ctx, crm.DeletePipelineInput{ID: second.Pipeline.ID, MoveTo: &crm.PipelineMoveInput{PipelineID: w.Pipeline}})
		require.NoError(t, err)
		_, err = w.CRM.DeletePipeline(ctx, crm.DeletePipelineInput{ID: third.Pipeline.ID, DeleteRecords: true, ConfirmCount: &one})
		require.NoError(t, err)
		remove(w, old)
		clock.pass(29 * 24 * time.Hour)
		remove(w, stays1)
		gone, err := w.CRM.Purge(t.Context())
		require.NoError(t, err)
		require.Zero(t, gone)
		clock.pass(24*time.Hour - time.Microsecond)
		gone, err = w.CRM.Purge(t.Context())
		require.NoError(t, err)
		require.Zero(t, gone, "it can be restored to the last moment")

		clock.pass(time.Microsecond)
		_, err = w.CRM.RestoreRecord(ctx, crm.RestoreRecordInput{ID: old})
		require.True(t, fault.Is(err, fault.NotFoundCode), "%v", err)
		gone, err = w.CRM.Purge(t.Context())
		require.NoError(t, err)
		// All of the third pipeline goes; of the second one the first stage stays, in which a record was, and so does it.
		require.Equal(t, crm.Purged{Records: 2, Stages: int64(len(third.Pipeline.Stages) + len(second.Pipeline.Stages) - 1), Pipelines: 1}, gone)
		left := map[string]bool{}
		for _, r := range everyRecord(t, w) {
			left[r.ID] = true
		}
		require.Equal(t, map[string]bool{stays1: true, moved: true}, left)
		for _, id := range []string{old, inThird} {
			require.Empty(t, stays(t, w)[id])
			require.Empty(t, holdings(t, w)[id])
		}
		require.Len(t, stays(t, w)[moved], 2)
		require.Len(t, everyRecord(t, other), 1)
		require.Equal(t, theirs, everyRecord(t, other)[0].ID)
		remembered(t, w)
		var loose *ent.Task
		_, err = w.CRM.Do(ctx, nil, func(tx *crm.Tx) (err error) {
			loose, err = tx.Ent().Task.Get(tx.Ctx(), todo.Task.ID)
			return err
		})
		require.NoError(t, err)
		require.Nil(t, loose.RecordID)
		require.Equal(t, "DONE", string(loose.Status), "there is nothing left to do")
		require.NotNil(t, loose.CompletedAt)
		require.Equal(t, "RECORD_DELETED", string(*loose.CompletionCause))
		for _, r := range everyRecord(t, w) {
			if r.ID == moved {
				require.Len(t, r.Links, 1, "the link to what is gone is gone, and no other")
				require.Equal(t, stays1, r.Links[0].RecordID)
			}
		}
		var told []string
		each(t, w, scope.New(w.Owner.Viewer, w.DB.SQL).Add("SELECT c.kind FROM changes c WHERE ").Workspace("c").Add(" ORDER BY c.revision DESC, c.ordinal DESC LIMIT 4"),
			func(scan func(...any) error) error {
				told = append(told, "")
				return scan(&told[len(told)-1])
			})
		require.Equal(t, []string{"workspace.purged", "task.updated", "task.completed", "record.updated"}, told)

		gone, err = w.CRM.Purge(t.Context())
		require.NoError(t, err)
		require.Zero(t, gone, "once is enough")
	})
}
