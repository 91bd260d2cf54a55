package row

import (
	"time"

	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/tie"
)

// Record is a card.
type Record struct {
	ID                string  `json:"id"`
	Number            int     `json:"number"`
	PipelineID        string  `json:"pipeline_id"`
	StageID           string  `json:"stage_id"`
	Rank              string  `json:"rank"`
	Title             string  `json:"title"`
	Description       *string `json:"description"`
	Minor             *int64  `json:"value"`
	Currency          string  `json:"currency"`
	Probability       int     `json:"probability"`
	ProbabilitySource string  `json:"probability_source"`
	Status            string  `json:"status"`
	Priority          string  `json:"priority"`
	OwnerID           *string `json:"owner_id"`
	ContactID         *string `json:"contact_id"`
	ContactName       *string `json:"contact_name"`
	ContactEmail      *string `json:"contact_email"`
	ContactPhone      *string `json:"contact_phone"`
	CompanyID         *string `json:"company_id"`
	CompanyName       *string `json:"company_name"`
	// Parties, Items and Ties are as stored; what of them is shown depends on who looks.
	Parties           []tie.Participant `json:"participants"`
	LineItems         []money.Item      `json:"line_items"`
	ValueFromItems    bool              `json:"value_from_items"`
	Ties              []tie.Link        `json:"links"`
	ExpectedCloseDate *string           `json:"expected_close_date"`
	StageEnteredAt    time.Time         `json:"stage_entered_at"`
	ClosedAt          *time.Time        `json:"closed_at"`
	WonAt             *time.Time        `json:"won_at"`
	LostAt            *time.Time        `json:"lost_at"`
	LastActivityAt    time.Time         `json:"last_activity_at"`
	LastReassignedAt  *time.Time        `json:"last_reassigned_at"`
	OpenTaskCount     int               `json:"open_task_count"`
	NextDueAt         *time.Time        `json:"next_due_at"`
	LostReason        *string           `json:"lost_reason"`
	LostReasonKey     *string           `json:"lost_reason_key"`
	Source            string            `json:"source"`
	SourceDetail      *string           `json:"source_detail"`
	CopiedFromID      *string           `json:"copied_from_id"`
	Channel           *string           `json:"channel"`
	ChatURL           *string           `json:"chat_url"`
	UserNs            *string           `json:"user_ns"`
	Tags              []string          `json:"tags"`
	CustomFields      JSON              `json:"custom_fields"`
	ExternalID        *string           `json:"external_id"`
	CreatedBy         Actor             `json:"created_by"`
	UpdatedBy         Actor             `json:"updated_by"`
	CreatedAt         time.Time         `json:"created_at"`
	UpdatedAt         time.Time         `json:"updated_at"`
	DeletedAt         *time.Time        `json:"deleted_at"`
	Version           int               `json:"version"`

	// What it links to, where the reader knew it; see Linked.
	Pipeline *Pipeline `json:"-"`
	Stage    *Stage    `json:"-"`
	Owner    *Member   `json:"-"`
	Contact  *Contact  `json:"-"`
	// OwnerTeams are the teams its owner belongs to; nil for nobody's, and where the reader did not know them.
	OwnerTeams []string `json:"-"`
	Company    *Company `json:"-"`

	search *string
	keys   *string
}

// RecordColumns are the columns of Dest, in its order.
var RecordColumns = cols(`id number pipeline_id stage_id rank title description value currency probability
	probability_source status priority owner_id contact_id contact_name contact_email contact_phone company_id company_name
	participants line_items value_from_items links expected_close_date stage_entered_at closed_at won_at lost_at
	last_activity_at last_reassigned_at open_task_count next_due_at lost_reason lost_reason_key source
	source_detail copied_from_id channel chat_url user_ns tags custom_fields external_id created_by updated_by created_at updated_at
	deleted_at version`)

// Dest gives what to scan RecordColumns into.
func (r *Record) Dest() []any {
	return []any{&r.ID, &r.Number, &r.PipelineID, &r.StageID, &r.Rank, &r.Title, &r.Description, &r.Minor, &r.Currency,
		&r.Probability, &r.ProbabilitySource, &r.Status, &r.Priority, &r.OwnerID, &r.ContactID, &r.ContactName,
		&r.ContactEmail, &r.ContactPhone, &r.CompanyID, &r.CompanyName, jsonOf{&r.Parties}, jsonOf{&r.LineItems}, &r.ValueFromItems,
		jsonOf{&r.Ties}, &r.ExpectedCloseDate, utc{&r.StageEnteredAt},
		utcPtr{&r.ClosedAt}, utcPtr{&r.WonAt}, utcPtr{&r.LostAt}, utc{&r.LastActivityAt}, utcPtr{&r.LastReassignedAt}, &r.OpenTaskCount, utcPtr{&r.NextDueAt},
		&r.LostReason,
		&r.LostReasonKey, &r.Source, &r.SourceDetail, &r.CopiedFromID, &r.Channel, &r.ChatURL, &r.UserNs, (*Strings)(&r.Tags), &r.CustomFields,
		&r.ExternalID, &r.CreatedBy, &r.UpdatedBy, utc{&r.CreatedAt}, utc{&r.UpdatedAt}, utcPtr{&r.DeletedAt}, &r.Version}
}

// IsNode marks an object with a global id.
func (Record) IsNode() {}

// Value is the record's value; nil when unknown.
func (r *Record) Value() *money.Money {
	if r.Minor == nil {
		return nil
	}
	return &money.Money{Amount: money.Format(*r.Minor, r.Currency), Currency: r.Currency}
}

// WeightedValue is value × probability / 100, rounded half-even to the currency's digits.
func (r *Record) WeightedValue() *money.Money {
	if r.Minor == nil {
		return nil
	}
	return &money.Money{Amount: money.Format(money.Weighted(*r.Minor, r.Probability), r.Currency), Currency: r.Currency}
}
