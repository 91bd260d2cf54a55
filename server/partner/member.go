package partner

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/rapidbott/tideboard/server/fault"
)

// Member is a person in a workspace. Texts but ID and Role may be empty. Role is the partner's own word ("owner",
// "admin", others). Email is as the partner has it, not checked; AvatarURL is an http or https address.
type Member struct {
	ID, FirstName, LastName, Email, AvatarURL, Role, Timezone, Language string
	IsActive                                                            bool
}

// MemberQuery says which members. Page counts from 1 (0 = 1); Limit is 1 to 200 (0 = 50); Role is exact, Name a part of
// a name or an e-mail address; both may be empty.
type MemberQuery struct {
	Page, Limit int
	Role, Name  string
}

// MemberPage is one page of members and how many there are in all.
type MemberPage struct {
	Items                          []Member
	Total, Page, Limit, TotalPages int
}

const (
	// MaxMembers is how many members of a workspace AllMembers takes.
	MaxMembers = 10_000
	// maxPage is the most items of a page of any kind.
	maxPage = 200
	// lastPage is the highest page there can be: MaxMembers one by one.
	lastPage = MaxMembers
)

type memberAnswer struct {
	ID        string  `json:"id"`
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	Email     string  `json:"email"`
	AvatarURL string  `json:"avatar_url"`
	Role      *string `json:"role"`
	Timezone  string  `json:"timezone"`
	Language  string  `json:"language"`
	IsActive  *bool   `json:"is_active"`
}

type membersAnswer struct {
	WorkspaceID *string             `json:"workspace_id"`
	Items       items[memberAnswer] `json:"items"`
	Total       *int                `json:"total"`
	Page        *int                `json:"page"`
	Limit       *int                `json:"limit"`
	TotalPages  *int                `json:"total_pages"`
}

// check also does the page's sums: a total that lies is caught here.
func (a *membersAnswer) check(asked string, q MemberQuery, p *proof) *MemberPage {
	p.same("workspace_id", a.WorkspaceID, asked)
	p.given("items", a.Items != nil)
	p.given("total", a.Total != nil && *a.Total >= 0)
	p.given("page", a.Page != nil && *a.Page == q.Page)
	p.given("limit", a.Limit != nil && *a.Limit == q.Limit)
	p.given("total_pages", a.TotalPages != nil)
	if p.err != nil {
		return nil
	}
	full := *a.Total / q.Limit
	rest := *a.Total % q.Limit
	pages := full + min(rest, 1)
	if *a.TotalPages != pages {
		p.fail("total_pages", "does not agree with total")
	}
	here := 0
	if q.Page <= full {
		here = q.Limit
	} else if q.Page == full+1 {
		here = rest
	}
	if len(a.Items) != here {
		p.fail("items", "do not agree with total")
	}
	out := &MemberPage{Items: make([]Member, 0, len(a.Items)), Total: *a.Total, Page: q.Page, Limit: q.Limit, TotalPages: pages}
	seen := make(map[string]bool, len(a.Items))
	for _, m := range a.Items {
		if seen[m.ID] {
			p.fail("items", "name a member twice")
		}
		seen[m.ID] = true
		out.Items = append(out.Items, m.check(p))
	}
	return out
}

func (m *memberAnswer) check(p *proof) Member {
	p.id("items.id", m.ID)
	p.bound("items.first_name", m.FirstName, maxName)
	p.bound("items.last_name", m.LastName, maxName)
	p.bound("items.email", m.Email, maxEmail)
	p.bound("items.avatar_url", m.AvatarURL, maxURL)
	role := p.text("items.role", m.Role, maxWord)
	p.bound("items.timezone", m.Timezone, maxWord)
	p.bound("items.language", m.Language, maxWord)
	p.given("items.is_active", m.IsActive != nil)
	return Member{ID: m.ID, FirstName: m.FirstName, LastName: m.LastName, Email: m.Email, AvatarURL: webAddress(m.AvatarURL), Role: role,
		Timezone: m.Timezone, Language: m.Language, IsActive: m.IsActive != nil && *m.IsActive}
}

// webAddress gives an http or https address as it is, and nothing for what a browser should not be sent to.
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return address
}

// Members implements API.
func (c *Client) Members(ctx context.Context, workspaceID string, q MemberQuery) (*MemberPage, error) {
	if !canBeID(workspaceID) {
		return nil, ErrNotFound
	}
	if q.Page == 0 {
		q.Page = 1
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	var bad fault.Problems
	if q.Page < 1 || q.Page > lastPage {
		bad.Add("page", "must be 1 to %d", lastPage)
	}
	if q.Limit < 1 || q.Limit > maxPage {
		bad.Add("limit", "must be 1 to %d", maxPage)
	}
	if len(q.Role) > maxWord {
		bad.Add("role", "must have at most %d bytes", maxWord)
	}
	if len(q.Name) > maxName {
		bad.Add("name", "must have at most %d bytes", maxName)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	query := url.Values{"page": {strconv.Itoa(q.Page)}, "limit": {strconv.Itoa(q.Limit)}}
	if q.Role != "" {
		query.Set("role", q.Role)
	}
	if q.Name != "" {
		query.Set("name", q.Name)
	}
	return ask(ctx, c, request{method: http.MethodGet, path: workspacePath(workspaceID) + "/members", query: query, workspace: workspaceID, safe: true},
		func(a *membersAnswer, p *proof) *MemberPage { return a.check(workspaceID, q, p) })
}

// errMoved says that the list of members changed while it was read.
var errMoved = errors.New("the list of members changes while it is read")

// AllMembers implements API. A list that changed between two of its pages is read once more.
func (c *Client) AllMembers(ctx context.Context, workspaceID string) ([]Member, error) {
	all, err := c.sweep(ctx, workspaceID)
	if errors.Is(err, errMoved) {
		all, err = c.sweep(ctx, workspaceID)
	}
	return all, err
}

func (c *Client) sweep(ctx context.Context, workspaceID string) ([]Member, error) {
	all, seen := []Member{}, map[string]bool{}
	for page, total := 1, 0; ; page++ {
		p, err := c.Members(ctx, workspaceID, MemberQuery{Page: page, Limit: maxPage})
		if err != nil {
			return nil, err
		}
		if page == 1 {
			total = p.Total
		}
		if total > MaxMembers {
			return nil, unavailable(fmt.Errorf("the workspace has more than %d members", MaxMembers))
		}
		if p.Total != total {
			return nil, unavailable(errMoved)
		}
		for _, m := range p.Items {
			if seen[m.ID] {
				return nil, unavailable(errMoved)
			}
			seen[m.ID] = true
			all = append(all, m)
		}
		// A full page is never the last: one more shows that the total did not hide anybody.
		if len(p.Items) < maxPage {
			return all, nil
		}
	}
}
