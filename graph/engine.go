package graph

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/graph/generated"
	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/row"
)

// Limits bound what one request may cost.
type Limits struct {
	// Tokens in the text of a request.
	Tokens int
	// Depth of selections, introspection apart.
	Depth int
	// Fields at the root of an operation.
	Roots int
	// Aliases in an operation, counted where fragments are written, not where they are spread.
	Aliases int
	// Directives in an operation.
	Directives int
	// Cost is the number of rows asked for, multiplied along nesting.
	Cost int
	// Time for a query or mutation, its SQL included.
	Time time.Duration
}

// DefaultLimits (spec integration, section 5).
var DefaultLimits = Limits{Tokens: 5000, Depth: 12, Roots: 20, Aliases: 100, Directives: 50, Cost: 10_000, Time: 20 * time.Second}

// Engine prepares and executes requests against the schema. It implements gql.Engine.
type Engine struct {
	// Unplanned leaves everything to gqlgen's executor, for comparing the two.
	Unplanned bool
	// Now is the clock by which rows are looked at.
	Now func() time.Time

	exec      *executor.Executor
	schema    *ast.Schema
	limits    Limits
	logger    *slog.Logger
	docs      *lru.Cache[string, *document]
	persisted persisted
}

// documents is how many parsed requests are kept, maxKept the longest text of one.
const (
	documents = 1000
	maxKept   = 16 << 10
)

// NewEngine makes an engine that answers through these resolvers.
func NewEngine(r *Resolver, limits Limits, logger *slog.Logger) *Engine {
	es := generated.NewExecutableSchema(generated.Config{Resolvers: r,
		Directives: generated.DirectiveRoot{DryRun: dryRun, Idempotent: idempotent}})
	docs, _ := lru.New[string, *document](documents) // fails only for a size below 1
	e := &Engine{exec: executor.New(es), schema: es.Schema(), limits: limits, logger: logger, docs: docs, persisted: newPersisted(), Now: time.Now}
	e.exec.SetErrorPresenter(e.present)
	e.exec.SetRecoverFunc(e.recovered)
	return e
}

// Schema is the API's contract.
func (e *Engine) Schema() *ast.Schema { return e.schema }

// recovered logs a panic and hides it.
func (e *Engine) recovered(ctx context.Context, p any) error {
	e.logger.Error("panic in a resolver", "panic", p, "request", gql.RequestID(ctx), "stack", string(debug.Stack()))
	return fault.New(fault.Internal, hidden)
}

// operation is a request ready to run.
type operation struct {
	context *graphql.OperationContext
	plan    *planned
	cost    int
}

func (o *operation) Kind() ast.Operation { return o.context.Operation.Operation }

// Execute runs a query or mutation to its end.
func (e *Engine) Execute(ctx context.Context, op gql.Operation) *gql.Result {
	o := op.(*operation)
	ctx, cancel := context.WithTimeout(e.moment(ctx), e.limits.Time)
	defer cancel()
	if o.plan != nil {
		if r := e.executePlan(ctx, o); r != nil {
			return r
		}
	}
	all := &rehearsals{}
	next, ctx := e.exec.DispatchOperation(context.WithValue(ctx, rehearsalsKey{}, all), o.again())
	resp := next(ctx)
	if all.byKey != nil {
		resp.Extensions = map[string]any{"dryRun": all.byKey}
	}
	return result(resp, o.cost)
}

// handover lets the executor find a board, by arguments it has read, and the plan write it.
type handover struct {
	plan  *planned
	board *board.Board
}

type handoverKey struct{}

// errHandedOver ends the executor's part.
var errHandedOver = errors.New("graph: handed over to the plan")

func handoverOf(ctx context.Context) *handover {
	h, _ := ctx.Value(handoverKey{}).(*handover)
	return h
}

// handBoard gives a board to the plan, if there is one.
func handBoard(ctx context.Context, b *board.Board, err error) (*board.Board, error) {
	if h := handoverOf(ctx); h != nil && err == nil {
		h.board, err = b, errHandedOver
	}
	return b, err
}

// executePlan answers by the plan; nil when the board holds something that is not in it.
func (e *Engine) executePlan(ctx context.Context, o *operation) *gql.Result {
	h := &handover{plan: o.plan}
	next, found := e.exec.DispatchOperation(context.WithValue(ctx, handoverKey{}, h), o.again())
	resp := next(found)
	if h.board == nil {
		return result(resp, o.cost)
	}
	env := &env{ctx: ctx, oc: o.context}
	b := append(make([]byte, 0, max(o.plan.size.Load(), 4<<10)), `{"data":{`...)
	b = object(append(b, o.plan.key...), o.plan.board, h.board, env)
	if env.gave != nil {
		return nil
	}
	b = append(b, `},"extensions":{"cost":`...)
	b = append(strconv.AppendInt(b, int64(o.cost), 10), "}}"...)
	o.plan.size.Store(min(int64(len(b))+int64(len(b))/8, 1<<20))
	return &gql.Result{Body: b}
}

// moment puts into the context when, and in which zone, rows are looked at.
func (e *Engine) moment(ctx context.Context) context.Context {
	m := row.Moment{Now: e.Now().UTC(), Zone: time.UTC}
	if v := viewer.FromContext(ctx); v != nil {
		m.Zone, m.StaleHours = row.Zone(v.Timezone), v.StaleHours
	}
	return row.WithMoment(ctx, m)
}
