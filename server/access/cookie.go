package access

import (
	"net"
	"net/http"
	"net/netip"
	"time"
)

const (
	// secureCookie can only be set by this very host over https (RFC 6265bis, section 4.1.3.2).
	secureCookie = "__Host-tideboard"
	// plainCookie is for a browser on the machine itself, without https.
	plainCookie = "tideboard"
	// AntiForgery is the header that must stand beside the cookie, with the value 1: no page of another site can send it.
	AntiForgery = "X-Tideboard-CSRF"
)

// onThisMachine tells whether a request came from this machine, to this machine by name, with nothing in between: the one
// case in which the cookie does without https.
func onThisMachine(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !peer.Addr().Unmap().IsLoopback() || r.TLS != nil {
		return false
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback() || host == "[::1]"
}

func cookieName(r *http.Request) string {
	if onThisMachine(r) {
		return plainCookie
	}
	return secureCookie
}

// CookieToken gives the session token in a request's cookie; empty when there is none.
func CookieToken(r *http.Request) string {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

// SetCookie puts a session token into the browser until a moment. A workspace whose application stands in pages of other
// sites gets a cookie that is sent there too, kept apart for each such site.
func SetCookie(w http.ResponseWriter, r *http.Request, token string, until time.Time, framed bool) {
	c := &http.Cookie{Name: cookieName(r), Value: token, Path: "/", Expires: until, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
	switch {
	case c.Name == plainCookie:
		c.Secure = false
	case framed:
		c.SameSite, c.Partitioned = http.SameSiteNoneMode, true
	}
	http.SetCookie(w, c)
}

// ClearCookie takes the session token out of the browser, in whichever way it was put in.
func ClearCookie(w http.ResponseWriter, r *http.Request) {
	c := &http.Cookie{Name: cookieName(r), Path: "/", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
	if c.Name == plainCookie {
		c.Secure = false
		http.SetCookie(w, c)
		return
	}
	http.SetCookie(w, c)
	c.SameSite, c.Partitioned = http.SameSiteNoneMode, true
	http.SetCookie(w, c)
}
