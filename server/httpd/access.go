package httpd

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// Credential is what a caller shows: `Authorization: Bearer …`, `X-API-Key`, or both; a browser, with neither, its cookie.
type Credential struct {
	Bearer string
	APIKey string
	// Cookie is the session token of the cookie. It is empty when one of the others is there.
	Cookie string
}

// Access decides who a caller is.
type Access interface {
	// Authenticate gives the viewer of a credential that is not empty. A refusal is an error with a method
	// Code() string giving one of the codes below; any other error is the server's own fault, is logged, and tells the
	// caller nothing. Of a fault.Fault the reason is shown too.
	Authenticate(ctx context.Context, cred Credential) (*viewer.Viewer, error)
	// Refresh gives the viewer of a credential that was let in before, as it is now, or the refusal of now.
	Refresh(ctx context.Context, v *viewer.Viewer) (*viewer.Viewer, error)
	// Opened is told of a socket that is about to be admitted; from when it returns on, whoever calls Renew must know
	// of all that happens to the viewer. It says whether that is so only from now on: then the viewer is asked for again.
	Opened(ctx context.Context, v *viewer.Viewer) (anew bool, err error)
	// Closed takes back one Opened.
	Closed(v *viewer.Viewer)
	// Active is told, at most once a minute for a socket, that operations are started on it.
	Active(ctx context.Context, v *viewer.Viewer)
}

// refusals are the codes Access may give to a caller, each with the sentence shown: the error's own text stays inside.
var refusals = map[fault.Code]string{
	fault.Unauthenticated: "A valid credential is needed: Authorization: Bearer … or X-API-Key.",
	fault.InvalidAPIKey:   "The API key is unknown, revoked or expired.",
	fault.SessionExpired:  "The session is over.",
	fault.Forbidden:       "This caller may not come in.",
	fault.NotEligible:     "The workspace may not use the CRM now.",
	fault.OutsideSchedule: "You may log in at other hours.",
	fault.Upstream:        "Whether the workspace may use the CRM cannot be checked now; try again.",
	fault.RateLimited:     "Too many requests.",
	fault.Overloaded:      "The server is too busy; try again.",
	fault.Internal:        "The server failed; the request id finds it in the log.",
}

// authenticate asks Access. The refusal is nil when the viewer was let in, and INTERNAL when Access itself failed.
func (s *Server) authenticate(ctx context.Context, cred Credential) (v *viewer.Viewer, refused *fault.Fault) {
	if cred == (Credential{}) {
		return nil, refusalOf(fault.Unauthenticated)
	}
	return s.ask(ctx, func() (*viewer.Viewer, error) { return s.config.Access.Authenticate(ctx, cred) })
}

// ask has Access answer, and hides what is no refusal.
func (s *Server) ask(ctx context.Context, who func() (*viewer.Viewer, error)) (v *viewer.Viewer, refused *fault.Fault) {
	defer func() {
		if p := recover(); p != nil {
			s.config.Logger.ErrorContext(ctx, "access panicked", "panic", p, "stack", string(debug.Stack()), "request", gql.RequestID(ctx))
			v, refused = nil, refusalOf(fault.Internal)
		}
	}()
	v, err := who()
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		if code := fault.Code(coded.Code()); refusals[code] != "" && code != fault.Internal {
			refused := refusalOf(code)
			if f := fault.Of(err); f != nil {
				refused.Reason, refused.RetryAfter = f.Reason, f.RetryAfter
			}
			return nil, refused
		}
	}
	if err == nil && v == nil {
		err = errors.New("neither a viewer nor an error")
	}
	if err != nil {
		if ctx.Err() == nil { // a caller that left is no fault
			s.config.Logger.ErrorContext(ctx, "access failed", "error", err, "request", gql.RequestID(ctx))
		}
		return nil, refusalOf(fault.Internal)
	}
	return v, nil
}

func refusalOf(code fault.Code) *fault.Fault { return fault.New(code, "%s", refusals[code]) }

// Viewer gives the viewer behind a plain request's credential, or the refusal to show.
func (s *Server) Viewer(r *http.Request) (*viewer.Viewer, error) {
	v, refused := s.admit(r)
	if refused != nil {
		return nil, refused
	}
	return v, nil
}

// admit gives the viewer of a plain request. A browser sends its cookie also with what another site's page makes it ask:
// without the header that such a page cannot send, the cookie is refused.
func (s *Server) admit(r *http.Request) (*viewer.Viewer, *fault.Fault) {
	cred := credentialOf(r)
	if cred.Cookie != "" && r.Header.Get(access.AntiForgery) != "1" {
		return nil, fault.New(fault.Forbidden, "With the cookie the header %s: 1 is needed.", access.AntiForgery)
	}
	return s.authenticate(r.Context(), cred)
}

// credentialOf reads a request's credential: the headers, else the cookie.
func credentialOf(r *http.Request) Credential {
	c := Credential{Bearer: bearer(r.Header.Get("Authorization")), APIKey: r.Header.Get("X-API-Key")}
	if r.Header.Get("Authorization") == "" && c.APIKey == "" {
		c.Cookie = access.CookieToken(r)
	}
	return c
}

// bearer gives the token of an Authorization value; empty for any other scheme (RFC 6750, RFC 9110 section 11.1).
func bearer(authorization string) string {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
