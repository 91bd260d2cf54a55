package httpd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/gql"
)

const sdl = `
scalar Long
type Query {
  hello(name: String = "world"): String!
  number(n: Long!): Long!
  "The viewer's id, and its name if it has one."
  who: String!
  "The id of the request."
  request: String!
  "An error beside data."
  fail: String
  "Refused by the engine with this code."
  refuse(code: String!): String!
  panics: String!
  "Runs until it is cancelled."
  wait: String!
}
type Mutation { add(n: Int!): Int! }
type Subscription {
  "1, 2, 3 … and done."
  count(to: Int!): Int!
  "What the test publishes."
  live: Int!
  "As many payloads of this size as can be taken."
  endless(bytes: Int!): String!
  "One value, then errors."
  fails: Int!
  "Takes until it is cancelled to start."
  slow: Int!
  "Takes until the test lets it, cancelled or not."
  stubborn: Int!
  refuse(code: String!): Int!
  panics: Int!
  panicsLater: Int!
}`

// engine is a gql.Engine over a small schema: parsed and validated for real, executed by hand, one level deep.
type engine struct {
	schema *ast.Schema
	let    chan struct{} // closed by the test: lets stubborn go on

	prepared atomic.Int64
	waiting  atomic.Int64 // calls that wait for their context or for let
	streams  atomic.Int64 // open streams

	mu       sync.Mutex
	watchers map[*stream]struct{}
}

func newEngine() *engine {
	return &engine{
		schema:   gqlparser.MustLoadSchema(&ast.Source{Input: sdl}),
		let:      make(chan struct{}),
		watchers: map[*stream]struct{}{},
	}
}

type operation struct {
	def  *ast.OperationDefinition
	vars map[string]any
}

func (o operation) Kind() ast.Operation { return o.def.Operation }

func (e *engine) Prepare(ctx context.Context, req gql.Request) (gql.Operation, *gql.Result) {
	e.prepared.Add(1)
	refuse := func(err error) (gql.Operation, *gql.Result) {
		return nil, gql.Refusal("VALIDATION_FAILED", err.Error(), gql.RequestID(ctx))
	}
	doc, errs := gqlparser.LoadQueryWithRules(e.schema, req.Query, nil)
	if len(errs) > 0 {
		return refuse(errs)
	}
	def := doc.Operations.ForName(req.OperationName)
	if def == nil {
		return refuse(fmt.Errorf("no operation %q", req.OperationName))
	}
	vars, err := validator.VariableValues(e.schema, def, req.Variables)
	if err != nil {
		return refuse(err)
	}
	return operation{def, vars}, nil
}

func (e *engine) Execute(ctx context.Context, op gql.Operation) *gql.Result {
	o := op.(operation)
	data, errs := map[string]any{}, []map[string]any(nil)
	for _, s := range o.def.SelectionSet {
		f := s.(*ast.Field)
		args := f.ArgumentMap(o.vars)
		switch f.Name {
		case "__typename":
			data[f.Alias] = strings.ToUpper(string(o.Kind()[:1])) + string(o.Kind()[1:])
		case "__schema", "__type":
			data[f.Alias] = nil
		case "hello":
			data[f.Alias] = "Hello, " + args["name"].(string) + "!"
		case "number":
			data[f.Alias] = json.RawMessage(fmt.Sprint(args["n"]))
		case "who":
			data[f.Alias] = viewer.FromContext(ctx).ID + viewer.FromContext(ctx).Name
		case "request":
			data[f.Alias] = gql.RequestID(ctx)
		case "add":
			data[f.Alias] = args["n"]
		case "fail":
			data[f.Alias] = nil
			errs = append(errs, map[string]any{"message": "no luck", "path": []string{f.Alias}})
		case "refuse":
			return gql.Refusal(args["code"].(string), "refused", gql.RequestID(ctx))
		case "panics":
			panic("the secret of the engine")
		case "wait":
			e.waiting.Add(1)
			<-ctx.Done()
			e.waiting.Add(-1)
			return gql.Refusal("OVERLOADED", "cancelled", gql.RequestID(ctx))
		}
	}
	response := map[string]any{"data": data}
	if errs != nil {
		response["errors"] = errs
	}
	body, err := json.Marshal(response)
	if err != nil {
		panic(err)
	}
	return &gql.Result{Body: body}
}

func (e *engine) Subscribe(ctx context.Context, op gql.Operation, wake func()) (gql.Stream, *gql.Result) {
	o := op.(operation)
	f := o.def.SelectionSet[0].(*ast.Field)
	args := f.ArgumentMap(o.vars)
	s := &stream{engine: e, wake: wake}
	value := func(v any) []byte { return fmt.Appendf(nil, `{"data":{%q:%v}}`, f.Alias, v) }
	n := 0
	switch f.Name {
	case "count":
		to, _ := args["to"].(int64)
		s.next = func() ([]byte, gql.State) {
			if n++; int64(n) > to {
				return nil, gql.Done
			}
			return value(n), gql.Ready
		}
	case "live":
		s.next = s.published
		e.mu.Lock()
		e.watchers[s] = struct{}{}
		e.mu.Unlock()
	case "endless":
		size, _ := args["bytes"].(int64)
		payload := value(`"` + strings.Repeat("x", int(size)) + `"`)
		s.next = func() ([]byte, gql.State) { return payload, gql.Ready }
	case "fails":
		s.next = func() ([]byte, gql.State) {
			if n++; n > 1 {
				return []byte(`[{"message":"broke"}]`), gql.Failed
			}
			return value(n), gql.Ready
		}
	case "slow":
		e.waiting.Add(1)
		<-ctx.Done()
		e.waiting.Add(-1)
		return nil, gql.Refusal("OVERLOADED", "cancelled", "")
	case "stubborn":
		e.waiting.Add(1)
		<-e.let
		e.waiting.Add(-1)
		s.next = func() ([]byte, gql.State) { return nil, gql.Empty }
	case "refuse":
		return nil, gql.Refusal(args["code"].(string), "refused", gql.RequestID(ctx))
	case "panics":
		panic("the secret of the engine")
	case "panicsLater":
		s.next = func() ([]byte, gql.State) { panic("the secret of the stream") }
	}
	e.streams.Add(1)
	return s, nil
}

// publish gives every live stream these payloads; the bytes are shared.
func (e *engine) publish(payloads ...[]byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for s := range e.watchers {
		s.queue = append(s.queue, payloads...)
		s.wake() // under the engine's lock: it must neither wait nor call back
	}
}

type stream struct {
	engine *engine
	wake   func()
	next   func() ([]byte, gql.State)
	queue  [][]byte // under the engine's lock
	closed atomic.Bool
}

func (s *stream) Next(context.Context) ([]byte, gql.State) { return s.next() }

func (s *stream) published() ([]byte, gql.State) {
	s.engine.mu.Lock()
	defer s.engine.mu.Unlock()
	if len(s.queue) == 0 {
		return nil, gql.Empty
	}
	payload := s.queue[0]
	s.queue = s.queue[1:]
	return payload, gql.Ready
}

func (s *stream) Close() {
	if s.closed.Swap(true) {
		return
	}
	s.engine.streams.Add(-1)
	s.engine.mu.Lock()
	delete(s.engine.watchers, s)
	s.engine.mu.Unlock()
}
