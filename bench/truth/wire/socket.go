package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	handshakeTime = 20 * time.Second
	writeTime     = 10 * time.Second
	// silence is longer than the server's longest silence: it pings every 15 s.
	silence = 60 * time.Second
)

// Socket is one websocket with one subscription on it.
type Socket struct {
	conn *websocket.Conn
	// Before, when set, runs before each message is taken from the network: what makes a reader slow.
	Before func()
}

// Closed is the end of a subscription. Code is the close code; 0 when the connection just broke or the server completed
// the subscription by itself.
type Closed struct {
	Code int
	Text string
}

// Error says how it ended.
func (e *Closed) Error() string { return fmt.Sprintf("socket closed with %d %s", e.Code, e.Text) }

// message is a message of graphql-transport-ws.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// Subscribe dials a server, starts a subscription and returns once the server was told of it. A small receive buffer makes
// a slow reader felt by the server soon; a smaller one than a loopback segment would starve on retransmissions.
func Subscribe(ctx context.Context, base string, who Credential, operation string, variables map[string]any, smallBuffer bool) (*Socket, error) {
	dialer := websocket.Dialer{HandshakeTimeout: handshakeTime, Subprotocols: []string{"graphql-transport-ws"}, ReadBufferSize: 4096, WriteBufferSize: 1024}
	if smallBuffer {
		dialer.NetDialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetReadBuffer(64 << 10)
			}
			return conn, err
		}
	}
	conn, res, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(base, "http")+"/graphql", http.Header{})
	if err != nil {
		if res != nil {
			return nil, &Broken{fmt.Errorf("websocket handshake: %w (status %d)", err, res.StatusCode)}
		}
		return nil, &Broken{err}
	}
	s := &Socket{conn: conn}
	conn.SetPingHandler(func(data string) error {
		_ = conn.SetReadDeadline(time.Now().Add(silence))
		_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTime))
		return nil
	})
	if err := s.start(who, operation, variables); err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

func (s *Socket) start(who Credential, operation string, variables map[string]any) error {
	if err := s.write("connection_init", "", who.initPayload()); err != nil {
		return err
	}
	for acknowledged := false; !acknowledged; {
		m, err := s.read()
		if err != nil {
			return err
		}
		acknowledged = m.Type == "connection_ack"
	}
	return s.write("subscribe", "1", map[string]any{"query": operation, "variables": variables})
}

// Next gives the data of the next `next` message. The error is *Closed, *Refused, or says what breaks the protocol.
func (s *Socket) Next() (json.RawMessage, error) {
	for {
		if s.Before != nil {
			s.Before()
		}
		m, err := s.read()
		if err != nil {
			return nil, err
		}
		switch m.Type {
		case "next":
			var a answer
			if err := json.Unmarshal(m.Payload, &a); err != nil {
				return nil, fmt.Errorf("next: %w: %.300s", err, m.Payload)
			}
			if len(a.Errors) > 0 {
				return nil, refusal(a.Errors)
			}
			return a.Data, nil
		case "error":
			var list []wireError
			if err := json.Unmarshal(m.Payload, &list); err != nil {
				return nil, fmt.Errorf("error: %w: %.300s", err, m.Payload)
			}
			return nil, refusal(list)
		case "complete":
			return nil, &Closed{0, "the server completed the subscription"}
		}
	}
}

// Close drops the connection without a word, as a tunnel does.
func (s *Socket) Close() { _ = s.conn.NetConn().Close() }

// read takes a message and answers pings.
func (s *Socket) read() (message, error) {
	for {
		var m message
		_ = s.conn.SetReadDeadline(time.Now().Add(silence))
		_, text, err := s.conn.ReadMessage()
		if err != nil {
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				return m, &Closed{closed.Code, closed.Text}
			}
			return m, &Closed{0, err.Error()}
		}
		if err := json.Unmarshal(text, &m); err != nil {
			return m, fmt.Errorf("a message that is no JSON: %.300s", text)
		}
		if m.Type != "ping" {
			return m, nil
		}
		if err := s.write("pong", "", nil); err != nil {
			return m, err
		}
	}
}

func (s *Socket) write(kind, id string, payload any) error {
	m := map[string]any{"type": kind}
	if id != "" {
		m["id"] = id
	}
	if payload != nil {
		m["payload"] = payload
	}
	_ = s.conn.SetWriteDeadline(time.Now().Add(writeTime))
	if err := s.conn.WriteJSON(m); err != nil {
		return &Closed{0, err.Error()}
	}
	return nil
}
