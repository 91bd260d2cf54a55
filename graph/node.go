package graph

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/graph/model"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/typeid"
)

// ofKind refuses an id of another kind, by the name of the kind wanted.
func ofKind(prefix, id string) error {
	if typeid.Is(prefix, id) {
		return nil
	}
	return fault.At("id", fault.ValidationFailed, "%q is not the id of a %s", id, typeid.Name(prefix))
}

// node finds any single object by the prefix of its id; nil when hidden or missing.
func (r *Resolver) node(ctx context.Context, id string) (model.Node, error) {
	switch typeid.Kind(id) {
	case "record":
		return found(r.Read.Record(ctx, id))
	case "contact":
		return found(r.Read.Contact(ctx, id))
	case "company":
		return found(r.Read.Company(ctx, id))
	case "task":
		return found(r.Read.Task(ctx, id))
	case "pipeline":
		return found(r.Read.Pipeline(ctx, id))
	case "member":
		return found(r.Read.Member(ctx, id))
	case "team":
		teams, err := r.Read.TeamsByID(ctx, []string{id})
		return found(teams[id], err)
	case "stage":
		return found(r.Read.Stage(ctx, id))
	case "workspace":
		if id != viewer.FromContext(ctx).WorkspaceID {
			return nil, nil
		}
		return found(r.Read.Workspace(ctx))
	}
	return nil, fault.At("id", fault.ValidationFailed, "%q is not the id of a node", id)
}

// found keeps a missing row from becoming a node.
func found[T any, P interface {
	*T
	model.Node
}](p P, err error) (model.Node, error) {
	if p == nil || err != nil {
		return nil, err
	}
	return p, nil
}
