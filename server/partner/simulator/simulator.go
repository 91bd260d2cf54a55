// Package simulator stands in for Rapidbott: it serves the contract of docs/partner.md over HTTP, from a state that
// can be scripted in Go and over HTTP (under /_sim/), and it fails on demand in every way a partner can. It shares no
// type with the package that asks it, so that a mistake in the one is not hidden by the other.
//
// What it holds is gone when it ends. Under /_sim/ anybody may do anything and read every mail: it belongs on a
// loopback address.
package simulator

import (
	"cmp"
	"net/http"
	"slices"
	"sync"
	"time"
)

// The routes of the contract, as faults and counts name them.
const (
	RouteWorkspace   = "GET /v1/workspaces/{id}"
	RouteMembers     = "GET /v1/workspaces/{id}/members"
	RouteSubscribers = "GET /v1/workspaces/{id}/subscribers"
	RouteKey         = "GET /v1/workspaces/{id}/key"
	RouteMails       = "POST /v1/mails"
)

// Routes are all of them.
var Routes = []string{RouteWorkspace, RouteMembers, RouteSubscribers, RouteKey, RouteMails}

// Config says how a simulator behaves. The zero value is good.
type Config struct {
	// Token is the deployment's token that every question must carry; empty asks for none.
	Token string
	// Now tells the time; nil is the real one.
	Now func() time.Time
	// Heard is called with the route of each question before it is answered or fails; nil for nobody.
	Heard func(route string)
}

// Simulator is a partner. It is an http.Handler; all methods are safe for concurrent use.
type Simulator struct {
	token   string
	now     func() time.Time
	heard   func(string)
	handler http.Handler

	mu         sync.Mutex
	workspaces map[string]*Workspace
	mails      []Mail
	taken      map[string]Mail // by idempotency key
	faults     []*Fault
	lastFault  int
	counts     map[string]int
}

// New makes an empty simulator.
func New(c Config) *Simulator {
	s := &Simulator{token: c.Token, now: c.Now, heard: c.Heard, workspaces: map[string]*Workspace{}, taken: map[string]Mail{}, counts: map[string]int{}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.heard == nil {
		s.heard = func(string) {}
	}
	mux := http.NewServeMux()
	s.contract(mux)
	s.control(mux)
	s.handler = mux
	return s
}

func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Put stores a workspace, new or in place of the one of that id.
func (s *Simulator) Put(w Workspace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := w.clone()
	s.workspaces[w.ID] = &c
}

// Change alters a workspace; false when there is none. The function must not call the simulator.
func (s *Simulator) Change(id string, change func(*Workspace)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := s.workspaces[id]
	if !ok {
		return false
	}
	c := w.clone()
	change(&c)
	c.ID = id
	c = c.clone()
	s.workspaces[id] = &c
	return true
}

// Remove forgets a workspace.
func (s *Simulator) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.workspaces, id)
}

// Workspace gives a copy of a workspace; false when there is none.
func (s *Simulator) Workspace(id string) (Workspace, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := s.workspaces[id]
	if !ok {
		return Workspace{}, false
	}
	return w.clone(), true
}

// State gives a copy of everything but mails and faults, by id.
func (s *Simulator) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := State{Workspaces: make([]Workspace, 0, len(s.workspaces))}
	for _, w := range s.workspaces {
		out.Workspaces = append(out.Workspaces, w.clone())
	}
	slices.SortFunc(out.Workspaces, func(a, b Workspace) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// SetState replaces all workspaces.
func (s *Simulator) SetState(state State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.workspaces)
	for _, w := range state.Workspaces {
		c := w.clone()
		s.workspaces[w.ID] = &c
	}
}

// Mails gives the mails taken, oldest first, at most the last 10,000.
func (s *Simulator) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// ClearMails forgets the mails, but not their keys.
func (s *Simulator) ClearMails() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = nil
}

// Asked tells how often a route was asked, "" for all of them, since the beginning or ClearAsked.
func (s *Simulator) Asked(route string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if route != "" {
		return s.counts[route]
	}
	n := 0
	for _, c := range s.counts {
		n += c
	}
	return n
}

// ClearAsked begins to count anew.
func (s *Simulator) ClearAsked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.counts)
}
