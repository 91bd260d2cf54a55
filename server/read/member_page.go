package read

import (
	"context"
	"strings"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// MemberQuery asks for a numbered page of members. Page counts from 1; an empty Role or Name is any.
type MemberQuery struct {
	Page, Limit int
	Role        viewer.Role
	Name        string
}

// MembersAt reads a numbered page of members by name, then id, and how many there are in all.
func (r Reader) MembersAt(ctx context.Context, q MemberQuery) (found []*row.Member, total int, err error) {
	if len(q.Name) > filter.MaxText || strings.ContainsRune(q.Name, 0) {
		return nil, 0, fault.At("name", fault.ValidationFailed, "is longer than %d bytes, or no text", filter.MaxText)
	}
	where := func(b *scope.Builder) *scope.Builder {
		b.Workspace("m")
		if q.Role != "" {
			b.Add(" AND m.role = ?", string(q.Role))
		}
		for _, w := range fold.Words(q.Name) {
			b.Add(" AND ").Contains("m.search_text", w)
		}
		return b
	}
	b, err := r.begin(ctx, viewer.ReadMembers)
	if err != nil {
		return nil, 0, err
	}
	text, args := where(b.Add("SELECT COUNT(*) FROM members m WHERE ")).SQL()
	if err := r.DB.QueryRow(ctx, text, args...).Scan(&total); err != nil {
		return nil, 0, err
	}
	b, err = r.begin(ctx, viewer.ReadMembers)
	if err != nil {
		return nil, 0, err
	}
	found, err = rows(ctx, r, where(b.Add("SELECT ").Columns("m", row.MemberColumns).Add(" FROM members m WHERE ")).
		Add(" ORDER BY m.sort_name, m.id LIMIT ? OFFSET ?", q.Limit, (q.Page-1)*q.Limit), (*row.Member).Dest)
	return found, total, err
}
