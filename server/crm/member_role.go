package crm

import (
	"context"
	"maps"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// SetMemberRoleInput says which role a member should have; see the SDL.
type SetMemberRoleInput struct {
	ID               string
	Role             viewer.Role
	ExpectedVersion  *int
	ClientMutationID *string
}

// SetMemberRolePayload is the member as it is now.
type SetMemberRolePayload = MemberPayload

// SetMemberRole gives a member another role; the one it has is a no-op. By a session of an OWNER or ADMIN. The member's
// own flags stay.
func (s *Service) SetMemberRole(ctx context.Context, in SetMemberRoleInput) (*SetMemberRolePayload, error) {
	return s.aboutMember(ctx, in.ClientMutationID, func(tx *Tx) (*ent.Member, error) {
		if err := tx.inSession(); err != nil {
			return nil, err
		}
		if v := tx.viewer; v.Role != viewer.Owner && v.Role != viewer.Admin || !v.Can(viewer.ManageTeam) {
			return nil, fault.New(fault.Forbidden, "only OWNER and ADMIN set roles")
		}
		cur, err := tx.managed("input.id", in.ID)
		if err != nil {
			return nil, err
		}
		if in.Role == viewer.Owner {
			return nil, fault.At("input.role", fault.ValidationFailed, "a workspace has one owner: the partner's")
		}
		if standing(in.Role) >= standing(tx.viewer.Role) {
			return nil, fault.At("input.role", fault.Forbidden, "only the OWNER makes an ADMIN")
		}
		if err := version("member", cur.Version, in.ExpectedVersion); err != nil {
			return nil, err
		}
		next := *cur
		next.Role = member.Role(in.Role)
		if next.Role == cur.Role {
			return cur, nil
		}
		saved, err := tx.saveMember(cur, next)
		if err == nil {
			err = tx.Audit("role.changed", cur.ID, map[string]any{"old": cur.Role, "new": next.Role})
		}
		return saved, err
	})
}

// PermissionOverrideInput is what one flag should be; the role's default when Allowed is nil.
type PermissionOverrideInput struct {
	Permission string
	Allowed    *bool
}

// SetMemberPermissionsInput says which flags a member should have; see the SDL.
type SetMemberPermissionsInput struct {
	ID               string
	Overrides        []*PermissionOverrideInput
	ExpectedVersion  *int
	ClientMutationID *string
}

// SetMemberPermissionsPayload is the member as it is now.
type SetMemberPermissionsPayload = MemberPayload

// marks are flags that give nobody a right over anything: everybody who decides about a member sets them.
const marks = viewer.AutoAssignedRecords | viewer.AutoAssignedTasks | viewer.RestrictLogin | viewer.AccessBroadcast | viewer.AccessPM |
	viewer.SendMessages | viewer.ReadMessages | viewer.AccessCallIntelligence | viewer.SeeAllCallRecords | viewer.ManageCallSettings

// SetMemberPermissions overrides flags of a member. By a session with ManageTeam, within own teams with ManageOwnTeam.
func (s *Service) SetMemberPermissions(ctx context.Context, in SetMemberPermissionsInput) (*SetMemberPermissionsPayload, error) {
	return s.aboutMember(ctx, in.ClientMutationID, func(tx *Tx) (*ent.Member, error) {
		if err := tx.inSession(); err != nil {
			return nil, err
		}
		cur, err := tx.managed("input.id", in.ID)
		if err != nil {
			return nil, err
		}
		if err := version("member", cur.Version, in.ExpectedVersion); err != nil {
			return nil, err
		}
		next := *cur
		if next.Permissions, err = override(cur.Permissions, in.Overrides); err != nil {
			return nil, err
		}
		if err := grantable(tx.viewer.Perms, permsOf(cur), permsOf(&next)); err != nil {
			return nil, err
		}
		if maps.Equal(cur.Permissions, next.Permissions) {
			return cur, nil
		}
		saved, err := tx.saveMember(cur, next)
		if err == nil {
			err = tx.Audit("permissions.changed", cur.ID, map[string]any{"old": cur.Permissions, "new": next.Permissions})
		}
		return saved, err
	})
}

// override applies overrides to a member's own flags.
func override(have map[string]bool, list []*PermissionOverrideInput) (map[string]bool, error) {
	c := &checker{}
	if n := len(list); n == 0 || n > 50 {
		c.Add("input.overrides", "has %d flags, 1 to 50 are possible", n)
	}
	out, seen := map[string]bool{}, map[string]bool{}
	maps.Copy(out, have)
	for i, o := range list {
		if seen[o.Permission] {
			c.Add(pathOf("input.overrides", i)+".permission", "the flag was given before")
		}
		seen[o.Permission] = true
		for _, f := range viewer.Flags {
			switch {
			case row.FlagName(f.Name) != o.Permission:
			case o.Allowed == nil:
				delete(out, f.Name)
			default:
				out[f.Name] = *o.Allowed
			}
		}
	}
	return out, c.Err()
}

// grantable refuses to give a flag that the giver does not hold. A flag held within own teams only is not held.
func grantable(giver, before, after viewer.Perms) error {
	for _, f := range viewer.Flags {
		if gained := after &^ before & f.Perm; gained&^marks&^giver != 0 {
			return fault.At("input.overrides", fault.Forbidden, "you cannot grant %s, which you do not hold", row.FlagName(f.Name))
		}
	}
	return nil
}
