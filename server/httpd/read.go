package httpd

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
)

// read is the socket's own goroutine. It never runs the engine or Access, so that it always sees the next message, and
// so that its stack stays small. It ends when the connection does.
func (k *socket) read() {
	defer k.finish()
	for {
		kind, body, err := k.conn.NextReader()
		if err != nil {
			k.drain(err)
			return
		}
		k.seen.Store(k.server.now().UnixNano())
		if k.isClosed() {
			continue // only the client's goodbye matters now
		}
		if kind != websocket.TextMessage {
			k.close(closeInvalid, "Invalid message: text is needed")
			continue
		}
		raw, err := io.ReadAll(body)
		if err != nil {
			k.drain(err)
			return
		}
		m, err := decodeMessage(raw)
		if err != nil {
			k.close(closeInvalid, "Invalid message: "+err.Error())
			continue
		}
		k.receive(m)
	}
}

// drain reads what a client with too large a message still sends, for a moment: else the network would throw away the
// close code 1009 it was just given.
func (k *socket) drain(err error) {
	if !errors.Is(err, websocket.ErrReadLimit) {
		return
	}
	k.drop(0, "")
	_ = k.conn.NetConn().SetReadDeadline(time.Now().Add(linger))
	_, _ = io.Copy(io.Discard, k.conn.NetConn())
}

func (k *socket) receive(m message) {
	switch m.kind {
	case "connection_init":
		k.initiate(m)
	case "ping":
		k.push(outbound{data: pongWith(m.payload)})
	case "subscribe":
		k.subscribe(m)
	case "complete":
		k.complete(m.id)
	}
}

// initiate starts the check of the credential; a second init closes the socket, whatever became of the first.
func (k *socket) initiate(m message) {
	cred, err := decodeInit(m.payload)
	if err != nil {
		k.close(closeInvalid, "Invalid message: "+err.Error())
		return
	}
	if cred == (Credential{}) {
		cred.Cookie = k.cookie
	}
	k.mu.Lock()
	first := k.stage == opened
	if first && !k.closed {
		k.stage = authenticating
		ctx := k.ctx
		k.server.roster.work.Go(func() { k.admit(ctx, cred) })
	}
	k.mu.Unlock()
	if !first {
		k.close(closeTooManyInits, "Too many initialisation requests")
	}
}

// admit asks who the client is and lets it in. It runs in a goroutine of its own, which ends with the socket's context
// at the latest, when the init timeout closes the socket.
func (k *socket) admit(ctx context.Context, cred Credential) {
	roster, limits := &k.server.roster, &k.server.config.Limits
	for {
		epoch := roster.epoch()
		v, refused := k.server.authenticate(ctx, cred)
		if refused == nil && k.watch(ctx, v) {
			v, refused = k.server.authenticate(ctx, cred)
		}
		if refused != nil {
			k.turnAway(refused)
			return
		}
		switch roster.admit(k, v, epoch, limits.Sockets) {
		case full:
			k.close(websocket.CloseTryAgainLater, "Try again later: too many sockets")
			return
		case admitted:
			k.acknowledge(v)
			return
		}
	}
}

// turnAway closes a socket whose holder is not let in, or not any more.
func (k *socket) turnAway(refused *fault.Fault) {
	code := string(refused.Kind)
	if refused.Reason != "" {
		code += " " + refused.Reason
	}
	switch refused.Kind {
	case fault.Internal, fault.Overloaded, fault.RateLimited, fault.Upstream:
		k.close(websocket.CloseTryAgainLater, "Try again later: "+code)
	default:
		k.close(closeForbidden, "Forbidden: "+code)
	}
}

// watch tells Access of the socket, once; true when its holder has to be asked for again. The socket may be gone by then.
func (k *socket) watch(ctx context.Context, v *viewer.Viewer) (again bool) {
	k.mu.Lock()
	known := k.watched != nil || k.closed
	k.mu.Unlock()
	if known {
		return false
	}
	access := k.server.config.Access
	anew, err := access.Opened(ctx, v)
	if err != nil {
		k.turnAway(refusalOf(fault.Internal))
		return false
	}
	k.mu.Lock()
	gone := k.closed
	if !gone {
		k.watched = v
	}
	k.mu.Unlock()
	if gone {
		access.Closed(v)
	}
	return anew
}

func (k *socket) acknowledge(v *viewer.Viewer) {
	k.become(v)
	k.mu.Lock()
	k.stage, k.told = ready, k.server.now()
	k.mu.Unlock()
	k.push(outbound{data: connectionAck})
}

// become makes a viewer the one that operations are started for from now on.
func (k *socket) become(v *viewer.Viewer) {
	k.mu.Lock()
	k.ctx = viewer.NewContext(k.base, v)
	k.expires = v.ExpiresAt
	k.mu.Unlock()
}
