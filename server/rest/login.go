package rest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// login adds the ways in and out.
func (a *API) login() {
	a.open("GET /api/access", a.standing)
	a.open("POST /api/auth/request-otp", a.requestCode)
	a.open("POST /api/auth/verify-otp", a.verifyCode)
	a.open("POST /api/auth/embed", a.embed)
	a.closed("GET /api/auth/session", a.session)
	a.closed("POST /api/auth/logout", a.logout)
}

// standing tells anybody whether a workspace may be logged in to.
func (a *API) standing(_ http.ResponseWriter, r *http.Request) (any, error) {
	q, err := query(r, "workspace_id")
	if err != nil {
		return nil, err
	}
	id, err := workspaceID(q.Get("workspace_id"))
	if err != nil {
		return nil, err
	}
	return a.Logins.Eligibility.Answer(r.Context(), id)
}

// workspaceID reads the id that people type.
func workspaceID(text string) (string, error) {
	id := strings.TrimSpace(text)
	if id == "" || len(id) > 64 {
		return "", fault.At("workspace_id", fault.ValidationFailed, "must have 1 to 64 bytes")
	}
	return id, nil
}

func (a *API) requestCode(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		WorkspaceID string  `json:"workspace_id"`
		Email       *string `json:"email"`
	}
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	id, err := workspaceID(in.WorkspaceID)
	if err != nil {
		return nil, err
	}
	return a.Logins.RequestCode(r.Context(), access.CodeRequest{WorkspaceID: id, Email: in.Email})
}

func (a *API) verifyCode(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		WorkspaceID string  `json:"workspace_id"`
		Email       *string `json:"email"`
		Code        string  `json:"code"`
		Cookie      bool    `json:"cookie"`
	}
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	id, err := workspaceID(in.WorkspaceID)
	if err == nil {
		err = mayCookie(r, in.Cookie)
	}
	if err != nil {
		return nil, err
	}
	entered, err := a.Logins.VerifyCode(r.Context(), access.CodeEntry{WorkspaceID: id, Email: in.Email, Code: in.Code, UserAgent: r.UserAgent()})
	return a.entered(w, r, entered, in.Cookie, err)
}

func (a *API) embed(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		Token  string `json:"token"`
		Cookie bool   `json:"cookie"`
	}
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	if err := mayCookie(r, in.Cookie); err != nil {
		return nil, err
	}
	entered, err := a.Logins.EnterByToken(r.Context(), access.EmbedEntry{Token: in.Token, UserAgent: r.UserAgent()})
	return a.entered(w, r, entered, in.Cookie, err)
}

// mayCookie refuses to log a browser in for a page that cannot send the header against forgery.
func mayCookie(r *http.Request, wanted bool) error {
	if wanted && r.Header.Get(access.AntiForgery) != "1" {
		return fault.New(fault.Forbidden, "With the cookie the header %s: 1 is needed.", access.AntiForgery)
	}
	return nil
}

// entered answers a login: the token in the answer or, for a browser that asks for it, in the cookie alone, where no
// script reads it; and what GET /api/auth/session tells.
func (a *API) entered(w http.ResponseWriter, r *http.Request, e *access.Entered, cookie bool, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	v, err := a.Gate.Session(r.Context(), e.Token)
	if err != nil {
		return nil, err
	}
	shown, err := a.describe(viewer.NewContext(r.Context(), v), v)
	if err != nil {
		return nil, err
	}
	if cookie {
		access.SetCookie(w, r, e.Token, e.ExpiresAt, e.Framed)
	} else {
		shown.Token = e.Token
	}
	return shown, nil
}

// shownSession is who the caller is and what it may.
type shownSession struct {
	Token       string          `json:"token,omitempty"`
	Valid       bool            `json:"valid"`
	SessionID   string          `json:"session_id"`
	ExpiresAt   time.Time       `json:"expires_at"`
	Member      shownMember     `json:"member"`
	Role        viewer.Role     `json:"role"`
	Permissions map[string]bool `json:"permissions"`
	PipelineIDs []string        `json:"pipeline_ids"`
	Workspace   shownWorkspace  `json:"workspace"`
	Eligibility shownStanding   `json:"eligibility"`
}

type shownMember struct {
	ID        string  `json:"id"`
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	Name      string  `json:"name"`
	Email     string  `json:"email"`
	AvatarURL *string `json:"avatar_url"`
	Timezone  *string `json:"timezone"`
	Language  *string `json:"language"`
}

type shownWorkspace struct {
	ID                 string       `json:"id"`
	PartnerWorkspaceID string       `json:"partner_workspace_id"`
	Name               string       `json:"name"`
	Slug               string       `json:"slug"`
	Timezone           string       `json:"timezone"`
	DefaultCurrency    string       `json:"default_currency"`
	DefaultCountry     *string      `json:"default_country"`
	Locale             string       `json:"locale"`
	Revision           row.Revision `json:"revision"`
}

type shownStanding struct {
	Allowed   bool       `json:"allowed"`
	Reason    string     `json:"reason"`
	CheckedAt *time.Time `json:"checked_at"`
}

// session tells a member who it is; SCOPE_MISSING for an API key, which has no session.
func (a *API) session(_ http.ResponseWriter, r *http.Request) (any, error) {
	v := viewer.FromContext(r.Context())
	if v.MemberID() == "" {
		return nil, fault.New(fault.ScopeMissing, "a key has no session")
	}
	return a.describe(r.Context(), v)
}

func (a *API) describe(ctx context.Context, v *viewer.Viewer) (*shownSession, error) {
	m, err := a.Read.Me(ctx)
	if err != nil {
		return nil, err
	}
	ws, err := a.Read.Workspace(ctx)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, fault.New(fault.SessionExpired, "the session is over")
	}
	s := &shownSession{Valid: true, SessionID: v.CredentialID, ExpiresAt: v.ExpiresAt, Role: v.Role, Permissions: map[string]bool{}, PipelineIDs: v.PipelineIDs,
		Member: shownMember{m.ID, m.FirstName, m.LastName, m.Name(), m.Email, m.AvatarURL, m.Timezone, m.Language},
		Workspace: shownWorkspace{ws.ID, ws.PartnerWorkspaceID, ws.Name, ws.Slug, ws.Timezone, ws.DefaultCurrency, ws.DefaultCountry, ws.Locale,
			ws.Revision},
		Eligibility: shownStanding{ws.Eligibility == string(access.Eligible), ws.Eligibility, ws.CheckedAt}}
	for _, f := range viewer.Flags {
		s.Permissions[f.Name] = v.Perms.Has(f)
	}
	return s, nil
}

// logout ends the session that asks, and takes the cookie out of the browser.
func (a *API) logout(w http.ResponseWriter, r *http.Request) (any, error) {
	v := viewer.FromContext(r.Context())
	if v.MemberID() == "" {
		return nil, fault.New(fault.ScopeMissing, "a key has no session")
	}
	out, err := a.Sessions.End(r.Context(), access.EndSessionInput{ID: v.CredentialID})
	if err != nil {
		return nil, err
	}
	access.ClearCookie(w, r)
	return map[string]any{"id": out.ID, "revision": out.Revision}, nil
}
