package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
)

// boardQuery looks ahead at what is selected of a board, so that one statement reads all its first pages with what
// their cards link to.
func boardQuery(ctx context.Context, pipelineID string, f *filter.RecordFilter, at *row.Revision, asOf *time.Time, atLeast *row.Revision) board.Query {
	q := board.Query{PipelineID: pipelineID, Filter: f, At: at, AsOf: asOf, AtLeast: atLeast}
	oc := graphql.GetOperationContext(ctx)
	if h := handoverOf(ctx); h != nil {
		q.Needs = h.plan.needs
	}
	for _, cards := range under(oc, graphql.CollectFieldsCtx(ctx, nil), "columns", "cards") {
		if first, ok := whole(cards.ArgumentMap(oc.Variables)["first"]); ok {
			q.First = max(q.First, min(first, row.MaxPage))
		}
		fields := graphql.CollectFields(oc, cards.Selections, nil)
		nodes := append(under(oc, fields, "nodes"), under(oc, fields, "edges", "node")...)
		for _, n := range nodes {
			for _, link := range graphql.CollectFields(oc, n.Selections, nil) {
				q.Links.Contact = q.Links.Contact || link.Name == "contact"
				q.Links.Company = q.Links.Company || link.Name == "company"
				q.Links.Owner = q.Links.Owner || link.Name == "owner"
			}
		}
	}
	return q
}

// selected tells whether a field is selected of what is being resolved.
func selected(ctx context.Context, name string) bool {
	return len(under(graphql.GetOperationContext(ctx), graphql.CollectFieldsCtx(ctx, nil), name)) > 0
}

// under gives the fields at a path below some fields.
func under(oc *graphql.OperationContext, fields []graphql.CollectedField, path ...string) (out []graphql.CollectedField) {
	for _, f := range fields {
		switch {
		case f.Name != path[0]:
		case len(path) == 1:
			out = append(out, f)
		default:
			out = append(out, under(oc, graphql.CollectFields(oc, f.Selections, nil), path[1:]...)...)
		}
	}
	return out
}

// whole reads an Int argument, which comes as one of several Go types.
func whole(v any) (int, bool) {
	n, err := graphql.UnmarshalInt(v)
	return n, err == nil && v != nil
}
