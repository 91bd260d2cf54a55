package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
)

// rightsOf are the rights that following a link takes, where the row that links may be seen without them. A link that
// may not be followed is refused before anything runs: an answer with holes would be taken for the truth.
var rightsOf = map[string]viewer.Perms{
	"Record.contact": viewer.ReadContacts, "Record.company": viewer.ReadCompanies, "Record.participants": viewer.ReadContacts,
	"Contact.company": viewer.ReadCompanies, "Company.contacts": viewer.ReadContacts, "Company.records": viewer.ReadRecords,
	"Record.tasks": viewer.ReadTasks, "Contact.records": viewer.ReadRecords,
	"Task.record": viewer.ReadRecords, "Pipeline.summary": viewer.ReadRecords, "ApiKey.createdBy": viewer.ReadMembers,
}

// need is a right that a field takes.
type need struct {
	field *ast.Field
	perm  viewer.Perms
}

// needs lists what the fields of an operation take.
func needs(op *ast.OperationDefinition) []need {
	var out []need
	eachField(op, func(f *ast.Field, _ bool) {
		if f.ObjectDefinition == nil {
			return
		}
		if p := rightsOf[f.ObjectDefinition.Name+"."+f.Name]; p != 0 {
			out = append(out, need{f, p})
		}
	})
	return out
}

// permitted refuses an operation that follows links its viewer may not.
func (e *Engine) permitted(ctx context.Context, doc *document, oc *graphql.OperationContext) gqlerror.List {
	known, ok := doc.needs.Load(oc.Operation.Name)
	if !ok {
		known, _ = doc.needs.LoadOrStore(oc.Operation.Name, needs(oc.Operation))
	}
	v := viewer.FromContext(ctx)
	var out gqlerror.List
	if v != nil && v.ReadOnly && oc.Operation.Operation == ast.Mutation {
		return gqlerror.List{gqlerror.WrapPath(nil, fault.New(fault.Forbidden, "this session may only read"))}
	}
	for _, n := range known.([]need) {
		if v == nil || v.Can(n.perm) {
			continue
		}
		f := fault.New(fault.Forbidden, "%s.%s needs a right that you do not have", n.field.ObjectDefinition.Name, n.field.Name)
		if v.Kind == viewer.APIKey {
			f = fault.New(fault.ScopeMissing, "the key lacks a scope for %s.%s", n.field.ObjectDefinition.Name, n.field.Name)
		}
		refused := gqlerror.WrapPath(nil, f)
		if n.field.Position != nil {
			refused.Locations = []gqlerror.Location{{Line: n.field.Position.Line, Column: n.field.Position.Column}}
		}
		out = append(out, refused)
	}
	return out
}
