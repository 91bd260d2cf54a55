package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// FoundWorkspace is a new tenant with its owner.
type FoundWorkspace struct {
	PartnerWorkspaceID string
	Name               string
	Slug               string
	Timezone           string
	DefaultCurrency    string
	DefaultCountry     *string
	Owner              NewMember
	// Arriving is the owner as the partner knows it, in place of Owner; nil for one that it does not know.
	Arriving *Arrival
	// Locale is a BCP 47 tag; empty means en.
	Locale string
	// Mirror is what the partner says of it; nil when nobody asked.
	Mirror *Mirror
	// StarterBoard has it begin with the starter board, in the same commit.
	StarterBoard bool
}

// NewMember is a person who joins a workspace. Permissions override the role's defaults flag by flag.
type NewMember struct {
	FirstName, LastName, Email string
	Role                       viewer.Role
	Permissions                map[string]bool
}

// Found makes a workspace and its owner in one commit, revision 1. Only the program itself may. DUPLICATE when the
// partner's workspace has one already.
func (s *Service) Found(ctx context.Context, in FoundWorkspace) (*row.Workspace, *row.Member, error) {
	v := viewer.ForSystem(s.NewID(typeid.Workspace))
	v.Source = viewer.FromPartner
	var made *row.Workspace
	var owner *row.Member
	_, err := s.Do(viewer.NewContext(ctx, v), nil, func(tx *Tx) error {
		w, err := in.row(tx).Save(asOperator(tx.ctx))
		if err != nil {
			return tx.duplicate(err, "partnerWorkspaceId")
		}
		made = changelog.Row[row.Workspace](w)
		m, err := in.owner(tx)
		if err != nil {
			return err
		}
		owner = changelog.Row[row.Member](m)
		if in.StarterBoard {
			return tx.insertStarter()
		}
		return nil
	})
	return made, owner, err
}

// row is the workspace to be made.
func (in FoundWorkspace) row(tx *Tx) *ent.WorkspaceCreate {
	c := tx.ent.Workspace.Create().SetID(tx.viewer.WorkspaceID).SetPartnerWorkspaceID(in.PartnerWorkspaceID).SetName(in.Name).
		SetSlug(in.Slug).SetTimezone(in.Timezone).SetDefaultCurrency(in.DefaultCurrency).SetNillableDefaultCountry(in.DefaultCountry).
		SetCreatedAt(tx.now)
	if in.Locale != "" {
		c.SetLocale(in.Locale)
	}
	if m := in.Mirror; m != nil {
		c.SetEligibility(m.Eligibility).SetPaused(m.Paused).SetPlanCode(clip(m.PlanCode, 64)).SetPlanStatus(clip(m.PlanStatus, 64)).
			SetOwnerName(clip(m.OwnerName, 200)).SetOwnerEmail(clip(m.OwnerEmail, 254)).SetNillablePaidThrough(stored(m.PaidThrough)).
			SetNillableTrialEndsAt(stored(m.TrialEndsAt)).SetCheckedAt(m.CheckedAt.UTC())
	}
	return c
}

// owner makes the member whom the workspace belongs to.
func (in FoundWorkspace) owner(tx *Tx) (*ent.Member, error) {
	if in.Arriving != nil {
		in.Arriving.Role = viewer.Owner
		return tx.Arrive(*in.Arriving)
	}
	in.Owner.Role = viewer.Owner
	return tx.insertMember(in.Owner)
}

// asOperator is the program making a workspace: the one write that a viewer inside of one cannot make.
func asOperator(ctx context.Context) context.Context {
	return viewer.NewContext(ctx, viewer.ForOperator())
}

// AddMember adds a person to the viewer's workspace. Needs ManageTeam; nobody becomes OWNER this way.
func (s *Service) AddMember(ctx context.Context, in NewMember) (*row.Member, error) {
	if err := permit(ctx, viewer.ManageTeam); err != nil {
		return nil, err
	}
	if in.Role == viewer.Owner {
		return nil, fault.At("role", fault.ValidationFailed, "a workspace has one owner")
	}
	var made *row.Member
	_, err := s.Do(ctx, nil, func(tx *Tx) error {
		m, err := tx.insertMember(in)
		if err == nil {
			made = changelog.Row[row.Member](m)
		}
		return err
	})
	return made, err
}

func (tx *Tx) insertMember(in NewMember) (*ent.Member, error) {
	c := &checker{}
	email := c.email("email", &in.Email)
	if email == nil {
		c.Add("email", "must not be empty")
	}
	c.sound("firstName", in.FirstName, 100)
	c.sound("lastName", in.LastName, 100)
	if err := c.Err(); err != nil {
		return nil, err
	}
	tx.room(Members, 0)
	m, err := tx.ent.Member.Create().SetID(tx.NewID(typeid.Member)).SetWorkspaceID(tx.viewer.WorkspaceID).
		SetFirstName(fold.Trim(in.FirstName)).SetLastName(fold.Trim(in.LastName)).SetEmail(*email).SetRole(member.Role(in.Role)).
		SetPermissions(in.Permissions).SetOrigin(member.OriginLOCAL).SetCreatedAt(tx.now).SetUpdatedAt(tx.now).
		SetSearchText(fold.Text(in.FirstName + " " + in.LastName + "\n" + *email)).
		SetSortName(fold.Text(in.LastName + " " + in.FirstName)).Save(tx.ctx)
	return m, tx.duplicate(err, "email")
}
