package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/scope"
)

// permit refuses a caller who lacks a right: SCOPE_MISSING for a key, FORBIDDEN for anybody else.
func permit(ctx context.Context, p viewer.Perms) error {
	return scope.Permit(viewer.FromContext(ctx), p)
}

// mayAssign refuses a caller who may not give a row from one member to another: whoever has AssignOthers may, a
// TEAM_ADMIN within its own teams, and everybody where it is about the caller alone: taking what nobody has, or giving
// back one's own.
func mayAssign(ctx context.Context, from, to *string) error {
	v := viewer.FromContext(ctx)
	for _, id := range []*string{from, to} {
		if id != nil && (v.MemberID() == "" || *id != v.MemberID()) && !v.MayAssign(*id) {
			return permit(ctx, viewer.AssignOthers)
		}
	}
	return nil
}
