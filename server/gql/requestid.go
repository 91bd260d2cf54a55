package gql

import "context"

type requestIDKey struct{}

// WithRequestID puts a request's id into the context: what a client quotes and the log is searched by.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID finds the request's id; empty when the work was not asked for by a request.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
