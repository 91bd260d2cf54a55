package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// client is a raw websocket client: it knows JSON and close codes, nothing of the protocol.
type client struct {
	h *house
	*websocket.Conn
}

func (h *house) dialer() *websocket.Dialer {
	return &websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: patience}
}

func (h *house) wsURL() string { return "ws" + strings.TrimPrefix(h.listen.URL, "http") + "/graphql" }

// dial opens a socket that has said nothing yet.
func (h *house) dial() *client {
	h.t.Helper()
	conn, _, err := h.dialer().Dial(h.wsURL(), nil)
	require.NoError(h.t, err)
	return h.client(conn)
}

func (h *house) client(conn *websocket.Conn) *client {
	h.t.Cleanup(func() { _ = conn.Close() })
	return &client{h, conn}
}

// enter opens a socket and is let in.
func (h *house) enter(bearer string) *client {
	h.t.Helper()
	c := h.dial()
	c.init(bearer)
	c.expect(`{"type":"connection_ack"}`)
	return c
}

func (c *client) init(bearer string) {
	c.h.t.Helper()
	c.send(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, bearer)
}

func (c *client) send(format string, args ...any) {
	c.h.t.Helper()
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	require.NoError(c.h.t, c.WriteMessage(websocket.TextMessage, []byte(text)))
}

func (c *client) subscribe(id, query string) {
	c.h.t.Helper()
	c.send(`{"id":%q,"type":"subscribe","payload":{"query":%q}}`, id, query)
}

func (c *client) read() string {
	c.h.t.Helper()
	require.NoError(c.h.t, c.SetReadDeadline(time.Now().Add(patience)))
	_, raw, err := c.ReadMessage()
	require.NoError(c.h.t, err)
	return string(raw)
}

func (c *client) expect(want string) {
	c.h.t.Helper()
	require.JSONEq(c.h.t, want, c.read())
}

// expectError reads an `error` message and checks its code.
func (c *client) expectError(id, code string) {
	c.h.t.Helper()
	var m struct {
		ID, Type string
		Payload  []struct {
			Message    string
			Extensions struct{ Code, RequestID string }
		}
	}
	raw := c.read()
	require.NoError(c.h.t, json.Unmarshal([]byte(raw), &m), raw)
	require.Equal(c.h.t, "error", m.Type, raw)
	require.Equal(c.h.t, id, m.ID)
	require.Len(c.h.t, m.Payload, 1)
	require.Equal(c.h.t, code, m.Payload[0].Extensions.Code)
	require.NotContains(c.h.t, raw, "secret")
}

// silence checks that the server has nothing more to say: what it says before the answer to a ping is too much.
func (c *client) silence() {
	c.h.t.Helper()
	c.send(`{"type":"ping","payload":{"are":"you there"}}`)
	c.expect(`{"type":"pong","payload":{"are":"you there"}}`)
}

// expectClose reads on until the server closes and checks its code.
func (c *client) expectClose(code int) string {
	c.h.t.Helper()
	require.NoError(c.h.t, c.SetReadDeadline(time.Now().Add(patience)))
	for {
		_, _, err := c.ReadMessage()
		if err == nil {
			continue
		}
		closed := &websocket.CloseError{}
		require.ErrorAs(c.h.t, err, &closed)
		require.Equal(c.h.t, code, closed.Code, closed.Text)
		return closed.Text
	}
}

// attempt dials and gives the response of a refused handshake.
func (h *house) attempt(header http.Header) (*websocket.Conn, *http.Response) {
	h.t.Helper()
	conn, res, err := h.dialer().Dial(h.wsURL(), header)
	if err != nil {
		require.ErrorIs(h.t, err, websocket.ErrBadHandshake)
		return nil, res
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	return conn, res
}
