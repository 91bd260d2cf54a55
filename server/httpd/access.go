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
	// Code() string giving UNAUTHENTICATED, INVALID_API_KEY, SESSION_EXPIRED, FORBIDDEN, RATE_LIMITED or OVERLOADED;
	// any other error is the server's own fault, is logged, and tells the caller nothing.
	Authenticate(ctx context.Context, cred Credential) (*viewer.Viewer, error)
}

// refusals are the codes Access may give to a caller, each with the sentence shown: the error's own text stays inside.
var refusals = map[fault.Code]string{
	fault.Unauthenticated: "A valid credential is needed: Authorization: Bearer … or X-API-Key.",
	fault.InvalidAPIKey:   "The API key is unknown, revoked or expired.",
	fault.SessionExpired:  "The session is over.",
	fault.Forbidden:       "This caller may not come in.",
	fault.RateLimited:     "Too many requests.",
	fault.Overloaded:      "The server is too busy; try again.",
	fault.Internal:        "The server failed; the request id finds it in the log.",
}

// authenticate asks Access. The code is empty when the viewer was let in, and INTERNAL when Access itself failed.
func (s *Server) authenticate(ctx context.Context, cred Credential) (v *viewer.Viewer, code fault.Code) {
	if cred == (Credential{}) {
		return nil, fault.Unauthenticated
	}
	defer func() {
		if p := recover(); p != nil {
			s.config.Logger.ErrorContext(ctx, "access panicked", "panic", p, "stack", string(debug.Stack()), "request", gql.RequestID(ctx))
			v, code = nil, fault.Internal
		}
	}()
	v, err := s.config.Access.Authenticate(ctx, cred)
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		if code := fault.Code(coded.Code()); refusals[code] != "" && code != fault.Internal {
			return nil, code
		}
	}
	if err == nil && v == nil {
		err = errors.New("neither a viewer nor an error")
	}
	if err != nil {
		if ctx.Err() == nil { // a caller that left is no fault
			s.config.Logger.ErrorContext(ctx, "access failed", "error", err, "request", gql.RequestID(ctx))
		}
		return nil, fault.Internal
	}
	return v, ""
}

// Viewer gives the viewer behind a plain request's credential, or the refusal to show.
func (s *Server) Viewer(r *http.Request) (*viewer.Viewer, error) {
	v, code := s.authenticate(r.Context(), credentialOf(r.Header))
	if code != "" {
		return nil, fault.New(code, "%s", refusals[code])
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
