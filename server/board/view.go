package board

import (
	"cmp"
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// lens is how somebody looks at a board: a filter, and what they may see. Lenses with the same key show the same.
type lens struct {
	key    string
	viewer *viewer.Viewer
	filter filter.Records
	blind  bool // sees nothing
}

func newLens(v *viewer.Viewer, f filter.Records) lens {
	return lens{key: scope.Key(v) + "\x00" + f.Key, viewer: v, filter: f}
}

func (l lens) may(r *row.Record) bool { return !l.blind && scope.SeesRecord(l.viewer, r) }

func (l lens) shows(r *row.Record) bool { return r != nil && l.may(r) && l.filter.Match(r) }

// view is a state seen through a lens: per stage, the cards in order and what they add up to.
type view struct {
	lens
	columns map[string]*column
}

type column struct {
	cards []*row.Record
	sums  money.Sums
}

func byRank(a, b *row.Record) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID))
}

func newView(l lens, s *state) *view {
	v := &view{lens: l, columns: map[string]*column{}}
	for _, r := range s.cards {
		if l.shows(r) {
			col := v.column(r.StageID)
			col.cards = append(col.cards, r)
			col.sums.Add(r.Currency, r.Minor, r.Probability, 1)
		}
	}
	for _, col := range v.columns {
		slices.SortFunc(col.cards, byRank)
	}
	return v
}

func (v *view) column(stageID string) *column {
	c := v.columns[stageID]
	if c == nil {
		c = &column{sums: money.Sums{}}
		v.columns[stageID] = c
	}
	return c
}

func (v *view) remove(r *row.Record) {
	c := v.column(r.StageID)
	if i, ok := slices.BinarySearchFunc(c.cards, r, byRank); ok {
		c.cards = slices.Delete(c.cards, i, i+1)
		c.sums.Add(r.Currency, r.Minor, r.Probability, -1)
	}
}

func (v *view) insert(r *row.Record) {
	c := v.column(r.StageID)
	i, _ := slices.BinarySearchFunc(c.cards, r, byRank)
	c.cards = slices.Insert(c.cards, i, r)
	c.sums.Add(r.Currency, r.Minor, r.Probability, 1)
}

// above gives the card above one that is in the view.
func (v *view) above(r *row.Record) *string {
	c := v.column(r.StageID)
	if i, ok := slices.BinarySearchFunc(c.cards, r, byRank); ok && i > 0 {
		return &c.cards[i-1].ID
	}
	return nil
}

func (v *view) totals(stageID, currency string) *Totals {
	c := v.column(stageID)
	return &Totals{StageID: stageID, Count: len(c.cards), Amounts: c.sums.Totals(currency)}
}

// apply takes the view one step further and gives the frame of it; nil when nothing is to be seen.
func (v *view) apply(s *state, st *step) *Commit {
	if st.pipeline && v.filter.Pipelines { // any card may pass the filter now, or not any more
		old := v.cards()
		v.columns = newView(v.lens, s).columns
		return v.become(old, s, st)
	}
	f := commitFrame(st.commit)
	touched, placed := map[string]bool{}, []*CardChange{}
	type seen struct {
		t             *cardStep
		before, after bool
	}
	var changes []seen
	for _, t := range st.cards {
		c := seen{t, v.shows(t.before), v.shows(t.after)}
		if c.before {
			v.remove(t.before)
			touched[t.before.StageID] = true
		}
		changes = append(changes, c)
	}
	for _, c := range changes {
		if c.after {
			v.insert(c.t.after)
			touched[c.t.after.StageID] = true
		}
	}
	for _, c := range changes {
		switch {
		case c.before && !c.after:
			f.Cards = append(f.Cards, &CardChange{Kind: Left, Reason: v.whyLeft(c.t), RecordID: c.t.before.ID, ChangedFields: named(c.t.changed)})
		case c.after:
			placed = append(placed, v.placed(c.t, c.before))
		}
	}
	if st.pipeline {
		v.refresh(s)
		f.Pipeline = s.pipeline
	}
	f.Cards = append(f.Cards, v.inOrder(placed)...)
	f.Columns = v.touchedColumns(s, touched, st.pipeline)
	f.ended = st.ended
	if len(f.Cards) == 0 && f.Pipeline == nil {
		return nil
	}
	return f
}

// placed tells of a card that is in the view now.
func (v *view) placed(t *cardStep, before bool) *CardChange {
	c := &CardChange{Kind: Updated, RecordID: t.after.ID, Record: t.after, StageID: &t.after.StageID, ChangedFields: named(t.changed)}
	switch {
	case !before:
		c.Kind, c.Reason = Entered, v.whyEntered(t)
	case t.before.StageID != t.after.StageID || t.before.Rank != t.after.Rank:
		c.Kind = Moved
	}
	c.AfterRecordID = v.above(t.after)
	return c
}

// inOrder sorts placed cards from the top of their columns down, so that each finds the card above it in its place.
func (v *view) inOrder(placed []*CardChange) []*CardChange {
	slices.SortStableFunc(placed, func(a, b *CardChange) int {
		return cmp.Or(cmp.Compare(*a.StageID, *b.StageID), byRank(a.Record, b.Record))
	})
	return placed
}

// touchedColumns are the totals of the columns a commit touched; all of the pipeline's when that changed.
func (v *view) touchedColumns(s *state, touched map[string]bool, all bool) []*Totals {
	out := []*Totals{}
	for _, st := range s.pipeline.Stages {
		if all || touched[st.ID] {
			out = append(out, v.totals(st.ID, s.currency))
		}
	}
	return out
}

// refresh replaces the cards by those of the state, which stand in other rows now; their places are the same.
func (v *view) refresh(s *state) {
	for _, c := range v.columns {
		for i, r := range c.cards {
			if now := s.cards[r.ID]; now != nil {
				c.cards[i] = now
			}
		}
	}
}

func (v *view) whyLeft(t *cardStep) *string {
	switch {
	case t.gone != nil && t.gone.DeletedAt != nil:
		return reason("DELETED")
	case t.gone != nil:
		return reason("MOVED")
	case !v.may(t.after):
		return reason("PERMISSION")
	}
	return reason("FILTER")
}

func (v *view) whyEntered(t *cardStep) *string {
	switch {
	case t.before == nil && t.came == nil:
		return reason("CREATED")
	case t.before == nil && t.came.DeletedAt != nil:
		return reason("RESTORED")
	case t.before == nil:
		return reason("MOVED")
	case !v.may(t.before):
		return reason("PERMISSION")
	}
	return reason("FILTER")
}

func reason(s string) *string { return &s }

func named(fields []string) []string {
	out := []string{}
	for _, f := range fields {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// board gives the board as it is, which stays so while the view goes on.
func (v *view) board(s *state) *Board {
	b := &Board{Revision: s.revision, Pipeline: s.pipeline}
	for _, st := range s.pipeline.Stages {
		cards := slices.Clone(v.column(st.ID).cards)
		b.Columns = append(b.Columns, &Column{Stage: st, Totals: v.totals(st.ID, s.currency), revision: s.revision,
			cards: func(_ context.Context, below string, n int) ([]*row.Record, error) {
				from, _ := slices.BinarySearchFunc(cards, below, func(r *row.Record, below string) int {
					if r.Rank <= below {
						return -1
					}
					return 1
				})
				if below == "" {
					from = 0
				}
				return cards[from:min(from+n, len(cards))], nil
			}})
	}
	return b
}
