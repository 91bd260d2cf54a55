package board

import (
	"cmp"
	"maps"
	"slices"

	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// state is a pipeline with all its live cards, unfiltered, at one revision, and what the cards link to as it is now.
// Rows in it are never modified, only replaced.
type state struct {
	revision  row.Revision
	currency  string
	pipeline  *row.Pipeline
	stages    map[string]*row.Stage
	cards     map[string]*row.Record
	contacts  map[string]*row.Contact
	companies map[string]*row.Company
	members   map[string]*row.Member
	// people are the members as they were at the revision: who may see what depends on them.
	people map[string]*row.Member
	linked map[string]map[string]bool // contact or company → cards
}

// step is what one commit did to a state: the cards that changed with their state before, and whether the pipeline did.
type step struct {
	commit   *changelog.Commit
	cards    []*cardStep
	pipeline bool
	ended    bool
	// rights says that members changed in a way that may change what somebody sees.
	rights bool
}

// cardStep is one card before and after; nil where it was, or is, not on this board.
type cardStep struct {
	before, after *row.Record
	// gone is the card where it went, when it left the board by deletion or to another pipeline; came, where it came from.
	gone, came *row.Record
	changed    []string
}

// copy gives a state that can go its own way. Rows are shared.
func (s *state) copy() *state {
	c := *s
	c.stages, c.cards = maps.Clone(s.stages), maps.Clone(s.cards)
	c.contacts, c.companies = maps.Clone(s.contacts), maps.Clone(s.companies)
	c.members, c.people = maps.Clone(s.members), maps.Clone(s.people)
	c.linked = map[string]map[string]bool{}
	for id := range c.cards {
		c.link(c.cards[id], true)
	}
	return &c
}

// apply takes a state one commit further.
func (s *state) apply(c *changelog.Commit) *step {
	st := &step{commit: c}
	touched := map[string]*cardStep{}
	for _, ch := range c.Changes {
		switch ch.Entity {
		case "record":
			s.applyRecord(ch, touched, st)
		case "pipeline":
			if ch.EntityID == s.pipeline.ID {
				s.pipeline, st.pipeline = changelog.Decode[row.Pipeline](ch.After), true
				st.ended = s.pipeline.DeletedAt != nil
			}
		case "stage":
			if stage := changelog.Decode[row.Stage](ch.After); stage.PipelineID == s.pipeline.ID {
				s.stages[stage.ID], st.pipeline = stage, true
			}
		case "contact":
			s.applyContact(changelog.Decode[row.Contact](ch.After), touched, st)
		case "company":
			s.applyCompany(changelog.Decode[row.Company](ch.After), touched, st)
		case "member":
			if ch.Kind == "member.presence.changed" {
				continue // no write of the row, and no image of it
			}
			s.applyMember(ch, touched, st)
		}
	}
	s.revision = c.Revision
	if st.pipeline {
		s.relink()
	}
	for _, t := range st.cards {
		if t.after != nil {
			t.after = s.put(t.after)
		}
	}
	return st
}

// on tells whether a record is on this board.
func (s *state) on(r *row.Record) bool {
	return r != nil && r.PipelineID == s.pipeline.ID && r.DeletedAt == nil
}

func (s *state) applyRecord(ch *changelog.Change, touched map[string]*cardStep, st *step) {
	before, after := ch.Record()
	if !s.on(before) && !s.on(after) {
		return
	}
	t := s.touch(ch.EntityID, touched, st)
	if t.before == nil && t.came == nil {
		t.came = before
	}
	t.changed = append(t.changed, fieldNames(ch.Changed)...)
	s.take(ch.EntityID)
	t.after, t.gone = nil, after
	if s.on(after) {
		t.after, t.gone = s.put(after), nil
	}
}

func (s *state) applyContact(c *row.Contact, touched map[string]*cardStep, st *step) {
	if s.contacts[c.ID] == nil && len(s.linked[c.ID]) == 0 {
		return
	}
	s.contacts[c.ID] = c
	for id := range s.linked[c.ID] {
		s.relinked(id, "contact", touched, st)
	}
}

func (s *state) applyCompany(c *row.Company, touched map[string]*cardStep, st *step) {
	if s.companies[c.ID] == nil && len(s.linked[c.ID]) == 0 {
		return
	}
	s.companies[c.ID] = c
	for id := range s.linked[c.ID] {
		s.relinked(id, "company", touched, st)
	}
}

func (s *state) applyMember(ch *changelog.Change, touched map[string]*cardStep, st *step) {
	m := changelog.Decode[row.Member](ch.After)
	st.rights = st.rights || rightsDiffer(s.people[m.ID], m)
	s.members[m.ID], s.people[m.ID] = m, m
	for id, r := range s.cards {
		if r.OwnerID != nil && *r.OwnerID == m.ID {
			s.relinked(id, "owner", touched, st)
		}
	}
}

// relinked notes that what a card links to shows something else now.
func (s *state) relinked(id, field string, touched map[string]*cardStep, st *step) {
	t := s.touch(id, touched, st)
	t.after = s.put(s.cards[id])
	t.changed = append(t.changed, field)
}

func (s *state) touch(id string, touched map[string]*cardStep, st *step) *cardStep {
	t := touched[id]
	if t == nil {
		t = &cardStep{before: s.cards[id]}
		touched[id] = t
		st.cards = append(st.cards, t)
	}
	return t
}

// put puts a card on the board, with its links as they are now.
func (s *state) put(r *row.Record) *row.Record {
	shown := *r
	shown.Pipeline, shown.Stage, shown.Owner, shown.OwnerTeams, shown.Contact, shown.Company = s.pipeline, s.stages[r.StageID], nil, nil, nil, nil
	if r.OwnerID != nil {
		shown.Owner = s.members[*r.OwnerID]
		if m := s.people[*r.OwnerID]; m != nil {
			shown.OwnerTeams = m.TeamIDs
		}
	}
	if r.ContactID != nil {
		shown.Contact = s.contacts[*r.ContactID]
	}
	if r.CompanyID != nil {
		shown.Company = s.companies[*r.CompanyID]
	}
	s.take(r.ID)
	s.cards[r.ID] = shown.Indexed()
	s.link(&shown, true)
	return &shown
}

func (s *state) take(id string) {
	if r := s.cards[id]; r != nil {
		s.link(r, false)
		delete(s.cards, id)
	}
}

func (s *state) link(r *row.Record, on bool) {
	for _, to := range []*string{r.ContactID, r.CompanyID} {
		if to == nil {
			continue
		}
		set := s.linked[*to]
		if !on {
			delete(set, r.ID)
			continue
		}
		if set == nil {
			set = map[string]bool{}
			s.linked[*to] = set
		}
		set[r.ID] = true
	}
}

// relink gives the pipeline its stages in board order, and every card the rows it stands in.
func (s *state) relink() {
	p := *s.pipeline
	p.Stages = nil
	for _, st := range s.stages {
		if st.DeletedAt == nil {
			p.Stages = append(p.Stages, st)
		}
	}
	slices.SortFunc(p.Stages, func(a, b *row.Stage) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	s.pipeline = &p
	for _, r := range slices.Collect(maps.Values(s.cards)) {
		s.put(r)
	}
}

// partners are contacts and companies that cards link to.
type partners struct {
	contacts  []*row.Contact
	companies []*row.Company
}

// missing lists the contacts and companies that cards link to and that are not held.
func (s *state) missing(st *step) (contacts, companies []string) {
	for _, t := range st.cards {
		if t.after == nil {
			continue
		}
		if id := t.after.ContactID; id != nil && s.contacts[*id] == nil {
			contacts = append(contacts, *id)
		}
		if id := t.after.CompanyID; id != nil && s.companies[*id] == nil {
			companies = append(companies, *id)
		}
	}
	return contacts, companies
}

// fill takes contacts and companies in and shows them on the cards of a step.
func (s *state) fill(st *step, found partners) {
	for _, c := range found.contacts {
		s.contacts[c.ID] = c
	}
	for _, c := range found.companies {
		s.companies[c.ID] = c
	}
	for _, t := range st.cards {
		if t.after != nil {
			t.after = s.put(t.after)
		}
	}
}

// rewind takes a state back before these changes, to the revision they follow. Of each row the oldest change must come
// last; newer ones may be left out.
func (s *state) rewind(changes []*changelog.Change, to row.Revision) {
	for _, ch := range changes {
		switch ch.Entity {
		case "record":
			before, _ := ch.Record()
			s.take(ch.EntityID)
			if s.on(before) {
				s.put(before)
			}
		case "pipeline":
			if p := changelog.Decode[row.Pipeline](ch.Before); ch.EntityID == s.pipeline.ID && p != nil {
				s.pipeline = p
			}
		case "stage":
			if st := changelog.Decode[row.Stage](ch.Before); st != nil && st.PipelineID == s.pipeline.ID {
				s.stages[st.ID] = st
			} else if st == nil {
				delete(s.stages, ch.EntityID)
			}
		case "member":
			s.rewindMember(ch)
		}
	}
	s.revision = to
	s.relink()
}
