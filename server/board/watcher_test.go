package board_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
)

type watcher struct {
	name     string
	who      **servertest.Person
	pipeline string
	filter   *filter.RecordFilter
	sub      *board.Subscription
	at       row.Revision
	holds    held
	past     []memory
	since    row.Revision // the rights of now hold since then
}

// held is what a client holds: per stage, in board order, cards and totals.
type held map[string]*column

type column struct {
	cards  []card
	totals string
}

// card is what is held of one: `says` is what it shows beside its place and what every write changes.
type card struct{ id, shows, says string }

// memory is what a client held once.
type memory struct {
	at    row.Revision
	holds held
}

// take takes all frames there are and applies them.
func (p *play) take(t *testing.T, w *watcher) (commits []*board.Commit) {
	t.Helper()
	for {
		f, err := w.sub.Next(t.Context())
		require.NoError(t, err)
		if f == nil {
			return commits
		}
		w.hold(t, f)
		if c, ok := f.(*board.Commit); ok {
			commits = append(commits, c)
			p.note(c)
		}
	}
}

func (p *play) note(c *board.Commit) {
	for _, ch := range c.Cards {
		kind := ch.Kind
		if ch.Reason != nil {
			kind += " " + *ch.Reason
		}
		p.seen[kind]++
	}
	if c.Pipeline != nil {
		p.seen["pipeline"]++
	}
}

// hold applies a frame as the SDL says.
func (w *watcher) hold(t *testing.T, f board.Frame) {
	t.Helper()
	switch f := f.(type) {
	case *board.Snapshot:
		w.at, w.holds = f.Revision, of(t, f.Board)
	case *board.Ready:
		require.GreaterOrEqual(t, f.Revision, w.at)
		w.at = f.Revision
	case *board.Commit:
		require.Greater(t, f.Revision, w.at, "%s: frames come in order, each once", w.name)
		w.at = f.Revision
		w.apply(t, f)
	default:
		t.Fatalf("%s got a %T", w.name, f)
	}
	w.past = append(w.past, memory{w.at, w.holds.copy()})
}

func (w *watcher) apply(t *testing.T, f *board.Commit) {
	t.Helper()
	if f.Pipeline != nil {
		was := w.holds
		w.holds = held{}
		for _, st := range f.Pipeline.Stages {
			if w.holds[st.ID] = was[st.ID]; was[st.ID] == nil {
				w.holds[st.ID] = &column{}
			}
		}
	}
	for _, c := range f.Cards {
		for _, col := range w.holds {
			col.cards = slices.DeleteFunc(col.cards, func(have card) bool { return have.id == c.RecordID })
		}
		if c.Kind == board.Left {
			require.Nil(t, c.Record, "%s must not be told of what it may not see", w.name)
			continue
		}
		col, at := w.holds[*c.StageID], 0
		if c.AfterRecordID != nil {
			at = 1 + slices.IndexFunc(col.cards, func(have card) bool { return have.id == *c.AfterRecordID })
			require.Positive(t, at, "%s does not hold the card above", w.name)
		}
		col.cards = slices.Insert(col.cards, at, shown(c.Record))
	}
	for _, c := range f.Columns {
		w.holds[c.StageID].totals = fmt.Sprint(c.Count, c.Amounts)
	}
}

// shown is what a card shows of itself.
func shown(r *row.Record) card {
	says := fmt.Sprint(r.Title, r.Probability, r.Status, r.Priority, r.Tags, r.Value(), deref(r.OwnerID), deref(r.ContactID),
		deref(r.CompanyID), deref(r.CompanyName), r.Ties)
	return card{r.ID, fmt.Sprint(says, r.Version, r.Rank, r.UpdatedAt), says}
}

func deref(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

// of is a board as held.
func of(t *testing.T, b *board.Board) held {
	t.Helper()
	out := held{}
	for _, c := range b.Columns {
		cards, err := c.Cards(t.Context(), 200, nil)
		require.NoError(t, err)
		require.False(t, cards.PageInfo.HasNextPage)
		col := &column{totals: fmt.Sprint(c.Totals.Count, c.Totals.Amounts)}
		for _, r := range cards.Nodes {
			col.cards = append(col.cards, shown(r))
		}
		out[c.Stage.ID] = col
	}
	return out
}

func (h held) copy() held {
	out := held{}
	for id, c := range h {
		out[id] = &column{slices.Clone(c.cards), c.totals}
	}
	return out
}

func (h held) String() string {
	var lines []string
	for id, c := range h {
		lines = append(lines, fmt.Sprint(id, " ", c.totals, "\n  ", c.cards))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// compare holds what a watcher has against the board at its revision.
func (p *play) compare(t *testing.T, w *watcher) {
	t.Helper()
	b, err := p.w.Boards.Board(p.ctx(*w.who), board.Query{PipelineID: w.pipeline, Filter: w.filter, At: &w.at, First: 200})
	require.NoError(t, err)
	require.Equal(t, of(t, b).String(), w.holds.String(), "%s at revision %d", w.name, w.at)
}

// present holds what a watcher has, who was told of everything, against the board as it stands.
func (p *play) present(t *testing.T, w *watcher) {
	t.Helper()
	b, err := p.w.Boards.Board(p.ctx(*w.who), board.Query{PipelineID: w.pipeline, Filter: w.filter, First: 200})
	require.NoError(t, err)
	require.Equal(t, of(t, b).String(), w.holds.String(), "%s, now", w.name)
}
