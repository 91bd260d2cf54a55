package read

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// CompanyOrder is a key to sort companies by.
type CompanyOrder Order

// Company reads one company; nil when hidden or missing.
func (r Reader) Company(ctx context.Context, id string) (*row.Company, error) {
	b, err := r.begin(ctx, viewer.ReadCompanies)
	if err != nil {
		return nil, err
	}
	return one(ctx, r, b.Add("SELECT ").Columns("o", row.CompanyColumns).Add(" FROM companies o WHERE ").Companies("o").Add(" AND o.id = ?", id),
		(*row.Company).Dest)
}

// Companies reads a page of companies; by name when no order is given.
func (r Reader) Companies(ctx context.Context, f *filter.CompanyFilter, order []*CompanyOrder, first int, after *string) (*row.CompanyConnection, error) {
	if _, err := r.begin(ctx, viewer.ReadCompanies); err != nil {
		return nil, err
	}
	pred, err := filter.CompileCompanies(f, env(ctx))
	if err == nil {
		err = checkOrder(len(order))
	}
	if err != nil {
		return nil, err
	}
	l := list[row.Company]{name: "companies", from: "companies o", alias: "o", columns: row.CompanyColumns, dest: (*row.Company).Dest,
		where: func(b *scope.Builder) {
			b.Companies("o").Add(" AND (")
			pred.SQL(b, "o")
			b.Add(")")
		}}
	if len(order) == 0 {
		order = []*CompanyOrder{{"NAME", "ASC"}}
	}
	for _, o := range order {
		l.name += " " + o.Field + " " + o.Direction
		l.keys = append(l.keys, directed(companyOrders[o.Field], o.Direction, "")...)
	}
	c, err := page(ctx, r, r.again(ctx), l, first, after)
	return &row.CompanyConnection{Connection: c}, err
}

var companyOrders = map[string][]key{
	"NAME":       {{expr: "o.sort_name"}},
	"CREATED_AT": {{expr: "o.created_at", kind: instant}},
	"UPDATED_AT": {{expr: "o.updated_at", kind: instant}},
}

// CompaniesByID reads companies that rows link to.
func (r Reader) CompaniesByID(ctx context.Context, ids []string) (map[string]*row.Company, error) {
	return byID(ctx, r, ids, row.CompanyColumns, "companies", "o", func(b *scope.Builder) { b.Companies("o") },
		(*row.Company).Dest, (*row.Company).Key)
}

// CompanyContacts reads the first 50 contacts of each company, by name.
func (r Reader) CompanyContacts(ctx context.Context, companyIDs []string) (map[string][]*row.Contact, error) {
	b, err := r.begin(ctx, viewer.ReadContacts)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT ").Columns("c", row.ContactColumns).Add(` FROM (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY c.company_id
		ORDER BY c.sort_name, c.id) AS place FROM contacts c WHERE `).Contacts("c").Add(" AND ").In("c.company_id", companyIDs)
	all, err := rows(ctx, r, b.Add(") c WHERE c.place <= ? ORDER BY c.company_id, c.place", linkedRows), (*row.Contact).Dest)
	out := map[string][]*row.Contact{}
	for _, c := range all {
		out[*c.CompanyID] = append(out[*c.CompanyID], c)
	}
	return out, err
}

// CompanyRecords reads the first 50 records of each company, newest first.
func (r Reader) CompanyRecords(ctx context.Context, companyIDs []string) (map[string][]*row.Record, error) {
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT ").Columns("r", row.RecordColumns).Add(` FROM (SELECT r.*, ROW_NUMBER() OVER (PARTITION BY r.company_id
		ORDER BY r.created_at DESC, r.id DESC) AS place FROM records r WHERE `).Records("r").Add(" AND ").In("r.company_id", companyIDs)
	all, err := rows(ctx, r, b.Add(") r WHERE r.place <= ? ORDER BY r.company_id, r.place", linkedRows), (*row.Record).Dest)
	out := map[string][]*row.Record{}
	for _, x := range all {
		out[*x.CompanyID] = append(out[*x.CompanyID], x)
	}
	return out, err
}
