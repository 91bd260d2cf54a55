package httpd

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// Credential is what a caller shows: `Authorization: Bearer …`, `X-API-Key`, or both.
type Credential struct {
	Bearer string
	APIKey string
}

// Access decides who a caller is.
type Access interface {
	// Authenticate gives the viewer of a credential that is not empty. A refusal is an error with a method
	// Code() string giving one that refusals knows;
	// any other error is the server's own fault, is logged, and tells the caller nothing.
	Authenticate(ctx context.Context, cred Credential) (*viewer.Viewer, error)
	// Refresh gives the viewer of a credential that was let in before, as it is now, or the refusal of now.
	Refresh(ctx context.Context, v *viewer.Viewer) (*viewer.Viewer, error)
	// Opened is told of a socket that is about to be admitted; from when it returns on, whoever calls Renew must know
	// of all that happens to the viewer. It says whether that is so only from now on: then the viewer is asked for again.
	Opened(ctx context.Context, v *viewer.Viewer) (anew bool, err error)
	// Closed takes back one Opened.
	Closed(v *viewer.Viewer)
}

// refusals are the codes Access may give to a caller, each with the sentence shown: the error's own text stays inside.
var refusals = map[fault.Code]string{
	fault.Unauthenticated: "A valid credential is needed: Authorization: Bearer … or X-API-Key.",
	fault.InvalidAPIKey:   "The API key is unknown, revoked or expired.",
	fault.SessionExpired:  "The session is over.",
	fault.Forbidden:       "This caller may not come in.",
	fault.NotEligible:     "The workspace may not use the product now.",
	fault.OutsideSchedule: "The login schedule does not allow this now.",
	fault.Upstream:        "Whether the workspace may use the product cannot be found out now; try again.",
	fault.RateLimited:     "Too many requests.",
	fault.Overloaded:      "The server is too busy; try again.",
	fault.Internal:        "The server failed; the request id finds it in the log.",
}

// authenticate asks Access. There is no refusal when the viewer was let in; it is INTERNAL when Access itself failed.
func (s *Server) authenticate(ctx context.Context, cred Credential) (v *viewer.Viewer, refused *fault.Fault) {
	if cred == (Credential{}) {
		return nil, shown(fault.Unauthenticated, "")
	}
	return s.ask(ctx, func() (*viewer.Viewer, error) { return s.config.Access.Authenticate(ctx, cred) })
}

// shown is a refusal as a caller may see it.
func shown(code fault.Code, reason string) *fault.Fault {
	f := fault.New(code, "%s", refusals[code])
	f.Reason = reason
	return f
}

// ask has Access answer, and hides what is no refusal.
func (s *Server) ask(ctx context.Context, who func() (*viewer.Viewer, error)) (v *viewer.Viewer, refused *fault.Fault) {
	defer func() {
		if p := recover(); p != nil {
			s.config.Logger.ErrorContext(ctx, "access panicked", "panic", p, "stack", string(debug.Stack()), "request", gql.RequestID(ctx))
			v, refused = nil, shown(fault.Internal, "")
		}
	}()
	v, err := who()
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		if code := fault.Code(coded.Code()); refusals[code] != "" && code != fault.Internal {
			reason := ""
			if f := fault.Of(err); f != nil {
				reason = f.Reason
			}
			return nil, shown(code, reason)
		}
	}
	if err == nil && v == nil {
		err = errors.New("neither a viewer nor an error")
	}
	if err != nil {
		if ctx.Err() == nil { // a caller that left is no fault
			s.config.Logger.ErrorContext(ctx, "access failed", "error", err, "request", gql.RequestID(ctx))
		}
		return nil, shown(fault.Internal, "")
	}
	return v, nil
}

// Viewer gives the viewer behind a plain request's credential, or the refusal to show.
func (s *Server) Viewer(r *http.Request) (*viewer.Viewer, error) {
	v, refused := s.authenticate(r.Context(), credentialOf(r.Header))
	if refused != nil {
		return nil, refused
	}
	return v, nil
}

// credentialOf reads an HTTP request's credential.
func credentialOf(h http.Header) Credential {
	return Credential{Bearer: bearer(h.Get("Authorization")), APIKey: h.Get("X-API-Key")}
}

// bearer gives the token of an Authorization value; empty for any other scheme (RFC 6750, RFC 9110 section 11.1).
func bearer(authorization string) string {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
