package row

import (
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/hours"
)

// Workspace is the tenant.
type Workspace struct {
	ID                 string  `json:"id"`
	PartnerWorkspaceID string  `json:"partner_workspace_id"`
	Name               string  `json:"name"`
	Slug               string  `json:"slug"`
	Timezone           string  `json:"timezone"`
	DefaultCurrency    string  `json:"default_currency"`
	DefaultCountry     *string `json:"default_country"`
	Locale             string  `json:"locale"`
	// WeekStart is the first day of the week, 1 for Monday to 7 for Sunday.
	WeekStart     int             `json:"week_start"`
	BusinessHours []hours.Slot    `json:"business_hours"`
	FeatureFlags  map[string]bool `json:"feature_flags"`
	// Settings are the settings that were ever changed, by group and name.
	Settings JSON `json:"settings"`
	// Eligibility is the last known answer to whether the workspace may use the product: ELIGIBLE or why not.
	Eligibility     string     `json:"eligibility"`
	PlanCode        *string    `json:"plan_code"`
	PlanStatus      *string    `json:"plan_status"`
	PaidThrough     *time.Time `json:"paid_through"`
	TrialEndsAt     *time.Time `json:"trial_ends_at"`
	CheckedAt       *time.Time `json:"-"`
	MembersSyncedAt *time.Time `json:"-"`
	Revision        Revision   `json:"-"`
	LogFloor        Revision   `json:"-"`
	CreatedAt       time.Time  `json:"created_at"`
}

// WorkspaceColumns are the columns of Dest, in its order.
var WorkspaceColumns = cols("id partner_workspace_id name slug timezone default_currency default_country locale week_start business_hours feature_flags settings eligibility plan_code plan_status paid_through trial_ends_at checked_at members_synced_at revision log_floor created_at")

// Dest gives what to scan WorkspaceColumns into.
func (w *Workspace) Dest() []any {
	return []any{&w.ID, &w.PartnerWorkspaceID, &w.Name, &w.Slug, &w.Timezone, &w.DefaultCurrency, &w.DefaultCountry,
		&w.Locale, &w.WeekStart, jsonOf{&w.BusinessHours}, jsonOf{&w.FeatureFlags}, &w.Settings, &w.Eligibility, &w.PlanCode, &w.PlanStatus,
		utcPtr{&w.PaidThrough}, utcPtr{&w.TrialEndsAt}, utcPtr{&w.CheckedAt}, utcPtr{&w.MembersSyncedAt}, &w.Revision, &w.LogFloor, utc{&w.CreatedAt}}
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
	// Origin tells who knows the member: PARTNER or LOCAL.
	Origin          string          `json:"origin"`
	PartnerMemberID *string         `json:"partner_member_id"`
	Permissions     map[string]bool `json:"permissions"`
	TeamIDs         []string        `json:"team_ids"`
	Availability    []hours.Slot    `json:"availability"`
	LoginSchedule   []hours.Slot    `json:"login_schedule"`
	LastSeenAt      *time.Time      `json:"last_seen_at"`
	SyncedAt        *time.Time      `json:"synced_at"`
	Version         int             `json:"version"`
	Timezone        *string         `json:"timezone"`
	Language        *string         `json:"language"`
	CreatedAt       time.Time       `json:"created_at"`
	SortName        string          `json:"-"`
}

// MemberColumns are the columns of Dest, in its order.
var MemberColumns = cols("id first_name last_name email avatar_url role is_active origin partner_member_id permissions team_ids availability login_schedule last_seen_at synced_at version timezone language created_at sort_name")

// Dest gives what to scan MemberColumns into.
func (m *Member) Dest() []any {
	return []any{&m.ID, &m.FirstName, &m.LastName, &m.Email, &m.AvatarURL, &m.Role, &m.IsActive, &m.Origin, &m.PartnerMemberID,
		jsonOf{&m.Permissions}, (*Strings)(&m.TeamIDs), jsonOf{&m.Availability}, jsonOf{&m.LoginSchedule}, utcPtr{&m.LastSeenAt}, utcPtr{&m.SyncedAt}, &m.Version, &m.Timezone,
		&m.Language, utc{&m.CreatedAt}, &m.SortName}
}

// IsNode marks an object with a global id.
func (Member) IsNode() {}

// Name is first and last name.
func (m *Member) Name() string { return strings.TrimSpace(m.FirstName + " " + m.LastName) }

func cols(s string) []string { return strings.Fields(s) }
