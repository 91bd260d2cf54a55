package servertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// patience bounds every wait of a test for something that must come.
const patience = 90 * time.Second

// Stream is one subscription on a socket of its own.
type Stream struct {
	conn *websocket.Conn
	id   string
}

// Frame is one payload of a stream.
type Frame struct {
	Data   json.RawMessage
	Errors []Error
}

var streams atomic.Int64

// Subscribe opens a socket and a stream on it.
func (c *Client) Subscribe(t testing.TB, query string, vars Vars) *Stream {
	t.Helper()
	d := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: patience}
	conn, _, err := d.Dial("ws"+strings.TrimPrefix(c.URL, "http")+"/graphql", nil)
	check(t, err)
	s := &Stream{conn, fmt.Sprintf("s%d", streams.Add(1))}
	t.Cleanup(func() { conn.Close() })
	s.send(t, map[string]any{"type": "connection_init", "payload": map[string]any{"Authorization": "Bearer " + c.Token}})
	if m := s.read(t); m.Type != "connection_ack" {
		t.Fatalf("no ack but %+v", m)
	}
	s.send(t, map[string]any{"type": "subscribe", "id": s.id, "payload": map[string]any{"query": query, "variables": vars}})
	return s
}

type message struct {
	Type    string
	ID      string
	Payload json.RawMessage
}

func (s *Stream) send(t testing.TB, m any) {
	t.Helper()
	check(t, s.conn.WriteJSON(m))
}

func (s *Stream) read(t testing.TB) (m message) {
	t.Helper()
	check(t, s.conn.SetReadDeadline(time.Now().Add(patience)))
	check(t, s.conn.ReadJSON(&m))
	return m
}

// Next waits for the next frame and decodes its data into T.
func Next[T any](t testing.TB, s *Stream) (out T) {
	t.Helper()
	m := s.read(t)
	if m.Type != "next" {
		t.Fatalf("no frame but %s: %s", m.Type, m.Payload)
	}
	var f Frame
	check(t, json.Unmarshal(m.Payload, &f))
	if len(f.Errors) > 0 {
		t.Fatalf("a frame with errors: %+v", f.Errors)
	}
	check(t, json.Unmarshal(f.Data, &out))
	return out
}

// Refused waits for the stream's refusal and gives its first error.
func (s *Stream) Refused(t testing.TB) Error {
	t.Helper()
	m := s.read(t)
	if m.Type != "error" {
		t.Fatalf("not refused but %s: %s", m.Type, m.Payload)
	}
	var errs []Error
	check(t, json.Unmarshal(m.Payload, &errs))
	return errs[0]
}

// Ended waits for the stream's `complete`.
func (s *Stream) Ended(t testing.TB) {
	t.Helper()
	if m := s.read(t); m.Type != "complete" {
		t.Fatalf("not ended but %s: %s", m.Type, m.Payload)
	}
}

// Closed waits for the server to close the socket, passing over what it says before, and gives the code and the reason.
func (s *Stream) Closed(t testing.TB) (code int, reason string) {
	t.Helper()
	for {
		check(t, s.conn.SetReadDeadline(time.Now().Add(patience)))
		_, _, err := s.conn.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code, closed.Text
		}
		check(t, err)
	}
}

// Close closes the socket.
func (s *Stream) Close() { s.conn.Close() }
