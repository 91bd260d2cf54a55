package filter

import (
	"encoding/json"
	"time"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// RecordFilter says which records; see the SDL.
type RecordFilter struct {
	And               []*RecordFilter          `json:",omitempty"`
	Or                []*RecordFilter          `json:",omitempty"`
	Not               *RecordFilter            `json:",omitempty"`
	ID                *IDComparator            `json:",omitempty"`
	PipelineID        *IDComparator            `json:",omitempty"`
	RecordType        *RecordTypeComparator    `json:",omitempty"`
	StageID           *IDComparator            `json:",omitempty"`
	Status            *RecordStatusComparator  `json:",omitempty"`
	Owner             *OwnerComparator         `json:",omitempty"`
	Team              *TeamComparator          `json:",omitempty"`
	ContactID         *IDComparator            `json:",omitempty"`
	CompanyID         *IDComparator            `json:",omitempty"`
	Priority          *PriorityComparator      `json:",omitempty"`
	Tags              *TagComparator           `json:",omitempty"`
	Value             *MoneyComparator         `json:",omitempty"`
	Probability       *IntComparator           `json:",omitempty"`
	ExpectedCloseDate *DateComparator          `json:",omitempty"`
	CreatedAt         *TimeComparator          `json:",omitempty"`
	UpdatedAt         *TimeComparator          `json:",omitempty"`
	ClosedAt          *TimeComparator          `json:",omitempty"`
	StageEnteredAt    *TimeComparator          `json:",omitempty"`
	LastActivityAt    *TimeComparator          `json:",omitempty"`
	IsOverdue         *bool                    `json:",omitempty"`
	IsStale           *bool                    `json:",omitempty"`
	StaleHours        *int                     `json:",omitempty"`
	HasOpenTasks      *bool                    `json:",omitempty"`
	Source            *RecordSourceComparator  `json:",omitempty"`
	SourceDetail      *TextComparator          `json:",omitempty"`
	Channel           *ChannelComparator       `json:",omitempty"`
	LostReason        *TextComparator          `json:",omitempty"`
	LostReasonKey     *KeyComparator           `json:",omitempty"`
	Title             *TextComparator          `json:",omitempty"`
	CompanyName       *TextComparator          `json:",omitempty"`
	ContactName       *TextComparator          `json:",omitempty"`
	ExternalID        *KeyComparator           `json:",omitempty"`
	UserNs            *KeyComparator           `json:",omitempty"`
	CustomFields      []*CustomFieldComparator `json:",omitempty"`
	Q                 *string                  `json:",omitempty"`
}

// Records is a compiled filter of records. Two with the same Key let the same records pass.
//
// Match goes by the record's own fields and, where Pipelines or Teams say so, by its Pipeline and Stage or its OwnerTeams,
// which whoever asks must have linked.
type Records struct {
	Pred[*row.Record]
	Key string
	// Clock says that the filter depends on the moment it was compiled for; see At.
	Clock bool
	// Pipelines says that it depends on the rows of pipelines and stages, Teams that it does on the owners' teams.
	Pipelines, Teams bool

	filter *RecordFilter
	env    Env
}

var recordGrammar = grammar[*RecordFilter, *row.Record]{func(f *RecordFilter) tree[*RecordFilter] {
	return tree[*RecordFilter]{f.And, f.Or, f.Not, f.Not != nil}
}, recordFields}

// CompileRecords compiles a filter; nil lets every record pass. It refuses with VALIDATION_FAILED and all places.
func CompileRecords(f *RecordFilter, env Env) (Records, error) {
	if f == nil {
		return Records{Pred: All[*row.Record]()}, nil
	}
	r := &run{env: env}
	p := compile(r, recordGrammar, f, "filter", 1)
	text, _ := json.Marshal(f)
	out := Records{p, string(text) + " " + env.MemberID + " " + env.Currency, r.clock, r.pipelines, r.teams, f, env}
	if r.clock {
		out.Key += " " + env.clock()
	}
	return out, r.err()
}

// At gives the filter as it is at another moment. A range that was one may have become empty by then.
func (r Records) At(now time.Time) Records {
	if !r.Clock {
		return r
	}
	env := r.env
	env.Now = now.UTC().Truncate(time.Microsecond)
	out, _ := CompileRecords(r.filter, env) // it was compiled before: only its ranges can be other ones
	return out
}

// Own tells whether the filter depends on a record's own fields alone, so that an image of it can be asked at any time.
func (r Records) Own() bool { return !r.Clock && !r.Pipelines && !r.Teams }

// Moment is the one the filter was compiled for.
func (r Records) Moment() time.Time { return r.env.Now }

func recordFields(c *compiler[*row.Record], f *RecordFilter, path string) {
	recordLinks(c, f, path)
	recordMoments(c, f, path)
	recordTexts(c, f, path)
	if f.Status != nil {
		c.enum(path+".status", "status", func(r *row.Record) *string { return &r.Status }, EnumComparator(*f.Status))
	}
	if f.Priority != nil {
		c.priority(path+".priority", func(r *row.Record) *string { return &r.Priority }, *f.Priority)
	}
	if f.Source != nil {
		c.enum(path+".source", "source", func(r *row.Record) *string { return &r.Source }, EnumComparator(*f.Source))
	}
	if f.Channel != nil {
		channel := func(r *row.Record) *string { return r.Channel }
		c.enum(path+".channel", "channel", channel, EnumComparator{f.Channel.Eq, f.Channel.Ne, f.Channel.In, f.Channel.NotIn})
		c.addIf(f.Channel.IsNull, func() Pred[*row.Record] { return null("channel", channel) })
	}
	if f.Tags != nil {
		c.tags(path+".tags", (*row.Record).TagKeys, *f.Tags)
	}
	if f.Value != nil {
		c.money(path+".value", func(r *row.Record) (*int64, string) { return r.Minor, r.Currency }, *f.Value)
	}
	ints(c, path+".probability", "probability", always(func(r *row.Record) int { return r.Probability }), f.Probability)
	c.addIf(f.HasOpenTasks, func() Pred[*row.Record] {
		return column("open_task_count", always(func(r *row.Record) int { return r.OpenTaskCount })).above(0)
	})
	custom(c, path+".customFields", "custom_index", func(r *row.Record) row.JSON { return r.CustomFields }, f.CustomFields)
	c.text(path+".q", (*row.Record).SearchText, f.Q)
}

func recordLinks(c *compiler[*row.Record], f *RecordFilter, path string) {
	if f.ID != nil {
		c.id(path+".id", "id", typeid.Record, func(r *row.Record) *string { return &r.ID }, *f.ID)
	}
	if f.PipelineID != nil {
		c.id(path+".pipelineId", "pipeline_id", typeid.Pipeline, func(r *row.Record) *string { return &r.PipelineID }, *f.PipelineID)
	}
	if f.StageID != nil {
		c.id(path+".stageId", "stage_id", typeid.Stage, func(r *row.Record) *string { return &r.StageID }, *f.StageID)
	}
	if f.Owner != nil {
		c.owner(path+".owner", "owner_id", func(r *row.Record) *string { return r.OwnerID }, *f.Owner)
	}
	if f.ContactID != nil {
		c.id(path+".contactId", "contact_id", typeid.Contact, func(r *row.Record) *string { return r.ContactID }, *f.ContactID)
	}
	if f.CompanyID != nil {
		c.id(path+".companyId", "company_id", typeid.Company, func(r *row.Record) *string { return r.CompanyID }, *f.CompanyID)
	}
	recordType(c, path+".recordType", f.RecordType)
	teams(c, path+".team", f.Team)
}

func recordMoments(c *compiler[*row.Record], f *RecordFilter, path string) {
	dates(c, path+".expectedCloseDate", expected, f.ExpectedCloseDate)
	times(c, path+".createdAt", "created_at", always(func(r *row.Record) time.Time { return r.CreatedAt }), f.CreatedAt)
	times(c, path+".updatedAt", "updated_at", always(func(r *row.Record) time.Time { return r.UpdatedAt }), f.UpdatedAt)
	times(c, path+".closedAt", "closed_at", pointed(func(r *row.Record) *time.Time { return r.ClosedAt }), f.ClosedAt)
	times(c, path+".stageEnteredAt", "stage_entered_at", always(func(r *row.Record) time.Time { return r.StageEnteredAt }), f.StageEnteredAt)
	times(c, path+".lastActivityAt", "last_activity_at", always(func(r *row.Record) time.Time { return r.LastActivityAt }), f.LastActivityAt)
	overdue(c, path+".isOverdue", f.IsOverdue)
	stale(c, path+".isStale", f.IsStale)
	idle(c, path+".staleHours", f.StaleHours)
}

func recordTexts(c *compiler[*row.Record], f *RecordFilter, path string) {
	title := folded("title_folded", func(r *row.Record) *string { return &r.Title })
	title.every = true
	texts(c, path+".title", title, f.Title)
	texts(c, path+".companyName", folded("company_name_folded", func(r *row.Record) *string { return r.CompanyName }), f.CompanyName)
	texts(c, path+".contactName", folded("contact_name_folded", func(r *row.Record) *string { return r.ContactName }), f.ContactName)
	texts(c, path+".sourceDetail", folded("source_detail_folded", func(r *row.Record) *string { return r.SourceDetail }), f.SourceDetail)
	texts(c, path+".lostReason", folded("lost_reason_folded", func(r *row.Record) *string { return r.LostReason }), f.LostReason)
	keys(c, path+".lostReasonKey", "lost_reason_key", func(r *row.Record) *string { return r.LostReasonKey }, f.LostReasonKey)
	keys(c, path+".externalId", "external_id", func(r *row.Record) *string { return r.ExternalID }, f.ExternalID)
	keys(c, path+".userNs", "user_ns", func(r *row.Record) *string { return r.UserNs }, f.UserNs)
}
