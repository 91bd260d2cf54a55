package crm

import (
	"context"
	"fmt"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/typeid"
)

// syncPasses bounds how often a list is gone through; each pass writes up to MaxBatch members.
const syncPasses = 100

// SyncMembers makes the members those of the partner's whole list (spec access, section 6), as the program within a
// workspace. New ones get the role that `roles` gives for the partner's word; roles given here stay. The
// OWNER is whom the partner calls so; while it calls nobody so, the OWNER stays who it is. Whoever else the list names no
// more is deactivated. LOCAL members whom the list does not name stay as they are. It makes one commit for every MaxBatch
// members that differ, and none when none does.
func (s *Service) SyncMembers(ctx context.Context, workspaceID string, list []PartnerMember, roles func(string) viewer.Role) error {
	v := viewer.ForSystem(workspaceID)
	v.Source = viewer.FromPartner
	ctx = viewer.NewContext(ctx, v)
	for range syncPasses {
		more := false
		_, err := s.Do(ctx, nil, func(tx *Tx) (err error) {
			more, err = tx.syncMembers(list, roles)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
	return fmt.Errorf("crm: the members of %s are not in step after %d passes", workspaceID, syncPasses)
}

// syncMembers writes what differs, up to MaxBatch members, and tells whether there is more.
func (tx *Tx) syncMembers(list []PartnerMember, roles func(string) viewer.Role) (more bool, err error) {
	have, err := tx.ent.Member.Query().Where(tx.lock).Order(member.ByID()).All(tx.ctx)
	if err != nil {
		return false, err
	}
	steps := planSync(have, list, roles)
	if more = len(steps) > MaxBatch; more {
		steps = steps[:MaxBatch]
	}
	now := map[string]*ent.Member{} // the members as they are now, by id
	for _, m := range have {
		now[m.ID] = m
	}
	for _, s := range steps {
		if err := tx.giveWay(s, now); err != nil {
			return false, err
		}
	}
	for _, s := range steps {
		if err := tx.syncMember(s, now); err != nil {
			return false, err
		}
	}
	if more {
		return true, nil
	}
	tx.keep = true
	return false, tx.ent.Workspace.UpdateOneID(tx.viewer.WorkspaceID).SetMembersSyncedAt(tx.now).Exec(tx.ctx)
}

// giveWay takes from others what a step needs and only one can have: the address, and the role of the OWNER.
func (tx *Tx) giveWay(s syncStep, now map[string]*ent.Member) error {
	for id, m := range now {
		next := *m
		if s.before != nil && id == s.before.ID {
			continue
		}
		if s.after.Email == m.Email {
			next.Email = noAddress(id)
		}
		if s.after.Role == member.RoleOWNER && m.Role == member.RoleOWNER {
			next.Role = member.RoleADMIN
		}
		saved, err := tx.saveSynced(m, next)
		if err != nil {
			return err
		}
		now[id] = saved
	}
	return nil
}

func (tx *Tx) syncMember(s syncStep, now map[string]*ent.Member) error {
	if s.before != nil {
		_, err := tx.saveSynced(now[s.before.ID], s.after)
		return err
	}
	m, id := s.after, tx.NewID(typeid.Member)
	if m.Email == "" {
		m.Email = noAddress(id)
	}
	return tx.ent.Member.Create().SetID(id).SetWorkspaceID(tx.viewer.WorkspaceID).SetNillablePartnerMemberID(m.PartnerMemberID).
		SetOrigin(m.Origin).SetFirstName(m.FirstName).SetLastName(m.LastName).SetEmail(m.Email).SetNillableAvatarURL(m.AvatarURL).
		SetRole(m.Role).SetNillableTimezone(m.Timezone).SetNillableLanguage(m.Language).SetSyncedAt(tx.now).SetCreatedAt(tx.now).
		SetUpdatedAt(tx.now).SetSearchText(memberSearch(&m)).SetSortName(memberSort(&m)).Exec(tx.ctx)
}

// saveSynced writes a member if it differs, with what follows: a changed role is audited, and whoever is shut out has no
// session any more.
func (tx *Tx) saveSynced(cur *ent.Member, next ent.Member) (*ent.Member, error) {
	if !changelog.Differ(cur, &next) {
		return cur, nil
	}
	if next.SyncedAt != nil {
		next.SyncedAt = &tx.now
	}
	next.Version, next.UpdatedAt = cur.Version, cur.UpdatedAt // a member may be written twice
	saved, err := tx.saveMember(cur, next)
	if err == nil && saved.Role != cur.Role {
		err = tx.Audit("role.changed", cur.ID, map[string]any{"old": cur.Role, "new": saved.Role})
	}
	if err == nil && cur.IsActive && !saved.IsActive {
		err = tx.endSessions(cur.ID)
	}
	return saved, err
}
