// Package viewer says who asks. A Viewer is decided once, when a credential is accepted, and travels in the
// context; everything that reads or writes a tenant's rows takes its workspace and its rights from there and
// refuses to work without one.
package viewer

import (
	"context"
	"slices"
	"time"
)

// Kind tells what kind of caller acts.
type Kind string

// The kinds of callers.
const (
	Member     Kind = "MEMBER"
	APIKey     Kind = "API_KEY"
	Automation Kind = "AUTOMATION"
	System     Kind = "SYSTEM"
	Partner    Kind = "PARTNER"
)

// Source tells through which door a write came in.
type Source string

// The doors.
const (
	UI          Source = "UI"
	API         Source = "API"
	Import      Source = "IMPORT"
	FromPartner Source = "PARTNER"
	Agent       Source = "AGENT"
	// ByAutomation is a write that a rule of the program made.
	ByAutomation Source = "AUTOMATION"
)

// Actor is a caller frozen into a row: a later rename does not change history.
type Actor struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// Viewer is an accepted caller within one workspace.
type Viewer struct {
	WorkspaceID string
	Kind        Kind
	// ID is the member's or the key's id; empty for the system.
	ID    string
	Name  string
	Role  Role
	Perms Perms
	// Teams are the teams a member belongs to; Mates are the members of these, itself included, where the member's
	// rights depend on them: for a TEAM_ADMIN. Both are sorted.
	Teams []string
	Mates []string
	// PipelineIDs narrows a key or an embedded session to these pipelines; nil means all.
	PipelineIDs []string
	Source      Source
	// ReadOnly says that the session was narrowed to reading.
	ReadOnly bool
	// Narrowed is the role that the session was narrowed to; empty when it was not.
	Narrowed Role
	// CredentialID is the session's or the key's id.
	CredentialID string
	// SecretHash is the hash of the secret that an API key came by: a key may have two.
	SecretHash string
	// AuthenticatedAt is when the member last proved who it is; zero for what is no session.
	AuthenticatedAt time.Time
	// ExpiresAt is when the credential ends; zero means never.
	ExpiresAt time.Time
	// Timezone, Currency and Country are the workspace's defaults.
	Timezone string
	Currency string
	Country  string
	// WeekStart is the first day of the workspace's week, 1 for Monday to 7 for Sunday; StaleHours after how many idle
	// hours a record is stale there unless its stage or pipeline say otherwise. 0 when that is not known.
	WeekStart  int
	StaleHours int

	operator bool
}

// ForSystem is the program itself, acting inside one workspace with every right.
func ForSystem(workspaceID string) *Viewer {
	return &Viewer{WorkspaceID: workspaceID, Kind: System, Name: "Tideboard", Perms: AllPerms, Source: API,
		Timezone: "UTC", Currency: "USD"}
}

// ForOperator may cross workspaces. It exists for what happens before a caller is known (looking up a
// credential, making a workspace) and for jobs that visit every workspace; no request ever becomes one.
func ForOperator() *Viewer {
	return &Viewer{Kind: System, Name: "Tideboard", Perms: AllPerms, Source: API, operator: true}
}

// CrossesTenants tells whether this is the operator.
func (v *Viewer) CrossesTenants() bool { return v != nil && v.operator }

// Actor freezes the viewer for a row or a change.
func (v *Viewer) Actor() Actor { return Actor{Kind: v.Kind, ID: v.ID, Name: v.Name} }

// MemberID is the member's id, or empty when the viewer is no member.
func (v *Viewer) MemberID() string {
	if v.Kind == Member {
		return v.ID
	}
	return ""
}

// Owners are the members whose records a viewer without SeeAllRecords sees: its own and, for a TEAM_ADMIN, its teams'.
// Nobody's for a viewer that is no member.
func (v *Viewer) Owners() []string {
	switch {
	case v.MemberID() == "":
		return nil
	case v.Role == TeamAdmin && len(v.Mates) > 0:
		return v.Mates
	}
	return []string{v.ID}
}

// MayAssign tells whether the viewer may give a row to a member other than itself.
func (v *Viewer) MayAssign(memberID string) bool {
	return v.Can(AssignOthers) || v.Can(AssignTeam) && slices.Contains(v.Mates, memberID)
}

// Can tells whether the viewer holds all of these rights.
func (v *Viewer) Can(p Perms) bool { return v.Perms&p == p }

type key struct{}

// NewContext puts the viewer into the context.
func NewContext(ctx context.Context, v *Viewer) context.Context {
	return context.WithValue(ctx, key{}, v)
}

// FromContext finds the viewer; nil when nobody was let in.
func FromContext(ctx context.Context) *Viewer {
	v, _ := ctx.Value(key{}).(*Viewer)
	return v
}
