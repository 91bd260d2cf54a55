package httpd

import (
	"context"
	"io"
	"net/http"
	"time"
)

// readyTimeout is how long the health page waits for Config.Ready.
const readyTimeout = 5 * time.Second

// health tells anyone whether to send traffic here, and nothing else: 200 {"ok":true}, or 503 {"ok":false} when the
// server is not ready or is shutting down.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	err := s.config.Ready(ctx)
	if err != nil {
		s.config.Logger.WarnContext(ctx, "not ready", "error", err)
	}
	if err != nil || s.roster.isShut() {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"ok":false}`)
		return
	}
	_, _ = io.WriteString(w, `{"ok":true}`)
}
