package crm

import (
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/rank"
	"github.com/rapidbott/tideboard/server/typeid"
)

// titles notes a record that later rows may be repeats of by its contact and title. One that the caller sees goes before one
// that it does not.
func (m *manyRecords) titles(t *twin, title string) {
	k := titleOf{*t.contactID, fold.Key(title)}
	if have := m.titled[k]; have == nil || have.hidden && !t.hidden {
		m.titled[k] = t
	}
}

// decide makes of a row what it comes to, after all rows before it: a record, with a contact of its own if need be, a repeat
// of a record that stands, or a refusal. A row that is refused has changed nothing.
func (m *manyRecords) decide(n *newRow) error {
	if n.err != nil {
		return nil
	}
	if id := n.draft.ExternalID; id != nil && m.external[*id] != nil {
		if !m.in.SkipIfExists {
			return fault.At("input.externalId", fault.Duplicate, "is taken")
		}
		n.skipped = m.external[*id]
		return nil
	}
	c, makes, err := m.contactFor(n)
	if err != nil {
		return err
	}
	if s := m.titled[titleOf{c.ID, fold.Key(n.draft.Title)}]; s != nil && m.in.SkipIfExists {
		n.skipped = s
		return nil
	}
	r := n.draft
	if r.OwnerID, err = m.ownerFor(n); err != nil {
		return err
	}
	if err := m.joinCompany(&r, n.in.CompanyID); err != nil {
		return err
	}
	r.ContactID = &c.ID
	snapshot(&r, c)
	needReason, err := m.needsReason(n.target)
	if err != nil {
		return err
	}
	r.ProbabilitySource = record.ProbabilitySourceSTAGE
	if r, err = enter(r, n.target, n.closing, needReason, m.now, "input"); err != nil {
		return err
	}
	r.ID, r.WorkspaceID, r.Version = m.NewID(typeid.Record), m.viewer.WorkspaceID, 1
	n.draft, n.contact, n.makes = r, c, makes
	if n.in.OwnerID == nil && len(m.receivers) > 0 {
		m.last, m.turned = *r.OwnerID, true
	}
	if makes {
		m.contacts[c.ID] = c
		for _, k := range n.ref.keys() {
			m.owners[k] = append([]string{c.ID}, m.owners[k]...)
		}
	}
	made := &twin{id: r.ID, contactID: &c.ID}
	m.titles(made, r.Title)
	if r.ExternalID != nil {
		m.external[*r.ExternalID] = made
	}
	return nil
}

// contactFor finds a row's contact, or makes it up where the row may.
func (m *manyRecords) contactFor(n *newRow) (c *ent.Contact, makes bool, err error) {
	if id := n.in.ContactID; id != nil {
		if c = m.contacts[*id]; c == nil {
			return nil, false, fault.At("input.contactId", fault.ContactNotFound, "there is no contact %q", *id)
		}
		return c, false, nil
	}
	keys := n.ref.keys()
	id, warnings := choose(keys, m.owners)
	switch {
	case id != "":
		for _, w := range warnings {
			*w.Field = strings.TrimPrefix(*w.Field, "input.")
		}
		n.warnings = warnings
		return m.contacts[id], false, nil
	case n.ref.how != contactMade:
		return nil, false, fault.At("input."+keyInputs[keys[0].kind], fault.ContactNotFound, "is no contact's")
	}
	made := n.ref.fresh(contact.Source(sourceOf(m.viewer)))
	made.ID, made.Tags = m.NewID(typeid.Contact), []string{importTag}
	return &made, true, nil
}

// ownerFor is who a row's record is given to: who is named, else the caller when it sees only its own, else whose turn it is.
func (m *manyRecords) ownerFor(n *newRow) (*string, error) {
	id := n.in.OwnerID
	if id == nil {
		switch me := m.viewer.MemberID(); {
		case m.keepsItsOwn():
			return &me, nil
		case len(m.receivers) > 0:
			next := turn(m.receivers, m.last, "")
			return &next, nil
		}
		return nil, nil
	}
	if err := mayAssign(m.seen, nil, id); err != nil {
		return nil, err
	}
	switch who := m.members[*id]; {
	case who == nil:
		return nil, fault.NotFound("input.ownerId", typeid.Name(typeid.Member), *id)
	case !canWork(who):
		return nil, fault.At("input.ownerId", fault.ValidationFailed, "%s is not an active member with access to the CRM", *id)
	}
	return id, nil
}

// joinCompany links a draft to a company that was loaded.
func (m *manyRecords) joinCompany(r *ent.Record, id *string) error {
	if id == nil {
		return nil
	}
	if err := permit(m.seen, viewer.ReadCompanies); err != nil { // what is kept of the company is shown
		return err
	}
	c := m.companies[*id]
	if c == nil {
		return fault.NotFound("input.companyId", typeid.Name(typeid.Company), *id)
	}
	r.CompanyID, r.CompanyName = id, &c.Name
	return nil
}

// write stores what the rows came to: places first, then numbers, which others wait for, then the rows.
func (m *manyRecords) write() error {
	var contacts, records []*newRow
	var keys []contactKey
	m.right(func(n *newRow) {
		if n.skipped != nil {
			return
		}
		records = append(records, n)
		if n.makes {
			contacts = append(contacts, n)
			keys = append(keys, n.ref.keys()...)
		}
	})
	if len(records) == 0 {
		return nil
	}
	if err := m.stack(records); err != nil {
		return err
	}
	if m.turned {
		if err := m.tookTurn(m.last); err != nil {
			return err
		}
	}
	if len(contacts) > 0 {
		last, err := m.numbers("contact", len(contacts))
		if err == nil {
			err = m.stillNobody(keys) // see resolveContact
		}
		if err != nil {
			return err
		}
		m.room(Contacts, last)
		for i, n := range contacts {
			n.contact.Number = last - len(contacts) + 1 + i
		}
	}
	last, err := m.numbers("record", len(records))
	if err != nil {
		return err
	}
	m.room(Records, last)
	for i, n := range records {
		n.draft.Number = last - len(records) + 1 + i
	}
	for some := range slices.Chunk(contacts, copyRows) {
		var rows []*ent.ContactCreate
		for _, n := range slices.Backward(some) { // ent tells of the rows of a statement from the last to the first
			rows = append(rows, m.buildContact(*n.contact))
		}
		if err := m.ent.Contact.CreateBulk(rows...).Exec(m.ctx); err != nil {
			return m.met(err)
		}
	}
	for some := range slices.Chunk(records, copyRows) {
		var rows []*ent.RecordCreate
		for _, n := range slices.Backward(some) {
			rows = append(rows, m.build(n.draft))
		}
		if err := m.ent.Record.CreateBulk(rows...).Exec(m.ctx); err != nil {
			return m.met(err)
		}
	}
	return nil
}

// met has the call run again when somebody has taken a unique value since it was looked for.
func (m *manyRecords) met(err error) error {
	if _, ok := m.DB.SQL.IsUnique(err); ok {
		return errRetry
	}
	return err
}

// stack gives each record its place: on top of its stage, and of the rows before it.
func (m *manyRecords) stack(rows []*newRow) error {
	tops := map[string]string{}
	for _, n := range rows {
		top, begun := tops[n.target.ID]
		r, err := rank.Between("", top)
		if !begun {
			g, err := m.findGap(n.target.ID, PlaceInput{}, nil)
			if err != nil {
				return err
			}
			ranks, err := m.ranksIn(n.target.ID, g, 1, nil, nil)
			if err != nil {
				return err
			}
			r = ranks[0]
		} else if err != nil {
			return err
		}
		n.draft.Rank, tops[n.target.ID] = r, r
	}
	return nil
}
