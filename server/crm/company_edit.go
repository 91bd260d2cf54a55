package crm

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/company"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// editCompany applies an input's plain fields to a company (spec contacts, sections 2 and 8).
func (c *checker) editCompany(path string, r ent.Company, in UpdateCompanyInput, country string) ent.Company {
	text := func(field string, o graphql.Omittable[*string], into **string, max int) {
		if given(o) {
			*into = c.text(path+"."+field, o.Value(), max)
		}
	}
	if given(in.Name) {
		name := ""
		if n := in.Name.Value(); n != nil {
			name = *n
		}
		r.Name = c.required(path+".name", name, 200)
	}
	if given(in.Domain) {
		r.Domain = c.domain(path+".domain", in.Domain.Value())
	}
	if given(in.Website) {
		r.Website = c.website(path+".website", in.Website.Value())
	}
	text("industry", in.Industry, &r.Industry, 100)
	text("description", in.Description, &r.Description, 5000)
	text("externalId", in.ExternalID, &r.ExternalID, 255)
	if given(in.Phones) {
		r.Phones = c.list(path+".phones", in.Phones.Value(), func(f, s string) *string { return c.phone(f, country, &s) })
	}
	if given(in.Emails) {
		r.Emails = c.list(path+".emails", in.Emails.Value(), func(f, s string) *string { return c.email(f, &s) })
	}
	r.Tags = c.retag(path, r.Tags, in.Tags, in.AddTags, in.RemoveTags)
	r.CustomFields = c.refill(path, r.CustomFields, in.CustomFields, in.CustomFieldsPatch)
	return r
}

// host is a name of at least two labels, each of letters, digits and inner hyphens.
var host = regexp.MustCompile(`^([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])$`)

// domain reads the domain of an address, however much of the address is given: lower case, without scheme, www, port
// and path.
func (c *checker) domain(field string, s *string) *string {
	s = c.text(field, s, 2048)
	if s == nil {
		return nil
	}
	d := strings.ToLower(*s)
	if _, rest, ok := strings.Cut(d, "://"); ok {
		d = rest
	}
	if i := strings.IndexAny(d, "/?#"); i >= 0 {
		d = d[:i]
	}
	d, _, _ = strings.Cut(d, ":")
	d = strings.TrimSuffix(strings.TrimPrefix(d, "www."), ".")
	if len(d) > 253 || !host.MatchString(d) {
		c.Add(field, "%q is not a domain like example.com", *s)
	}
	return &d
}

// website reads an http or https address; https when no scheme is given.
func (c *checker) website(field string, s *string) *string {
	s = c.text(field, s, 2048)
	if s == nil {
		return nil
	}
	w := *s
	if !strings.Contains(w, "://") {
		w = "https://" + w
	}
	u, err := url.Parse(w)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || len(w) > 2048 {
		c.Add(field, "is not an address of a website")
	}
	return &w
}

// company loads a live company, for update if asked, else so that it stays while it is being linked.
func (tx *Tx) company(field, id string, locked bool) (*ent.Company, error) {
	if err := wrongKind(field, typeid.Company, id); err != nil {
		return nil, err
	}
	q := tx.ent.Company.Query().Where(company.ID(id), company.DeletedAtIsNil())
	if locked {
		q.Where(tx.lock)
	} else {
		q.Where(tx.share)
	}
	c, err := q.Only(tx.seen)
	return c, missing(err, field, typeid.Company, id)
}

// linkedCompany gives what a row keeps of the company it is to be linked to: its id, and its name unless the row has a text of
// its own. nil takes the link off and keeps the name.
func (tx *Tx) linkedCompany(field string, id, name *string) (*string, *string, error) {
	if id == nil {
		return nil, name, nil
	}
	if err := permit(tx.seen, viewer.ReadCompanies); err != nil { // what is kept of the company is shown
		return nil, nil, err
	}
	c, err := tx.company(field, *id, false)
	if err != nil {
		return nil, nil, err
	}
	if name == nil {
		name = &c.Name
	}
	return &c.ID, name, nil
}

// ownedBy gives a row's owner, if the viewer may make the change from the present one.
func (tx *Tx) ownedBy(field string, from, to *string) (*string, error) {
	if same(from, to) {
		return to, nil
	}
	if err := mayAssign(tx.seen, from, to); err != nil {
		return nil, err
	}
	if to != nil {
		if _, err := tx.assignee(field, *to); err != nil {
			return nil, err
		}
	}
	return to, nil
}

func (tx *Tx) makeCompany(path string, r ent.Company, owner *string) (*ent.Company, error) {
	owner, err := tx.ownedBy(path+".ownerId", nil, owner)
	if err != nil {
		return nil, err
	}
	tx.room(Storage, 0)
	actor := tx.viewer.Actor()
	made, err := tx.ent.Company.Create().SetID(tx.NewID(typeid.Company)).SetWorkspaceID(tx.viewer.WorkspaceID).SetName(r.Name).
		SetNillableDomain(r.Domain).SetNillableWebsite(r.Website).SetNillableIndustry(r.Industry).SetNillableDescription(r.Description).
		SetPhones(r.Phones).SetEmails(r.Emails).SetNillableExternalID(r.ExternalID).SetNillableOwnerID(owner).SetTags(r.Tags).
		SetCustomFields(r.CustomFields).SetSource(r.Source).SetSearchText(showCompany(&r).SearchText()).SetSortName(fold.Text(r.Name)).
		SetCreatedBy(actor).SetUpdatedBy(actor).SetCreatedAt(tx.now).SetUpdatedAt(tx.now).Save(tx.ctx)
	return made, tx.duplicate(err, path+".externalId")
}

func (tx *Tx) saveCompany(cur *ent.Company, next ent.Company) (*ent.Company, error) {
	u := tx.ent.Company.UpdateOneID(cur.ID)
	drafted, err := changelog.Draft(u.Mutation(), cur, &next)
	if err != nil || !drafted {
		return cur, err
	}
	saved, err := u.SetVersion(cur.Version + 1).SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).
		SetSearchText(showCompany(&next).SearchText()).SetSortName(fold.Text(next.Name)).Save(tx.ctx)
	return saved, tx.duplicate(err, "input.externalId")
}

func showCompany(c *ent.Company) *row.Company { return changelog.Row[row.Company](c) }
