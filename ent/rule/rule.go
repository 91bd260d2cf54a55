// Package rule says what may be seen and written at all: the privacy policies of the workspace graph. Everything is
// denied until a rule lets it pass; every rule starts from the viewer in the context, and there is no way round it
// but viewer.ForOperator, which no request ever becomes.
package rule

import (
	"context"
	"slices"

	"entgo.io/ent/entql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/privacy"
	"github.com/rapidbott/tideboard/ent/viewer"
)

// Tenant is the wall between workspaces: rows of the viewer's workspace, and no others.
func Tenant() ent.Policy {
	return policy(filter{in: "workspace_id", sees: func(v *viewer.Viewer) entql.P {
		return entql.FieldEQ("workspace_id", v.WorkspaceID)
	}})
}

// OwnWorkspace lets a viewer see and change its own workspace; only the operator makes one.
func OwnWorkspace() ent.Policy {
	return policy(filter{sees: func(v *viewer.Viewer) entql.P { return entql.FieldEQ("id", v.WorkspaceID) }})
}

// Records stands beside Tenant: a viewer without SeeAllRecords sees what it owns.
func Records() ent.Policy { return policy(filter{in: "workspace_id", sees: ownRecords}) }

// Tasks stands beside Tenant: a viewer without SeeAllTasks sees what is assigned to it or made by it.
func Tasks() ent.Policy { return policy(filter{in: "workspace_id", sees: ownTasks}) }

// A policy that no rule of denies lets pass, so that an entity's own policy is asked after its mixins'.
func policy(f filter) ent.Policy {
	return privacy.Policy{
		Query:    privacy.QueryPolicy{needViewer{}, operator{}, f},
		Mutation: privacy.MutationPolicy{needViewer{}, operator{}, f},
	}
}

// needViewer denies everybody who was not let in.
type needViewer struct{}

func (needViewer) EvalQuery(ctx context.Context, _ ent.Query) error { return deny(ctx) }

func (needViewer) EvalMutation(ctx context.Context, _ ent.Mutation) error { return deny(ctx) }

func deny(ctx context.Context) error {
	v := viewer.FromContext(ctx)
	if v == nil || (v.WorkspaceID == "" && !v.CrossesTenants()) {
		return privacy.Denyf("no viewer in the context")
	}
	return privacy.Skip
}

// operator lets the operator pass.
type operator struct{}

func (operator) EvalQuery(ctx context.Context, _ ent.Query) error { return allowOperator(ctx) }

func (operator) EvalMutation(ctx context.Context, _ ent.Mutation) error { return allowOperator(ctx) }

func allowOperator(ctx context.Context) error {
	if viewer.FromContext(ctx).CrossesTenants() {
		return privacy.Allow
	}
	return privacy.Skip
}

// filter narrows reads and writes to what the viewer sees, and refuses to create rows whose field `in` is not the
// viewer's workspace; without such a field nothing can be created.
type filter struct {
	in   string
	sees func(*viewer.Viewer) entql.P
}

func (f filter) narrow(ctx context.Context, to privacy.Filter) error {
	if p := f.sees(viewer.FromContext(ctx)); p != nil {
		to.Where(p)
	}
	return privacy.Skip
}

func (f filter) EvalQuery(ctx context.Context, q ent.Query) error {
	return privacy.FilterFunc(f.narrow).EvalQuery(ctx, q)
}

func (f filter) EvalMutation(ctx context.Context, m ent.Mutation) error {
	if err := ownRow(m); err != nil {
		return err
	}
	if !m.Op().Is(ent.OpCreate) {
		return privacy.FilterFunc(f.narrow).EvalMutation(ctx, m)
	}
	if ws, ok := m.Field(f.in); !ok || ws != viewer.FromContext(ctx).WorkspaceID {
		return privacy.Denyf("a row of another workspace")
	}
	return privacy.Skip
}

// ownRow refuses what ent does past every policy, and past the change log: an edge to many is written into other rows,
// and an update of one row that changes nothing reads that row by its id alone.
func ownRow(m ent.Mutation) error {
	edges := slices.Concat(m.AddedEdges(), m.RemovedEdges(), m.ClearedEdges())
	for _, e := range edges {
		if _, set := m.Field(e + "_id"); !set && !m.FieldCleared(e+"_id") {
			return privacy.Denyf("the edge %s is written from its other side", e)
		}
	}
	if m.Op().Is(ent.OpUpdateOne) && len(m.Fields())+len(m.AddedFields())+len(m.ClearedFields()) == 0 {
		return privacy.Denyf("an update that changes nothing")
	}
	return nil
}

func ownRecords(v *viewer.Viewer) entql.P {
	if v.Can(viewer.SeeAllRecords) {
		return nil
	}
	mine := entql.FieldEQ("owner_id", v.MemberID())
	for _, id := range v.Owners() {
		mine = entql.Or(mine, entql.FieldEQ("owner_id", id))
	}
	return mine
}

func ownTasks(v *viewer.Viewer) entql.P {
	if v.Can(viewer.SeeAllTasks) {
		return nil
	}
	return entql.Or(entql.FieldEQ("assignee_id", v.MemberID()), entql.FieldEQ("creator_id", v.MemberID()))
}
