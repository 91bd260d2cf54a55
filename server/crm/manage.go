package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
)

// manages refuses everybody but a member's session that may change the workspace's settings: SCOPE_MISSING for a key,
// whatever its scopes, FORBIDDEN for a member without the flag. A session that is narrowed to some pipelines is refused
// too, for what it changes here reaches beyond them.
func manages(ctx context.Context) error {
	if err := permit(ctx, viewer.ManageSettings); err != nil {
		return err
	}
	v := viewer.FromContext(ctx)
	switch {
	case v.Kind == viewer.APIKey:
		return fault.New(fault.ScopeMissing, "a key cannot do this, whatever its scopes")
	case v.Kind != viewer.Member:
		return fault.New(fault.Forbidden, "this takes a member's session")
	case v.PipelineIDs != nil:
		return fault.New(fault.Forbidden, "this session is narrowed to some pipelines; log in without that")
	}
	return nil
}

// attends refuses everybody but a member: what it is told is about the workspace as a whole.
func attends(ctx context.Context) error {
	v := viewer.FromContext(ctx)
	switch {
	case v == nil:
		return fault.New(fault.Unauthenticated, "nobody is asking")
	case v.Kind == viewer.APIKey:
		return fault.New(fault.ScopeMissing, "a key cannot do this, whatever its scopes")
	}
	return nil
}
