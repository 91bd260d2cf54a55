package row

import "time"

// Pipeline is a process with stages.
type Pipeline struct {
	ID                string     `json:"id"`
	Name              string     `json:"name"`
	Description       *string    `json:"description"`
	Category          string     `json:"category"`
	RecordType        string     `json:"record_type"`
	Position          int        `json:"position"`
	IsDefault         bool       `json:"is_default"`
	TemplateKey       *string    `json:"template_key"`
	StaleAfterHours   *int       `json:"stale_after_hours"`
	RequireLostReason bool       `json:"require_lost_reason"`
	Version           int        `json:"version"`
	CreatedBy         Actor      `json:"created_by"`
	UpdatedBy         Actor      `json:"updated_by"`
	CreatedAt         time.Time  `json:"created_at"`
	UpdatedAt         time.Time  `json:"updated_at"`
	DeletedAt         *time.Time `json:"deleted_at"`

	// Stages, live and in board order; nil when they were not read.
	Stages []*Stage `json:"-"`
}

// RestorableFor is how long what was deleted can be restored.
const RestorableFor = 30 * 24 * time.Hour

// PipelineColumns are the columns of Dest, in its order.
var PipelineColumns = cols("id name description category record_type position is_default template_key stale_after_hours require_lost_reason version created_by updated_by created_at updated_at deleted_at")

// Dest gives what to scan PipelineColumns into.
func (p *Pipeline) Dest() []any {
	return []any{&p.ID, &p.Name, &p.Description, &p.Category, &p.RecordType, &p.Position, &p.IsDefault, &p.TemplateKey,
		&p.StaleAfterHours, &p.RequireLostReason, &p.Version, &p.CreatedBy, &p.UpdatedBy, utc{&p.CreatedAt}, utc{&p.UpdatedAt}, utcPtr{&p.DeletedAt}}
}

// IsNode marks an object with a global id.
func (Pipeline) IsNode() {}

// Stage finds one of the stages.
func (p *Pipeline) Stage(id string) *Stage {
	for _, s := range p.Stages {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Stage is a column of a pipeline's board.
type Stage struct {
	ID                 string     `json:"id"`
	PipelineID         string     `json:"pipeline_id"`
	Name               string     `json:"name"`
	Color              string     `json:"color"`
	Position           int        `json:"position"`
	DefaultProbability *int       `json:"default_probability"`
	Kind               string     `json:"kind"`
	StaleAfterHours    *int       `json:"stale_after_hours"`
	RequiredFields     []string   `json:"required_fields"`
	Version            int        `json:"version"`
	DeletedAt          *time.Time `json:"deleted_at"`
}

// StageColumns are the columns of Dest, in its order.
var StageColumns = cols("id pipeline_id name color position default_probability kind stale_after_hours required_fields version deleted_at")

// Dest gives what to scan StageColumns into.
func (s *Stage) Dest() []any {
	return []any{&s.ID, &s.PipelineID, &s.Name, &s.Color, &s.Position, &s.DefaultProbability, &s.Kind,
		&s.StaleAfterHours, (*Strings)(&s.RequiredFields), &s.Version, utcPtr{&s.DeletedAt}}
}

// IsNode marks an object with a global id.
func (Stage) IsNode() {}
