package read

import (
	"cmp"
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// Teams reads all live teams by name; there are at most 200.
func (r Reader) Teams(ctx context.Context) ([]*row.Team, error) {
	b, err := r.begin(ctx, viewer.ReadMembers)
	if err != nil {
		return nil, err
	}
	all, err := rows(ctx, r, b.Add("SELECT ").Columns("t", row.TeamColumns).Add(" FROM teams t WHERE ").Workspace("t").
		Add(" AND t.deleted_at IS NULL"), (*row.Team).Dest)
	slices.SortFunc(all, func(a, b *row.Team) int { // as all names are sorted; the key of a name keeps its accents
		return cmp.Or(cmp.Compare(fold.Text(a.Name), fold.Text(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// TeamsByID reads live teams.
func (r Reader) TeamsByID(ctx context.Context, ids []string) (map[string]*row.Team, error) {
	if _, err := r.begin(ctx, viewer.ReadMembers); err != nil {
		return nil, err
	}
	return byID(ctx, r, ids, row.TeamColumns, "teams", "t", func(b *scope.Builder) { b.Workspace("t").Add(" AND t.deleted_at IS NULL") },
		(*row.Team).Dest, func(t *row.Team) string { return t.ID })
}

// TeamsOfMembers reads the live teams of each member, by name, in one statement.
func (r Reader) TeamsOfMembers(ctx context.Context, members []*row.Member) ([][]*row.Team, error) {
	out := make([][]*row.Team, len(members))
	any := false
	for i, m := range members {
		out[i] = []*row.Team{}
		any = any || len(m.TeamIDs) > 0
	}
	if !any {
		return out, nil
	}
	all, err := r.Teams(ctx)
	if err != nil {
		return nil, err
	}
	for i, m := range members {
		for _, t := range all {
			if m.In(t.ID) {
				out[i] = append(out[i], t)
			}
		}
	}
	return out, nil
}

// MembersOfTeams reads the active members of each team, by name, in one statement.
func (r Reader) MembersOfTeams(ctx context.Context, teamIDs []string) (map[string][]*row.Member, error) {
	b, err := r.begin(ctx, viewer.ReadMembers)
	if err != nil {
		return nil, err
	}
	b.Add("SELECT ").Columns("m", row.MemberColumns).Add(" FROM members m WHERE ").Workspace("m").Add(" AND m.is_active = ? AND ", true)
	inTeams(b, "m.team_ids", teamIDs)
	all, err := rows(ctx, r, b.Add(" ORDER BY m.sort_name, m.id"), (*row.Member).Dest)
	out := map[string][]*row.Member{}
	for _, m := range all {
		for _, id := range m.TeamIDs {
			out[id] = append(out[id], m)
		}
	}
	return out, err
}

// inTeams writes that a column of team ids holds one of these; no team is one of none.
func inTeams(b *scope.Builder, column string, teamIDs []string) {
	b.Add("(1 = 0")
	for _, id := range teamIDs {
		b.Add(" OR ").Contains("CAST("+column+" AS TEXT)", `"`+id+`"`)
	}
	b.Add(")")
}

// Invitations reads a page of invitations, newest first. Needs ManageTeam; with ManageOwnTeam those into own teams.
func (r Reader) Invitations(ctx context.Context, first int, after, state *string) (*row.InvitationConnection, error) {
	b, err := r.begin(ctx, 0)
	if err != nil {
		return nil, err
	}
	var own []string
	if everywhere := b.Viewer.Can(viewer.ManageTeam); !everywhere {
		if _, err := r.begin(ctx, viewer.ManageOwnTeam); err != nil {
			return nil, err
		}
		me, err := r.Me(ctx)
		if err != nil {
			return nil, err
		}
		own = append([]string{}, me.TeamIDs...)
	}
	now := row.Now(ctx)
	l := list[row.Invitation]{name: "invitations", from: "invitations i", alias: "i", columns: row.InvitationColumns, dest: (*row.Invitation).Dest,
		keys: []key{{expr: "i.created_at", kind: instant, desc: true}}, where: func(b *scope.Builder) {
			b.Workspace("i")
			if own != nil {
				b.Add(" AND ")
				inTeams(b, "i.team_ids", own)
			}
			switch {
			case state == nil:
			case *state == "PENDING":
				b.Add(" AND i.state = 'PENDING' AND i.expires_at > ?", now)
			case *state == "EXPIRED":
				b.Add(" AND (i.state = 'EXPIRED' OR i.state = 'PENDING' AND i.expires_at <= ?)", now)
			default:
				b.Add(" AND i.state = ?", *state)
			}
		}}
	c, err := page(ctx, r, r.again(ctx), l, first, after)
	if err != nil {
		return nil, err
	}
	cursors := map[*row.Invitation]string{}
	for i, n := range c.Nodes {
		shown := n.At(now)
		cursors[shown] = c.Cursor(n)
		c.Nodes[i] = shown
	}
	c.Cursor = func(i *row.Invitation) string { return cursors[i] }
	return &row.InvitationConnection{Connection: c}, nil
}
