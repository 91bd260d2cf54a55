package filter

import (
	"encoding/json"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Limits of a filter (spec records, section 12).
const (
	MaxDepth      = 5
	MaxConditions = 50
	// MaxText is how many bytes a text search has at most.
	MaxText = 400
)

// RecordFilter says which records; see the SDL.
type RecordFilter struct {
	And        []*RecordFilter         `json:",omitempty"`
	Or         []*RecordFilter         `json:",omitempty"`
	Not        *RecordFilter           `json:",omitempty"`
	ID         *IDComparator           `json:",omitempty"`
	PipelineID *IDComparator           `json:",omitempty"`
	StageID    *IDComparator           `json:",omitempty"`
	Status     *RecordStatusComparator `json:",omitempty"`
	Owner      *OwnerComparator        `json:",omitempty"`
	ContactID  *IDComparator           `json:",omitempty"`
	Priority   *PriorityComparator     `json:",omitempty"`
	Tags       *TagComparator          `json:",omitempty"`
	Value      *MoneyComparator        `json:",omitempty"`
	Q          *string                 `json:",omitempty"`
}

// Env is what a filter depends on besides itself.
type Env struct {
	// MemberID is who "me" is; empty for nobody.
	MemberID string
	// Currency is the workspace's default.
	Currency string
}

// Records is a compiled filter of records. Two with the same Key let the same records pass.
type Records struct {
	Pred[*row.Record]
	Key string
}

// CompileRecords compiles a filter; nil lets every record pass. It refuses with VALIDATION_FAILED and all places.
func CompileRecords(f *RecordFilter, env Env) (Records, error) {
	if f == nil {
		return Records{All[*row.Record](), ""}, nil
	}
	problems, n := &fault.Problems{}, 0
	p := compileTree(f, "filter", 1, &n, problems, env, func(f *RecordFilter) tree[*RecordFilter] {
		return tree[*RecordFilter]{f.And, f.Or, f.Not, f.Not != nil}
	}, recordFields)
	text, _ := json.Marshal(f)
	return Records{p, string(text) + " " + env.MemberID + " " + env.Currency}, tooMany(n, problems)
}

func (c *compiler[T]) always(s func(T) string) func(T) *string {
	return func(r T) *string { v := s(r); return &v }
}

func recordFields(of *compiler[*row.Record], f *RecordFilter, path string) {
	text := of.always
	if f.ID != nil {
		of.id(path+".id", "id", typeid.Record, text(func(r *row.Record) string { return r.ID }), *f.ID)
	}
	if f.PipelineID != nil {
		of.id(path+".pipelineId", "pipeline_id", typeid.Pipeline, text(func(r *row.Record) string { return r.PipelineID }), *f.PipelineID)
	}
	if f.StageID != nil {
		of.id(path+".stageId", "stage_id", typeid.Stage, text(func(r *row.Record) string { return r.StageID }), *f.StageID)
	}
	if f.Status != nil {
		of.enum(path+".status", "status", text(func(r *row.Record) string { return r.Status }), EnumComparator(*f.Status))
	}
	if f.Owner != nil {
		of.owner(path+".owner", "owner_id", func(r *row.Record) *string { return r.OwnerID }, *f.Owner)
	}
	if f.ContactID != nil {
		of.id(path+".contactId", "contact_id", typeid.Contact, func(r *row.Record) *string { return r.ContactID }, *f.ContactID)
	}
	if f.Priority != nil {
		of.priority(path+".priority", text(func(r *row.Record) string { return r.Priority }), *f.Priority)
	}
	if f.Tags != nil {
		of.tags(path+".tags", (*row.Record).TagKeys, *f.Tags)
	}
	if f.Value != nil {
		of.money(path+".value", func(r *row.Record) (*int64, string) { return r.Minor, r.Currency }, *f.Value)
	}
	of.text(path+".q", (*row.Record).SearchText, f.Q)
}
