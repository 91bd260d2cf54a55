package simulator

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answer is what goes back.
type answer struct {
	status int
	body   []byte
}

// no is a refusal of the contract. workspace says whom it is about, if anybody.
func no(status int, code, workspace string) answer {
	type refusal struct {
		Code        string `json:"code"`
		WorkspaceID string `json:"workspace_id,omitempty"`
	}
	return answer{status, encode(map[string]refusal{"error": {code, workspace}})}
}

// contract registers the partner's routes.
func (s *Simulator) contract(mux *http.ServeMux) {
	for route, handle := range map[string]func(*http.Request, string, []byte) answer{
		RouteWorkspace: s.workspace, RouteMembers: s.members, RouteSubscribers: s.subscribers, RouteKey: s.key, RouteMails: s.mail,
	} {
		mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, route, handle) })
	}
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, _ *http.Request) { send(w, no(http.StatusNotFound, "ROUTE_NOT_FOUND", "")) })
}

// serve counts a question, lets a fault have it, and answers.
func (s *Simulator) serve(w http.ResponseWriter, r *http.Request, route string, handle func(*http.Request, string, []byte) answer) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20)) // whole, or the end of the connection goes unseen
	if err != nil {
		send(w, no(http.StatusRequestEntityTooLarge, "TOO_LARGE", ""))
		return
	}
	id := r.PathValue("id")
	s.mu.Lock()
	s.counts[route]++
	f := s.next(route, id)
	s.mu.Unlock()
	s.heard(route)
	answers := func(id string) answer {
		if s.token != "" && r.Header.Get("Authorization") != "Bearer "+s.token {
			return no(http.StatusUnauthorized, "TOKEN_REFUSED", "")
		}
		return handle(r, id, body)
	}
	if f != nil {
		f.spoil(w, r, id, answers)
		return
	}
	send(w, answers(id))
}

func send(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the asker may have gone
}

func unknown(id string) answer { return no(http.StatusNotFound, "WORKSPACE_NOT_FOUND", id) }

func (s *Simulator) workspace(_ *http.Request, id string, _ []byte) answer {
	w, ok := s.Workspace(id)
	if !ok {
		return unknown(id)
	}
	return answer{http.StatusOK, encode(w.answer())}
}

// number reads a query parameter from 1 to most.
func number(r *http.Request, name string, otherwise, most int) (int, bool) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= most
}

func (s *Simulator) members(r *http.Request, id string, _ []byte) answer {
	w, ok := s.Workspace(id)
	if !ok {
		return unknown(id)
	}
	page, okPage := number(r, "page", 1, 1_000_000)
	limit, okLimit := number(r, "limit", 50, 200)
	if !okPage || !okLimit {
		return no(http.StatusBadRequest, "BAD_REQUEST", "")
	}
	role, name := r.URL.Query().Get("role"), strings.ToLower(r.URL.Query().Get("name"))
	list := slices.DeleteFunc(w.Members, func(m Member) bool {
		return role != "" && m.Role != role || name != "" && !strings.Contains(strings.ToLower(m.FirstName+" "+m.LastName+" "+m.Email), name)
	})
	slices.SortFunc(list, func(a, b Member) int {
		return cmp.Or(cmp.Compare(a.FirstName, b.FirstName), cmp.Compare(a.LastName, b.LastName), cmp.Compare(a.ID, b.ID))
	})
	from := min((page-1)*limit, len(list))
	return answer{http.StatusOK, encode(map[string]any{"workspace_id": id, "items": append([]Member{}, list[from:min(from+limit, len(list))]...),
		"total": len(list), "page": page, "limit": limit, "total_pages": (len(list) + limit - 1) / limit})}
}

// hasKey tells whether a question carries one of the workspace's keys.
func (w *Workspace) hasKey(r *http.Request) bool {
	return slices.Contains(w.Keys, r.Header.Get("X-Workspace-Key"))
}

func (s *Simulator) key(r *http.Request, id string, _ []byte) answer {
	w, ok := s.Workspace(id)
	if !ok {
		return unknown(id)
	}
	if !w.hasKey(r) {
		return no(http.StatusForbidden, "KEY_REFUSED", id)
	}
	return answer{http.StatusOK, encode(map[string]string{"workspace_id": id})}
}

// place is where a page of subscribers ends; a cursor is one, wrapped.
type place struct {
	At time.Time `json:"at"`
	ID string    `json:"id"`
}

func (p place) compare(s Subscriber) int {
	return cmp.Or(p.At.Compare(s.UpdatedAt), cmp.Compare(p.ID, s.ID))
}

func (s *Simulator) subscribers(r *http.Request, id string, _ []byte) answer {
	w, ok := s.Workspace(id)
	if !ok {
		return unknown(id)
	}
	if !w.hasKey(r) {
		return no(http.StatusForbidden, "KEY_REFUSED", id)
	}
	var since time.Time
	var after place
	limit, okLimit := number(r, "limit", 100, 200)
	bad := !okLimit
	if text := r.URL.Query().Get("since"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		since, bad = at, bad || err != nil
	}
	cursor := r.URL.Query().Get("cursor")
	if cursor != "" {
		text, err := base64.RawURLEncoding.DecodeString(cursor)
		bad = bad || err != nil || json.Unmarshal(text, &after) != nil
	}
	if bad {
		return no(http.StatusBadRequest, "BAD_REQUEST", "")
	}
	list := slices.DeleteFunc(w.Subscribers, func(s Subscriber) bool {
		return s.UpdatedAt.Before(since) || cursor != "" && after.compare(s) >= 0
	})
	slices.SortFunc(list, func(a, b Subscriber) int { return place{a.UpdatedAt, a.ID}.compare(b) })
	next := ""
	if len(list) > limit {
		list = list[:limit]
		next = base64.RawURLEncoding.EncodeToString(encode(place{list[limit-1].UpdatedAt, list[limit-1].ID}))
	}
	return answer{http.StatusOK, encode(map[string]any{"workspace_id": id, "items": append([]Subscriber{}, list...), "next_cursor": next})}
}

// mail takes a mail, once for each key.
func (s *Simulator) mail(r *http.Request, _ string, body []byte) answer {
	var in struct{ To, Subject, Text, HTML string }
	if json.Unmarshal(body, &in) != nil || !strings.Contains(in.To, "@") || in.Subject == "" || in.Text == "" {
		return no(http.StatusUnprocessableEntity, "MAIL_REFUSED", "")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := Mail{Key: r.Header.Get("Idempotency-Key"), To: in.To, Subject: in.Subject, Text: in.Text, HTML: in.HTML, TakenAt: s.now().UTC()}
	if before, ok := s.taken[m.Key]; ok && m.Key != "" {
		if before.TakenAt = m.TakenAt; before != m {
			return no(http.StatusConflict, "MAIL_KEY_REUSED", "")
		}
	} else {
		s.mails = append(s.mails, m)
		s.mails = s.mails[max(0, len(s.mails)-10_000):]
		s.taken[m.Key] = m
	}
	return answer{http.StatusAccepted, encode(map[string]bool{"accepted": true})}
}
