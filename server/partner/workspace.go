package partner

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Person is the owner of a workspace. Email is as the partner has it, not checked, and may be empty.
type Person struct{ MemberID, FirstName, LastName, Email string }

// Workspace is what the partner says about a workspace. Texts but ID, Name, PlanCode and PlanStatus may be empty.
type Workspace struct {
	ID, Name, Slug string
	// Timezone is an IANA name, as the partner has it, not looked up. Currency is an ISO 4217 code, Country an ISO
	// 3166 alpha-2 code, in capitals. Locale is a BCP 47 tag, not looked up.
	Timezone, Currency, Country, Locale string
	Paused                              bool
	// PlanCode and PlanStatus are the partner's own words ("pro", "active"; see docs/partner.md).
	PlanCode, PlanStatus string
	// PaidThrough and TrialEndsAt are instants, nil when there is none.
	PaidThrough, TrialEndsAt *time.Time
	Owner                    Person
	// CheckedAt is when the partner said so, by our clock.
	CheckedAt time.Time
}

// clone gives a copy that shares nothing.
func (w *Workspace) clone() *Workspace {
	c := *w
	if w.PaidThrough != nil {
		at := *w.PaidThrough
		c.PaidThrough = &at
	}
	if w.TrialEndsAt != nil {
		at := *w.TrialEndsAt
		c.TrialEndsAt = &at
	}
	return &c
}

// workspaceAnswer is a Workspace on the wire. What must be there is a pointer: a missing "paused" is no "false".
type workspaceAnswer struct {
	ID       *string `json:"id"`
	Name     *string `json:"name"`
	Slug     string  `json:"slug"`
	Timezone string  `json:"timezone"`
	Currency string  `json:"currency"`
	Country  string  `json:"country"`
	Locale   string  `json:"locale"`
	Paused   *bool   `json:"paused"`
	Plan     *struct {
		Code        *string    `json:"code"`
		Status      *string    `json:"status"`
		PaidThrough *time.Time `json:"paid_through"`
	} `json:"plan"`
	TrialEndsAt *time.Time `json:"trial_ends_at"`
	Owner       *struct {
		MemberID  string `json:"member_id"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		Email     string `json:"email"`
	} `json:"owner"`
}

func (a *workspaceAnswer) check(asked string, p *proof) *Workspace {
	p.same("id", a.ID, asked)
	name := p.text("name", a.Name, maxName)
	p.given("paused", a.Paused != nil)
	p.given("plan", a.Plan != nil)
	p.given("owner", a.Owner != nil)
	if p.err != nil {
		return nil
	}
	p.bound("slug", a.Slug, maxName)
	p.bound("timezone", a.Timezone, maxWord)
	p.capitals("currency", a.Currency, 3)
	p.capitals("country", a.Country, 2)
	p.bound("locale", a.Locale, maxWord)
	code, status := p.text("plan.code", a.Plan.Code, maxWord), p.text("plan.status", a.Plan.Status, maxWord)
	if a.Owner.MemberID != "" {
		p.id("owner.member_id", a.Owner.MemberID)
	}
	p.bound("owner.first_name", a.Owner.FirstName, maxName)
	p.bound("owner.last_name", a.Owner.LastName, maxName)
	p.bound("owner.email", a.Owner.Email, maxEmail)
	return &Workspace{ID: asked, Name: name, Slug: a.Slug, Timezone: a.Timezone, Currency: a.Currency, Country: a.Country, Locale: a.Locale,
		Paused: *a.Paused, PlanCode: code, PlanStatus: status, PaidThrough: a.Plan.PaidThrough, TrialEndsAt: a.TrialEndsAt,
		Owner: Person(*a.Owner)}
}

// Workspace implements API.
func (c *Client) Workspace(ctx context.Context, id string) (*Workspace, error) {
	if !canBeID(id) {
		return nil, ErrNotFound
	}
	w, err := ask(ctx, c, request{method: http.MethodGet, path: workspacePath(id), workspace: id, safe: true},
		func(a *workspaceAnswer, p *proof) *Workspace { return a.check(id, p) })
	if err != nil {
		return nil, err
	}
	w.CheckedAt = c.now()
	return w, nil
}

// workspacePath is the escaped path of a workspace.
func workspacePath(id string) string { return "/v1/workspaces/" + url.PathEscape(id) }
