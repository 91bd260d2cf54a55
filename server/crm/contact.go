package crm

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// CreateContactInput is a new contact; see the SDL.
type CreateContactInput struct {
	FirstName        *string
	LastName         *string
	Emails           []string
	Phones           []string
	JobTitle         *string
	CompanyID        *string
	CompanyName      *string
	Description      *string
	OwnerID          *string
	Tags             []string
	UserNs           *string
	ExternalID       *string
	ClientMutationID *string
}

// CreateContactPayload is the contact made.
type CreateContactPayload struct {
	Contact          *row.Contact
	Revision         row.Revision
	ClientMutationID *string
}

// UpdateContactInput changes the fields that are set; see the SDL.
type UpdateContactInput struct {
	ID               string
	FirstName        graphql.Omittable[*string]
	LastName         graphql.Omittable[*string]
	Emails           graphql.Omittable[[]string]
	Phones           graphql.Omittable[[]string]
	JobTitle         graphql.Omittable[*string]
	CompanyID        graphql.Omittable[*string]
	CompanyName      graphql.Omittable[*string]
	Description      graphql.Omittable[*string]
	OwnerID          graphql.Omittable[*string]
	Tags             graphql.Omittable[[]string]
	AddTags          []string
	RemoveTags       []string
	UserNs           graphql.Omittable[*string]
	ExternalID       graphql.Omittable[*string]
	ExpectedVersion  *int
	ClientMutationID *string
}

// UpdateContactPayload is the contact as it is now.
type UpdateContactPayload = CreateContactPayload

// DeleteContactInput says which contact goes.
type DeleteContactInput struct {
	ID               string
	ClientMutationID *string
}

// DeleteContactPayload tells what was deleted.
type DeleteContactPayload = DeleteRecordPayload

// CreateContact makes a contact. Needs WriteContacts. DUPLICATE when its external id or user namespace is taken.
func (s *Service) CreateContact(ctx context.Context, in CreateContactInput) (*CreateContactPayload, error) {
	if err := permit(ctx, viewer.WriteContacts); err != nil {
		return nil, err
	}
	c := &checker{}
	next := c.newContact("input", in, viewer.FromContext(ctx))
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &CreateContactPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		made, err := tx.makeContact("input", "input.companyId", next, in.OwnerID, in.CompanyID)
		if err == nil {
			out.Contact = showContact(made)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// UpdateContact changes a contact. Needs WriteContacts. CONFLICT when the version expected is not the present one.
func (s *Service) UpdateContact(ctx context.Context, in UpdateContactInput) (*UpdateContactPayload, error) {
	if err := permit(ctx, viewer.WriteContacts); err != nil {
		return nil, err
	}
	out := &UpdateContactPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.contact("input.id", in.ID, true)
		if err != nil {
			return err
		}
		if err := version("contact", cur.Version, in.ExpectedVersion); err != nil {
			return err
		}
		c := &checker{}
		next := c.editContact("input", *cur, in, tx.viewer.Country)
		if err = c.Err(); err == nil && given(in.OwnerID) {
			err = tx.ownContact(&next, in.OwnerID.Value())
		}
		if err == nil {
			err = tx.moveContact(cur, &next, in)
		}
		if err != nil {
			return err
		}
		saved, err := tx.saveContact(cur, next)
		if err == nil {
			out.Contact = showContact(saved)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// DeleteContact deletes a contact; it can be restored for 30 days. Its records and tasks stay with the link emptied,
// the records with name, e-mail and phone kept. Needs WriteContacts.
func (s *Service) DeleteContact(ctx context.Context, in DeleteContactInput) (*DeleteContactPayload, error) {
	if err := permit(ctx, viewer.WriteContacts); err != nil {
		return nil, err
	}
	out := &DeleteContactPayload{DeletedID: in.ID, ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.contact("input.id", in.ID, true)
		if err != nil {
			return err
		}
		next := *cur
		next.DeletedAt = &tx.now
		if _, err := tx.saveContact(cur, next); err != nil {
			return err
		}
		if err := tx.ent.Record.Update().Where(record.ContactID(in.ID)).ClearContactID().AddVersion(1).
			SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx); err != nil {
			return err
		}
		if err := tx.ent.Task.Update().Where(task.ContactID(in.ID), task.DeletedAtIsNil()).ClearContactID().AddVersion(1).
			SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx); err != nil {
			return err
		}
		if err := tx.absent(in.ID); err != nil {
			return err
		}
		return tx.Audit("contact.deleted", in.ID, nil)
	})
	out.Revision = rev
	return out, err
}

// moveContact links a contact to another company, or to none, if the input says so.
func (tx *Tx) moveContact(cur, next *ent.Contact, in UpdateContactInput) (err error) {
	if !given(in.CompanyID) || same(in.CompanyID.Value(), cur.CompanyID) {
		return nil
	}
	if cur.CompanyID != nil && in.CompanyID.Value() != nil && !given(in.CompanyName) {
		next.CompanyName = nil
	}
	next.CompanyID, next.CompanyName, err = tx.linkedCompany("input.companyId", in.CompanyID.Value(), next.CompanyName)
	return err
}

// editContact applies an input's plain fields to a contact (spec contacts, sections 1 and 2).
func (c *checker) editContact(path string, r ent.Contact, in UpdateContactInput, country string) ent.Contact {
	text := func(field string, o graphql.Omittable[*string], into **string, max int) {
		if given(o) {
			*into = c.text(path+"."+field, o.Value(), max)
		}
	}
	name := func(field string, o graphql.Omittable[*string], into *string) {
		if s := c.text(path+"."+field, o.Value(), 100); given(o) {
			*into = ""
			if s != nil {
				*into = fold.Trim(*s)
			}
		}
	}
	name("firstName", in.FirstName, &r.FirstName)
	name("lastName", in.LastName, &r.LastName)
	text("jobTitle", in.JobTitle, &r.JobTitle, 150)
	text("companyName", in.CompanyName, &r.CompanyName, 200)
	text("description", in.Description, &r.Description, 5000)
	text("userNs", in.UserNs, &r.UserNs, 128)
	text("externalId", in.ExternalID, &r.ExternalID, 255)
	if given(in.Emails) {
		r.Emails = c.list(path+".emails", in.Emails.Value(), func(f, s string) *string { return c.email(f, &s) })
	}
	if given(in.Phones) {
		r.Phones = c.list(path+".phones", in.Phones.Value(), func(f, s string) *string { return c.phone(f, country, &s) })
	}
	r.Tags = c.retagUpTo(path, r.Tags, in.Tags, in.AddTags, in.RemoveTags, 100)
	if r.FirstName == "" && r.LastName == "" && len(r.Emails) == 0 && len(r.Phones) == 0 {
		c.Add(path, "a contact needs a first name, last name, e-mail or phone")
	}
	return r
}

// list reads up to 10 values, doubles dropped, order kept.
func (c *checker) list(field string, values []string, read func(field, s string) *string) []string {
	seen, out := map[string]bool{}, []string{}
	for i, v := range values {
		if s := read(fmt.Sprintf("%s[%d]", field, i), v); s != nil && !seen[*s] {
			seen[*s] = true
			out = append(out, *s)
		}
	}
	if len(out) > 10 {
		c.Add(field, "has %d values, at most 10 are possible", len(out))
	}
	return out
}

// version refuses with a CONFLICT when a row is not at the version the caller believes.
func version(what string, have int, want *int) error {
	if want == nil || *want == have {
		return nil
	}
	f := fault.New(fault.Conflict, "the %s changed meanwhile: it is at version %d", what, have)
	f.Current = map[string]int{"version": have}
	return f
}

func (tx *Tx) ownContact(r *ent.Contact, owner *string) (err error) {
	r.OwnerID, err = tx.ownedBy("input.ownerId", r.OwnerID, owner)
	return err
}

func (tx *Tx) insertContact(r ent.Contact) (*ent.Contact, error) {
	var err error
	if r.Number, err = tx.number("contact"); err != nil {
		return nil, err
	}
	return tx.addContact(r)
}

// addContact inserts a contact that has its number.
func (tx *Tx) addContact(r ent.Contact) (*ent.Contact, error) {
	tx.room(Contacts, r.Number)
	made, err := tx.buildContact(r).Save(tx.ctx)
	return made, tx.duplicate(err, "input")
}

// buildContact is the write of a new contact that has its number, and its id if somebody knows it already.
func (tx *Tx) buildContact(r ent.Contact) *ent.ContactCreate {
	if r.ID == "" {
		r.ID = tx.NewID(typeid.Contact)
	}
	actor, shown := tx.viewer.Actor(), showContact(&r)
	return tx.ent.Contact.Create().SetID(r.ID).SetWorkspaceID(tx.viewer.WorkspaceID).SetNumber(r.Number).
		SetFirstName(r.FirstName).SetLastName(r.LastName).SetEmails(r.Emails).SetPhones(r.Phones).SetNillableJobTitle(r.JobTitle).
		SetNillableCompanyID(r.CompanyID).SetNillableCompanyName(r.CompanyName).SetNillableDescription(r.Description).SetNillableOwnerID(r.OwnerID).SetTags(r.Tags).
		SetNillableUserNs(r.UserNs).SetNillableExternalID(r.ExternalID).SetSource(r.Source).SetSearchText(shown.SearchText()).
		SetSortName(sortName(r)).SetNillableCompanyNameFolded(row.Folded(r.CompanyName)).SetCreatedBy(actor).SetUpdatedBy(actor).SetCreatedAt(tx.now).SetUpdatedAt(tx.now)
}

func (tx *Tx) saveContact(cur *ent.Contact, next ent.Contact) (*ent.Contact, error) {
	u := tx.ent.Contact.UpdateOneID(cur.ID)
	drafted, err := changelog.Draft(u.Mutation(), cur, &next)
	if err != nil || !drafted {
		return cur, err
	}
	folded(cur.CompanyNameFolded, next.CompanyName, u.Mutation().SetCompanyNameFolded, u.Mutation().ClearCompanyNameFolded)
	saved, err := u.SetVersion(cur.Version + 1).SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).
		SetSearchText(showContact(&next).SearchText()).SetSortName(sortName(next)).Save(tx.ctx)
	return saved, tx.duplicate(err, "input")
}

func sortName(r ent.Contact) string { return fold.Text(r.LastName + " " + r.FirstName) }

func showContact(c *ent.Contact) *row.Contact { return changelog.Row[row.Contact](c) }
