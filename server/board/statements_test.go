package board_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// A filter adds no statement, whatever it depends on.
func TestAFilterAddsNoStatement(t *testing.T) {
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			d, yes := newDial(t, dialect), true
			d.card(t, "card", "2026-11-20")
			all := &filter.RecordFilter{IsStale: &yes, IsOverdue: &yes, RecordType: &filter.RecordTypeComparator{Eq: ptr("DEAL")}, Team: &filter.TeamComparator{NotIn: []string{}},
				CreatedAt: &filter.TimeComparator{Within: ptr("THIS_WEEK")}, Title: &filter.TextComparator{Contains: ptr("a")},
				CustomFields: []*filter.CustomFieldComparator{{Key: "size", As: "NUMBER", Gt: row.JSON("1")}}}
			statements := func(f *filter.RecordFilter) (list, whole int) {
				ctx, count := store.Count(d.ctx())
				_, err := (read.Reader{DB: d.DB}).Records(ctx, f, nil, 50, nil)
				require.NoError(t, err)
				list = len(count.Texts())
				ctx, count = store.Count(d.ctx())
				_, err = d.Boards.Board(ctx, board.Query{PipelineID: d.Pipeline, Filter: f, First: 50})
				require.NoError(t, err)
				return list, len(count.Texts())
			}
			list, whole := statements(nil)
			filtered, seen := statements(all)
			require.Equal(t, []int{list, whole}, []int{filtered, seen})
			require.Equal(t, 1, list)
			require.Positive(t, whole)
		})
	}
}
