package crowd

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// writeBuffers are borrowed for a moment, so that an open socket costs the client little.
var writeBuffers = new(sync.Pool)

// Dial opens a bare socket.
func Dial(ctx context.Context, url string, protocols ...string) (*websocket.Conn, error) {
	d := websocket.Dialer{Subprotocols: protocols, HandshakeTimeout: patience, ReadBufferSize: 4 << 10,
		WriteBufferSize: 4 << 10, WriteBufferPool: writeBuffers}
	conn, _, err := d.DialContext(ctx, url, nil)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", url, err)
	}
	return conn, nil
}

// Subscribe opens a socket with the graphql-transport-ws protocol, logs in, starts an operation under an id, and waits
// for its first message.
func Subscribe(ctx context.Context, url, token, id, query string, variables map[string]any) (*websocket.Conn, error) {
	conn, err := Dial(ctx, url, "graphql-transport-ws")
	if err != nil {
		return nil, err
	}
	err = talk(conn, id, map[string]any{"type": "connection_init", "payload": map[string]any{"Authorization": "Bearer " + token}}, "connection_ack")
	if err == nil {
		err = talk(conn, id, map[string]any{"type": "subscribe", "id": id,
			"payload": map[string]any{"query": query, "variables": variables}}, "next")
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, conn.SetReadDeadline(time.Time{})
}

// talk says something and waits for the answer.
func talk(conn *websocket.Conn, id string, say any, want string) error {
	if err := conn.WriteJSON(say); err != nil {
		return err
	}
	_, err := Read(conn, want)
	if err != nil {
		return fmt.Errorf("subscribe as %s: %w", id, err)
	}
	return nil
}

// Read reads a message, which must be of a type, as it comes.
func Read(conn *websocket.Conn, want string) ([]byte, error) {
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	_, body, err := conn.ReadMessage()
	if err != nil {
		return nil, err
	}
	var m struct {
		Type    string
		Payload struct{ Errors json.RawMessage }
	}
	// A refusal's payload is a list and does not fit; its type tells.
	if _ = json.Unmarshal(body, &m); m.Type != want || m.Payload.Errors != nil {
		return nil, fmt.Errorf("wanted %s, got %.300s", want, body)
	}
	return body, nil
}
