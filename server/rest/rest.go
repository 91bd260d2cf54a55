// Package rest serves /api: the calls a caller makes before it has a credential, and the plain calls of the partner's
// client and of simple callers. It holds no rule: each route reads its input, runs the command that GraphQL runs too, and
// writes the answer (spec integration, sections 1 and 2).
//
// It promises that input is read strictly (an unknown field or parameter is refused), that every refusal has the one
// error shape with a stable code, and that no inner text leaves the house.
package rest

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/presence"
	"github.com/rapidbott/tideboard/server/read"
)

// Config is what the routes answer from.
type Config struct {
	CRM  *crm.Service
	Read read.Reader
	// Roster keeps the partner's members fresh, Presence knows who is there.
	Roster   *crm.Roster
	Presence *presence.Tracker
	// Gate, Logins and Sessions are the ways in and out.
	Gate     *access.Gate
	Logins   *access.Logins
	Sessions *access.Sessions
	// Authenticate gives the viewer behind a request's credential, or a refusal.
	Authenticate func(*http.Request) (*viewer.Viewer, error)
	Logger       *slog.Logger
}

// API answers requests under /api.
type API struct {
	Config
	routes *http.ServeMux
	// methods are those of each path.
	methods map[string][]string
}

// New makes the routes.
func New(c Config) *API {
	a := &API{Config: c, routes: http.NewServeMux(), methods: map[string][]string{}}
	a.closed("GET /api/workspace-members", a.members)
	a.open("POST /api/invitations/find", a.invitation)
	a.open("POST /api/invitations/accept/request", a.requestAcceptance)
	a.open("POST /api/invitations/accept", a.accept)
	a.routes.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		a.refuse(w, r, fault.New(fault.NotFoundCode, "there is no such address"))
	})
	a.login()
	a.closed("GET /api/settings", a.getSettings)
	a.closed("POST /api/settings/rapidbott-key", a.setPartnerKey)
	a.closed("POST /api/deals/bulk", a.createDeals)
	return a
}

// ServeHTTP routes a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.routes.ServeHTTP(w, r) }

// handler answers one route: what to write as JSON, with status 200, or a refusal.
type handler func(w http.ResponseWriter, r *http.Request) (any, error)

// open adds a route that needs no credential.
func (a *API) open(pattern string, h handler) { a.route(pattern, a.answer(h)) }

// route adds a route, and has its path answer other methods with 405.
func (a *API) route(pattern string, h http.HandlerFunc) {
	a.routes.HandleFunc(pattern, h)
	method, path, _ := strings.Cut(pattern, " ")
	if a.methods[path] == nil {
		a.routes.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", strings.Join(a.methods[path], ", "))
			a.refuseAs(w, r, http.StatusMethodNotAllowed, fault.New(fault.ValidationFailed, "this address does not know the method %s", r.Method))
		})
	}
	a.methods[path] = append(a.methods[path], method)
}

// closed adds a route that needs one; the viewer is in the request's context.
func (a *API) closed(pattern string, h handler) {
	a.route(pattern, a.answer(func(w http.ResponseWriter, r *http.Request) (any, error) {
		v, err := a.Authenticate(r)
		if err != nil {
			return nil, err
		}
		if v.ReadOnly && r.Method != http.MethodGet {
			return nil, fault.New(fault.Forbidden, "this session may only read")
		}
		return h(w, r.WithContext(viewer.NewContext(r.Context(), v)))
	}))
}

func (a *API) answer(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := h(w, r)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		a.write(w, r, http.StatusOK, out)
	}
}

// refuse writes an error. What is no refusal is logged here, once, and hidden.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	if f == nil {
		f = fault.New(fault.Internal, "the server made a mistake; the request id finds it in the log")
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			f = fault.New(fault.Overloaded, "the request took too long")
		} else {
			a.Logger.ErrorContext(r.Context(), "answer", "path", r.URL.Path, "request", gql.RequestID(r.Context()), "err", err)
		}
	}
	a.refuseAs(w, r, fault.Status(f.Kind), f)
}

func (a *API) refuseAs(w http.ResponseWriter, r *http.Request, status int, f *fault.Fault) {
	switch {
	case f.RetryAfter > 0:
		w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	case status == http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer") // RFC 9110 section 15.5.2 demands one
	}
	a.write(w, r, status, map[string]any{"error": refusal{Code: f.Kind, Message: f.Message, Details: f.Details, Hint: f.Hint, Reason: f.Reason,
		RetryAfter: f.RetryAfter, Current: f.Current, RequestID: gql.RequestID(r.Context())}})
}

// refusal is the error shape of spec integration, section 4.
type refusal struct {
	Code       fault.Code     `json:"code"`
	Message    string         `json:"message"`
	Reason     string         `json:"reason,omitempty"`
	Details    []fault.Detail `json:"details,omitempty"`
	Hint       string         `json:"hint,omitempty"`
	RetryAfter int            `json:"retry_after,omitempty"`
	Current    any            `json:"current,omitempty"`
	RequestID  string         `json:"request_id,omitempty"`
}

func (a *API) write(w http.ResponseWriter, r *http.Request, status int, out any) {
	b, err := json.Marshal(out)
	if err != nil {
		a.Logger.ErrorContext(r.Context(), "encode an answer", "path", r.URL.Path, "err", err)
		status, b = http.StatusInternalServerError, []byte(`{"error":{"code":"INTERNAL","message":"the server made a mistake"}}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b) // a client that left is no fault
}
