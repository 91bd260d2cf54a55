package crm

import (
	"context"
	"slices"
	"strconv"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/template"
)

// CreatePipelineFromTemplateInput says which template, and what is different from it; see the SDL.
type CreatePipelineFromTemplateInput struct {
	TemplateKey      string
	Name             *string
	Description      *string
	RecordType       *string
	StagePositions   []int
	Stages           []*StageInput
	ClientMutationID *string
}

// CreatePipelineFromTemplatePayload is the pipeline made.
type CreatePipelineFromTemplatePayload = CreatePipelinePayload

// CreatePipelineFromTemplate copies a template into a pipeline; a name that is taken gets a number. Needs
// ManagePipelines of a viewer that is not narrowed. NOT_FOUND when there is no such template.
func (s *Service) CreatePipelineFromTemplate(ctx context.Context, in CreatePipelineFromTemplateInput) (*CreatePipelineFromTemplatePayload, error) {
	if err := permitWhole(ctx, viewer.ManagePipelines); err != nil {
		return nil, err
	}
	t := template.Get(in.TemplateKey)
	if t == nil {
		return nil, fault.NotFound("input.templateKey", "template", in.TemplateKey)
	}
	c := &checker{}
	p, stages := ofTemplate(t)
	if in.Name != nil {
		p.Name = c.required("input.name", *in.Name, 100)
	}
	if in.Description != nil {
		p.Description = c.text("input.description", in.Description, 500)
	}
	if in.RecordType != nil {
		p.RecordType = pipeline.RecordType(*in.RecordType)
	}
	stages = c.templateStages(stages, in)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &CreatePipelineFromTemplatePayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		live, err := tx.arrange()
		if err == nil {
			named := p
			named.Name = freeName(p.Name, "", live)
			out.Pipeline, _, err = tx.makePipeline(named, stages, live)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// ofTemplate is the pipeline that a template describes, with its stages in board order.
func ofTemplate(t *template.Template) (ent.Pipeline, []ent.Stage) {
	p := ent.Pipeline{Name: t.Name, Description: &t.Description, Category: pipeline.Category(t.Category),
		RecordType: pipeline.RecordType(t.RecordType), RequireLostReason: t.RequireLostReason, TemplateKey: &t.Key}
	stages := make([]ent.Stage, len(t.Stages))
	for i, st := range t.Stages {
		stages[i] = ent.Stage{Name: st.Name, Color: st.Color, Kind: stage.Kind(st.Kind), DefaultProbability: &st.DefaultProbability}
	}
	return p, stages
}

// templateStages are the stages given, else those of the template that are wanted.
func (c *checker) templateStages(all []ent.Stage, in CreatePipelineFromTemplateInput) []ent.Stage {
	if in.Stages != nil {
		if in.StagePositions != nil {
			c.Add("input.stagePositions", "does not go with stages of one's own")
		}
		c.allNew(in.Stages)
		return c.stages(in.Stages, nil)
	}
	if in.StagePositions == nil {
		return all
	}
	var out []ent.Stage
	for i, at := range in.StagePositions {
		if at < 0 || at >= len(all) || slices.Contains(in.StagePositions[:i], at) {
			c.Add(pathOf("input.stagePositions", i), "%d is no place in the template, or was given before", at)
			continue
		}
		out = append(out, all[at])
	}
	if !slices.ContainsFunc(out, func(st ent.Stage) bool { return st.Kind == stage.KindOPEN }) {
		c.AddCode("input.stagePositions", fault.LastOpenStage, "a pipeline keeps at least one OPEN stage")
	}
	return out
}

// freeName is a name that no live pipeline has: the one wanted with its ending, else with the first number behind, from
// 2, that makes it one.
func freeName(wanted, end string, live []*ent.Pipeline) string {
	name := ending(wanted, end)
	for n := 2; slices.ContainsFunc(live, func(p *ent.Pipeline) bool { return p.NameKey == fold.Key(name) }); n++ {
		name = ending(wanted, end+" "+strconv.Itoa(n))
	}
	return name
}

// ending puts an ending to a name, which is cut where both together would be too long.
func ending(name, end string) string {
	runes := []rune(name)
	return fold.Trim(string(runes[:min(len(runes), 100-len(end))])) + end
}
