package httpd

import (
	"bytes"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// Pages is the web application. Every address that is nothing else's is a page of it: index.html, which finds its way by
// the address itself.
type Pages struct {
	// Files holds index.html, assets/ with names that change with their content, and gzip forms beside them (name.gz).
	// Nil: the application was not built.
	Files fs.FS
	// HowToBuild is shown to people where the application is not.
	HowToBuild string
}

// holds tells whether there is such a file.
func (p Pages) holds(name string) bool {
	if p.Files == nil {
		return false
	}
	info, err := fs.Stat(p.Files, name)
	return err == nil && !info.IsDir()
}

// pages answers what no other route does.
func (s *Server) pages(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	asset := strings.HasPrefix(r.URL.Path, "/assets/") || s.config.Pages.holds(name)
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "This address is read.", http.StatusMethodNotAllowed)
	case r.URL.Path == "/" && !wantsPage(r):
		s.index(w, r)
	case s.config.Pages.Files == nil && wantsPage(r):
		s.unbuilt(w, r)
	case s.config.Pages.Files == nil, name == "operations.json", !asset && !wantsPage(r):
		http.NotFound(w, r)
	case asset:
		s.asset(w, r, name)
	default:
		s.page(w, r)
	}
}

// wantsPage tells whether a person's browser asks: programs are not given a page for an answer.
func wantsPage(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// page is the application itself. Browsers ask for it anew each time, so that they find the assets of now.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy(r, s.framers(r)))
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept")
	s.file(w, r, "index.html")
}

// asset is a file that may be kept for ever, when its name changes with its content.
func (s *Server) asset(w http.ResponseWriter, r *http.Request, name string) {
	if !s.config.Pages.holds(name) || strings.HasSuffix(name, ".gz") {
		http.NotFound(w, r)
		return
	}
	kept := "no-cache"
	if strings.HasPrefix(name, "assets/") {
		kept = "public, max-age=31536000, immutable"
	}
	w.Header().Set("Cache-Control", kept)
	s.file(w, r, name)
}

// file sends a file, compressed where that was done beforehand and the browser takes it.
func (s *Server) file(w http.ResponseWriter, r *http.Request, name string) {
	h, send := w.Header(), name
	h.Add("Vary", "Accept-Encoding")
	if s.config.Pages.holds(name+".gz") && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		send += ".gz"
	}
	body, err := fs.ReadFile(s.config.Pages.Files, send)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if r.Header.Get("Range") == "" {
		h.Set("Content-Length", strconv.Itoa(len(body))) // which ServeContent leaves out of what is compressed
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		h.Set("Content-Type", kind)
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

// unbuilt tells a person that the application is missing, and how to get it.
func (s *Server) unbuilt(w http.ResponseWriter, r *http.Request) {
	s.frame(w, r)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, s.config.Pages.HowToBuild+"\n")
}

// policy is what a page may load: its own files, pictures from anywhere over https, and no script that stands in a page.
// Styles may: the libraries that place menus and cards write them.
func policy(r *http.Request, framers string) string {
	socket := "wss://" + r.Host
	if r.TLS == nil {
		socket += " ws://" + r.Host
	}
	return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; font-src 'self' data:; " +
		"connect-src 'self' " + socket + "; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; " +
		"frame-ancestors " + framers
}

// index tells a program, or a person at a terminal, who asks for the bare address where things are.
func (s *Server) index(w http.ResponseWriter, r *http.Request) {
	s.frame(w, r)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, `Tideboard

GraphQL   /graphql   POST or GET; live on a websocket, subprotocol graphql-transport-ws
Login     /api/access, /api/auth/request-otp, /api/auth/verify-otp, /api/auth/embed
Health    /health

Credentials: Authorization: Bearer …, or X-API-Key; on a websocket the same two names in the init payload.
`)
}
