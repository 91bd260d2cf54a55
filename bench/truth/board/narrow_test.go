package board

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNarrowAndClone(t *testing.T) {
	card := func(id, owner string) (c Card) {
		require.NoError(t, json.Unmarshal([]byte(`{"id":"`+id+`","ownerId":"`+owner+`"}`), &c))
		return c
	}
	b := &Board{Revision: 3, Pipeline: Pipeline{Stages: []Stage{{ID: "s"}}},
		Columns: []*Column{{StageID: "s", Totals: Totals{StageID: "s", Count: 3}, Cards: []Card{card("a", "m"), card("b", "n"), card("c", "m")}}}}
	kept := b.Clone()
	require.NoError(t, b.Apply(&Frame{Revision: 4, Cards: []Change{{Kind: "LEFT", Reason: "DELETED", RecordID: "a"}}, Columns: []Totals{{StageID: "s", Count: 2}}}))
	require.Equal(t, []string{"a", "b", "c"}, IDs(kept.Columns[0].Cards))
	require.Equal(t, Revision(3), kept.Revision)
	narrow := kept.Narrow("m")
	require.NoError(t, narrow.Check())
	require.Equal(t, []string{"a", "c"}, IDs(narrow.Columns[0].Cards))
}
