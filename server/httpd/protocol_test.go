package httpd_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/httpd"
)

// Every message that ends a socket, and the code it ends with. "in" tells whether the client was let in before.
var endings = []struct {
	name string
	in   bool
	send []string
	code int
	text string
}{
	{"garbage", true, []string{`}`}, 4400, "Invalid message"},
	{"garbage before init", false, []string{`hello`}, 4400, "Invalid message"},
	{"not an object", true, []string{`[]`}, 4400, ""},
	{"null", true, []string{`null`}, 4400, ""},
	{"two objects", true, []string{`{"type":"ping"}{"type":"ping"}`}, 4400, ""},
	{"not UTF-8", true, []string{"{\"type\":\"ping\",\"x\":\"\xff\"}"}, 4400, ""},
	{"no type", true, []string{`{}`}, 4400, "type must be a string"},
	{"type of another case", true, []string{`{"Type":"ping"}`}, 4400, ""},
	{"type of a wrong type", true, []string{`{"type":7}`}, 4400, ""},
	{"an unknown type", true, []string{`{"type":"start"}`}, 4400, "unknown"},
	{"a server's type", true, []string{`{"type":"next","id":"1"}`}, 4400, ""},
	{"a payload of a wrong type", true, []string{`{"type":"ping","payload":7}`}, 4400, "payload"},
	{"init with a credential of a wrong type", false, []string{`{"type":"connection_init","payload":{"Authorization":7}}`}, 4400, ""},
	{"subscribe without an id", true, []string{`{"type":"subscribe","payload":{"query":"{ hello }"}}`}, 4400, "id"},
	{"subscribe with an empty id", true, []string{`{"id":"","type":"subscribe","payload":{"query":"{ hello }"}}`}, 4400, "id"},
	{"subscribe with a number as id", true, []string{`{"id":1,"type":"subscribe","payload":{"query":"{ hello }"}}`}, 4400, "id"},
	{"subscribe with an endless id", true, []string{`{"id":"` + strings.Repeat("x", 257) + `","type":"subscribe","payload":{"query":"{ hello }"}}`}, 4400, "id"},
	{"subscribe without a payload", true, []string{`{"id":"1","type":"subscribe"}`}, 4400, ""},
	{"subscribe without a query", true, []string{`{"id":"1","type":"subscribe","payload":{}}`}, 4400, "query is required"},
	{"subscribe with variables of a wrong type", true, []string{`{"id":"1","type":"subscribe","payload":{"query":"{ hello }","variables":"x"}}`}, 4400, "variables"},
	{"complete without an id", true, []string{`{"type":"complete"}`}, 4400, "id"},

	{"subscribe before init", false, []string{`{"id":"1","type":"subscribe","payload":{"query":"{ hello }"}}`}, 4401, "Unauthorized"},

	{"init without a payload", false, []string{`{"type":"connection_init"}`}, 4403, "UNAUTHENTICATED"},
	{"init with a null payload", false, []string{`{"type":"connection_init","payload":null}`}, 4403, "UNAUTHENTICATED"},
	{"init with another scheme", false, []string{`{"type":"connection_init","payload":{"Authorization":"Basic x"}}`}, 4403, "UNAUTHENTICATED"},
	{"init with an unknown token", false, []string{`{"type":"connection_init","payload":{"Authorization":"Bearer nobody"}}`}, 4403, "UNAUTHENTICATED"},
	{"init with a session that is over", false, []string{`{"type":"connection_init","payload":{"authorization":"Bearer over"}}`}, 4403, "SESSION_EXPIRED"},
	{"init with a bad key", false, []string{`{"type":"connection_init","payload":{"x-api-key":"bad"}}`}, 4403, "INVALID_API_KEY"},
	{"init when too many ask", false, []string{`{"type":"connection_init","payload":{"Authorization":"Bearer busy"}}`}, 1013, "RATE_LIMITED"},
	{"init when access fails", false, []string{`{"type":"connection_init","payload":{"Authorization":"Bearer broken"}}`}, 1013, "INTERNAL"},
	{"init when access panics", false, []string{`{"type":"connection_init","payload":{"Authorization":"Bearer panics"}}`}, 1013, "INTERNAL"},

	{"a live id again", true, []string{
		`{"id":"1","type":"subscribe","payload":{"query":"subscription { live }"}}`,
		`{"id":"1","type":"subscribe","payload":{"query":"subscription { live }"}}`}, 4409, "Subscriber for 1 already exists"},
	{"a long live id again", true, []string{
		`{"id":"` + strings.Repeat("ü", 128) + `","type":"subscribe","payload":{"query":"subscription { live }"}}`,
		`{"id":"` + strings.Repeat("ü", 128) + `","type":"subscribe","payload":{"query":"subscription { live }"}}`}, 4409, "already exists"},
	{"a live id again while it starts", true, []string{
		`{"id":"1","type":"subscribe","payload":{"query":"subscription { slow }"}}`,
		`{"id":"1","type":"subscribe","payload":{"query":"{ hello }"}}`}, 4409, ""},
	{"init again", true, []string{`{"type":"connection_init","payload":{"Authorization":"Bearer ann"}}`}, 4429, "Too many initialisation requests"},
	{"a message too large", true, []string{`{"type":"ping","payload":{"x":"` + strings.Repeat("x", 5000) + `"}}`}, 1009, ""},
}

func TestEndings(t *testing.T) {
	h := open(t, limits(httpd.Limits{Message: 4096}))
	for _, c := range endings {
		t.Run(c.name, func(t *testing.T) {
			k := h.dial()
			if c.in {
				k = h.enter("ann")
			}
			for _, m := range c.send {
				k.send("%s", m)
			}
			text := k.expectClose(c.code)
			require.Contains(t, text, c.text)
			require.NotContains(t, text, "secret")
		})
	}
	t.Run("binary", func(t *testing.T) {
		k := h.enter("ann")
		require.NoError(t, k.WriteMessage(websocket.BinaryMessage, []byte(`{"type":"ping"}`)))
		k.expectClose(4400)
	})
	t.Run("init twice before the answer", func(t *testing.T) {
		h.access.gate = make(chan struct{})
		k := h.dial()
		k.init("gated")
		k.init("gated")
		k.expectClose(4429)
	})
	t.Run("subscribe before the answer", func(t *testing.T) {
		k := h.dial()
		k.init("gated")
		k.subscribe("1", "{ hello }")
		k.expectClose(4401)
	})
}

func TestSubprotocol(t *testing.T) {
	h := open(t)
	for _, offered := range [][]string{nil, {"graphql-ws"}} {
		conn, _, err := (&websocket.Dialer{Subprotocols: offered}).Dial(h.wsURL(), nil)
		require.NoError(t, err)
		h.client(conn).expectClose(4406)
	}
	conn, res, err := (&websocket.Dialer{Subprotocols: []string{"graphql-ws", "graphql-transport-ws"}}).Dial(h.wsURL(), http.Header{"X-Request-Id": {"r1"}})
	require.NoError(t, err)
	h.client(conn)
	require.Equal(t, "graphql-transport-ws", conn.Subprotocol())
	require.Equal(t, "r1", res.Header.Get("X-Request-Id"))
}

func TestOrigins(t *testing.T) {
	same := open(t)
	ours := open(t, func(c *httpd.Config) { c.Origins = []string{"https://app.example"} })
	for _, c := range []struct {
		h      *house
		origin string
		in     bool
	}{
		{same, "", true},
		{same, same.listen.URL, true},
		{same, "https://evil.example", false},
		{same, "null", false},
		{ours, "", true},
		{ours, "https://app.example", true},
		{ours, "https://APP.example", true},
		{ours, "https://app.example.evil", false},
		{ours, ours.listen.URL, false},
	} {
		header := http.Header{}
		if c.origin != "" {
			header.Set("Origin", c.origin)
		}
		conn, res := c.h.attempt(header)
		require.Equal(t, c.in, conn != nil, c.origin)
		if !c.in {
			require.Equal(t, 403, res.StatusCode)
		}
	}
}

func TestCredentialsOfInit(t *testing.T) {
	h := open(t)
	for payload, who := range map[string]string{
		`{"Authorization":"Bearer ann"}`:            "ann",
		`{"authorization":"bearer bob","other":[]}`: "bob",
		`{"X-API-Key":"key"}`:                       "key1",
		`{"x-api-KEY":"key"}`:                       "key1",
	} {
		k := h.dial()
		k.send(`{"type":"connection_init","payload":%s}`, payload)
		k.expect(`{"type":"connection_ack"}`)
		k.subscribe("1", "{ who }")
		k.expect(`{"id":"1","type":"next","payload":{"data":{"who":"` + who + `"}}}`)
		k.expect(`{"id":"1","type":"complete"}`)
	}
}

func TestPing(t *testing.T) {
	h := open(t)
	k := h.dial()
	k.send(`{"type":"ping"}`)
	k.expect(`{"type":"pong"}`)
	k.send(`{"type":"pong"}`)
	k.send(`{"type":"ping","payload":null}`)
	k.expect(`{"type":"pong"}`)
	k.send(`{"type":"ping","payload":{"at": 12345678901234567890}}`)
	require.Equal(t, `{"type":"pong","payload":{"at": 12345678901234567890}}`, k.read())

	heard := make(chan string, 1) // one pong is awaited
	k.SetPongHandler(func(data string) error { heard <- data; return nil })
	require.NoError(t, k.WriteControl(websocket.PingMessage, []byte("there?"), time.Now().Add(patience)))
	k.silence()
	require.Equal(t, "there?", <-heard)
}
