package simulator

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// State is everything the simulator knows about workspaces.
type State struct {
	Workspaces []Workspace `json:"workspaces"`
}

// Workspace is a workspace with what belongs to it. Keys are the partner keys it accepts.
type Workspace struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Slug        string       `json:"slug"`
	Timezone    string       `json:"timezone"`
	Currency    string       `json:"currency"`
	Country     string       `json:"country"`
	Locale      string       `json:"locale"`
	Paused      bool         `json:"paused"`
	Plan        Plan         `json:"plan"`
	TrialEndsAt *time.Time   `json:"trial_ends_at"`
	Owner       Owner        `json:"owner"`
	Keys        []string     `json:"keys"`
	Members     []Member     `json:"members"`
	Subscribers []Subscriber `json:"subscribers"`
}

// Plan is what a workspace pays for.
type Plan struct {
	Code        string     `json:"code"`
	Status      string     `json:"status"`
	PaidThrough *time.Time `json:"paid_through"`
}

// Owner is whom a workspace belongs to.
type Owner struct {
	MemberID  string `json:"member_id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
}

// Member is a person in a workspace.
type Member struct {
	ID        string `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	AvatarURL string `json:"avatar_url"`
	Role      string `json:"role"`
	Timezone  string `json:"timezone"`
	Language  string `json:"language"`
	IsActive  bool   `json:"is_active"`
}

// Subscriber is a person who talks to the chatbot.
type Subscriber struct {
	ID         string            `json:"id"`
	UserNS     string            `json:"user_ns"`
	FirstName  string            `json:"first_name"`
	LastName   string            `json:"last_name"`
	Phones     []string          `json:"phones"`
	Emails     []string          `json:"emails"`
	Channel    string            `json:"channel"`
	ChatURL    string            `json:"chat_url"`
	Language   string            `json:"language"`
	Country    string            `json:"country"`
	Tags       []string          `json:"tags"`
	Attributes map[string]string `json:"attributes"`
	OptedOut   bool              `json:"opted_out"`
	UpdatedAt  time.Time         `json:"updated_at"`
}

// Mail is a mail that was taken.
type Mail struct {
	Key     string    `json:"key"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html"`
	TakenAt time.Time `json:"taken_at"`
}

// clone copies a workspace so that the two share nothing.
func (w Workspace) clone() Workspace {
	w.Plan.PaidThrough, w.TrialEndsAt = copyOf(w.Plan.PaidThrough), copyOf(w.TrialEndsAt)
	w.Keys, w.Members, w.Subscribers = slices.Clone(w.Keys), slices.Clone(w.Members), slices.Clone(w.Subscribers)
	for i, s := range w.Subscribers {
		s.Phones, s.Emails, s.Tags, s.Attributes = slices.Clone(s.Phones), slices.Clone(s.Emails), slices.Clone(s.Tags), maps.Clone(s.Attributes)
		w.Subscribers[i] = s
	}
	return w
}

func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// answer is what the contract says about a workspace: without its keys, members and subscribers.
func (w *Workspace) answer() any {
	return struct {
		ID          string     `json:"id"`
		Name        string     `json:"name"`
		Slug        string     `json:"slug"`
		Timezone    string     `json:"timezone"`
		Currency    string     `json:"currency"`
		Country     string     `json:"country"`
		Locale      string     `json:"locale"`
		Paused      bool       `json:"paused"`
		Plan        Plan       `json:"plan"`
		TrialEndsAt *time.Time `json:"trial_ends_at"`
		Owner       Owner      `json:"owner"`
	}{w.ID, w.Name, w.Slug, w.Timezone, w.Currency, w.Country, w.Locale, w.Paused, w.Plan, w.TrialEndsAt, w.Owner}
}

// encode writes what the simulator itself made, which can always be written.
func encode(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic("simulator: " + err.Error())
	}
	return text
}
