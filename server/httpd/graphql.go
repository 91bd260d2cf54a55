package httpd

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// graphql answers /graphql by the GraphQL-over-HTTP specification. It refuses in the order of cost: method, origin,
// media type, credential, size, form; then the engine decides.
func (s *Server) graphql(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && websocket.IsWebSocketUpgrade(r) {
		s.upgrade(w, r)
		return
	}
	reply := reply{w: w, ctx: r.Context(), media: typeJSON}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, POST")
		reply.refuse(http.StatusMethodNotAllowed, fault.ValidationFailed, "GraphQL is asked with GET or POST.")
		return
	}
	if !s.namesOrigin(r) && s.cross.Check(r) != nil {
		reply.refuse(http.StatusForbidden, fault.Forbidden, "Pages of other sites may not ask.")
		return
	}
	media := negotiate(r.Header.Values("Accept"))
	if media == "" {
		reply.refuse(http.StatusNotAcceptable, fault.ValidationFailed, "The answer is "+typeResponse+" or "+typeJSON+".")
		return
	}
	reply.media = media

	v, refused := s.admit(r)
	if refused != nil {
		reply.turnAway(refused)
		return
	}
	req, ok := s.read(reply, r)
	if !ok {
		return
	}
	reply.ctx = viewer.NewContext(r.Context(), v)
	s.answer(reply, r.Method, req)
}

// read takes the request's parameters; when they cannot be had it has refused.
func (s *Server) read(reply reply, r *http.Request) (gql.Request, bool) {
	if r.Method == http.MethodGet {
		req, err := decodeQuery(r.URL.RawQuery)
		if err != nil {
			reply.refuse(http.StatusBadRequest, fault.ValidationFailed, sentence(err))
		}
		return req, err == nil
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != typeJSON || !isUTF8(params) || !isIdentity(r.Header.Get("Content-Encoding")) {
		reply.w.Header().Set("Accept-Post", typeJSON)
		reply.refuse(http.StatusUnsupportedMediaType, fault.ValidationFailed, "The body must be "+typeJSON+" in UTF-8, not compressed.")
		return gql.Request{}, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(reply.w, r.Body, s.config.Limits.Body))
	if err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			reply.refuse(http.StatusRequestEntityTooLarge, fault.ValidationFailed, "The body is larger than "+strconv.FormatInt(s.config.Limits.Body, 10)+" bytes.")
		} else {
			reply.refuse(http.StatusBadRequest, fault.ValidationFailed, "The body could not be read.")
		}
		return gql.Request{}, false
	}
	req, err := decodeParams(body)
	if err != nil {
		reply.refuse(http.StatusBadRequest, fault.ValidationFailed, sentence(err))
	}
	return req, err == nil
}

// answer prepares and executes. GET may only read: whoever can make a browser follow a link can make it send a GET.
func (s *Server) answer(reply reply, method string, req gql.Request) {
	op, refused := s.engine.Prepare(reply.ctx, req)
	switch {
	case refused != nil:
		reply.send(resultStatus(refused, reply.media), refused)
	case op.Kind() == ast.Subscription:
		reply.refuse(http.StatusBadRequest, fault.ValidationFailed, "Subscriptions are served on a websocket at this address, subprotocol "+subprotocol+".")
	case op.Kind() != ast.Query && method == http.MethodGet:
		reply.w.Header().Set("Allow", http.MethodPost)
		reply.refuse(http.StatusMethodNotAllowed, fault.ValidationFailed, "Mutations are asked with POST.")
	default:
		res := s.engine.Execute(reply.ctx, op)
		reply.send(resultStatus(res, reply.media), res)
	}
}

// reply writes the one response to a request.
type reply struct {
	w     http.ResponseWriter
	ctx   context.Context
	media string
}

func (r reply) refuse(status int, code fault.Code, message string) {
	r.send(status, refusal(r.ctx, code, message))
}

// turnAway answers a caller that was not let in.
func (r reply) turnAway(f *fault.Fault) {
	if f.RetryAfter > 0 {
		r.w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	r.send(accessStatus(f.Kind), gql.Refusal(string(f.Kind), f.Message, gql.RequestID(r.ctx), f.Reason))
}

func (r reply) send(status int, res *gql.Result) {
	h := r.w.Header()
	h.Set("Content-Type", r.media+"; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(res.Body)))
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer") // RFC 9110 section 15.5.2 demands one
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if h.Get("Retry-After") == "" {
			h.Set("Retry-After", "1")
		}
	}
	r.w.WriteHeader(status)
	_, _ = r.w.Write(res.Body) // a client that left is no fault
}

func isIdentity(encoding string) bool {
	return encoding == "" || strings.EqualFold(encoding, "identity")
}

// sentence makes an error a message for people.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
