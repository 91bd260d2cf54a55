package graph

import (
	"context"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// document is a request's text parsed, found within the structural limits, and valid, with the plans of its operations
// made so far.
type document struct {
	*ast.QueryDocument
	plans sync.Map // operation name → *planned
	needs sync.Map // operation name → []need
}

// Prepare refuses in the order text by its hash, tokens, structure, validation, variables, filters, cost, rights.
func (e *Engine) Prepare(ctx context.Context, req gql.Request) (gql.Operation, *gql.Result) {
	text, err := e.persisted.text(req)
	if err != nil {
		return nil, e.refuse(ctx, gqlerror.List{gqlerror.WrapPath(nil, err)})
	}
	doc, errs := e.document(text)
	if errs != nil {
		return nil, e.refuse(ctx, errs)
	}
	e.persisted.learn(req)
	def := doc.Operations.ForName(req.OperationName)
	if def == nil {
		return nil, e.refuse(ctx, gqlerror.List{gqlerror.Errorf("there is no operation %q", req.OperationName)})
	}
	if wrong := e.values(def, req.Variables); wrong != nil {
		return nil, e.refuse(ctx, gqlerror.List{gqlerror.WrapPath(nil, wrong)})
	}
	vars, err := validator.VariableValues(e.schema, def, req.Variables)
	if err != nil {
		return nil, e.refuse(ctx, gqlerror.List{gqlerror.Wrap(err)})
	}
	if wrong := e.filters(def, vars); wrong != nil {
		return nil, e.refuse(ctx, gqlerror.List{gqlerror.WrapPath(nil, wrong)})
	}
	o := &operation{context: &graphql.OperationContext{RawQuery: text, Variables: vars, OperationName: req.OperationName,
		Doc: doc.QueryDocument, Operation: def, RecoverFunc: e.recovered, ResolverMiddleware: plain, RootResolverMiddleware: plainRoot}}
	o.cost = e.cost(doc.QueryDocument, def, vars)
	if o.cost > e.limits.Cost {
		return nil, e.refuse(ctx, expensive("asks for %d rows, at most %d are possible; ask for smaller pages", o.cost, e.limits.Cost))
	}
	if refused := e.permitted(ctx, doc, o.context); refused != nil {
		return nil, e.refuse(ctx, refused)
	}
	o.plan = e.planOf(doc, o.context)
	return o, nil
}

// planOf gives the plan of an operation, which does not depend on its variables; nil when it has none.
func (e *Engine) planOf(doc *document, oc *graphql.OperationContext) *planned {
	if e.Unplanned {
		return nil
	}
	if p, ok := doc.plans.Load(oc.Operation.Name); ok {
		return p.(*planned)
	}
	p, _ := doc.plans.LoadOrStore(oc.Operation.Name, e.plan(oc))
	return p.(*planned)
}

func plain(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) }

func plainRoot(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) }

// document parses a text, or finds it parsed.
func (e *Engine) document(text string) (*document, gqlerror.List) {
	if doc, ok := e.docs.Get(text); ok {
		return doc, nil
	}
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, e.limits.Tokens)
	if err != nil {
		if strings.Contains(err.Error(), "token limit") {
			return nil, expensive("has more than %d tokens", e.limits.Tokens)
		}
		return nil, gqlerror.List{gqlerror.Wrap(err)}
	}
	if err := e.structure(parsed); err != nil {
		return nil, err
	}
	if errs := validator.ValidateWithRules(e.schema, parsed, ruleSet()); len(errs) > 0 {
		return nil, errs
	}
	if errs := misplaced(parsed); errs != nil {
		return nil, errs
	}
	doc := &document{QueryDocument: parsed}
	if len(text) <= maxKept {
		e.docs.Add(text, doc)
	}
	return doc, nil
}

func expensive(format string, args ...any) gqlerror.List {
	return gqlerror.List{gqlerror.WrapPath(nil, fault.New(fault.QueryTooExpensive, "the request "+format, args...))}
}
