package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
)

// partners are the company and the contact that a record's input has made along with it, and those that it names instead.
type partners struct {
	newCompany           *CreateCompanyInput
	newContact           *CreateContactInput
	companyID, contactID *string
}

func (in CreateRecordInput) partners() partners {
	return partners{in.NewCompany, in.NewContact, in.CompanyID, in.ContactID}
}

func (in UpdateRecordInput) partners() partners {
	return partners{in.NewCompany, in.NewContact, in.CompanyID.Value(), in.ContactID.Value()}
}

// permitPartners refuses who may not make the company or contact that a record is to come by.
func permitPartners(ctx context.Context, p partners) error {
	var need viewer.Perms
	if p.newCompany != nil {
		need |= viewer.WriteCompanies
	}
	if p.newContact != nil {
		need |= viewer.WriteContacts
	}
	return permit(ctx, need)
}

// partners checks the company and contact that a record is to come by.
func (c *checker) partners(p partners, v *viewer.Viewer) {
	if p.newCompany != nil {
		c.newCompany("input.newCompany", *p.newCompany, v)
		if p.companyID != nil {
			c.Add("input.newCompany", "cannot be made when companyId names one")
		}
	}
	if p.newContact != nil {
		c.newContact("input.newContact", *p.newContact, v)
		if p.contactID != nil {
			c.Add("input.newContact", "cannot be made when contactId names one")
		}
	}
}

// newContact checks the plain fields of a new contact.
func (c *checker) newContact(path string, in CreateContactInput, v *viewer.Viewer) ent.Contact {
	set := graphql.OmittableOf[*string]
	return c.editContact(path, ent.Contact{Source: contact.Source(sourceOf(v))}, UpdateContactInput{FirstName: set(in.FirstName),
		LastName: set(in.LastName), Emails: graphql.OmittableOf(in.Emails), Phones: graphql.OmittableOf(in.Phones),
		JobTitle: set(in.JobTitle), CompanyName: set(in.CompanyName), Description: set(in.Description), Tags: graphql.OmittableOf(in.Tags),
		UserNs: set(in.UserNs), ExternalID: set(in.ExternalID)}, v.Country)
}

// makePartners makes the company and contact that a record is to come by, and names them. The contact belongs to the
// record's company unless it says otherwise.
func (tx *Tx) makePartners(p partners) (partners, error) {
	if p.newCompany != nil {
		draft := (&checker{}).newCompany("input.newCompany", *p.newCompany, tx.viewer) // was found right before
		made, err := tx.makeCompany("input.newCompany", draft, p.newCompany.OwnerID)
		if err != nil {
			return p, err
		}
		p.companyID = &made.ID
	}
	if p.newContact == nil {
		return p, nil
	}
	path, company := "input.newContact.companyId", p.newContact.CompanyID
	if company == nil && p.newContact.CompanyName == nil && p.companyID != nil {
		path, company = "input.companyId", p.companyID
	}
	draft := (&checker{}).newContact("input.newContact", *p.newContact, tx.viewer)
	made, err := tx.makeContact("input.newContact", path, draft, p.newContact.OwnerID, company)
	if err == nil {
		p.contactID = &made.ID
	}
	return p, err
}

// meet makes what an edit has made along with it, and names it in its input. A new contact belongs to the company that the
// record has after the edit, as far as the caller may know of it.
func (tx *Tx) meet(cur *ent.Record, in *UpdateRecordInput) error {
	p := in.partners()
	if !given(in.CompanyID) && tx.viewer.Can(viewer.ReadCompanies) {
		p.companyID = cur.CompanyID
	}
	p, err := tx.makePartners(p)
	if in.NewCompany != nil {
		in.CompanyID = graphql.OmittableOf(p.companyID)
	}
	if in.NewContact != nil {
		in.ContactID = graphql.OmittableOf(p.contactID)
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
