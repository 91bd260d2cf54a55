// Package gql is the seam between the transports and the executor: what a transport hands in, and what it gets back.
// It promises that a transport needs to know nothing of the schema, and the executor nothing of sockets.
package gql

import (
	"context"
	"encoding/json"

	"github.com/vektah/gqlparser/v2/ast"
)

// Request is one GraphQL request as a transport received it.
type Request struct {
	Query         string
	OperationName string
	Variables     map[string]any
	Extensions    map[string]json.RawMessage
}

// Operation is a request that was parsed, found within the limits, validated and priced. It is used once.
type Operation interface {
	// Kind is query, mutation or subscription.
	Kind() ast.Operation
}

// Result is a complete response: the bytes of a JSON object with data, errors, extensions.
type Result struct {
	Body []byte
	// Failed is true when the request failed as a whole, before execution: there is no data entry.
	Failed bool
	// Code is the first error's code, or empty; a transport chooses its HTTP status by it.
	Code string
}

// Engine prepares and executes requests. It takes the viewer from the context (ent/viewer).
type Engine interface {
	// Prepare refuses in the order tokens, structure, validation, cost; a refusal is the Result, and then Operation is nil.
	Prepare(ctx context.Context, req Request) (Operation, *Result)
	// Execute runs a query or mutation to its end.
	Execute(ctx context.Context, op Operation) *Result
	// Subscribe starts a stream; a refusal is the Result. `wake` is called, from any goroutine and without blocking,
	// whenever Next may have something: at least once after every change from nothing to something.
	Subscribe(ctx context.Context, op Operation, wake func()) (Stream, *Result)
}

// State tells what Next found.
type State int

// What Next can find.
const (
	// Empty: nothing now; wake will be called.
	Empty State = iota
	// Ready: the payload is the body of a `next` message, a JSON object that must not be modified: it is shared.
	Ready
	// Failed: the payload is a JSON array of errors, the body of an `error` message. The stream is over.
	Failed
	// Done: the stream completed.
	Done
)

// Stream is one running subscription. One goroutine at a time calls Next; Close may come from any and may come twice.
type Stream interface {
	// Next gives the next payload without waiting for one to happen; it may read the database.
	Next(ctx context.Context) ([]byte, State)
	// Close ends the stream and frees what it holds.
	Close()
}
