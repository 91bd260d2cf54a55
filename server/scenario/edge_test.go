package scenario_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
)

// A workspace begins without a pipeline: its first becomes the default, and until then there is no place for a record.
func TestAWorkspaceWithoutAPipeline(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := servertest.Start(t, dialect)
		ws, owner, err := s.CRM.Found(context.Background(), crm.FoundWorkspace{PartnerWorkspaceID: "p", Name: "New", Slug: "new", Timezone: "UTC",
			DefaultCurrency: "EUR", Owner: crm.NewMember{FirstName: "O", Email: "o@new.example"}})
		require.NoError(t, err)
		token, err := s.Gate.IssueSession(context.Background(), ws.ID, owner.ID)
		require.NoError(t, err)
		c := servertest.Client{URL: s.URL, Token: token}
		c.Refused(t, "NO_PIPELINE", `mutation { createRecord(input: {title: "x"}) { revision } }`, nil)
		rows := servertest.Must[struct {
			CreateRecords struct {
				Summary struct{ Failed, NewContactsCreated int }
				Results []struct{ Error struct{ Code string } }
			}
		}](t, &c, `mutation { createRecords(input: {createContactIfMissing: true, records: [{title: "x", contactEmail: "ann@x.example"}]}) { summary { failed newContactsCreated } results { error { code } } } }`, nil)
		require.Equal(t, "{{1 0} [{{NO_PIPELINE}}]}", fmt.Sprint(rows.CreateRecords))
		made := servertest.Must[struct {
			CreatePipeline struct{ Pipeline struct{ IsDefault bool } }
		}](t, &c, `mutation { createPipeline(input: {name: "First", stages: [{name: "Start"}]}) { pipeline { isDefault } } }`, nil)
		require.True(t, made.CreatePipeline.Pipeline.IsDefault)
		servertest.Must[any](t, &c, `mutation { createRecord(input: {title: "x"}) { revision } }`, nil)

		_, _, err = s.CRM.Found(context.Background(), crm.FoundWorkspace{PartnerWorkspaceID: "p", Name: "Again", Slug: "again", Timezone: "UTC",
			DefaultCurrency: "EUR", Owner: crm.NewMember{FirstName: "O", Email: "o@again.example"}})
		require.True(t, fault.Is(err, fault.Duplicate), "%v", err)
	})
}

// `atLeast` waits until the revision is there.
func TestReadYourWritesOfAnotherHand(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		type answer struct {
			Board struct {
				Revision string
				Columns  []struct{ Totals struct{ Count int } }
			}
		}
		head := servertest.Must[struct {
			Board struct{ Revision json.Number }
		}](t, &w.Owner.Client, fmt.Sprintf(`{ board(pipelineId: %q) { revision } }`, w.Pipeline), nil)
		now, err := head.Board.Revision.Int64()
		require.NoError(t, err)
		for next := now + 1; next <= now+20; next++ {
			got := make(chan answer, 1) // 1: the one answer
			go func() {
				got <- servertest.Must[answer](t, &w.Owner.Client, fmt.Sprintf(`{ board(pipelineId: %q, atLeast: "%d") { revision columns { totals { count } } } }`, w.Pipeline, next), nil)
			}()
			_, err := w.CRM.CreateRecord(viewer.NewContext(context.Background(), w.Ben.Viewer), crm.CreateRecordInput{Title: "x", Priority: "LOW"})
			require.NoError(t, err)
			a := <-got
			require.Equal(t, fmt.Sprint(next), a.Board.Revision)
			require.Equal(t, int(next-now), a.Board.Columns[0].Totals.Count)
		}
	})
}

// A workspace has at most 100 pipelines.
func TestTooManyPipelines(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		ctx := viewer.NewContext(context.Background(), w.Owner.Viewer)
		make := func(i int) error {
			_, err := w.CRM.CreatePipeline(ctx, crm.CreatePipelineInput{Name: fmt.Sprint("P", i), Category: "CUSTOM", Stages: []*crm.StageInput{{Name: "S"}}})
			return err
		}
		for i := 1; i < crm.MaxPipelines; i++ {
			require.NoError(t, make(i))
		}
		require.True(t, fault.Is(make(crm.MaxPipelines), fault.ValidationFailed))
		var stages []*crm.StageInput
		for i := range crm.MaxStages + 1 {
			stages = append(stages, &crm.StageInput{Name: fmt.Sprint("S", i)})
		}
		_, err := w.CRM.UpdatePipeline(ctx, crm.UpdatePipelineInput{ID: w.Pipeline, Stages: stages})
		require.True(t, fault.Is(err, fault.ValidationFailed))
	})
}
