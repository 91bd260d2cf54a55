package watcher

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/rights"
	"github.com/rapidbott/tideboard/bench/truth/stream"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

func TestRecall(t *testing.T) {
	const noon = "2026-11-21T12:00:00Z"
	r := record()
	r.asOf = map[string]board.Revision{noon: 10}
	w, violation := watch(t, r, stream.NoFault)
	require.Nil(t, violation)
	w.memories = []*board.Board{w.board.Clone()}
	moments := &Moments{At: map[board.Revision]string{10: noon}, Newest: map[string]board.Revision{noon: 10}}
	require.NoError(t, w.Recall(t.Context(), moments))
	require.Equal(t, []int64{1, 1}, []int64{w.Court.Counts.Recalled.Load(), w.Court.Counts.AsOf.Load()})

	r.retime(noon, 9)
	require.ErrorContains(t, w.Recall(t.Context(), moments), "is that of revision 9; the newest of that time is 10")
	r.rewrite(10, strings.Replace(r.states[10], `"title":"b3"`, `"title":"b9"`, 1))
	require.ErrorContains(t, w.Recall(t.Context(), nil), `card b: title: want "b3", got "b9"`)
}

// TestRecallAcrossRights has a board of when everything was seen, asked for by somebody who sees the own cards alone.
func TestRecallAcrossRights(t *testing.T) {
	r := record()
	w, violation := watch(t, r, stream.NoFault)
	require.Nil(t, violation)
	w.memories = []*board.Board{w.board.Clone()}
	w.View.Who, w.Rights = wire.Session("Ada", "ada", "k", true), &rights.Book{}
	w.Rights.Follow("ada", true)
	w.Rights.Begin("ada", 11)
	require.NoError(t, w.Recall(t.Context(), nil))
	require.Zero(t, w.Court.Counts.Recalled.Load(), "nothing is said while the right changes")
	w.Rights.End("ada", 11, 12, false)
	require.NoError(t, w.Recall(t.Context(), nil))
	require.Equal(t, int64(1), w.Court.Counts.Recalled.Load(), "all cards are its own")
	r.rewrite(10, answer(10, "b3 | "))
	require.ErrorContains(t, w.Recall(t.Context(), nil), "card d is missing")
}

func TestRightsAlone(t *testing.T) {
	w, violation := watch(t, record(), stream.NoFault)
	require.Nil(t, violation)
	w.RightsMark = "run-9-"
	frame := func(changes ...board.Change) *board.Frame {
		return &board.Frame{Type: board.TypeCommit, ClientMutationID: "run-9-4", Cards: changes}
	}
	left := board.Change{Kind: "LEFT", Reason: "PERMISSION", RecordID: "a"}
	require.NoError(t, w.aboutRights(frame(left, board.Change{Kind: "UPDATED", RecordID: "b", ChangedFields: []string{"owner"}})))
	require.Equal(t, int64(1), w.Court.Counts.Permission.Load())
	require.Error(t, w.aboutRights(frame(left, board.Change{Kind: "ENTERED", Reason: "PERMISSION", RecordID: "b"})))
	require.Error(t, w.aboutRights(frame(board.Change{Kind: "LEFT", Reason: "FILTER", RecordID: "a"})))
	require.Error(t, w.aboutRights(frame(board.Change{Kind: "UPDATED", RecordID: "b", ChangedFields: []string{"title"}})))
}
