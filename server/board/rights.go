package board

import (
	"maps"
	"slices"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// rightsDiffer tells whether a member's change may change what somebody sees.
func rightsDiffer(before, after *row.Member) bool {
	return before == nil || before.Role != after.Role || before.IsActive != after.IsActive ||
		!maps.Equal(before.Permissions, after.Permissions) || !slices.Equal(before.TeamIDs, after.TeamIDs)
}

// rewindMember takes a member back before a change.
func (s *state) rewindMember(ch *changelog.Change) {
	switch before := changelog.Decode[row.Member](ch.Before); {
	case before != nil:
		s.people[ch.EntityID] = before
	case ch.Kind == "member.created":
		delete(s.people, ch.EntityID)
	}
}

// viewerAt gives a viewer as it was at the state's revision: with the rights that its member had then. False when that may
// not look at a board at all.
func (s *state) viewerAt(v *viewer.Viewer) (*viewer.Viewer, bool) {
	if v.Kind != viewer.Member {
		return v, permit(v) == nil
	}
	m := s.people[v.ID]
	if m == nil || !m.IsActive {
		return v, false
	}
	var mates []string
	if m.Role == viewer.TeamAdmin {
		mates = []string{m.ID}
		for id, other := range s.people {
			if id != m.ID && viewer.Together(m.TeamIDs, other.TeamIDs) {
				mates = append(mates, id)
			}
		}
	}
	v = v.As(viewer.Standing{Role: m.Role, Overrides: m.Permissions, Teams: m.TeamIDs}, mates)
	return v, permit(v) == nil
}

// as gives the lens of the same look with other rights.
func (l lens) as(v *viewer.Viewer) lens { return newLens(v, l.filter) }

// cards lists what is in a view.
func (v *view) cards() map[string]*row.Record {
	out := map[string]*row.Record{}
	for _, c := range v.columns {
		for _, r := range c.cards {
			out[r.ID] = r
		}
	}
	return out
}

// become tells what a commit did to somebody who had `old` before its eyes and sees through v, a view of the state after
// the commit, from then on; nil when nothing is to be seen.
func (v *view) become(old map[string]*row.Record, s *state, st *step) *Commit {
	f := commitFrame(st.commit)
	steps := map[string]*cardStep{}
	for _, t := range st.cards {
		if t.before != nil {
			steps[t.before.ID] = t
		} else if t.after != nil {
			steps[t.after.ID] = t
		}
	}
	now, touched, placed := v.cards(), map[string]bool{}, []*CardChange{}
	for id, r := range old {
		if now[id] == nil {
			f.Cards = append(f.Cards, &CardChange{Kind: Left, Reason: v.whyGone(steps[id], s.cards[id]), RecordID: id, ChangedFields: changedBy(steps[id])})
			touched[r.StageID] = true
		}
	}
	slices.SortFunc(f.Cards, func(a, b *CardChange) int { return byRank(old[a.RecordID], old[b.RecordID]) })
	for id, r := range now {
		t := steps[id]
		switch {
		case old[id] == nil:
			placed = append(placed, &CardChange{Kind: Entered, Reason: v.whyCame(t, st), RecordID: id, Record: r, StageID: &r.StageID,
				AfterRecordID: v.above(r), ChangedFields: changedBy(t)})
			touched[r.StageID] = true
		case t != nil:
			placed = append(placed, v.placed(t, true))
			touched[old[id].StageID], touched[r.StageID] = true, true
		}
	}
	if st.pipeline {
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

func changedBy(t *cardStep) []string {
	if t == nil {
		return []string{}
	}
	return named(t.changed)
}

// whyGone tells why a card left a view; without a step of its own, it was not the card that changed.
func (v *view) whyGone(t *cardStep, r *row.Record) *string {
	switch {
	case t != nil:
		return v.whyLeft(t)
	case r != nil && v.may(r):
		return reason("FILTER")
	}
	return reason("PERMISSION")
}

func (v *view) whyCame(t *cardStep, st *step) *string {
	switch {
	case st.rights && (t == nil || t.before != nil):
		return reason("PERMISSION")
	case t == nil:
		return reason("FILTER")
	}
	return v.whyEntered(t)
}
