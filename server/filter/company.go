package filter

import (
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// CompanyFilter says which companies; see the SDL.
type CompanyFilter struct {
	And   []*CompanyFilter
	Or    []*CompanyFilter
	Not   *CompanyFilter
	ID    *IDComparator
	Owner *OwnerComparator
	Q     *string
}

var companyGrammar = grammar[*CompanyFilter, *row.Company]{func(f *CompanyFilter) tree[*CompanyFilter] {
	return tree[*CompanyFilter]{f.And, f.Or, f.Not, f.Not != nil}
}, companyFields}

// CompileCompanies compiles a filter; nil lets every company pass.
func CompileCompanies(f *CompanyFilter, env Env) (Pred[*row.Company], error) {
	r := &run{env: env}
	p := compile(r, companyGrammar, f, "filter", 1)
	return p, r.err()
}

func companyFields(c *compiler[*row.Company], f *CompanyFilter, path string) {
	if f.ID != nil {
		c.id(path+".id", "id", typeid.Company, func(r *row.Company) *string { return &r.ID }, *f.ID)
	}
	if f.Owner != nil {
		c.owner(path+".owner", "owner_id", func(r *row.Company) *string { return r.OwnerID }, *f.Owner)
	}
	c.text(path+".q", (*row.Company).SearchText, f.Q)
}
