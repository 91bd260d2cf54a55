package crm

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/typeid"
)

// standing orders roles by who may decide about whom: only downwards. A key, and a member of a low role who was given
// ManageTeam, count by that right.
func standing(r viewer.Role) int {
	switch r {
	case viewer.Owner:
		return 3
	case viewer.Admin:
		return 2
	case viewer.TeamAdmin:
		return 1
	}
	return 0
}

// manager is who decides about members: what it may, and where.
type manager struct {
	*viewer.Viewer
	standing int
	// everywhere: not only within teams.
	everywhere bool
	teams      []string
}

// errNarrowed refuses what concerns the whole workspace to who was narrowed to some pipelines.
var errNarrowed = fault.New(fault.Forbidden, "this credential is narrowed to some pipelines")

// permitWhole refuses what takes a right and concerns the whole workspace.
func permitWhole(ctx context.Context, p viewer.Perms) error {
	err := permit(ctx, p)
	if err == nil && viewer.FromContext(ctx).PipelineIDs != nil {
		err = errNarrowed
	}
	return err
}

// manager looks up what the viewer may decide about members. FORBIDDEN, or SCOPE_MISSING for a key, when nothing.
func (tx *Tx) manager() (*manager, error) {
	v := tx.viewer
	m := &manager{Viewer: v, standing: standing(v.Role), everywhere: v.Can(viewer.ManageTeam)}
	if v.PipelineIDs != nil {
		return nil, errNarrowed
	}
	switch {
	case m.everywhere && v.Kind != viewer.Member:
		m.standing = max(m.standing, standing(viewer.Admin))
	case m.everywhere:
		m.standing = max(m.standing, standing(viewer.TeamAdmin))
	case v.Can(viewer.ManageOwnTeam) && v.MemberID() != "":
		me, err := tx.ent.Member.Query().Where(member.ID(v.MemberID())).Only(tx.seen)
		if err != nil {
			return nil, err
		}
		m.teams = me.TeamIds
	default:
		return nil, permit(tx.seen, viewer.ManageTeam)
	}
	return m, nil
}

// may refuses to decide about a member: oneself, one of the same or a higher role, and, for who decides within own
// teams, one of other teams.
func (m *manager) may(about *ent.Member) error {
	switch {
	case about.ID == m.MemberID():
		return fault.New(fault.Forbidden, "nobody decides this about oneself")
	case m.standing <= standing(viewer.Role(about.Role)):
		return fault.New(fault.Forbidden, "this member's role is not below yours")
	case !m.everywhere && !slices.ContainsFunc(about.TeamIds, m.leads):
		return fault.New(fault.Forbidden, "this member is in none of your teams")
	}
	return nil
}

// leads tells whether a team is among those of who decides within own teams only.
func (m *manager) leads(teamID string) bool { return slices.Contains(m.teams, teamID) }

// inSession refuses whoever is not a member with a session: roles and flags are no matter of programs.
func (tx *Tx) inSession() error {
	if tx.viewer.Kind != viewer.Member {
		return fault.New(fault.Forbidden, "this takes a member's session")
	}
	return nil
}

// member loads a member of the workspace, former ones too, for update.
func (tx *Tx) member(field, id string) (*ent.Member, error) {
	if err := wrongKind(field, typeid.Member, id); err != nil {
		return nil, err
	}
	m, err := tx.ent.Member.Query().Where(member.ID(id), tx.lock).Only(tx.seen)
	return m, missing(err, field, typeid.Member, id)
}

// Managed is managed for commands told elsewhere.
func (tx *Tx) Managed(field, id string) (*ent.Member, error) { return tx.managed(field, id) }

// managed loads a member whom the viewer may decide about, for update.
func (tx *Tx) managed(field, id string) (*ent.Member, error) {
	m, err := tx.manager()
	if err != nil {
		return nil, err
	}
	about, err := tx.member(field, id)
	if err == nil {
		err = m.may(about)
	}
	return about, err
}
