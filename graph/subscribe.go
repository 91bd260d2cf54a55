package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/gql"
)

// subscription shows the frames of a source to one watcher.
type subscription struct {
	engine *Engine
	op     *operation
	source source[frame]
	key    string
}

// Subscribe opens a stream.
func (e *Engine) Subscribe(ctx context.Context, op gql.Operation, wake func()) (gql.Stream, *gql.Result) {
	o := op.(*operation)
	t := &turn{wake: wake}
	opening, cancel := context.WithTimeout(withTurn(e.moment(ctx), t), e.limits.Time)
	defer cancel()
	next, opening := e.exec.DispatchOperation(opening, o.context)
	resp := next(opening)
	if t.opened == nil {
		if resp == nil || len(resp.Errors) == 0 {
			resp = &graphql.Response{Errors: gqlerror.List{e.present(ctx, errors.New("a subscription without a source"))}}
		}
		resp.Data = nil
		return nil, result(resp, o.cost)
	}
	return &subscription{e, o, t.opened, o.key()}, nil
}

// key names what a watcher asks of a frame: operation and variables, but for the one that tells where to resume.
func (o *operation) key() string {
	vars := map[string]any{}
	resume := ""
	if f, ok := o.context.Operation.SelectionSet[0].(*ast.Field); ok {
		if a := f.Arguments.ForName("after"); a != nil && a.Value.Kind == ast.Variable {
			resume = a.Value.Raw
		}
	}
	for name, v := range o.context.Variables {
		if name != resume {
			vars[name] = v
		}
	}
	text, _ := json.Marshal([]any{o.context.RawQuery, o.context.OperationName, vars})
	sum := sha256.Sum256(text)
	return string(sum[:])
}

// Next gives the next frame as bytes. Watchers who ask the same of the same frame share them: the frame is executed
// for the first of them.
func (s *subscription) Next(ctx context.Context) ([]byte, gql.State) {
	ctx = viewer.NewContext(ctx, s.source.Viewer()) // with the rights of now
	f, err := s.source.Next(ctx)
	switch {
	case errors.Is(err, board.ErrEnded):
		return nil, gql.Done
	case err != nil:
		list, _ := json.Marshal([]any{s.engine.present(ctx, err)})
		return list, gql.Failed
	case f == nil:
		return nil, gql.Empty
	}
	body := f.Memo().Get(s.key, func() any { return s.engine.show(ctx, s.op, f) })
	return body.([]byte), gql.Ready
}

// Close ends the stream.
func (s *subscription) Close() { s.source.Close() }

// again gives the operation as it was before it ran: what the executor remembers of one run is not for another.
func (o *operation) again() *graphql.OperationContext {
	c := o.context
	return &graphql.OperationContext{RawQuery: c.RawQuery, Variables: c.Variables, OperationName: c.OperationName, Doc: c.Doc,
		Operation: c.Operation, RecoverFunc: c.RecoverFunc, ResolverMiddleware: plain, RootResolverMiddleware: plainRoot}
}

// showTime bounds the execution of one frame.
const showTime = 10 * time.Second

// show executes an operation for one frame. It goes on when the watcher who came first leaves: others wait for it.
func (e *Engine) show(ctx context.Context, o *operation, f frame) []byte {
	ctx, cancel := context.WithTimeout(withTurn(e.moment(context.WithoutCancel(ctx)), &turn{show: f}), showTime)
	defer cancel()
	if o.plan != nil {
		if body, ok := o.plan.write(f, &env{ctx: ctx, oc: o.context}); ok {
			return body
		}
	}
	next, ctx := e.exec.DispatchOperation(ctx, o.again())
	resp := next(ctx)
	if resp == nil {
		resp = &graphql.Response{Errors: gqlerror.List{e.present(ctx, errors.New("a frame that shows nothing"))}}
	}
	return result(resp, -1).Body
}
