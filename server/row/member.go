package row

import (
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
)

// Workspace is the tenant.
type Workspace struct {
	ID                 string    `json:"id"`
	PartnerWorkspaceID string    `json:"partner_workspace_id"`
	Name               string    `json:"name"`
	Slug               string    `json:"slug"`
	Timezone           string    `json:"timezone"`
	DefaultCurrency    string    `json:"default_currency"`
	DefaultCountry     *string   `json:"default_country"`
	Locale             string    `json:"locale"`
	Revision           Revision  `json:"-"`
	LogFloor           Revision  `json:"-"`
	CreatedAt          time.Time `json:"created_at"`
}

// WorkspaceColumns are the columns of Dest, in its order.
var WorkspaceColumns = cols("id partner_workspace_id name slug timezone default_currency default_country locale revision log_floor created_at")

// Dest gives what to scan WorkspaceColumns into.
func (w *Workspace) Dest() []any {
	return []any{&w.ID, &w.PartnerWorkspaceID, &w.Name, &w.Slug, &w.Timezone, &w.DefaultCurrency, &w.DefaultCountry,
		&w.Locale, &w.Revision, &w.LogFloor, utc{&w.CreatedAt}}
}

// IsNode marks an object with a global id.
func (Workspace) IsNode() {}

// Member is a person who works in the workspace.
type Member struct {
	ID        string      `json:"id"`
	FirstName string      `json:"first_name"`
	LastName  string      `json:"last_name"`
	Email     string      `json:"email"`
	AvatarURL *string     `json:"avatar_url"`
	Role      viewer.Role `json:"role"`
	IsActive  bool        `json:"is_active"`
	Timezone  *string     `json:"timezone"`
	Language  *string     `json:"language"`
	CreatedAt time.Time   `json:"created_at"`
	SortName  string      `json:"-"`
}

// MemberColumns are the columns of Dest, in its order.
var MemberColumns = cols("id first_name last_name email avatar_url role is_active timezone language created_at sort_name")

// Dest gives what to scan MemberColumns into.
func (m *Member) Dest() []any {
	return []any{&m.ID, &m.FirstName, &m.LastName, &m.Email, &m.AvatarURL, &m.Role, &m.IsActive, &m.Timezone,
		&m.Language, utc{&m.CreatedAt}, &m.SortName}
}

// IsNode marks an object with a global id.
func (Member) IsNode() {}

// Name is first and last name.
func (m *Member) Name() string { return strings.TrimSpace(m.FirstName + " " + m.LastName) }

func cols(s string) []string { return strings.Fields(s) }
