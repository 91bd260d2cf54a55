package httpd

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/server/access"
)

// namesOrigin tells whether the request comes from a page of one of the origins in the configuration.
func (s *Server) namesOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin != "" && slices.ContainsFunc(s.config.Origins, func(o string) bool { return strings.EqualFold(o, origin) })
}

// cookieOf gives the session token in the cookie of an upgrade. A browser names the origin of the page, which maySocket
// has looked at; what names none is no browser, and has no cookie of its own.
func cookieOf(r *http.Request) string {
	if r.Header.Get("Origin") == "" {
		return ""
	}
	return access.CookieToken(r)
}

// maySocket tells whether a page may open a socket: browsers do not ask before they let one cross sites. Programs send
// no origin. When origins are configured the host is not trusted beside them: a name of the attacker's own may point
// here too.
func (s *Server) maySocket(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || len(s.config.Origins) > 0 {
		return origin == "" || s.namesOrigin(r)
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}
