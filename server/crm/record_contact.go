package crm

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
)

// How a record's contact is found: the values of ContactResolution in the SDL.
const (
	noContact     = "NONE"
	contactLinked = "LINK"
	contactMade   = "LINK_OR_CREATE"
)

// keyInputs are the input fields that keys of contacts are given in.
var keyInputs = map[string]string{byExternalID: "contactExternalId", byUserNs: "userNs", byEmail: "contactEmail", byPhone: "contactPhone"}

// contactRef is whom a record is about, by normalised texts.
type contactRef struct {
	how                              string
	externalID, userNs, email, phone *string
	firstName, lastName              string
}

// contactRef reads whom a new record is about; an input that does not say how is one of LINK.
func (in CreateRecordInput) contactRef(r *ent.Record) contactRef {
	if in.ContactID != nil {
		return contactRef{how: noContact}
	}
	how := in.ContactResolution
	if how == "" {
		how = contactLinked
	}
	first, last := splitName(r.ContactName)
	return contactRef{how, trimmed(in.ContactExternalID), r.UserNs, r.ContactEmail, r.ContactPhone, first, last}
}

// contactRef reads whom an edit makes a record about: the texts of the call say it, or those of the record when the call
// gives none.
func (in UpdateRecordInput) contactRef(next *ent.Record) contactRef {
	first, last := splitName(next.ContactName)
	w := contactRef{in.ContactResolution, trimmed(in.ContactExternalID), next.UserNs, next.ContactEmail, next.ContactPhone, first, last}
	if w.externalID == nil && !given(in.UserNs) && !given(in.ContactEmail) && !given(in.ContactPhone) && !given(in.ContactName) {
		return w
	}
	if !given(in.UserNs) {
		w.userNs = nil
	}
	if !given(in.ContactEmail) {
		w.email = nil
	}
	if !given(in.ContactPhone) {
		w.phone = nil
	}
	if !given(in.ContactName) {
		w.firstName, w.lastName = "", ""
	}
	return w
}

// keys are what the contact is looked for by, in this order.
func (w contactRef) keys() (out []contactKey) {
	add := func(kind string, key *string) {
		if key != nil {
			out = append(out, contactKey{kind, *key})
		}
	}
	add(byExternalID, w.externalID)
	add(byUserNs, w.userNs)
	add(byEmail, w.email)
	if w.phone != nil {
		out = append(out, contactKey{byPhone, fold.Digits(*w.phone)})
	}
	return out
}

// enough tells whether a contact can be made of it.
func (w contactRef) enough() bool {
	return w.firstName != "" || w.lastName != "" || w.email != nil || w.phone != nil
}

// fresh is the contact made of it.
func (w contactRef) fresh(source contact.Source) ent.Contact {
	c := ent.Contact{FirstName: w.firstName, LastName: w.lastName, UserNs: w.userNs, ExternalID: w.externalID, Source: source, Emails: []string{}, Phones: []string{}, Tags: []string{}}
	if w.email != nil {
		c.Emails = append(c.Emails, *w.email)
	}
	if w.phone != nil {
		c.Phones = append(c.Phones, *w.phone)
	}
	return c
}

// choose picks the contact: the one changed last among those that have the first key that anybody has. It warns when that
// key is not one contact's alone, and of each weaker key that is other contacts'.
func choose(keys []contactKey, holders map[contactKey][]string) (id string, warnings []*Warning) {
	for _, k := range keys {
		have, field := holders[k], "input."+keyInputs[k.kind]
		switch {
		case len(have) == 0:
		case id == "":
			if id = have[0]; len(have) > 1 {
				warnings = append(warnings, warning(ContactAmbiguous, field, "%d contacts have it; the one changed last was taken", len(have)))
			}
		case !slices.Contains(have, id):
			warnings = append(warnings, warning(ContactMismatch, field, "is another contact's than the one that was taken"))
		}
	}
	return id, warnings
}

// resolveContact finds the contact meant, or makes it where that is asked for; nil when there is none. What it finds stays
// until the transaction ends.
//
// Two commands that make the same contact at the same time end with one. Whoever makes a contact, by whatever command, takes
// the workspace's running number of contacts, and holds it until it has committed: so the number is taken first, and then
// looked again, which sees all that was made before. That serialises those who make contacts, who wait for each other at
// that number anyway; it needs no lock of its own that a database or a cluster may lack, and leaves no rows behind.
func (tx *Tx) resolveContact(w contactRef) (*ent.Contact, error) {
	keys := w.keys()
	switch {
	case w.how == noContact || w.how == "" || len(keys) == 0 && (w.how == contactLinked || !w.enough()):
		return nil, nil
	case !tx.viewer.Can(viewer.ReadContacts):
		tx.warn(warning(ContactNotSearched, "input."+keyInputs[keys[0].kind], "was not looked for among contacts: this needs a right that you do not have"))
		return nil, nil
	}
	have, err := tx.holders(keys)
	if err != nil {
		return nil, err
	}
	if id, warnings := choose(keys, have); id != "" {
		tx.warn(warnings...)
		return tx.heldContact(id)
	}
	if w.how == contactLinked {
		return nil, nil
	}
	if !w.enough() {
		tx.warn(warning(ContactNotCreated, "input."+keyInputs[keys[0].kind], "is no contact's, and of it alone none is made"))
		return nil, nil
	}
	made := w.fresh(contact.Source(sourceOf(tx.viewer)))
	if made.Number, err = tx.number("contact"); err != nil {
		return nil, err
	}
	if err := tx.stillNobody(keys); err != nil {
		return nil, err
	}
	return tx.addContact(made)
}

// stillNobody has the command run again when somebody has made a contact with one of these keys since it looked.
func (tx *Tx) stillNobody(keys []contactKey) error {
	have, err := tx.holders(keys)
	if err == nil && len(have) > 0 {
		err = errRetry
	}
	return err
}

// heldContact loads a contact that was found; when it was deleted meanwhile the command runs again.
func (tx *Tx) heldContact(id string) (*ent.Contact, error) {
	c, err := tx.contact("", id, false)
	if fault.Is(err, fault.NotFoundCode) {
		return nil, errRetry
	}
	return c, err
}

// linkResolved links a draft to the contact that it is about, if there is one.
func (tx *Tx) linkResolved(r *ent.Record, w contactRef) error {
	c, err := tx.resolveContact(w)
	if err != nil || c == nil {
		return err
	}
	r.ContactID = &c.ID
	snapshot(r, c)
	return nil
}

// relinkResolved is linkResolved for an edit: of a former contact only the texts given along stay.
func (tx *Tx) relinkResolved(cur, next *ent.Record, in UpdateRecordInput) error {
	if given(in.ContactID) {
		return nil
	}
	c, err := tx.resolveContact(in.contactRef(next))
	if err != nil || c == nil || same(&c.ID, cur.ContactID) {
		return err
	}
	if cur.ContactID != nil {
		forget(next, in)
	}
	next.ContactID = &c.ID
	snapshot(next, c)
	return nil
}

// permitResolution refuses a caller who asks for contacts to be made and may not make any.
func permitResolution(ctx context.Context, how string) error {
	if how != contactMade {
		return nil
	}
	return permit(ctx, viewer.ReadContacts|viewer.WriteContacts)
}

// resolution checks what an input says of how its contact is found.
func (c *checker) resolution(how string, externalID, name *string) {
	c.text("input.contactExternalId", externalID, 255)
	first, last := splitName(name)
	if how == contactMade && (utf8.RuneCountInString(first) > 100 || utf8.RuneCountInString(last) > 100) {
		c.Add("input.contactName", "has a first or last name of more than 100 characters")
	}
}

// splitName reads a full name: the first word, and the rest.
func splitName(name *string) (first, last string) {
	if name == nil {
		return "", ""
	}
	first, last, _ = strings.Cut(fold.Trim(*name), " ")
	return first, last
}

// trimmed is a text without blanks around it; nil when nothing is left.
func trimmed(s *string) *string {
	if s == nil {
		return nil
	}
	t := strings.TrimSpace(*s)
	if t == "" {
		return nil
	}
	return &t
}
