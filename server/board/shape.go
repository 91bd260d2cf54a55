package board

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
)

// shape is which columns of cards and their links a statement reads, and where they go.
type shape struct {
	links                            Links
	record, contact, company, member part
}

// part is a choice of a row's columns, by their places among all.
type part struct {
	names []string
	at    []int
}

// pick chooses columns in their own order, so that equal choices give equal statements.
func pick(all, wanted []string, always ...string) (p part) {
	for i, name := range all {
		if wanted == nil || slices.Contains(wanted, name) || slices.Contains(always, name) {
			p.names, p.at = append(p.names, name), append(p.at, i)
		}
	}
	return p
}

// from takes what the chosen columns are scanned into.
func (p part) from(dest []any) []any {
	out := make([]any, len(p.at))
	for i, at := range p.at {
		out[i] = dest[at]
	}
	return out
}

func shapeOf(q Query) shape {
	needs := Needs{}
	if q.Needs != nil {
		needs = *q.Needs
	}
	return shape{q.Links, pick(row.RecordColumns, needs.Record, "id", "pipeline_id", "stage_id", "rank", "owner_id", "contact_id", "company_id"),
		pick(row.ContactColumns, needs.Contact, "id"), pick(row.CompanyColumns, needs.Company, "id"), pick(row.MemberColumns, needs.Member, "id")}
}

func (sh shape) begin(sb *scope.Builder) {
	sb.Add("SELECT ").Columns("r", sh.record.names)
	if sh.links.Contact {
		sb.Add(", ").Columns("c", sh.contact.names)
	}
	if sh.links.Company {
		sb.Add(", ").Columns("o", sh.company.names)
	}
	if sh.links.Owner {
		sb.Add(", ").Columns("m", sh.member.names)
	}
	sb.Add(" FROM (")
}

// top writes one range of the index that keeps a stage in order.
func (sh shape) top(sb *scope.Builder, l lens, stageID, below string, n int) {
	sb.Add("SELECT * FROM (SELECT ").Columns("r", append([]string{"workspace_id"}, sh.record.names...)).
		Add(" FROM records r WHERE ").Records("r").Add(" AND r.stage_id = ? AND r.rank > ? AND (", stageID, below)
	l.filter.SQL(sb, "r")
	sb.Add(") ORDER BY r.rank LIMIT ?) x", n)
}

func (sh shape) end(sb *scope.Builder) {
	sb.Add(") r")
	if sh.links.Contact {
		sb.Add(" LEFT JOIN contacts c ON ").Same("c", "r").Add(" AND c.id = r.contact_id")
	}
	if sh.links.Company {
		sb.Add(" LEFT JOIN companies o ON ").Same("o", "r").Add(" AND o.id = r.company_id")
	}
	if sh.links.Owner {
		sb.Add(" LEFT JOIN members m ON ").Same("m", "r").Add(" AND m.id = r.owner_id")
	}
}

func (sh shape) scan(ctx context.Context, q store.Queryer, sb *scope.Builder, p *row.Pipeline) (out []*row.Record, err error) {
	rows, err := query(ctx, q, sb)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	// One row of each kind takes every row's columns and is copied: lists of destinations are dear.
	var r row.Record
	c, o, m := row.Optional[row.Contact]{}, row.Optional[row.Company]{}, row.Optional[row.Member]{}
	dest := sh.record.from(r.Dest())
	if sh.links.Contact {
		dest = append(dest, sh.contact.from(c.Dest((*row.Contact).Dest))...)
	}
	if sh.links.Company {
		dest = append(dest, sh.company.from(o.Dest((*row.Company).Dest))...)
	}
	if sh.links.Owner {
		dest = append(dest, sh.member.from(m.Dest((*row.Member).Dest))...)
	}
	contacts, companies, members := map[string]*row.Contact{}, map[string]*row.Company{}, map[string]*row.Member{}
	for rows.Next() {
		r = row.Record{Pipeline: p}
		if sh.links.Contact {
			*c.Row = row.Contact{}
		}
		if sh.links.Company {
			*o.Row = row.Company{}
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		shown := r
		shown.Stage = p.Stage(r.StageID)
		if r.ContactID != nil && sh.links.Contact {
			shown.Contact = share(contacts, *r.ContactID, c.Row)
		}
		if r.CompanyID != nil && sh.links.Company {
			shown.Company = share(companies, *r.CompanyID, o.Row)
		}
		if r.OwnerID != nil && sh.links.Owner {
			shown.Owner = share(members, *r.OwnerID, m.Row)
		}
		out = append(out, &shown)
	}
	return out, rows.Err()
}

// share gives the one copy of a row that several cards link to.
func share[T any](held map[string]*T, id string, r *T) *T {
	h := held[id]
	if h == nil {
		copied := *r
		h = &copied
		held[id] = h
	}
	return h
}
