package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
)

// permitPartners refuses who may not make the company or contact that a new record is to come with.
func permitPartners(ctx context.Context, in CreateRecordInput) error {
	var need viewer.Perms
	if in.NewCompany != nil {
		need |= viewer.WriteCompanies
	}
	if in.NewContact != nil {
		need |= viewer.WriteContacts
	}
	return permit(ctx, need)
}

// partners checks the company and contact that a new record is to come with.
func (c *checker) partners(in CreateRecordInput, v *viewer.Viewer) {
	if in.NewCompany != nil {
		c.newCompany("input.newCompany", *in.NewCompany, v)
		if in.CompanyID != nil {
			c.Add("input.newCompany", "cannot be made when companyId names one")
		}
	}
	if in.NewContact != nil {
		c.newContact("input.newContact", *in.NewContact, v)
		if in.ContactID != nil {
			c.Add("input.newContact", "cannot be made when contactId names one")
		}
	}
}

// newContact checks the plain fields of a new contact.
func (c *checker) newContact(path string, in CreateContactInput, v *viewer.Viewer) ent.Contact {
	set := graphql.OmittableOf[*string]
	return c.editContact(path, ent.Contact{Source: contact.Source(sourceOf(v))}, UpdateContactInput{FirstName: set(in.FirstName),
		LastName: set(in.LastName), Emails: graphql.OmittableOf(in.Emails), Phones: graphql.OmittableOf(in.Phones),
		JobTitle: set(in.JobTitle), CompanyName: set(in.CompanyName), Description: set(in.Description), UserNs: set(in.UserNs),
		ExternalID: set(in.ExternalID)}, v.Country)
}

// makePartners makes the company and contact that a new record is to come with, and names them in its input. The contact
// belongs to the record's company unless it says otherwise.
func (tx *Tx) makePartners(in *CreateRecordInput) error {
	if in.NewCompany != nil {
		draft := (&checker{}).newCompany("input.newCompany", *in.NewCompany, tx.viewer) // was found right before
		made, err := tx.makeCompany("input.newCompany", draft, in.NewCompany.OwnerID)
		if err != nil {
			return err
		}
		in.CompanyID = &made.ID
	}
	if in.NewContact == nil {
		return nil
	}
	path, company := "input.newContact.companyId", in.NewContact.CompanyID
	if company == nil && in.NewContact.CompanyName == nil && in.CompanyID != nil {
		path, company = "input.companyId", in.CompanyID
	}
	draft := (&checker{}).newContact("input.newContact", *in.NewContact, tx.viewer)
	made, err := tx.makeContact("input.newContact", path, draft, in.NewContact.OwnerID, company)
	if err == nil {
		in.ContactID = &made.ID
	}
	return err
}

// makeContact looks up what a new contact refers to and inserts it.
func (tx *Tx) makeContact(path, companyPath string, r ent.Contact, owner, company *string) (made *ent.Contact, err error) {
	if r.OwnerID, err = tx.ownedBy(path+".ownerId", nil, owner); err != nil {
		return nil, err
	}
	if r.CompanyID, r.CompanyName, err = tx.linkedCompany(companyPath, company, r.CompanyName); err != nil {
		return nil, err
	}
	if made, err = tx.insertContact(r); fault.Is(err, fault.Duplicate) {
		return nil, fault.At(path, fault.Duplicate, "is taken")
	}
	return made, err
}
