package crm

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/team"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// MaxTeams is how many teams a workspace has at most.
const MaxTeams = 200

// CreateTeamInput is a new team; see the SDL.
type CreateTeamInput struct {
	Name             string
	LeadID           *string
	MemberIds        []string
	ClientMutationID *string
}

// CreateTeamPayload is the team made.
type CreateTeamPayload struct {
	Team             *row.Team
	Revision         row.Revision
	ClientMutationID *string
}

// UpdateTeamInput changes the fields that are set; see the SDL.
type UpdateTeamInput struct {
	ID               string
	Name             graphql.Omittable[*string]
	LeadID           graphql.Omittable[*string]
	AddMemberIds     []string
	RemoveMemberIds  []string
	ExpectedVersion  *int
	ClientMutationID *string
}

// UpdateTeamPayload is the team as it is now.
type UpdateTeamPayload = CreateTeamPayload

// DeleteTeamInput says which team goes.
type DeleteTeamInput struct {
	ID               string
	ClientMutationID *string
}

// DeleteTeamPayload tells what was deleted.
type DeleteTeamPayload = DeleteRecordPayload

// CreateTeam makes a team. Needs ManageTeam. DUPLICATE when the name is taken.
func (s *Service) CreateTeam(ctx context.Context, in CreateTeamInput) (*CreateTeamPayload, error) {
	if err := permitWhole(ctx, viewer.ManageTeam); err != nil {
		return nil, err
	}
	c := &checker{}
	name := c.required("input.name", in.Name, 100)
	c.people("input.memberIds", in.MemberIds)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &CreateTeamPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		if n, err := tx.ent.Team.Query().Where(team.DeletedAtIsNil()).Count(tx.seen); err != nil || n >= MaxTeams {
			return orLimit(err, "a workspace has at most %d teams", MaxTeams)
		}
		actor := tx.viewer.Actor()
		t, err := tx.ent.Team.Create().SetID(tx.NewID(typeid.Team)).SetWorkspaceID(tx.viewer.WorkspaceID).SetName(name).
			SetNillableLeadID(in.LeadID).SetNameKey(fold.Key(name)).SetCreatedBy(actor).SetUpdatedBy(actor).SetCreatedAt(tx.now).SetUpdatedAt(tx.now).Save(tx.ctx)
		if err != nil {
			return tx.duplicate(err, "input.name")
		}
		joins := in.MemberIds
		if in.LeadID != nil {
			joins = append(slices.Clone(joins), *in.LeadID)
		}
		if err := tx.join(t.ID, joins, func(i int) string {
			if i == len(in.MemberIds) {
				return "input.leadId"
			}
			return pathOf("input.memberIds", i)
		}); err != nil {
			return err
		}
		out.Team = showTeam(t)
		return tx.Audit("team.created", t.ID, map[string]any{"name": name, "members": joins})
	})
	out.Revision = rev
	return out, err
}

// UpdateTeam changes a team. Needs ManageTeam, or ManageOwnTeam for own teams; then nobody is taken in.
func (s *Service) UpdateTeam(ctx context.Context, in UpdateTeamInput) (*UpdateTeamPayload, error) {
	c := &checker{}
	var name string
	if given(in.Name) {
		var text string
		if p := in.Name.Value(); p != nil {
			text = *p
		}
		name = c.required("input.name", text, 100)
	}
	c.people("input.addMemberIds", in.AddMemberIds)
	c.people("input.removeMemberIds", in.RemoveMemberIds)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &UpdateTeamPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		m, err := tx.manager()
		if err != nil {
			return err
		}
		cur, err := tx.team("input.id", in.ID)
		if err != nil {
			return err
		}
		if !m.everywhere && !m.leads(cur.ID) {
			return fault.New(fault.Forbidden, "this is none of your teams")
		}
		if err := version("team", cur.Version, in.ExpectedVersion); err != nil {
			return err
		}
		next := *cur
		if given(in.Name) {
			next.Name = name
		}
		moved, err := tx.remember(m, &next, in)
		if err != nil {
			return err
		}
		saved, err := tx.saveTeam(cur, next)
		if err != nil {
			return err
		}
		out.Team = showTeam(saved)
		if saved == cur && !moved {
			return nil
		}
		return tx.Audit("team.changed", cur.ID, map[string]any{"name": next.Name, "lead": next.LeadID, "joined": in.AddMemberIds, "left": in.RemoveMemberIds})
	})
	out.Revision = rev
	return out, err
}

// remember changes who leads a team and belongs to it, and tells whether anybody joined or left.
func (tx *Tx) remember(m *manager, next *ent.Team, in UpdateTeamInput) (moved bool, err error) {
	joins := slices.Clone(in.AddMemberIds)
	if given(in.LeadID) {
		if next.LeadID = in.LeadID.Value(); next.LeadID != nil {
			lead, err := tx.assignee("input.leadId", *next.LeadID)
			if err != nil {
				return false, err
			}
			if !slices.Contains(lead.TeamIds, next.ID) {
				joins = append(joins, lead.ID)
			}
		}
	}
	if len(joins) > 0 && !m.everywhere {
		return false, permit(tx.seen, viewer.ManageTeam)
	}
	at := func(i int) string {
		if i == len(in.AddMemberIds) {
			return "input.leadId"
		}
		return pathOf("input.addMemberIds", i)
	}
	if err := tx.join(next.ID, joins, at); err != nil {
		return false, err
	}
	for i, id := range in.RemoveMemberIds {
		field := pathOf("input.removeMemberIds", i)
		if slices.Contains(joins, id) {
			return false, fault.At(field, fault.ValidationFailed, "joins and leaves")
		}
		left, err := tx.leave(field, next.ID, id)
		if err != nil {
			return false, err
		}
		moved = moved || left
		if next.LeadID != nil && *next.LeadID == id {
			if given(in.LeadID) && in.LeadID.Value() != nil {
				return false, fault.At(field, fault.ValidationFailed, "is to lead the team")
			}
			next.LeadID = nil
		}
	}
	return moved || len(joins) > 0, nil
}

// DeleteTeam deletes a team; its members stay. Needs ManageTeam.
func (s *Service) DeleteTeam(ctx context.Context, in DeleteTeamInput) (*DeleteTeamPayload, error) {
	if err := permitWhole(ctx, viewer.ManageTeam); err != nil {
		return nil, err
	}
	out := &DeleteTeamPayload{DeletedID: in.ID, ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.team("input.id", in.ID)
		if err != nil {
			return err
		}
		all, err := tx.ent.Member.Query().Where(tx.lock).Order(member.ByID()).All(tx.seen)
		if err != nil {
			return err
		}
		for _, m := range all {
			if err := tx.setTeams(m, without(m.TeamIds, in.ID)); err != nil {
				return err
			}
		}
		next := *cur
		next.DeletedAt = &tx.now
		if _, err = tx.saveTeam(cur, next); err != nil {
			return err
		}
		return tx.Audit("team.deleted", cur.ID, map[string]any{"name": cur.Name})
	})
	out.Revision = rev
	return out, err
}

// team loads a live team, for update.
func (tx *Tx) team(field, id string) (*ent.Team, error) {
	if err := wrongKind(field, typeid.Team, id); err != nil {
		return nil, err
	}
	t, err := tx.ent.Team.Query().Where(team.ID(id), team.DeletedAtIsNil(), tx.lock).Only(tx.seen)
	return t, missing(err, field, typeid.Team, id)
}

func (tx *Tx) saveTeam(cur *ent.Team, next ent.Team) (*ent.Team, error) {
	u := tx.ent.Team.UpdateOneID(cur.ID)
	drafted, err := changelog.Draft(u.Mutation(), cur, &next)
	if err != nil || !drafted {
		return cur, err
	}
	saved, err := u.SetVersion(cur.Version + 1).SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).SetNameKey(fold.Key(next.Name)).Save(tx.ctx)
	return saved, tx.duplicate(err, "input.name")
}

func showTeam(t *ent.Team) *row.Team { return changelog.Row[row.Team](t) }

// people bounds a list of members.
func (c *checker) people(field string, ids []string) {
	if len(ids) > MaxBatch {
		c.AddCode(field, fault.BatchTooLarge, "has %d members, at most %d are possible", len(ids), MaxBatch)
		return
	}
	for i, id := range ids {
		c.Take(pathOf(field, i), wrongKind(field, typeid.Member, id))
	}
}

// orLimit is an error, or that a limit is reached.
func orLimit(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	return fault.New(fault.LimitExceeded, format, args...)
}
