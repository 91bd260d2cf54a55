// Package httpd is the front door: GraphQL over HTTP, GraphQL over websockets (graphql-transport-ws), health, the pages of
// the web application.
//
// It promises that nobody reaches the engine without a viewer; that a request costs nothing before its size and its
// credential are known; that nothing a client sends, or fails to read, holds memory without a bound or a goroutine
// without an end; and that no text of an unexpected error leaves the house.
//
// On a socket the messages of one operation come in the order the engine gave them, operations take turns, and after
// `error`, `complete` or the client's own `complete` nothing more is said about that id. A client too slow to take a
// message within the write deadline loses its socket, and only its own. Close codes tell whether to come back: after
// 1012, 1013, 4403 and 4408 a client does, after the other 44xx it does not.
//
// The timeouts of plain HTTP connections (header, body, response) belong to the http.Server that holds the handler.
package httpd

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rapidbott/tideboard/server/gql"
)

// Server answers HTTP requests and keeps the open sockets.
type Server struct {
	config   Config
	engine   gql.Engine
	routes   *http.ServeMux
	cross    *http.CrossOriginProtection
	upgrader websocket.Upgrader
	roster   roster

	now   func() time.Time
	newID func() string
}

// New makes a server. It holds no goroutine until the first socket opens.
func New(config Config) *Server {
	config = config.withDefaults()
	s := &Server{
		config: config,
		engine: guard{config.Engine, config.Logger},
		routes: http.NewServeMux(),
		cross:  http.NewCrossOriginProtection(),
		now:    time.Now,
		newID:  rand.Text,
	}
	s.upgrader = s.newUpgrader()
	s.roster.tend = s.tend
	s.routes.HandleFunc("/graphql", s.graphql)
	s.routes.HandleFunc("GET /health", s.health)
	s.routes.HandleFunc("/", s.pages)
	if config.Mailbox != nil {
		s.routes.Handle("/dev/mailbox", config.Mailbox)
		s.routes.Handle("/dev/mailbox/", config.Mailbox)
	}
	if config.Rest != nil {
		s.routes.Handle("/api/", config.Rest)
	}
	return s
}

// ServeHTTP gives every request an id and every response its safety headers, then routes it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get("X-Request-Id")
	if !isRequestID(id) {
		id = s.newID()
	}
	h := w.Header()
	h.Set("X-Request-Id", id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	ctx := gql.WithClientIP(gql.WithRequestID(r.Context(), id), s.clientIP(r))
	s.routes.ServeHTTP(w, r.WithContext(ctx))
}

// Shutdown refuses new sockets and closes the open ones with 1012, so that their clients reconnect elsewhere. It
// returns when the last is gone; when the context ends first it cuts what is left and returns the context's error.
// Plain HTTP requests are drained by http.Server.Shutdown, which knows nothing of sockets: call both.
func (s *Server) Shutdown(ctx context.Context) error {
	for _, k := range s.roster.shut() {
		k.close(websocket.CloseServiceRestart, "Service restart")
	}
	done := make(chan struct{}) // never sent to: closed when the last goroutine of a socket has ended
	go func() {
		s.roster.work.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		for _, k := range s.roster.shut() {
			k.cut()
		}
		return ctx.Err()
	}
}

// isRequestID accepts what is safe in a log line and a header: 1 to 64 of A-Z a-z 0-9 _ -.
func isRequestID(id string) bool {
	if len(id) == 0 || len(id) > 64 {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}
