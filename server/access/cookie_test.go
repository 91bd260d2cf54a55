package access_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/servertest"
)

// browser logs the owner in for a browser and gives the cookie it was given.
func (d *desk) browser(t *testing.T, header ...string) *http.Cookie {
	t.Helper()
	r := d.call(t, "POST", "/api/auth/embed", "", in{"token": d.token(t, claims()), "cookie": true}, append(header, "X-Tideboard-CSRF", "1")...)
	require.Equal(t, 200, r.status, r.text)
	require.Empty(t, r.Token, "a script could read the token")
	cookies := (&http.Response{Header: r.header}).Cookies()
	require.Len(t, cookies, 1)
	return cookies[0]
}

func TestTheCookie(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	plain := d.browser(t)
	assert.Equal(t, "tideboard", plain.Name)
	assert.True(t, plain.HttpOnly)
	assert.False(t, plain.Secure)
	assert.Equal(t, http.SameSiteLaxMode, plain.SameSite)

	secure := d.browser(t, "X-Forwarded-Proto", "https", "X-Forwarded-For", "10.0.0.1")
	assert.Equal(t, "__Host-tideboard", secure.Name)
	assert.True(t, secure.Secure && secure.HttpOnly)
	assert.Equal(t, "/", secure.Path)
	assert.Empty(t, secure.Domain)
	assert.Equal(t, http.SameSiteLaxMode, secure.SameSite)

	d.exec(t, `UPDATE workspaces SET settings = '{"access.embed_origins":["https://app.example.com"]}'`)
	framed := d.browser(t, "X-Forwarded-For", "10.0.0.1")
	assert.Equal(t, http.SameSiteNoneMode, framed.SameSite)
	assert.True(t, framed.Secure && framed.Partitioned)

	r := d.call(t, "POST", "/api/auth/embed", "", in{"token": d.token(t, claims()), "cookie": true})
	assert.Equal(t, 403, r.status, "a page that cannot send the header logs nobody in")
	assert.Empty(t, r.header.Values("Set-Cookie"))
}

// TestTheCookieAlone does nothing: another site's page can have a browser send it, but not the header beside it.
func TestTheCookieAlone(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	c := d.browser(t)
	cookie := c.Name + "=" + c.Value
	query := in{"query": "{ viewer { name } }"}
	ask := func(method, path string, header ...string) int {
		return d.call(t, method, path, "", query, append(header, "Cookie", cookie)...).status
	}
	for _, path := range []string{"/graphql", "/api/auth/logout"} {
		assert.Equal(t, 403, ask("POST", path))
		assert.Equal(t, 403, ask("POST", path, "X-Tideboard-CSRF", "0"))
		assert.Equal(t, 403, ask("POST", path, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"))
	}
	assert.Equal(t, 403, ask("GET", "/api/auth/session"))
	assert.Equal(t, 403, ask("GET", "/graphql?query=%7Bviewer%7Bname%7D%7D"))
	assert.Equal(t, 200, ask("POST", "/graphql", "X-Tideboard-CSRF", "1"))
	assert.Equal(t, 200, ask("GET", "/api/auth/session", "X-Tideboard-CSRF", "1"))
	assert.Equal(t, 403, ask("POST", "/graphql", "X-Tideboard-CSRF", "1", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"))

	other := d.login(t, "acme")
	assert.Contains(t, d.call(t, "GET", "/api/auth/session", "", nil, "Cookie", cookie, "Authorization", "Bearer "+other.Token).text, `"role":"OWNER"`,
		"what is shown by hand comes before the cookie")
	assert.Equal(t, 401, ask("POST", "/graphql", "Authorization", "Bearer tbs_wrong", "X-Tideboard-CSRF", "1"), "also where it is wrong")
	assert.Equal(t, 401, ask("POST", "/graphql", "X-API-Key", "tbk_wrong", "X-Tideboard-CSRF", "1"))
	assert.Equal(t, 401, d.call(t, "POST", "/graphql", "10.0.0.1", query, "Cookie", cookie, "X-Tideboard-CSRF", "1").status,
		"over https the plain name counts for nothing: any host beside this one could have set it")

	out := d.call(t, "POST", "/api/auth/logout", "", nil, "Cookie", cookie, "X-Tideboard-CSRF", "1")
	require.Equal(t, 200, out.status, out.text)
	assert.Contains(t, out.header.Get("Set-Cookie"), "Max-Age=0")
	assert.Equal(t, 401, ask("POST", "/graphql", "X-Tideboard-CSRF", "1"))
}

// dial opens a socket as a page of an origin and gives what comes back to an init without a credential: an ack, or the
// close code, or the status of the handshake.
func (d *desk) dial(t *testing.T, cookie, origin, init string) string {
	t.Helper()
	h := http.Header{}
	for name, v := range map[string]string{"Cookie": cookie, "Origin": origin} {
		if v != "" {
			h.Set(name, v)
		}
	}
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	conn, resp, err := dialer.Dial("ws"+strings.TrimPrefix(d.URL, "http")+"/graphql", h)
	if err != nil {
		require.NotNil(t, resp, "%v", err)
		return fmt.Sprint(resp.StatusCode)
	}
	defer conn.Close()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	require.NoError(t, conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"connection_init","payload":`+init+`}`)))
	_, text, err := conn.ReadMessage()
	if e, ok := err.(*websocket.CloseError); ok {
		return fmt.Sprint(e.Code, " ", e.Text)
	}
	require.NoError(t, err)
	return string(text)
}

// TestTheCookieOnASocket counts for pages of this host, or of those that are named, and for nobody else.
func TestTheCookieOnASocket(t *testing.T) {
	const ack = `{"type":"connection_ack"}`
	const nobody = "4403 Forbidden: UNAUTHENTICATED"
	d := reception(t, servertest.Dialects[0])
	c := d.browser(t)
	cookie := c.Name + "=" + c.Value
	require.Equal(t, ack, d.dial(t, cookie, d.URL, "{}"))
	require.Equal(t, "403", d.dial(t, cookie, "https://evil.example", "{}"))
	require.Equal(t, "403", d.dial(t, cookie, "null", "{}"))
	require.Equal(t, nobody, d.dial(t, cookie, "", "{}"), "what is no browser has no cookie")
	require.Equal(t, nobody, d.dial(t, "", d.URL, "{}"))
	require.Equal(t, "4403 Forbidden: SESSION_EXPIRED", d.dial(t, cookie, d.URL, `{"Authorization":"Bearer tbs_wrong"}`), "the init comes before the cookie")
	require.Equal(t, "4403 Forbidden: SESSION_EXPIRED", d.dial(t, c.Name+"=tbs_wrong", d.URL, "{}"))

	d = reception(t, servertest.Dialects[0], func(c *app.Config) { c.Origins = []string{"https://app.example.com"} })
	c = d.browser(t)
	cookie = c.Name + "=" + c.Value
	require.Equal(t, ack, d.dial(t, cookie, "https://app.example.com", "{}"))
	require.Equal(t, "403", d.dial(t, cookie, "https://app.example.com.evil.example", "{}"))
	require.Equal(t, "403", d.dial(t, cookie, d.URL, "{}"))
}

// TestWhoMayFrame: the origins of the workspace's setting, and nothing that is none.
func TestWhoMayFrame(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	d.login(t, "acme")
	policy := func(query string) string {
		resp, err := http.Get(d.URL + "/" + query)
		require.NoError(t, err)
		defer resp.Body.Close()
		return resp.Header.Get("Content-Security-Policy")
	}
	require.Equal(t, "frame-ancestors 'none'", policy("?workspace_id=acme"))
	d.exec(t, `UPDATE workspaces SET settings = '{"access.embed_origins":["https://app.example.com","*","http://plain.example","https://a.example; script-src *","https://b.example/path","https://c.example:8443"]}'`)
	require.Equal(t, "frame-ancestors https://app.example.com https://c.example:8443", policy("?workspace_id=acme"))
	require.Equal(t, "frame-ancestors 'none'", policy(""))
	require.Equal(t, "frame-ancestors 'none'", policy("?workspace_id=other"))
}
