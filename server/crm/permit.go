package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
)

// permit refuses a caller who lacks a right: SCOPE_MISSING for a key, FORBIDDEN for anybody else.
func permit(ctx context.Context, p viewer.Perms) error {
	v := viewer.FromContext(ctx)
	switch {
	case v == nil:
		return fault.New(fault.Unauthenticated, "nobody is asking")
	case v.Can(p):
		return nil
	case v.Kind == viewer.APIKey:
		return fault.New(fault.ScopeMissing, "the key lacks a scope for this")
	}
	return fault.New(fault.Forbidden, "this needs a right that you do not have")
}
