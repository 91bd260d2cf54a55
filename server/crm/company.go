package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/company"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
)

// CreateCompanyInput is a new company; see the SDL.
type CreateCompanyInput struct {
	Name             string
	Domain           *string
	Website          *string
	Industry         *string
	Description      *string
	Phones           []string
	Emails           []string
	Tags             []string
	CustomFields     row.JSON
	OwnerID          *string
	ExternalID       *string
	ClientMutationID *string
}

// CreateCompanyPayload is the company made.
type CreateCompanyPayload struct {
	Company          *row.Company
	Revision         row.Revision
	ClientMutationID *string
}

// UpdateCompanyInput changes the fields that are set; see the SDL.
type UpdateCompanyInput struct {
	ID                string
	Name              graphql.Omittable[*string]
	Domain            graphql.Omittable[*string]
	Website           graphql.Omittable[*string]
	Industry          graphql.Omittable[*string]
	Description       graphql.Omittable[*string]
	Phones            graphql.Omittable[[]string]
	Emails            graphql.Omittable[[]string]
	Tags              graphql.Omittable[[]string]
	AddTags           []string
	RemoveTags        []string
	CustomFields      graphql.Omittable[*row.JSON]
	CustomFieldsPatch *row.JSON
	OwnerID           graphql.Omittable[*string]
	ExternalID        graphql.Omittable[*string]
	ExpectedVersion   *int
	ClientMutationID  *string
}

// UpdateCompanyPayload is the company as it is now.
type UpdateCompanyPayload = CreateCompanyPayload

// CreateCompany makes a company. Needs WriteCompanies. DUPLICATE when its external id is taken.
func (s *Service) CreateCompany(ctx context.Context, in CreateCompanyInput) (*CreateCompanyPayload, error) {
	if err := permit(ctx, viewer.WriteCompanies); err != nil {
		return nil, err
	}
	c := &checker{}
	next := c.newCompany("input", in, viewer.FromContext(ctx))
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &CreateCompanyPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		made, err := tx.makeCompany("input", next, in.OwnerID)
		if err == nil {
			out.Company = showCompany(made)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// newCompany checks the plain fields of a new company.
func (c *checker) newCompany(path string, in CreateCompanyInput, v *viewer.Viewer) ent.Company {
	set := graphql.OmittableOf[*string]
	return c.editCompany(path, ent.Company{Source: company.Source(sourceOf(v))}, UpdateCompanyInput{Name: set(&in.Name), Domain: set(in.Domain),
		Website: set(in.Website), Industry: set(in.Industry), Description: set(in.Description), Phones: graphql.OmittableOf(in.Phones),
		Emails: graphql.OmittableOf(in.Emails), Tags: graphql.OmittableOf(in.Tags), CustomFields: graphql.OmittableOf(&in.CustomFields),
		ExternalID: set(in.ExternalID)}, v.Country)
}

// UpdateCompany changes a company. Needs WriteCompanies. CONFLICT when the version expected is not the present one.
func (s *Service) UpdateCompany(ctx context.Context, in UpdateCompanyInput) (*UpdateCompanyPayload, error) {
	if err := permit(ctx, viewer.WriteCompanies); err != nil {
		return nil, err
	}
	out := &UpdateCompanyPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.company("input.id", in.ID, true)
		if err != nil {
			return err
		}
		if err := version("company", cur.Version, in.ExpectedVersion); err != nil {
			return err
		}
		c := &checker{}
		next := c.editCompany("input", *cur, in, tx.viewer.Country)
		if err = c.Err(); err == nil && given(in.OwnerID) {
			next.OwnerID, err = tx.ownedBy("input.ownerId", cur.OwnerID, in.OwnerID.Value())
		}
		if err != nil {
			return err
		}
		saved, err := tx.saveCompany(cur, next)
		if err == nil {
			out.Company = showCompany(saved)
		}
		return err
	})
	out.Revision = rev
	return out, err
}
