package board_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/board"
)

// differ compares what a watcher held at two revisions with what the diff between them says.
func (p *play) differ(t *testing.T, w *watcher, old, now memory) {
	t.Helper()
	d, err := p.w.Boards.Diff(p.ctx(*w.who), w.pipeline, old.at, &now.at, w.filter)
	require.NoError(t, err)
	page, err := d.Cards(t.Context(), 200, nil)
	require.NoError(t, err)
	told := map[string]*board.CardDiff{}
	for _, c := range page.Nodes {
		told[c.RecordID] = c
	}
	was, is := old.holds.cards(), now.holds.cards()
	for id, before := range was {
		after, stays := is[id]
		switch {
		case !stays:
			require.Equal(t, board.Left, told[id].Kind)
		case before.stage != after.stage:
			require.Equal(t, board.Moved, told[id].Kind)
		case before.says != after.says:
			require.NotNil(t, told[id], "%s: %s became %s", w.name, before.says, after.says)
			require.Equal(t, board.Updated, told[id].Kind)
		}
	}
	for id := range is {
		if _, was := was[id]; !was {
			require.Equal(t, board.Entered, told[id].Kind)
		}
	}
	for id, c := range told {
		_, before := was[id]
		_, after := is[id]
		require.True(t, before || after, "%s %s", c.Kind, id)
	}
	for _, s := range d.Stages {
		if c := old.holds[s.Stage.ID]; c != nil {
			require.Len(t, c.cards, s.Before.Count)
		}
		if c := now.holds[s.Stage.ID]; c != nil {
			require.Len(t, c.cards, s.After.Count)
		}
		require.Equal(t, s.After.Count-s.Before.Count, s.Entered+s.MovedIn-s.Left-s.MovedOut)
	}
	p.seen["diff"]++
	for _, c := range page.Nodes {
		p.seen["diff "+c.Kind]++
	}
	var pages []*board.CardDiff
	for after := (*string)(nil); ; {
		one, err := d.Cards(t.Context(), 3, after)
		require.NoError(t, err)
		pages = append(pages, one.Nodes...)
		if after = one.PageInfo.EndCursor; !one.PageInfo.HasNextPage {
			break
		}
	}
	require.True(t, slices.Equal(page.Nodes, pages), "page by page it is the same")
}

type seat struct{ stage, says string }

// cards lists the cards that are held, with where they lie and what they show.
func (h held) cards() map[string]seat {
	out := map[string]seat{}
	for stage, c := range h {
		for _, card := range c.cards {
			out[card.id] = seat{stage, card.says}
		}
	}
	return out
}
