package crm

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/invitation"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

const (
	// InvitationTerm is how long an invitation's link lives (spec access, section 8).
	InvitationTerm = 7 * 24 * time.Hour
	// MaxInvitations is how many people are invited at a time.
	MaxInvitations = 50
)

// Inviting is what invitations are made with.
type Inviting struct {
	// NewToken makes a secret of 256 bits and what is stored of it.
	NewToken func() (token, hash string)
	// Link is the address of the page that accepts a token.
	Link func(token string) string
	// Post queues the mail in the command's transaction, and Posted is told when that is committed.
	Post   func(ctx context.Context, tx *sql.Tx, m InvitationMail) error
	Posted func()
}

// InvitationMail is what an invited person is told.
type InvitationMail struct {
	// Tenant is the partner's id of the workspace.
	Tenant, To, Workspace, Inviter, Locale, Link string
	Until                                        time.Time
}

// InviteMembersInput says whom to invite, and as what; see the SDL.
type InviteMembersInput struct {
	Emails           []string
	Role             viewer.Role
	TeamIds          []string
	ClientMutationID *string
}

// InviteMembersPayload tells what came of each address, in order.
type InviteMembersPayload struct {
	Results          []*InvitationResult
	Revision         row.Revision
	ClientMutationID *string
}

// InvitationResult is what came of one address.
type InvitationResult struct {
	Index      int
	Email      string
	Ok         bool
	Invitation *row.Invitation
	Link       *string
	Error      *RowError
}

// ResendInvitationInput says which invitation is sent anew.
type ResendInvitationInput struct {
	ID               string
	ClientMutationID *string
}

// ResendInvitationPayload is the invitation as it is now, with its new link.
type ResendInvitationPayload struct {
	Invitation       *row.Invitation
	Link             string
	Revision         row.Revision
	ClientMutationID *string
}

// CancelInvitationInput says which invitation is cancelled.
type CancelInvitationInput ResendInvitationInput

// CancelInvitationPayload is the invitation as it is now.
type CancelInvitationPayload struct {
	Invitation       *row.Invitation
	Revision         row.Revision
	ClientMutationID *string
}

// InviteMembers invites people by mail, in one commit; a refused address does not stop the others. Needs a member's session with ManageTeam, or
// ManageOwnTeam into own teams, and a higher role than the one given. BATCH_TOO_LARGE beyond MaxInvitations.
func (s *Service) InviteMembers(ctx context.Context, in InviteMembersInput) (*InviteMembersPayload, error) {
	switch n := len(in.Emails); {
	case n == 0:
		return nil, fault.At("input.emails", fault.ValidationFailed, "is empty")
	case n > MaxInvitations:
		return nil, fault.At("input.emails", fault.BatchTooLarge, "has %d addresses, at most %d are possible", n, MaxInvitations)
	}
	if n := len(in.TeamIds); n > maxTeamsOfOne {
		return nil, fault.At("input.teamIds", fault.ValidationFailed, "has %d teams, at most %d are possible", n, maxTeamsOfOne)
	}
	out := &InviteMembersPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		if err := tx.inSession(); err != nil {
			return err
		}
		teams := slices.Compact(slices.Sorted(slices.Values(in.TeamIds)))
		m, err := tx.manager()
		if err == nil {
			err = m.mayInvite(in.Role, teams)
		}
		if err == nil {
			err = tx.teams("input.teamIds", in.TeamIds)
		}
		if err != nil {
			return err
		}
		out.Results = nil
		for i, address := range in.Emails {
			r, err := tx.inviteOne(address, in.Role, teams)
			if err != nil {
				return err
			}
			r.Index = i
			out.Results = append(out.Results, r)
		}
		return nil
	})
	if err == nil {
		s.Inviting.Posted()
	}
	out.Revision = rev
	return out, err
}

// mayInvite refuses to invite as what the inviter is not above, or into teams that are not its own.
func (m *manager) mayInvite(role viewer.Role, teams []string) error {
	switch {
	case role == viewer.Owner:
		return fault.At("input.role", fault.ValidationFailed, "a workspace has one owner: the partner's")
	case standing(role) >= m.standing:
		return fault.At("input.role", fault.Forbidden, "this role is not below yours")
	case !m.everywhere && (len(teams) == 0 || slices.ContainsFunc(teams, func(id string) bool { return !m.leads(id) })):
		return fault.At("input.teamIds", fault.Forbidden, "you invite into your own teams only")
	}
	return nil
}

// inviteOne invites one address, or says why not.
func (tx *Tx) inviteOne(address string, role viewer.Role, teams []string) (*InvitationResult, error) {
	c := &checker{}
	out := &InvitationResult{Email: address}
	to := c.email("email", &address)
	if c.Err() != nil || to == nil {
		out.Error = &RowError{Code: fault.InvalidEmail, Message: "is not an e-mail address"}
		return out, nil
	}
	out.Email = *to
	taken, err := tx.uninvitable(*to, "")
	if err != nil || taken != nil {
		out.Error = taken
		return out, err
	}
	token, hash := tx.Inviting.NewToken()
	made, err := tx.ent.Invitation.Create().SetID(tx.NewID(typeid.Invitation)).SetWorkspaceID(tx.viewer.WorkspaceID).SetEmail(*to).
		SetRole(invitation.Role(role)).SetTeamIds(teams).SetTokenHash(hash).SetExpiresAt(tx.now.Add(InvitationTerm)).
		SetInvitedBy(tx.viewer.Actor()).SetCreatedAt(tx.now).SetUpdatedAt(tx.now).Save(tx.ctx)
	if _, raced := tx.DB.SQL.IsUnique(err); raced {
		return nil, changelog.ErrLost // somebody else invites the same address: the next try sees it
	}
	if err != nil {
		return nil, err
	}
	link := tx.Inviting.Link(token)
	out.Ok, out.Invitation, out.Link = true, showInvitation(made), &link
	if err := tx.Audit("invitation.created", made.ID, map[string]any{"email": *to, "role": role}); err != nil {
		return nil, err
	}
	return out, tx.post(made, link)
}

// uninvitable tells why an address cannot be invited: it is an active member's, or has a pending invitation other than
// this one. A pending one whose term has passed becomes EXPIRED.
func (tx *Tx) uninvitable(address, but string) (*RowError, error) {
	active, err := tx.ent.Member.Query().Where(member.Email(address), member.IsActive(true)).Exist(tx.seen)
	if err != nil || active {
		return &RowError{Code: fault.Duplicate, Message: "is an active member's"}, err
	}
	former, err := tx.ent.Member.Query().Where(member.Email(address)).Only(tx.seen)
	if err != nil && !ent.IsNotFound(err) {
		return nil, err
	}
	if err == nil {
		m, err := tx.manager()
		if err != nil {
			return nil, err
		}
		if m.standing <= standing(viewer.Role(former.Role)) {
			return &RowError{Code: fault.Forbidden, Message: "was a member whose role is not below yours"}, nil
		}
	}
	pending, err := tx.ent.Invitation.Query().Where(invitation.Email(address), invitation.StateEQ(invitation.StatePENDING), tx.lock).Only(tx.seen)
	switch {
	case ent.IsNotFound(err) || err == nil && pending.ID == but:
		return nil, nil
	case err != nil:
		return nil, err
	case tx.now.Before(pending.ExpiresAt):
		return &RowError{Code: fault.Duplicate, Message: "has a pending invitation"}, nil
	}
	_, err = tx.setInvitation(pending, invitation.StateEXPIRED)
	return nil, err
}

func (tx *Tx) setInvitation(i *ent.Invitation, state invitation.State) (*ent.Invitation, error) {
	return tx.ent.Invitation.UpdateOneID(i.ID).SetState(state).SetVersion(i.Version + 1).SetUpdatedAt(tx.now).Save(tx.ctx)
}

// post queues the mail of an invitation.
func (tx *Tx) post(i *ent.Invitation, link string) error {
	w, err := tx.ent.Workspace.Get(tx.seen, tx.viewer.WorkspaceID)
	if err != nil {
		return err
	}
	return tx.Inviting.Post(tx.ctx, tx.sql, InvitationMail{Tenant: w.PartnerWorkspaceID, To: i.Email, Workspace: w.Name, Inviter: tx.viewer.Name,
		Locale: w.Locale, Link: link, Until: i.ExpiresAt})
}

// ResendInvitation sends a PENDING or EXPIRED invitation anew; the old link is dead. Needs what inviting took. CONFLICT
// when it was accepted or cancelled, DUPLICATE when the address has become a member's or has another pending invitation.
func (s *Service) ResendInvitation(ctx context.Context, in ResendInvitationInput) (*ResendInvitationPayload, error) {
	out := &ResendInvitationPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		if err := tx.inSession(); err != nil {
			return err
		}
		cur, err := tx.invitation("input.id", in.ID)
		if err != nil {
			return err
		}
		if cur.State != invitation.StatePENDING && cur.State != invitation.StateEXPIRED {
			return settled(cur)
		}
		taken, err := tx.uninvitable(cur.Email, cur.ID)
		if err != nil {
			return err
		}
		if taken != nil {
			return fault.At("input.id", taken.Code, "the address %s", taken.Message)
		}
		token, hash := tx.Inviting.NewToken()
		saved, err := tx.ent.Invitation.UpdateOneID(cur.ID).SetState(invitation.StatePENDING).SetTokenHash(hash).
			SetExpiresAt(tx.now.Add(InvitationTerm)).SetVersion(cur.Version + 1).SetUpdatedAt(tx.now).Save(tx.ctx)
		if err != nil {
			return tx.duplicate(err, "input.id")
		}
		out.Invitation, out.Link = showInvitation(saved), tx.Inviting.Link(token)
		if err := tx.Audit("invitation.resent", cur.ID, map[string]any{"email": cur.Email}); err != nil {
			return err
		}
		return tx.post(saved, out.Link)
	})
	if err == nil {
		s.Inviting.Posted()
	}
	out.Revision = rev
	return out, err
}

// CancelInvitation makes a PENDING invitation's link dead; a cancelled one is a no-op. Needs what inviting took. CONFLICT
// when it was accepted or is over.
func (s *Service) CancelInvitation(ctx context.Context, in CancelInvitationInput) (*CancelInvitationPayload, error) {
	out := &CancelInvitationPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.invitation("input.id", in.ID)
		if err != nil {
			return err
		}
		switch {
		case cur.State == invitation.StateCANCELLED:
			out.Invitation = showInvitation(cur)
			return nil
		case cur.State != invitation.StatePENDING || !tx.now.Before(cur.ExpiresAt):
			return settled(cur)
		}
		saved, err := tx.setInvitation(cur, invitation.StateCANCELLED)
		if err == nil {
			out.Invitation = showInvitation(saved)
			err = tx.Audit("invitation.cancelled", cur.ID, map[string]any{"email": cur.Email})
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// invitation loads an invitation that the viewer could have made, for update. One into teams of others is NOT_FOUND to
// who decides within own teams only.
func (tx *Tx) invitation(field, id string) (*ent.Invitation, error) {
	m, err := tx.manager()
	if err != nil {
		return nil, err
	}
	if err := wrongKind(field, typeid.Invitation, id); err != nil {
		return nil, err
	}
	i, err := tx.ent.Invitation.Query().Where(invitation.ID(id), tx.lock).Only(tx.seen)
	if err == nil && !m.everywhere && !slices.ContainsFunc(i.TeamIds, m.leads) {
		err = orNotFound(nil)
	}
	if err != nil {
		return nil, missing(err, field, typeid.Invitation, id)
	}
	if err := m.mayInvite(viewer.Role(i.Role), i.TeamIds); err != nil {
		return nil, fault.New(fault.Forbidden, "this invitation takes a higher role than yours, or more teams")
	}
	return i, nil
}

func settled(i *ent.Invitation) error {
	f := fault.New(fault.Conflict, "the invitation is not pending any more")
	f.Current = map[string]any{"state": i.State}
	return f
}

func showInvitation(i *ent.Invitation) *row.Invitation { return changelog.Row[row.Invitation](i) }
