package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// DeactivateMemberInput says whose access ends.
type DeactivateMemberInput struct {
	ID               string
	ClientMutationID *string
}

// DeactivateMemberPayload is the member as it is now.
type DeactivateMemberPayload = MemberPayload

// ActivateMemberInput says who may come in again.
type ActivateMemberInput DeactivateMemberInput

// ActivateMemberPayload is the member as it is now.
type ActivateMemberPayload = MemberPayload

// DeactivateMember ends a member's access; its work stays put. Needs ManageTeam, or ManageOwnTeam within own teams, and
// a higher role than the member's, so that nobody deactivates the OWNER.
func (s *Service) DeactivateMember(ctx context.Context, in DeactivateMemberInput) (*DeactivateMemberPayload, error) {
	return s.aboutMember(ctx, in.ClientMutationID, func(tx *Tx) (*ent.Member, error) {
		cur, err := tx.managed("input.id", in.ID)
		if err != nil || !cur.IsActive {
			return cur, err
		}
		next := *cur
		next.IsActive = false
		saved, err := tx.shutOut(cur, next)
		if err == nil {
			err = tx.Audit("member.deactivated", cur.ID, nil)
		}
		return saved, err
	})
}

// shutOut writes a member who is not active any more: also not in any session.
func (tx *Tx) shutOut(cur *ent.Member, next ent.Member) (*ent.Member, error) {
	saved, err := tx.saveMember(cur, next)
	if err == nil {
		err = tx.endSessions(cur.ID)
	}
	return saved, err
}

// ActivateMember lets a member in again. Needs what DeactivateMember needs. CONFLICT for one whom the partner's list
// does not name any more.
func (s *Service) ActivateMember(ctx context.Context, in ActivateMemberInput) (*ActivateMemberPayload, error) {
	return s.aboutMember(ctx, in.ClientMutationID, func(tx *Tx) (*ent.Member, error) {
		cur, err := tx.managed("input.id", in.ID)
		if err != nil || cur.IsActive {
			return cur, err
		}
		if lost(cur) {
			return nil, fault.New(fault.Conflict, "the partner's list does not name this member any more")
		}
		tx.room(Members, 0)
		next := *cur
		next.IsActive = true
		saved, err := tx.saveMember(cur, next)
		if err == nil {
			err = tx.Audit("member.activated", cur.ID, nil)
		}
		return saved, err
	})
}

// RemoveMemberInput says who goes and whose the open work becomes; see the SDL.
type RemoveMemberInput struct {
	ID               string
	ReassignTo       *string
	Unassign         bool
	ClientMutationID *string
}

// RemoveMemberPayload is the member as it is now, and how much was given away.
type RemoveMemberPayload struct {
	Member           *row.Member
	Work             OpenWork
	Revision         row.Revision
	ClientMutationID *string
}

// RemoveMember ends a LOCAL member's access for good. Needs what DeactivateMember needs; the new owner of its work must
// be within own teams too for who decides within these only. CONFLICT with the OpenWork when it is not said whose that
// becomes.
func (s *Service) RemoveMember(ctx context.Context, in RemoveMemberInput) (*RemoveMemberPayload, error) {
	if err := oneHeir("reassignTo", in.ReassignTo, in.Unassign); err != nil {
		return nil, err
	}
	out := &RemoveMemberPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		work, err := tx.handOver(in)
		if err != nil {
			return err
		}
		out.Work = *work
		cur, err := tx.managed("input.id", in.ID)
		if err != nil {
			return err
		}
		if err := tx.unlead(cur.ID, cur.TeamIds); err != nil {
			return err
		}
		next := *cur
		next.IsActive, next.TeamIds = false, []string{}
		saved, err := tx.shutOut(cur, next)
		if err == nil {
			out.Member = showMember(saved)
			err = tx.Audit("member.removed", cur.ID, map[string]any{"reassigned_to": in.ReassignTo, "work": work})
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// handOver gives a LOCAL member's open work away before the member goes.
func (tx *Tx) handOver(in RemoveMemberInput) (*OpenWork, error) {
	m, err := tx.manager()
	if err != nil {
		return nil, err
	}
	cur, err := tx.someone("input.id", in.ID)
	if err != nil {
		return nil, err
	}
	if err := m.may(cur); err != nil {
		return nil, err
	}
	if cur.Origin != member.OriginLOCAL {
		return nil, fault.At("input.id", fault.ValidationFailed, "the partner's members are removed at the partner; deactivateMember ends their access here")
	}
	if in.ReassignTo != nil {
		if err := tx.heir(m, "input.reassignTo", in.ID, *in.ReassignTo); err != nil {
			return nil, err
		}
	}
	work, err := tx.openWork(in.ID)
	if err != nil || *work == (OpenWork{}) {
		return work, err
	}
	if err := givesAway(tx.seen); err != nil {
		return nil, err
	}
	if err := mayAssign(tx.seen, &in.ID, in.ReassignTo); err != nil {
		return nil, err
	}
	if in.ReassignTo == nil && !in.Unassign {
		f := fault.New(fault.Conflict, "there is open work: say reassignTo or unassign")
		f.Current = work
		return nil, f
	}
	return work, tx.giveAway(in.ID, in.ReassignTo)
}
