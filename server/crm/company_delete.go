package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
)

// DeleteCompanyInput says which company goes.
type DeleteCompanyInput struct {
	ID               string
	ClientMutationID *string
}

// DeleteCompanyPayload tells what was deleted.
type DeleteCompanyPayload = DeleteRecordPayload

// DeleteCompany deletes a company; it can be restored for 30 days. Its contacts and records stay with the link emptied
// and its present name kept as text. Needs WriteCompanies.
func (s *Service) DeleteCompany(ctx context.Context, in DeleteCompanyInput) (*DeleteCompanyPayload, error) {
	if err := permit(ctx, viewer.WriteCompanies); err != nil {
		return nil, err
	}
	out := &DeleteCompanyPayload{DeletedID: in.ID, ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.company("input.id", in.ID, true)
		if err != nil {
			return err
		}
		next := *cur
		next.DeletedAt = &tx.now
		if _, err := tx.saveCompany(cur, next); err != nil {
			return err
		}
		if err := tx.leaveCompany(cur); err != nil {
			return err
		}
		return tx.Audit("company.deleted", in.ID, nil)
	})
	out.Revision = rev
	return out, err
}

// leaveCompany takes a company off its records and contacts, deleted ones too, which come back without it. Those that
// have its present name already are written together, the others one by one: what search finds them by changes with it.
func (tx *Tx) leaveCompany(c *ent.Company) error {
	records, err := tx.ent.Record.Query().Where(record.CompanyID(c.ID), tx.lock).Order(record.ByID()).All(tx.ctx)
	if err != nil {
		return err
	}
	var same []*ent.Record
	for _, r := range records {
		if r.CompanyName != nil && *r.CompanyName == c.Name {
			same = append(same, r)
			continue
		}
		next := *r
		next.CompanyID, next.CompanyName = nil, &c.Name
		if _, err := tx.save(r, next); err != nil {
			return err
		}
	}
	err = batches(same, func(r *ent.Record) string { return r.ID }, func(ids []string) error {
		return tx.ent.Record.Update().Where(record.IDIn(ids...)).ClearCompanyID().AddVersion(1).
			SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
	})
	if err != nil {
		return err
	}
	return tx.dismiss(c)
}

// dismiss takes a company off its contacts.
func (tx *Tx) dismiss(c *ent.Company) error {
	contacts, err := tx.ent.Contact.Query().Where(contact.CompanyID(c.ID), tx.lock).Order(contact.ByID()).All(tx.ctx)
	if err != nil {
		return err
	}
	var same []*ent.Contact
	for _, p := range contacts {
		if p.CompanyName != nil && *p.CompanyName == c.Name {
			same = append(same, p)
			continue
		}
		next := *p
		next.CompanyID, next.CompanyName = nil, &c.Name
		if _, err := tx.saveContact(p, next); err != nil {
			return err
		}
	}
	return batches(same, func(p *ent.Contact) string { return p.ID }, func(ids []string) error {
		return tx.ent.Contact.Update().Where(contact.IDIn(ids...)).ClearCompanyID().AddVersion(1).
			SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
	})
}
