package httpd

import (
	"time"

	"github.com/gorilla/websocket"
)

// tend is the one clock of all sockets: it pings, and closes those that are silent, never said who they are, or
// outlived their credential. It never waits for a socket.
func (s *Server) tend(stop <-chan struct{}) {
	tick := time.NewTicker(s.config.Limits.pulse())
	defer tick.Stop()
	var sockets []*socket
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		sockets = s.roster.list(sockets[:0])
		for _, k := range sockets {
			k.tend(s.now(), &s.config.Limits)
		}
		clear(sockets) // what has left must not be held until the next tick
	}
}

func (k *socket) tend(now time.Time, limits *Limits) {
	k.mu.Lock()
	closed, acknowledged, expires := k.closed, k.stage == ready, k.expires
	k.mu.Unlock()
	switch {
	case closed:
	case !acknowledged && now.Sub(k.opened) >= limits.Init:
		k.close(closeInitTimeout, "Connection initialisation timeout")
	case now.Sub(time.Unix(0, k.seen.Load())) >= limits.Idle:
		k.close(websocket.CloseTryAgainLater, "Silent for too long")
	case !expires.IsZero() && !now.Before(expires):
		k.close(closeForbidden, "Forbidden: SESSION_EXPIRED")
	case now.Sub(k.pinged) >= limits.Ping:
		k.pinged = now
		k.mu.Lock()
		if !k.closed {
			k.pingDue = true
			k.startWriter()
		}
		k.mu.Unlock()
	}
}
