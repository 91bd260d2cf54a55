package mail

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net"
	"net/http"
	"regexp"
	"strings"
)

//go:embed mailbox.html.tmpl
var mailboxText string

var mailboxPage = template.Must(template.New("mailbox").Funcs(template.FuncMap{"pieces": pieces}).Parse(mailboxText))

// mailboxPolicy lets the page show itself and nothing run, load, call or frame. A mail in its frame is under it too, and
// its styles stand in its elements.
const mailboxPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler answers GET on Path with the list of mails, and on Path/ID with one, as a page or, when the request accepts
// application/json, as JSON: a list of [Kept], or one. It knows no login: it must only be reachable on the machine
// itself, and answers only requests that name it as such, so that no other site's page can read it by a name of its own.
func (m *Mailbox) Handler() http.Handler {
	path := strings.TrimRight(or(m.Path, "/dev/mailbox"), "/")
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { m.serveList(w, r, path) })
	mux.HandleFunc("GET "+path+"/{$}", func(w http.ResponseWriter, r *http.Request) { m.serveList(w, r, path) })
	mux.HandleFunc("GET "+path+"/{id}", func(w http.ResponseWriter, r *http.Request) { m.serveOne(w, r, path) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", mailboxPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("Vary", "Accept")
		if !loopback(hostname(r.Host)) {
			http.Error(w, "the mailbox is for this machine alone", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// page is what the template is filled with.
type page struct {
	Path string
	List []Kept
	Mail *Kept
}

func (m *Mailbox) serveList(w http.ResponseWriter, r *http.Request, path string) {
	list, err := m.List(r.Context())
	answer(w, r, err, list, page{Path: path, List: list})
}

func (m *Mailbox) serveOne(w http.ResponseWriter, r *http.Request, path string) {
	kept, err := m.Find(r.Context(), r.PathValue("id"))
	if err == nil && kept == nil {
		http.Error(w, "there is no such mail", http.StatusNotFound)
		return
	}
	answer(w, r, err, kept, page{Path: path, Mail: kept})
}

func answer(w http.ResponseWriter, r *http.Request, err error, value any, p page) {
	var body bytes.Buffer
	media := "text/html; charset=utf-8"
	switch {
	case err != nil:
	case strings.Contains(strings.Join(r.Header.Values("Accept"), ","), "application/json"):
		media = "application/json"
		err = json.NewEncoder(&body).Encode(value)
	default:
		err = mailboxPage.Execute(&body, p)
	}
	if err != nil {
		http.Error(w, "the mailbox cannot be read", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	_, _ = w.Write(body.Bytes()) // who has gone does not miss it
}

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

// piece is a stretch of a plain text; Link when it is one.
type piece struct {
	Text string
	Link bool
}

var link = regexp.MustCompile(`https?://[^\s<>"']+[^\s<>"'.,;:!?)]`)

// pieces cuts a text at its links, so that they can be followed.
func pieces(text string) (list []piece) {
	at := 0
	for _, m := range link.FindAllStringIndex(text, -1) {
		list = append(list, piece{text[at:m[0]], false}, piece{text[m[0]:m[1]], true})
		at = m[1]
	}
	return append(list, piece{text[at:], false})
}
