package e2e_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// Chloe sees what is hers and nothing else. Cards are made, renamed, moved, given away and deleted beside her; what
// must come is known beforehand, frame by frame, and no title of a card that is not hers is in any of it.
func TestRestrictedWatcher(t *testing.T) {
	p := serve(t, store.SQLite)
	chloe := p.restricted()
	her := p.demo.Members[chloe].ID
	c := p.asMember(chloe, watchBoard, servertest.Vars{"id": p.demo.Pipelines[0].ID}).run(t)
	c.next("connected")
	snapshot := c.frame()
	held := 0
	for _, column := range snapshot.Board.Columns {
		for _, card := range column.Cards.Nodes {
			held++
			require.Equal(t, her, card.OwnerID, "%+v", card)
		}
	}
	require.NotZero(t, held, "Chloe has cards to look at")

	const seed = 20261121
	story := story{process: p, dice: rand.New(rand.NewPCG(seed, 0)), her: her, owners: map[string]string{}}
	for range 150 {
		story.step()
	}
	story.made(her) // something she must see ends the story
	require.Greater(t, len(story.sights), 30)
	for _, want := range story.sights {
		e := c.next("next")
		got := decodeFrame(t, e)
		require.Equal(t, "BoardCommit", got.Typename)
		require.Equal(t, want.revision, got.Revision, "%s", e.Raw)
		require.Len(t, got.Cards, 1, "%s", e.Raw)
		require.Equal(t, want.id, got.Cards[0].RecordID, "%s", e.Raw)
		require.Equal(t, want.kind, got.Cards[0].Kind, "%s", e.Raw)
		require.Equal(t, want.reason, got.Cards[0].Reason, "%s", e.Raw)
		require.NotContains(t, e.Raw, "secret")
		if want.kind == "LEFT" {
			require.Nil(t, got.Cards[0].Record, "%s", e.Raw)
		} else {
			require.Equal(t, her, got.Cards[0].Record.OwnerID, "%s", e.Raw)
		}
	}
}
