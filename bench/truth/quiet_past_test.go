package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

func TestMomentsOf(t *testing.T) {
	log := &wire.Log{Commits: []wire.Commit{
		{Revision: 4, At: "2026-11-21T10:00:00.5Z"}, {Revision: 5, At: "2026-11-21T10:00:00.5Z"}, {Revision: 6, At: "2026-11-21T10:00:01Z"},
	}}
	m, err := momentsOf(log)
	require.NoError(t, err)
	require.Equal(t, board.Revision(5), m.Newest[m.At[4]], "two of one time: the newest of them")
	require.Equal(t, board.Revision(6), m.Newest[m.At[6]])
	log.Commits[2].At = "2026-11-21T09:00:00Z"
	_, err = momentsOf(log)
	require.ErrorContains(t, err, "revision 6 was made")
}
