package crm

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
)

// Settings are a workspace's settings, each as it was set or by its default. What the workspace itself is called, where it
// is and when it is open are fields of the workspace; the rest is stored in its settings as "group.name", only what was
// ever set (spec access, section 10). The secrets are not here: nothing of them but that they are set is ever shown.
type Settings struct {
	Labels        LabelSettings        `json:"labels"`
	Records       RecordSettings       `json:"records"`
	Insights      InsightSettings      `json:"insights"`
	Tasks         TaskSettings         `json:"tasks"`
	Contacts      ContactSettings      `json:"contacts"`
	Notifications NotificationSettings `json:"notifications"`
	Retention     RetentionSettings    `json:"retention"`
	Saleschat     SaleschatSettings    `json:"saleschat"`
	Access        AccessSettings       `json:"access"`
}

// LabelSettings are what the workspace calls its rows.
type LabelSettings struct {
	Own []*Label `json:"own"`
}

// Label is a workspace's own name for a kind of rows in one language.
type Label struct {
	// Language is a BCP 47 tag.
	Language string `json:"language"`
	// Entity is CONTACT, COMPANY, RECORD or TASK.
	Entity   string `json:"entity"`
	Singular string `json:"singular"`
	Plural   string `json:"plural"`
}

// RecordSettings are about records. The automatic reassignment takes records idle for so many days from their owners.
type RecordSettings struct {
	AutoReassign              bool `json:"auto_reassign"`
	AutoReassignDays          int  `json:"auto_reassign_days"`
	AutoReassignRequireOnline bool `json:"auto_reassign_require_online"`
	// AutoReassignPipelineIds are those whose records are taken; none means all.
	AutoReassignPipelineIds []string `json:"auto_reassign_pipeline_ids"`
	AssignmentRule          string   `json:"assignment_rule"`
	RequireLostReason       bool     `json:"require_lost_reason"`
	// LostReasons are the reasons by which a record can be lost, in the order in which they are offered; none takes no key.
	LostReasons       []*LostReason `json:"lost_reasons"`
	VisibilityDefault string        `json:"visibility_default"`
}

// InsightSettings are the thresholds of insights (spec tasks-insights, section 6).
type InsightSettings struct {
	StaleHours               int          `json:"stale_hours"`
	StaleHighHours           int          `json:"stale_high_hours"`
	HighValue                string       `json:"high_value"`
	HighValues               []*Threshold `json:"high_values"`
	LeadSignalTags           []string     `json:"lead_signal_tags"`
	LeadSignalScore          int          `json:"lead_signal_score"`
	LeadSignalHighScore      int          `json:"lead_signal_high_score"`
	TicketHighHours          int          `json:"ticket_high_hours"`
	ConcentrationPercent     int          `json:"concentration_percent"`
	ConcentrationHighPercent int          `json:"concentration_high_percent"`
	AssignmentPercent        int          `json:"assignment_percent"`
	AssignmentHighPercent    int          `json:"assignment_high_percent"`
	MissingValuePercent      int          `json:"missing_value_percent"`
	MissingValueHighPercent  int          `json:"missing_value_high_percent"`
	MinOpenRecords           int          `json:"min_open_records"`
	OwnerBottleneckDays      int          `json:"owner_bottleneck_days"`
}

// Threshold is a value from which a record of one currency is a high-value one.
type Threshold struct {
	Currency string `json:"currency"`
	Amount   string `json:"amount"`
}

// TaskSettings are about tasks.
type TaskSettings struct {
	AutoClose string `json:"auto_close"`
}

// ContactSettings are about contacts.
type ContactSettings struct {
	DuplicatePolicy string   `json:"duplicate_policy"`
	CountryTag      bool     `json:"country_tag"`
	PriorityTags    []string `json:"priority_tags"`
}

// NotificationSettings are about mails.
type NotificationSettings struct {
	AssignmentMail bool `json:"assignment_mail"`
}

// RetentionSettings say how long the change log goes back.
type RetentionSettings struct {
	ChangeDays int `json:"change_days"`
}

// SaleschatSettings are about the chat desk; its key is a secret.
type SaleschatSettings struct {
	Enabled               bool    `json:"enabled"`
	BaseURL               *string `json:"base_url"`
	ReassignPolicy        string  `json:"reassign_policy"`
	ReassignOnOwnerChange bool    `json:"reassign_on_owner_change"`
	MaskPhones            bool    `json:"mask_phones"`
}

// AccessSettings are about who comes in.
type AccessSettings struct {
	MemberOTP    bool        `json:"member_otp"`
	RoleMap      []*RoleRule `json:"role_map"`
	EmbedOrigins []string    `json:"embed_origins"`
}

// RoleRule says which role a member has whom the partner knows in some role. A role of the partner without a rule is
// AGENT; only the partner's owner is OWNER.
type RoleRule struct {
	PartnerRole string      `json:"partner_role"`
	Role        viewer.Role `json:"role"`
}

// RoleOf gives the role of a member by the one it has at the partner, case ignored: by the rules, else OWNER for owner,
// ADMIN for admin and AGENT for anything else.
func (a AccessSettings) RoleOf(partnerRole string) viewer.Role {
	for _, r := range a.RoleMap {
		if fold.Key(r.PartnerRole) == fold.Key(partnerRole) {
			return r.Role
		}
	}
	return viewer.AgentRole
}

// NewRole is RoleOf for a member that is new here and not the workspace's owner: nobody becomes OWNER by a rule.
func (a AccessSettings) NewRole(partnerRole string) viewer.Role {
	if r := a.RoleOf(partnerRole); r != viewer.Owner {
		return r
	}
	return viewer.Admin
}

// DefaultSettings are those of a workspace that set none.
func DefaultSettings() Settings {
	return Settings{
		Labels:  LabelSettings{Own: []*Label{}},
		Records: RecordSettings{AutoReassignDays: 7, AutoReassignPipelineIds: []string{}, AssignmentRule: "NONE", LostReasons: defaultLostReasons(), VisibilityDefault: "ALL"},
		Insights: InsightSettings{StaleHours: 72, StaleHighHours: 168, HighValue: "10000", HighValues: []*Threshold{},
			LeadSignalTags:  []string{"hot", "hot lead", "hot_lead", "vip", "high-value lead", "qualified", "interested", "demo", "ready to buy"},
			LeadSignalScore: 3, LeadSignalHighScore: 5, TicketHighHours: 24, ConcentrationPercent: 50, ConcentrationHighPercent: 75,
			AssignmentPercent: 60, AssignmentHighPercent: 30, MissingValuePercent: 70, MissingValueHighPercent: 40, MinOpenRecords: 5,
			OwnerBottleneckDays: 30},
		Tasks:         TaskSettings{AutoClose: closeAll},
		Contacts:      ContactSettings{DuplicatePolicy: "SKIP", PriorityTags: []string{}},
		Notifications: NotificationSettings{AssignmentMail: true},
		Retention:     RetentionSettings{ChangeDays: 180},
		Saleschat:     SaleschatSettings{ReassignPolicy: "OWNER_OR_ADMIN"},
		Access: AccessSettings{MemberOTP: true, RoleMap: []*RoleRule{{"owner", viewer.Owner}, {"admin", viewer.Admin}},
			EmbedOrigins: []string{}},
	}
}

// SettingsOf reads the settings of a workspace as they are stored; what was never set, or cannot be read any more, is by
// its default. It never fails: a workspace must not stop because of a setting.
func SettingsOf(stored row.JSON) Settings {
	s := DefaultSettings()
	var flat map[string]json.RawMessage
	if len(stored) == 0 || json.Unmarshal(stored, &flat) != nil {
		return s
	}
	for name, value := range flat {
		group, key, ok := strings.Cut(name, ".")
		if !ok || string(value) == "null" {
			continue
		}
		one, _ := json.Marshal(map[string]map[string]json.RawMessage{group: {key: value}})
		next := s
		if clearList(&next, name); json.Unmarshal(one, &next) == nil {
			s = next
		}
	}
	return s
}

// Retention is how much of the change log is kept of a workspace with these settings.
func Retention(stored row.JSON) changelog.Retention {
	keep := changelog.DefaultRetention
	keep.Age = time.Duration(SettingsOf(stored).Retention.ChangeDays) * 24 * time.Hour
	return keep
}

// clearList empties a list before it is read: JSON is read into the elements that a list has.
func clearList(s *Settings, name string) {
	switch name {
	case "records.auto_reassign_pipeline_ids":
		s.Records.AutoReassignPipelineIds = nil
	case "records.lost_reasons":
		s.Records.LostReasons = nil
	case "access.role_map":
		s.Access.RoleMap = nil
	case "access.embed_origins":
		s.Access.EmbedOrigins = nil
	case "insights.lead_signal_tags":
		s.Insights.LeadSignalTags = nil
	case "insights.high_values":
		s.Insights.HighValues = nil
	case "contacts.priority_tags":
		s.Contacts.PriorityTags = nil
	case "labels.own":
		s.Labels.Own = nil
	}
}
