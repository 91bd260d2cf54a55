package crm_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// Cards that a filter lets pass change places while the command waits for one of them: the block keeps the order of the
// board that its revision changes.
func TestAFiltersBlockKeepsTheOrderOfItsRevision(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 2)
		move := func() error {
			_, err := d.CRM.MoveRecords(d.as(d.Owner), crm.MoveRecordsInput{BatchTarget: d.lead(2), ToStageID: &d.Offer})
			return err
		}
		top := "TOP"
		swap := func() {
			_, err := d.CRM.MoveRecord(d.as(d.Owner), crm.MoveRecordInput{RecordID: d.cards[1], ToStageID: &d.Lead, ToEnd: &top})
			require.NoError(t, err)
		}
		d.overtake(dialect, d.cards[0], move, swap)
		require.Equal(t, "c1 c0", d.column(d.Offer))
	})
}

// overtake makes a change while a command waits for a record's row, which another transaction holds until then. On SQLite
// one writes at a time: the change comes first.
func (d *deck) overtake(dialect, id string, command func() error, change func()) {
	d.t.Helper()
	if dialect != store.Postgres {
		change()
		require.NoError(d.t, command())
		return
	}
	hold, err := d.DB.Write.BeginTx(d.t.Context(), nil)
	require.NoError(d.t, err)
	defer hold.Rollback()
	_, err = hold.ExecContext(d.t.Context(), "SELECT id FROM records WHERE id = '"+id+"' FOR UPDATE")
	require.NoError(d.t, err)
	done := make(chan error, 1)
	go func() { done <- command() }()
	require.Eventually(d.t, func() bool {
		var waiting int
		err := d.DB.Read.QueryRowContext(d.t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waiting)
		return err == nil && waiting == 1
	}, time.Minute, 5*time.Millisecond)
	change()
	require.NoError(d.t, hold.Rollback())
	require.NoError(d.t, <-done)
}

// The stages that a block comes from change places while it waits for its own: it lands in the order of the board that its
// revision changes.
func TestABlockKeepsTheOrderOfItsRevision(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 2)
		offer := d.add("o", d.Offer, nil)
		there, err := d.CRM.CreatePipeline(d.as(d.Owner), crm.CreatePipelineInput{Name: "There", Category: "SALES", Stages: []*crm.StageInput{{Name: "Only"}}})
		require.NoError(t, err)
		var only string
		require.NoError(t, d.DB.Read.QueryRowContext(t.Context(), "SELECT id FROM stages WHERE pipeline_id = '"+there.Pipeline.ID+"'").Scan(&only))
		anchor := d.add("anchor", only, nil)
		move := func() error {
			_, err := d.CRM.MoveRecords(d.as(d.Owner), crm.MoveRecordsInput{BatchTarget: ids(d.cards[0], d.cards[1], offer),
				ToPipelineID: &there.Pipeline.ID, ToStageID: &only, Place: &crm.PlaceInput{AfterRecordID: &anchor}})
			return err
		}
		reorder := func() {
			_, err := d.CRM.ReorderStages(d.as(d.Owner), crm.ReorderStagesInput{PipelineID: d.Pipeline, StageIds: []string{d.Offer, d.Lead, d.Won, d.Lost}})
			require.NoError(t, err)
		}
		d.overtake(dialect, anchor, move, reorder)
		require.Equal(t, "anchor o c0 c1", d.column(only))
	})
}
