package httpd

import (
	"net/http"
	"net/url"
	"strings"
)

// frame says on a page which sites may hold it in a frame.
func (s *Server) frame(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", "frame-ancestors "+s.framers(r))
}

// framers are those of the workspace that the address names, else nobody.
func (s *Server) framers(r *http.Request) string {
	id := workspaceOf(r.URL)
	if id == "" || s.config.FrameAncestors == nil {
		return "'none'"
	}
	allowed, err := s.config.FrameAncestors(r.Context(), id)
	if err != nil {
		s.config.Logger.WarnContext(r.Context(), "who may frame a workspace", "err", err)
		return "'none'"
	}
	return allowed
}

// workspaceOf is the workspace's id at the partner in an address: /w/ID/…, or workspace_id in its query.
func workspaceOf(u *url.URL) string {
	if rest, ok := strings.CutPrefix(u.Path, "/w/"); ok {
		id, _, _ := strings.Cut(rest, "/")
		return id
	}
	return u.Query().Get("workspace_id")
}
