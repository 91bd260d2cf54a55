package httpd

import "net/http"

// frame says on a page which sites may hold it in a frame: those of the workspace that the address names with
// workspace_id, else nobody's.
func (s *Server) frame(w http.ResponseWriter, r *http.Request) {
	sources := "'none'"
	if id := r.URL.Query().Get("workspace_id"); id != "" && s.config.FrameAncestors != nil {
		allowed, err := s.config.FrameAncestors(r.Context(), id)
		if err != nil {
			s.config.Logger.WarnContext(r.Context(), "who may frame a workspace", "err", err)
		} else {
			sources = allowed
		}
	}
	w.Header().Set("Content-Security-Policy", "frame-ancestors "+sources)
}
