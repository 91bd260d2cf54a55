package main

import (
	"io"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// sockets are the open websockets.
type sockets struct {
	mu  sync.Mutex
	all map[*websocket.Conn]bool
}

func handleSockets(mux *http.ServeMux) {
	s := &sockets{all: map[*websocket.Conn]bool{}}
	mux.HandleFunc("GET /socket", s.open)
	mux.HandleFunc("POST /broadcast", s.broadcast)
}

// open keeps a socket until its client leaves.
func (s *sockets) open(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	defer conn.Close()
	s.mu.Lock()
	s.all[conn] = true
	s.mu.Unlock()
	for err == nil {
		_, _, err = conn.NextReader()
	}
	s.mu.Lock()
	delete(s.all, conn)
	s.mu.Unlock()
}

// broadcast writes the request's body to every socket: gorilla's fastest way, the frame is built once.
func (s *sockets) broadcast(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	frame, err := websocket.NewPreparedMessage(websocket.TextMessage, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.all {
		if err := conn.WritePreparedMessage(frame); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	writeJSON(w, []byte(`{"data":{}}`))
}
