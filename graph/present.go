package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// hidden is all that a caller learns of a fault of the server.
const hidden = "the server made a mistake; the request id finds it in the log"

// present turns an error into the API's one shape. What is no refusal is logged here, once, and hidden.
func (e *Engine) present(ctx context.Context, err error) *gqlerror.Error {
	var g *gqlerror.Error
	if !errors.As(err, &g) {
		g = gqlerror.WrapPath(graphql.GetPath(ctx), err)
	}
	f := fault.Of(err)
	switch {
	case f != nil:
	case errors.Is(err, errHandedOver):
		return g
	case errors.Is(err, context.DeadlineExceeded):
		f = fault.New(fault.Overloaded, "the request took too long")
	case errors.Is(err, context.Canceled):
		f = fault.New(fault.Overloaded, "the request was broken off")
	default:
		e.logger.Error("resolve", "path", g.Path.String(), "request", gql.RequestID(ctx), "err", err)
		f = fault.New(fault.Internal, hidden)
	}
	return shaped(ctx, g, f)
}

// shaped gives an error the extensions of a refusal.
func shaped(ctx context.Context, g *gqlerror.Error, f *fault.Fault) *gqlerror.Error {
	ext := map[string]any{"code": f.Kind}
	if len(f.Details) > 0 {
		ext["details"] = f.Details
	}
	if f.Hint != "" {
		ext["hint"] = f.Hint
	}
	if f.Reason != "" {
		ext["reason"] = f.Reason
	}
	if f.RetryAfter > 0 {
		ext["retryAfter"] = f.RetryAfter
	}
	if f.Current != nil {
		ext["current"] = f.Current
	}
	if id := gql.RequestID(ctx); id != "" {
		ext["requestId"] = id
	}
	return &gqlerror.Error{Message: f.Message, Path: g.Path, Locations: g.Locations, Extensions: ext}
}

// refuse answers a request that is not executed.
func (e *Engine) refuse(ctx context.Context, errs gqlerror.List) *gql.Result {
	out := make(gqlerror.List, len(errs))
	for i, g := range errs {
		f := fault.Of(g)
		if f == nil {
			f = fault.New(codeOf(g), "%s", strings.TrimPrefix(g.Message, "input: "))
		}
		out[i] = shaped(ctx, g, f)
	}
	return result(&graphql.Response{Errors: out}, 0)
}

// unknown are the validation rules that find what does not exist.
var unknown = []string{"FieldsOnCorrectType", "KnownArgumentNames", "KnownTypeNames", "KnownDirectives", "KnownFragmentNames"}

func codeOf(g *gqlerror.Error) fault.Code {
	for _, r := range unknown {
		if strings.HasPrefix(g.Rule, r) {
			return fault.UnknownField
		}
	}
	if strings.Contains(g.Message, "is not defined by type") || strings.Contains(g.Message, "unknown field") {
		return fault.UnknownField
	}
	return fault.ValidationFailed
}

// result writes a response, taking the data as they are.
func result(r *graphql.Response, cost int) *gql.Result {
	out := &gql.Result{}
	var b bytes.Buffer
	b.Grow(len(r.Data) + 64)
	b.WriteByte('{')
	if len(r.Errors) > 0 {
		out.Code = codeIn(r.Errors[0])
		b.WriteString(`"errors":`)
		list, _ := json.Marshal(r.Errors)
		b.Write(list)
	}
	if out.Failed = len(r.Data) == 0; !out.Failed {
		if len(r.Errors) > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"data":`)
		b.Write(r.Data)
		if cost >= 0 {
			b.WriteString(`,"extensions":{"cost":` + strconv.Itoa(cost))
			if dry, ok := r.Extensions["dryRun"]; ok {
				text, _ := json.Marshal(dry)
				b.WriteString(`,"dryRun":`)
				b.Write(text)
			}
			b.WriteByte('}')
		}
	}
	b.WriteByte('}')
	out.Body = b.Bytes()
	return out
}

func codeIn(g *gqlerror.Error) string {
	if c, ok := g.Extensions["code"].(fault.Code); ok {
		return string(c)
	}
	return string(fault.Internal)
}
