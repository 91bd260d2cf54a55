package rest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/hours"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
)

// member is a member as REST shows it. Enum values are in lower case (spec access, conventions).
type member struct {
	ID              string       `json:"id"`
	PartnerMemberID *string      `json:"partner_member_id"`
	Origin          string       `json:"origin"`
	FirstName       string       `json:"first_name"`
	LastName        string       `json:"last_name"`
	Name            string       `json:"name"`
	Email           string       `json:"email"`
	AvatarURL       *string      `json:"avatar_url"`
	Role            string       `json:"role"`
	Permissions     []string     `json:"permissions"`
	TeamIDs         []string     `json:"team_ids"`
	IsActive        bool         `json:"is_active"`
	Timezone        *string      `json:"timezone"`
	Language        *string      `json:"language"`
	Availability    []hours.Slot `json:"availability"`
	LoginSchedule   []hours.Slot `json:"login_schedule"`
	IsOnline        bool         `json:"is_online"`
	LastSeenAt      *time.Time   `json:"last_seen_at"`
	SyncedAt        *time.Time   `json:"synced_at"`
}

// memberPage is the answer of GET /api/workspace-members.
type memberPage struct {
	Items      []member   `json:"items"`
	Total      int        `json:"total"`
	Page       int        `json:"page"`
	Limit      int        `json:"limit"`
	TotalPages int        `json:"total_pages"`
	Stale      bool       `json:"stale"`
	SyncedAt   *time.Time `json:"synced_at"`
}

// members answers GET /api/workspace-members: `page` from 1, `limit` 1–200 (50), `role` exact, `name` part of name or
// e-mail ignoring case and accents; by name, then id.
func (a *API) members(_ http.ResponseWriter, r *http.Request) (any, error) {
	q, err := query(r, "page", "limit", "role", "name")
	if err != nil {
		return nil, err
	}
	ask, err := memberQuery(q)
	if err != nil {
		return nil, err
	}
	copied, err := a.Roster.Fresh(r.Context())
	if err != nil {
		return nil, err
	}
	found, total, err := a.Read.MembersAt(r.Context(), ask)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(found))
	for i, m := range found {
		ids[i] = m.ID
	}
	states, err := a.Presence.Of(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	out := memberPage{Items: []member{}, Total: total, Page: ask.Page, Limit: ask.Limit, TotalPages: (total + ask.Limit - 1) / ask.Limit,
		Stale: copied.Stale, SyncedAt: copied.SyncedAt}
	for i, m := range found {
		shown := showMember(m)
		shown.IsOnline, shown.LastSeenAt = states[i].Online, states[i].LastSeenAt
		out.Items = append(out.Items, shown)
	}
	return out, nil
}

// memberQuery reads what is asked for.
func memberQuery(q url.Values) (ask read.MemberQuery, err error) {
	p := &fault.Problems{}
	ask = read.MemberQuery{Page: 1, Limit: 50, Name: q.Get("name")}
	for name, into := range map[string]*int{"page": &ask.Page, "limit": &ask.Limit} {
		if !q.Has(name) {
			continue
		}
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 1 {
			p.Add(name, "is not a whole number from 1 on")
			continue
		}
		*into = n
	}
	if ask.Limit > row.MaxPage {
		p.Add("limit", "at most %d are possible", row.MaxPage)
	}
	if ask.Page > 1_000_000 {
		p.Add("page", "at most 1000000 is possible")
	}
	if role := q.Get("role"); q.Has("role") {
		switch ask.Role = viewer.Role(strings.ToUpper(role)); ask.Role {
		case viewer.Owner, viewer.Admin, viewer.TeamAdmin, viewer.AgentRole, viewer.ProjectManager:
		default:
			p.Add("role", "%q is not a role", role)
		}
		if role != strings.ToLower(role) {
			p.Add("role", "roles are written in lower case")
		}
	}
	return ask, p.Err()
}

func showMember(m *row.Member) member {
	out := member{ID: m.ID, PartnerMemberID: m.PartnerMemberID, Origin: strings.ToLower(m.Origin), FirstName: m.FirstName, LastName: m.LastName,
		Name: m.Name(), Email: m.Email, AvatarURL: m.AvatarURL, Role: strings.ToLower(string(m.Role)), Permissions: []string{},
		TeamIDs: append([]string{}, m.TeamIDs...), IsActive: m.IsActive, Timezone: m.Timezone, Language: m.Language,
		Availability: append([]hours.Slot{}, m.Availability...), LoginSchedule: append([]hours.Slot{}, m.LoginSchedule...), SyncedAt: m.SyncedAt}
	for _, f := range m.Flags() {
		out.Permissions = append(out.Permissions, strings.ToLower(f))
	}
	return out
}
