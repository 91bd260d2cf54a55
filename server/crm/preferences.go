package crm

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// maxPreferences bounds all of a member's preferences together, in bytes.
const maxPreferences = 16 << 10

// Preferences are what a member's client keeps for itself; the zero value of each is where everybody begins.
type Preferences struct {
	Theme            string         `json:"theme,omitempty"`
	TourFinished     bool           `json:"tour_finished,omitempty"`
	SidebarCollapsed bool           `json:"sidebar_collapsed,omitempty"`
	LastTab          string         `json:"last_tab,omitempty"`
	LastPipelineID   *string        `json:"last_pipeline_id,omitempty"`
	ViewByPipeline   []PipelineView `json:"view_by_pipeline,omitempty"`
	DashboardLayout  row.JSON       `json:"dashboard_layout,omitempty"`
	TableColumns     []TableColumns `json:"table_columns,omitempty"`
	// Off are the notices switched off, so that a new kind begins switched on.
	Off       NoticesOff `json:"notices_off,omitzero"`
	UpdatedAt *time.Time `json:"updated_at,omitempty"`
}

// PipelineView is how one pipeline is shown.
type PipelineView struct {
	PipelineID string `json:"pipeline_id"`
	View       string `json:"view"`
}

// TableColumns are the columns of one of the client's tables, in order.
type TableColumns struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

// NoticesOff tells which notices a member does not want.
type NoticesOff struct {
	Assigned        bool `json:"assigned,omitempty"`
	TaskAssigned    bool `json:"task_assigned,omitempty"`
	TaskDue         bool `json:"task_due,omitempty"`
	OverdueDigest   bool `json:"overdue_digest,omitempty"`
	Mention         bool `json:"mention,omitempty"`
	JobFinished     bool `json:"job_finished,omitempty"`
	WebhookTrouble  bool `json:"webhook_trouble,omitempty"`
	EligibilityLost bool `json:"eligibility_lost,omitempty"`
	ReassignDigest  bool `json:"reassign_digest,omitempty"`
}

// NotificationSwitches tells which notices a member wants.
type NotificationSwitches struct {
	Assigned, TaskAssigned, TaskDue, OverdueDigest, Mention, JobFinished, WebhookTrouble, EligibilityLost, ReassignDigest bool
}

// Notifications tells which notices the member wants.
func (p *Preferences) Notifications() NotificationSwitches {
	o := p.Off
	return NotificationSwitches{!o.Assigned, !o.TaskAssigned, !o.TaskDue, !o.OverdueDigest, !o.Mention, !o.JobFinished, !o.WebhookTrouble,
		!o.EligibilityLost, !o.ReassignDigest}
}

// NotificationSwitchesInput changes the switches that are set.
type NotificationSwitchesInput struct {
	Assigned, TaskAssigned, TaskDue, OverdueDigest, Mention, JobFinished, WebhookTrouble, EligibilityLost, ReassignDigest *bool
}

// PipelineViewInput is how one pipeline is shown.
type PipelineViewInput = PipelineView

// TableColumnsInput are the columns of one of the client's tables.
type TableColumnsInput = TableColumns

// UpdatePreferencesInput changes the fields that are set; see the SDL.
type UpdatePreferencesInput struct {
	Theme            *string
	TourFinished     *bool
	SidebarCollapsed *bool
	LastTab          *string
	LastPipelineID   graphql.Omittable[*string]
	ViewByPipeline   graphql.Omittable[[]*PipelineViewInput]
	DashboardLayout  graphql.Omittable[row.JSON]
	TableColumns     graphql.Omittable[[]*TableColumnsInput]
	Notifications    *NotificationSwitchesInput
	ClientMutationID *string
}

// UpdatePreferencesPayload is the preferences as they are now.
type UpdatePreferencesPayload struct {
	Preferences      *Preferences
	Revision         row.Revision
	ClientMutationID *string
}

// Preferences reads the viewer's own. FORBIDDEN for whoever is no member.
func (s *Service) Preferences(ctx context.Context) (*Preferences, error) {
	v := viewer.FromContext(ctx)
	if v == nil || v.MemberID() == "" {
		return nil, fault.New(fault.Forbidden, "only members have preferences")
	}
	text, args := ownPreferences(v, s).SQL()
	return readPreferences(s.DB.QueryRow(ctx, text, args...))
}

func ownPreferences(v *viewer.Viewer, s *Service) *scope.Builder {
	return scope.New(v, s.DB.SQL).Add("SELECT p.document, p.updated_at FROM preferences p WHERE ").Workspace("p").Add(" AND p.member_id = ?", v.MemberID())
}

func readPreferences(r interface{ Scan(...any) error }) (*Preferences, error) {
	p, doc := &Preferences{}, row.JSON(nil)
	err := r.Scan(&doc, row.UTCOrNull(&p.UpdatedAt))
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err == nil && len(doc) > 0 {
		at := p.UpdatedAt
		err = json.Unmarshal(doc, p)
		p.UpdatedAt = at
	}
	if p.Theme == "" {
		p.Theme = "SYSTEM"
	}
	if p.LastTab == "" {
		p.LastTab = "PIPELINES"
	}
	return p, err
}

// UpdatePreferences changes the viewer's own. They are no part of the workspace's history: it makes no commit. FORBIDDEN
// for whoever is no member.
func (s *Service) UpdatePreferences(ctx context.Context, in UpdatePreferencesInput) (*UpdatePreferencesPayload, error) {
	out := &UpdatePreferencesPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		if tx.viewer.MemberID() == "" {
			return fault.New(fault.Forbidden, "only members have preferences")
		}
		if _, err := tx.ent.Member.Query().Where(member.ID(tx.viewer.MemberID()), tx.lock).Only(tx.seen); err != nil { // one at a time
			return err
		}
		text, args := ownPreferences(tx.viewer, s).SQL()
		p, err := readPreferences(tx.sql.QueryRowContext(tx.ctx, text, args...))
		if err != nil {
			return err
		}
		if err := tx.prefer(p, in); err != nil {
			return err
		}
		doc, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if len(doc) > maxPreferences {
			return fault.At("input", fault.ValidationFailed, "all preferences together have %d bytes, at most %d are possible", len(doc), maxPreferences)
		}
		p.UpdatedAt, out.Preferences, tx.keep = &tx.now, p, true
		text, args = scope.New(tx.viewer, s.DB.SQL).Upsert("preferences", []string{"member_id"}, []string{"document", "updated_at"},
			tx.viewer.MemberID(), string(doc), tx.now).SQL()
		_, err = tx.sql.ExecContext(tx.ctx, text, args...)
		return err
	})
	out.Revision = rev
	return out, err
}
