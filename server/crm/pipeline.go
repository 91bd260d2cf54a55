package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Limits (spec pipelines, sections 1 and 2).
const (
	MaxPipelines = 100
	MaxStages    = 50
)

// StageInput is a stage as it should be; see the SDL.
type StageInput struct {
	ID                 *string
	Name               string
	Color              graphql.Omittable[*string]
	DefaultProbability graphql.Omittable[*int]
	Kind               graphql.Omittable[*string]
	StaleAfterHours    graphql.Omittable[*int]
	RequiredFields     graphql.Omittable[[]string]
	ConfirmCount       *int
}

// CreatePipelineInput is a new pipeline; see the SDL.
type CreatePipelineInput struct {
	Name              string
	Description       *string
	Category          string
	RecordType        *string
	StaleAfterHours   *int
	RequireLostReason bool
	Stages            []*StageInput
	ClientMutationID  *string
}

// CreatePipelinePayload is the pipeline made.
type CreatePipelinePayload struct {
	Pipeline         *row.Pipeline
	Revision         row.Revision
	ClientMutationID *string
}

// UpdatePipelineInput changes the fields that are set; see the SDL.
type UpdatePipelineInput struct {
	ID                string
	Name              graphql.Omittable[*string]
	Description       graphql.Omittable[*string]
	Category          graphql.Omittable[*string]
	RecordType        graphql.Omittable[*string]
	StaleAfterHours   graphql.Omittable[*int]
	RequireLostReason graphql.Omittable[*bool]
	Stages            []*StageInput
	MoveRecords       []*StageMoveInput
	ExpectedVersion   *int
	ClientMutationID  *string
}

// UpdatePipelinePayload is the pipeline as it is now.
type UpdatePipelinePayload = CreatePipelinePayload

// CreatePipeline makes a pipeline with its stages; the first of a workspace becomes the default. Needs ManagePipelines
// of a viewer that is not narrowed.
func (s *Service) CreatePipeline(ctx context.Context, in CreatePipelineInput) (*CreatePipelinePayload, error) {
	if err := permitWhole(ctx, viewer.ManagePipelines); err != nil {
		return nil, err
	}
	c := &checker{}
	p := ent.Pipeline{Name: c.required("input.name", in.Name, 100), Description: c.text("input.description", in.Description, 500),
		Category: pipeline.Category(in.Category), RecordType: recordType(in.Category, in.RecordType),
		StaleAfterHours: c.hours("input.staleAfterHours", in.StaleAfterHours), RequireLostReason: in.RequireLostReason}
	stages := c.stages(in.Stages, nil)
	c.allNew(in.Stages)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &CreatePipelinePayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		live, err := tx.arrange()
		if err == nil {
			out.Pipeline, _, err = tx.makePipeline(p, stages, live)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// recordType is the one given, else the category's usual one.
func recordType(category string, given *string) pipeline.RecordType {
	switch {
	case given != nil:
		return pipeline.RecordType(*given)
	case category == "CUSTOMER_SUPPORT" || category == "IT_HELPDESK":
		return pipeline.RecordTypeTICKET
	}
	return pipeline.RecordTypeDEAL
}

func (c *checker) hours(field string, h *int) *int {
	if h != nil && (*h < 1 || *h > 24*365) {
		c.Add(field, "is not between 1 and 8,760 hours")
	}
	return h
}

// makePipeline adds a pipeline to the live ones of a workspace, as the last of them, with its stages in board order.
func (tx *Tx) makePipeline(p ent.Pipeline, stages []ent.Stage, live []*ent.Pipeline) (*row.Pipeline, []*ent.Stage, error) {
	made, err := tx.insertPipeline(p, live)
	if err != nil {
		return nil, nil, err
	}
	shown, inserted := changelog.Row[row.Pipeline](made), make([]*ent.Stage, len(stages))
	for i := range stages {
		if inserted[i], err = tx.insertStage(made.ID, stages[i], i); err != nil {
			return nil, nil, err
		}
		shown.Stages = append(shown.Stages, changelog.Row[row.Stage](inserted[i]))
	}
	return shown, inserted, nil
}

func (tx *Tx) insertPipeline(p ent.Pipeline, live []*ent.Pipeline) (*ent.Pipeline, error) {
	if err := oneMore(live); err != nil {
		return nil, err
	}
	actor := tx.viewer.Actor()
	made, err := tx.ent.Pipeline.Create().SetID(tx.NewID(typeid.Pipeline)).SetWorkspaceID(tx.viewer.WorkspaceID).SetName(p.Name).
		SetNameKey(fold.Key(p.Name)).SetNillableDescription(p.Description).SetCategory(p.Category).SetRecordType(p.RecordType).
		SetPosition(last(live)).SetIsDefault(len(live) == 0).SetNillableTemplateKey(p.TemplateKey).
		SetNillableStaleAfterHours(p.StaleAfterHours).SetRequireLostReason(p.RequireLostReason).
		SetCreatedBy(actor).SetUpdatedBy(actor).SetCreatedAt(tx.now).SetUpdatedAt(tx.now).Save(tx.ctx)
	return made, tx.duplicate(err, "input.name")
}

func (tx *Tx) insertStage(pipelineID string, st ent.Stage, position int) (*ent.Stage, error) {
	actor := tx.viewer.Actor()
	return tx.ent.Stage.Create().SetID(tx.NewID(typeid.Stage)).SetWorkspaceID(tx.viewer.WorkspaceID).SetPipelineID(pipelineID).
		SetName(st.Name).SetNameKey(fold.Key(st.Name)).SetColor(st.Color).SetPosition(position).SetKind(st.Kind).
		SetNillableDefaultProbability(st.DefaultProbability).SetNillableStaleAfterHours(st.StaleAfterHours).
		SetRequiredFields(st.RequiredFields).SetCreatedBy(actor).SetUpdatedBy(actor).SetCreatedAt(tx.now).SetUpdatedAt(tx.now).Save(tx.ctx)
}

// showPipeline shows a pipeline with its live stages.
func (tx *Tx) showPipeline(p *ent.Pipeline) (*row.Pipeline, error) {
	stages, err := tx.stages(p.ID)
	if err != nil {
		return nil, err
	}
	shown := changelog.Row[row.Pipeline](p)
	for _, st := range stages {
		shown.Stages = append(shown.Stages, changelog.Row[row.Stage](st))
	}
	return shown, nil
}

// stages loads a pipeline's live stages in board order, for update.
func (tx *Tx) stages(pipelineID string) ([]*ent.Stage, error) {
	return tx.ent.Stage.Query().Where(stage.PipelineID(pipelineID), stage.DeletedAtIsNil(), tx.lock).
		Order(stage.ByPosition(), stage.ByID()).All(tx.ctx)
}
