package crm

import (
	"context"
	"slices"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/invitation"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/team"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Invited is whom a live link is for.
type Invited struct {
	WorkspaceID, PartnerWorkspaceID, InvitationID, Email string
}

// FindInvited finds whom a link is for, by the hash of its token, before there is a viewer. INVITATION_INVALID for every
// dead link, whatever the reason.
func (s *Service) FindInvited(ctx context.Context, tokenHash string) (*Invited, error) {
	anywhere := viewer.NewContext(ctx, viewer.ForOperator())
	i, err := s.everywhere().Invitation.Query().Where(invitation.TokenHash(tokenHash)).Only(anywhere)
	if ent.IsNotFound(err) || err == nil && !alive(i, s.Now()) {
		return nil, deadLink()
	}
	if err != nil {
		return nil, err
	}
	w, err := s.everywhere().Workspace.Get(anywhere, i.WorkspaceID)
	if err != nil {
		return nil, err
	}
	return &Invited{w.ID, w.PartnerWorkspaceID, i.ID, i.Email}, nil
}

// everywhere reads rows of all workspaces, for what happens before a workspace is known.
func (s *Service) everywhere() *ent.Client {
	return ent.NewClient(ent.Driver(entsql.OpenDB(s.DB.Dialect, s.DB.Write)))
}

func alive(i *ent.Invitation, now time.Time) bool {
	return i.State == invitation.StatePENDING && now.Before(i.ExpiresAt)
}

func deadLink() error {
	return fault.New(fault.InvitationInvalid, "this invitation does not hold any more")
}

// CheckNames refuses names that a member cannot have; the last one may be empty.
func CheckNames(firstName, lastName string) error {
	c := &checker{}
	c.required("first_name", firstName, 100)
	c.sound("last_name", fold.Trim(lastName), 100)
	return c.Err()
}

// Accept makes an invited person, who has proven the address, a LOCAL member with the invitation's role, in those of its
// teams that still exist. A former member of that address comes back, as what the invitation says. Only the program
// itself may. INVITATION_INVALID when the link has died meanwhile.
func (tx *Tx) Accept(tokenHash, firstName, lastName string) (*ent.Member, error) {
	if err := CheckNames(firstName, lastName); err != nil {
		return nil, err
	}
	i, err := tx.ent.Invitation.Query().Where(invitation.TokenHash(tokenHash), tx.lock).Only(tx.ctx)
	if ent.IsNotFound(err) || err == nil && !alive(i, tx.now) {
		return nil, deadLink()
	}
	if err != nil {
		return nil, err
	}
	teams, err := tx.ent.Team.Query().Where(team.IDIn(i.TeamIds...), team.DeletedAtIsNil(), tx.share).Order(team.ByID()).IDs(tx.ctx)
	if err != nil {
		return nil, err
	}
	m, err := tx.admit(i, fold.Trim(firstName), fold.Trim(lastName), slices.Clip(teams))
	if err != nil {
		return nil, err
	}
	_, err = tx.ent.Invitation.UpdateOneID(i.ID).SetState(invitation.StateACCEPTED).SetMemberID(m.ID).SetVersion(i.Version + 1).
		SetUpdatedAt(tx.now).Save(tx.ctx)
	if err != nil {
		return nil, err
	}
	return m, tx.Audit("invitation.accepted", i.ID, map[string]any{"member_id": m.ID, "role": i.Role})
}

// admit makes the member, or brings a former one back.
func (tx *Tx) admit(i *ent.Invitation, first, last string, teams []string) (*ent.Member, error) {
	former, err := tx.ent.Member.Query().Where(member.Email(i.Email), tx.lock).Only(tx.ctx)
	if err == nil {
		if former.IsActive {
			return nil, deadLink()
		}
		tx.room(Members, 0)
		next := *former
		next.IsActive, next.Origin, next.PartnerMemberID, next.SyncedAt = true, member.OriginLOCAL, nil, nil
		next.FirstName, next.LastName, next.Role, next.TeamIds, next.Permissions = first, last, member.Role(i.Role), teams, map[string]bool{}
		return tx.saveMember(former, next)
	}
	if !ent.IsNotFound(err) {
		return nil, err
	}
	tx.room(Members, 0)
	m := ent.Member{FirstName: first, LastName: last, Email: i.Email}
	made, err := tx.ent.Member.Create().SetID(tx.NewID(typeid.Member)).SetWorkspaceID(tx.viewer.WorkspaceID).SetFirstName(first).
		SetLastName(last).SetEmail(i.Email).SetRole(member.Role(i.Role)).SetTeamIds(teams).SetOrigin(member.OriginLOCAL).
		SetCreatedAt(tx.now).SetUpdatedAt(tx.now).SetSearchText(memberSearch(&m)).SetSortName(memberSort(&m)).Save(tx.ctx)
	return made, tx.duplicate(err, "token")
}

// ExpireInvitations marks the pending invitations whose term has passed, in all workspaces, one commit for each. It is
// housekeeping: a link is dead from its term on, marked or not.
func (s *Service) ExpireInvitations(ctx context.Context) error {
	over, err := s.everywhere().Invitation.Query().Where(invitation.StateEQ(invitation.StatePENDING), invitation.ExpiresAtLTE(s.Now().UTC())).
		Limit(MaxBatch).All(viewer.NewContext(ctx, viewer.ForOperator()))
	if err != nil {
		return err
	}
	byWorkspace := map[string][]string{}
	for _, i := range over {
		byWorkspace[i.WorkspaceID] = append(byWorkspace[i.WorkspaceID], i.ID)
	}
	for workspace, ids := range byWorkspace {
		_, err := s.Do(viewer.NewContext(ctx, viewer.ForSystem(workspace)), nil, func(tx *Tx) error {
			found, err := tx.ent.Invitation.Query().Where(invitation.IDIn(ids...), invitation.StateEQ(invitation.StatePENDING),
				invitation.ExpiresAtLTE(tx.now), tx.lock).Order(invitation.ByID()).All(tx.ctx)
			for _, i := range found {
				if err == nil {
					_, err = tx.setInvitation(i, invitation.StateEXPIRED)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
