package httpd

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// subprotocol is the one protocol spoken on a socket (enisdenjo/graphql-ws, PROTOCOL.md).
const subprotocol = "graphql-transport-ws"

// The buffers of a socket. Clients write little, and the read buffer is held for the socket's life. The write buffer
// is borrowed for one message from a pool, so that its size costs nothing at rest and saves writes.
const (
	readBuffer  = 512
	writeBuffer = 4096
)

func (s *Server) newUpgrader() websocket.Upgrader {
	return websocket.Upgrader{
		HandshakeTimeout: s.config.Limits.Write,
		ReadBufferSize:   readBuffer,
		WriteBufferSize:  writeBuffer,
		WriteBufferPool:  new(sync.Pool),
		Subprotocols:     []string{subprotocol},
		CheckOrigin:      s.maySocket,
		Error: func(w http.ResponseWriter, r *http.Request, status int, reason error) {
			reply{w, r.Context(), typeJSON}.refuse(status, fault.ValidationFailed, sentence(reason))
		},
	}
}

// upgrade turns a request into a socket and hands it to its reader, so that the request's goroutine and buffers are
// free while the socket lives. Without the subprotocol the socket opens only to say so: a failed handshake tells a
// browser nothing. To open at all for a client that offered others it must seem to take one: a client whose offer is
// left without an answer fails the handshake itself (npm's `ws`: "Server sent no subprotocol") and never sees the code.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request) {
	if s.roster.isShut() {
		reply{w, r.Context(), typeJSON}.refuse(http.StatusServiceUnavailable, fault.Overloaded, "The server is shutting down.")
		return
	}
	id := gql.RequestID(r.Context())
	upgrader := s.upgrader
	if offered := websocket.Subprotocols(r); len(offered) > 0 && !slices.Contains(offered, subprotocol) {
		upgrader.Subprotocols = offered[:1]
	}
	conn, err := upgrader.Upgrade(w, r, http.Header{"X-Request-Id": {id}})
	if err != nil {
		return // the upgrader has answered
	}
	k := newSocket(s, conn, r)
	if !s.roster.open(k) {
		_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseServiceRestart, "Service restart"), time.Now().Add(linger))
		k.finish()
		return
	}
	if conn.Subprotocol() != subprotocol {
		k.close(closeSubprotocol, "Subprotocol not acceptable")
	}
}
