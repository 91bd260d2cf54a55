package httpd

import (
	"context"
	"encoding/json"
	"log/slog"
	"runtime/debug"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// guard is an engine whose panics end one operation and no more: each is logged once and answered INTERNAL. An
// operation of a socket runs outside net/http, where a panic would end the process.
type guard struct {
	engine gql.Engine
	log    *slog.Logger
}

func (g guard) Prepare(ctx context.Context, req gql.Request) (op gql.Operation, res *gql.Result) {
	defer g.rescue(ctx, "prepare", func() { op, res = nil, internal(ctx) })
	op, res = g.engine.Prepare(ctx, req)
	if op == nil && res == nil {
		panic("the engine gave neither an operation nor a refusal")
	}
	return op, res
}

func (g guard) Execute(ctx context.Context, op gql.Operation) (res *gql.Result) {
	defer g.rescue(ctx, "execute", func() { res = internal(ctx) })
	res = g.engine.Execute(ctx, op)
	if res == nil {
		panic("the engine gave no result")
	}
	return res
}

func (g guard) Subscribe(ctx context.Context, op gql.Operation, wake func()) (stream gql.Stream, res *gql.Result) {
	defer g.rescue(ctx, "subscribe", func() { stream, res = nil, internal(ctx) })
	stream, res = g.engine.Subscribe(ctx, op, wake)
	if res != nil {
		return nil, res
	}
	if stream == nil {
		panic("the engine gave neither a stream nor a refusal")
	}
	return guardedStream{stream, g, ctx}, nil
}

// rescue must be deferred itself: recover works nowhere else.
func (g guard) rescue(ctx context.Context, what string, answer func()) {
	if p := recover(); p != nil {
		g.log.ErrorContext(ctx, "engine panicked", "in", what, "panic", p, "stack", string(debug.Stack()), "request", gql.RequestID(ctx))
		answer()
	}
}

type guardedStream struct {
	stream gql.Stream
	guard  guard
	ctx    context.Context
}

func (s guardedStream) Next(ctx context.Context) (payload []byte, state gql.State) {
	defer s.guard.rescue(ctx, "next", func() { payload, state = errorsOf(internal(ctx)), gql.Failed })
	return s.stream.Next(ctx)
}

func (s guardedStream) Close() {
	defer s.guard.rescue(s.ctx, "close", func() {})
	s.stream.Close()
}

// refusal is what this package itself refuses with.
func refusal(ctx context.Context, code fault.Code, message string) *gql.Result {
	return gql.Refusal(string(code), message, gql.RequestID(ctx))
}

func internal(ctx context.Context) *gql.Result {
	return refusal(ctx, fault.Internal, refusals[fault.Internal])
}

// errorsOf takes the errors out of a refusal: the body of an `error` message.
func errorsOf(res *gql.Result) []byte {
	var body struct {
		Errors json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(res.Body, &body) != nil || len(body.Errors) == 0 {
		return []byte(`[{"message":"The operation was refused."}]`)
	}
	return body.Errors
}
