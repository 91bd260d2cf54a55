package filter

import (
	"time"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// ContactFilter says which contacts; see the SDL.
type ContactFilter struct {
	And         []*ContactFilter
	Or          []*ContactFilter
	Not         *ContactFilter
	ID          *IDComparator
	Owner       *OwnerComparator
	HasEmail    *bool
	HasPhone    *bool
	CompanyID   *IDComparator
	CompanyName *TextComparator
	Source      *RecordSourceComparator
	CreatedAt   *TimeComparator
	UpdatedAt   *TimeComparator
	ExternalID  *KeyComparator
	UserNs      *KeyComparator
	Q           *string
}

var contactGrammar = grammar[*ContactFilter, *row.Contact]{func(f *ContactFilter) tree[*ContactFilter] {
	return tree[*ContactFilter]{f.And, f.Or, f.Not, f.Not != nil}
}, contactFields}

// CompileContacts compiles a filter; nil lets every contact pass.
func CompileContacts(f *ContactFilter, env Env) (Pred[*row.Contact], error) {
	r := &run{env: env}
	p := compile(r, contactGrammar, f, "filter", 1)
	return p, r.err()
}

func contactFields(c *compiler[*row.Contact], f *ContactFilter, path string) {
	if f.ID != nil {
		c.id(path+".id", "id", typeid.Contact, func(r *row.Contact) *string { return &r.ID }, *f.ID)
	}
	if f.Owner != nil {
		c.owner(path+".owner", "owner_id", func(r *row.Contact) *string { return r.OwnerID }, *f.Owner)
	}
	if f.CompanyID != nil {
		c.id(path+".companyId", "company_id", typeid.Company, func(r *row.Contact) *string { return r.CompanyID }, *f.CompanyID)
	}
	if f.Source != nil {
		c.enum(path+".source", "source", func(r *row.Contact) *string { return &r.Source }, EnumComparator(*f.Source))
	}
	c.addIf(f.HasEmail, func() Pred[*row.Contact] { return filled("emails", func(r *row.Contact) []string { return r.Emails }) })
	c.addIf(f.HasPhone, func() Pred[*row.Contact] { return filled("phones", func(r *row.Contact) []string { return r.Phones }) })
	texts(c, path+".companyName", folded("company_name_folded", func(r *row.Contact) *string { return r.CompanyName }), f.CompanyName)
	times(c, path+".createdAt", "created_at", always(func(r *row.Contact) time.Time { return r.CreatedAt }), f.CreatedAt)
	times(c, path+".updatedAt", "updated_at", always(func(r *row.Contact) time.Time { return r.UpdatedAt }), f.UpdatedAt)
	keys(c, path+".externalId", "external_id", func(r *row.Contact) *string { return r.ExternalID }, f.ExternalID)
	keys(c, path+".userNs", "user_ns", func(r *row.Contact) *string { return r.UserNs }, f.UserNs)
	c.text(path+".q", (*row.Contact).SearchText, f.Q)
}

// filled holds for rows whose list has anything in it.
func filled[T any](column string, get func(T) []string) Pred[T] {
	return Pred[T]{func(b *scope.Builder, a string) { b.Add("(" + a + "." + column + " ->> 0) IS NOT NULL") },
		func(r T) bool { return len(get(r)) > 0 }, depends}
}
