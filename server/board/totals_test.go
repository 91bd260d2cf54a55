package board_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/servertest"
)

// Totals that are remembered are carried forward by the log, and summed up anew when they cannot be: when more has changed
// than it costs to sum up, and when the log does not reach back.
func TestTotalsAreCarriedForward(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		w.Boards.RememberFrom, w.Boards.CardsPerChange = 10, 5
		ctx := viewer.NewContext(context.Background(), w.Owner.Viewer)
		create := func(value string) string {
			made, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "card", Priority: "LOW", Value: &crm.MoneyInput{Amount: value}})
			require.NoError(t, err)
			return made.Record.ID
		}
		total := func() (int, string) {
			b, err := w.Boards.Board(ctx, board.Query{PipelineID: w.Pipeline})
			require.NoError(t, err)
			if b.Columns[0].Totals.Count == 0 {
				return 0, ""
			}
			return b.Columns[0].Totals.Count, b.Columns[0].Totals.Amounts[0].Amount
		}
		expect := func(cards int, amount string) {
			t.Helper()
			n, sum := total()
			require.Equal(t, cards, n)
			require.Equal(t, amount, sum)
		}
		for range 20 {
			create("1")
		}
		expect(20, "20.00")
		last := create("5") // carried
		expect(21, "25.00")
		for range 10 { // more than 21 / 5: anew
			create("1")
		}
		expect(31, "35.00")
		_, err := w.CRM.DeleteRecord(ctx, crm.DeleteRecordInput{ID: last})
		require.NoError(t, err)
		head, _, err := (changelog.Log{DB: w.DB}).Head(context.Background(), w.DB, w.WorkspaceID)
		require.NoError(t, err)
		_, err = w.DB.Write.Exec("UPDATE workspaces SET log_floor = "+w.DB.SQL.Placeholder(1), int64(head))
		require.NoError(t, err)
		_, err = w.DB.Write.Exec("DELETE FROM changes")
		require.NoError(t, err)
		expect(30, "30.00")
	})
}
