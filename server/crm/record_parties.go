package crm

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/tie"
	"github.com/rapidbott/tideboard/server/typeid"
)

// maxParticipants is how many participants a record has at most.
const maxParticipants = 20

// ParticipantInput is a further contact of a record, with the part it plays.
type ParticipantInput struct {
	ContactID string
	Role      *string
}

// participants reads a list of participants, as far as that goes without looking them up. No contact takes part twice.
func (c *checker) participants(field string, in []*ParticipantInput) []tie.Participant {
	if len(in) > maxParticipants {
		c.Add(field, "has %d participants, at most %d are possible", len(in), maxParticipants)
	}
	seen, out := map[string]bool{}, make([]tie.Participant, 0, len(in))
	for i, p := range in {
		at := pathOf(field, i)
		c.kind(at+".contactId", typeid.Contact, &p.ContactID)
		if seen[p.ContactID] {
			c.Add(at+".contactId", "takes part already")
		}
		seen[p.ContactID] = true
		out = append(out, tie.Participant{ContactID: p.ContactID, Role: c.text(at+".role", p.Role, 50)})
	}
	return out
}

// attend looks up the participants that an input gave to a draft, and keeps them from being deleted meanwhile.
// CONTACT_NOT_FOUND for each that is hidden or missing.
func (tx *Tx) attend(r *ent.Record, in graphql.Omittable[[]*ParticipantInput], field string) error {
	if !given(in) || len(r.Participants) == 0 {
		return nil
	}
	if err := permit(tx.seen, viewer.ReadContacts); err != nil {
		return err
	}
	ids := make([]string, len(r.Participants))
	for i, p := range r.Participants {
		ids[i] = p.ContactID
	}
	found, err := tx.ent.Contact.Query().Where(contact.IDIn(ids...), contact.DeletedAtIsNil(), tx.share).Order(contact.ByID()).All(tx.seen)
	if err != nil {
		return err
	}
	live := map[string]bool{}
	for _, c := range found {
		live[c.ID] = true
	}
	p := &fault.Problems{}
	for i, id := range ids {
		if !live[id] {
			p.AddCode(pathOf(field, i)+".contactId", fault.ContactNotFound, "there is no contact %q", id)
		}
	}
	return p.Err()
}

// absent takes a contact off the participants of every record, deleted ones too.
func (tx *Tx) absent(contactID string) error {
	b := tx.begin().Add("SELECT r.id FROM records r WHERE ").Workspace("r").Add(" AND r.participants IS NOT NULL AND ").
		Contains("CAST(r.participants AS TEXT)", contactID)
	ids, err := tx.ids(b)
	if err != nil || len(ids) == 0 {
		return err
	}
	return batches(ids, func(id string) string { return id }, func(ids []string) error {
		records, err := tx.ent.Record.Query().Where(record.IDIn(ids...), tx.lock).Order(record.ByID()).All(tx.ctx)
		if err != nil {
			return err
		}
		for _, r := range records {
			next := *r
			next.Participants = tie.Off(r.Participants, contactID)
			if _, err := tx.save(r, next); err != nil {
				return err
			}
		}
		return nil
	})
}
