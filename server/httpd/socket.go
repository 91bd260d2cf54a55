package httpd

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/gql"
)

// linger is how long a closed socket waits for its client's goodbye before the connection is cut. Cutting at once
// would let the network throw away the close code.
const linger = 2 * time.Second

// stage is how far a socket has come.
type stage int

const (
	opened         stage = iota
	authenticating       // connection_init came
	ready                // connection_ack is on its way: operations may start
)

// socket is one client's connection. Its reader goroutine owns it: it lives while the reader runs, and the reader frees
// everything. At rest there is no other goroutine. A writer is started when there is something to say and ends when
// all is said; each operation has a goroutine until its stream or its result exists.
type socket struct {
	server *Server
	conn   *websocket.Conn
	cancel context.CancelFunc
	cookie string // the session token of the browser that opened it; counts when connection_init names no credential
	opened time.Time
	seen   atomic.Int64 // when the client was last heard, Unix nanoseconds
	pinged time.Time    // the tender's own

	mu       sync.Mutex
	room     sync.Cond       // the control queue got shorter, or the socket closed
	base     context.Context // of the socket, without a viewer
	ctx      context.Context // base with the viewer, once there is one
	watched  *viewer.Viewer  // whom Access was told of
	stage    stage
	expires  time.Time
	told     time.Time // when Access was last told that the socket is in use
	live     map[string]*operation
	starting int          // operation goroutines that run, those of ended operations included
	dirty    []*operation // live operations that may have something to say, each once, longest waiting first
	control  []outbound   // bounded by push
	queued   int          // bytes in control
	pingDue  bool
	writing  bool // the writer runs
	closed   bool
	code     int // the close frame still to be sent; 0 when there is none
	reason   string
}

func newSocket(s *Server, conn *websocket.Conn, r *http.Request) *socket {
	now := s.now()
	k := &socket{server: s, conn: conn, cookie: cookieOf(r), opened: now, pinged: now}
	k.seen.Store(now.UnixNano())
	k.room.L = &k.mu
	// Not the request's context: that ends when its handler returns, and would hold the request until then.
	ctx := gql.WithClientIP(gql.WithRequestID(context.Background(), gql.RequestID(r.Context())), gql.ClientIP(r.Context()))
	k.base, k.cancel = context.WithCancel(ctx)
	k.ctx = k.base
	conn.SetReadLimit(s.config.Limits.Message)
	conn.SetPongHandler(func(string) error {
		k.seen.Store(s.now().UnixNano())
		return nil
	})
	conn.SetPingHandler(func(data string) error {
		k.seen.Store(s.now().UnixNano())
		k.push(outbound{frame: websocket.PongMessage, data: []byte(data)})
		return nil
	})
	return k
}

// close ends every operation at once and has the writer say why. Any goroutine may call it; the first reason stands.
func (k *socket) close(code int, reason string) { k.drop(code, reason) }

// cut ends the socket without a word, for a client that does not take one.
func (k *socket) cut() {
	k.drop(0, "")
	_ = k.conn.Close()
}

// finish frees what is left. The reader calls it last.
func (k *socket) finish() {
	k.cut()
	k.server.roster.leave(k)
	k.mu.Lock()
	watched := k.watched
	k.watched = nil
	k.mu.Unlock()
	if watched != nil {
		k.server.config.Access.Closed(watched)
	}
}

func (k *socket) drop(code int, reason string) {
	k.mu.Lock()
	if k.closed {
		k.mu.Unlock()
		return
	}
	k.closed, k.code, k.reason = true, code, reason
	live := k.live
	k.live, k.dirty = nil, nil
	for _, o := range live {
		o.ended = true
	}
	if code != 0 {
		k.startWriter()
	}
	k.room.Broadcast()
	k.mu.Unlock()

	k.cancel()
	for _, o := range live { // outside the lock: an engine may hold its own while it wakes us
		o.release()
	}
}

func (k *socket) isClosed() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.closed
}
