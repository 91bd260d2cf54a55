package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
)

// UpdatePipeline changes a pipeline; a list of stages, when given, replaces the present one. Needs ManagePipelines.
// STAGE_NOT_EMPTY, LAST_OPEN_STAGE, DUPLICATE and CONFLICT leave everything as it was.
func (s *Service) UpdatePipeline(ctx context.Context, in UpdatePipelineInput) (*UpdatePipelinePayload, error) {
	if err := permit(ctx, viewer.ManagePipelines); err != nil {
		return nil, err
	}
	c := &checker{}
	if in.Stages != nil {
		c.stages(in.Stages, nil) // as far as it can be told without those that are there
	} else if len(in.MoveRecords) > 0 {
		c.Add("input.moveRecords", "goes with the list of stages that stay")
	}
	c.moves("input.moveRecords", in.MoveRecords)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &UpdatePipelinePayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.pipeline("input.id", in.ID, true)
		if err != nil {
			return err
		}
		if err := version("pipeline", cur.Version, in.ExpectedVersion); err != nil {
			return err
		}
		next, err := editPipeline(*cur, in)
		if err != nil {
			return err
		}
		staged := false
		if in.Stages != nil {
			if staged, err = tx.restage(cur.ID, in); err != nil {
				return err
			}
		}
		saved, err := tx.savePipeline(cur, next, staged)
		if err == nil {
			out.Pipeline, err = tx.showPipeline(saved)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

func editPipeline(p ent.Pipeline, in UpdatePipelineInput) (ent.Pipeline, error) {
	c := &checker{}
	cleared := func(field string) { c.Add("input."+field, "cannot be cleared") }
	if given(in.Name) {
		if n := in.Name.Value(); n != nil {
			p.Name = c.required("input.name", *n, 100)
		} else {
			cleared("name")
		}
	}
	if given(in.Description) {
		p.Description = c.text("input.description", in.Description.Value(), 500)
	}
	if given(in.StaleAfterHours) {
		p.StaleAfterHours = c.hours("input.staleAfterHours", in.StaleAfterHours.Value())
	}
	setTo(in.Category, func(v string) { p.Category = pipeline.Category(v) }, func() { cleared("category") })
	setTo(in.RecordType, func(v string) { p.RecordType = pipeline.RecordType(v) }, func() { cleared("recordType") })
	setTo(in.RequireLostReason, func(v bool) { p.RequireLostReason = v }, func() { cleared("requireLostReason") })
	return p, c.Err()
}

// setTo applies a field that may be absent but not null.
func setTo[T any](o graphql.Omittable[*T], set func(T), null func()) {
	if !o.IsSet() {
		return
	}
	if v := o.Value(); v != nil {
		set(*v)
	} else {
		null()
	}
}

// savePipeline writes what a draft changes, and a new version also when only stages changed.
func (tx *Tx) savePipeline(cur *ent.Pipeline, next ent.Pipeline, staged bool) (*ent.Pipeline, error) {
	u := tx.ent.Pipeline.UpdateOneID(cur.ID)
	drafted, err := changelog.Draft(u.Mutation(), cur, &next)
	if err != nil || !(drafted || staged) {
		return cur, err
	}
	saved, err := u.SetNameKey(fold.Key(next.Name)).SetVersion(cur.Version + 1).SetUpdatedAt(tx.now).
		SetUpdatedBy(tx.viewer.Actor()).Save(tx.ctx)
	return saved, tx.duplicate(err, "input.name")
}

// restage makes a pipeline's stages those of a whole list; false when they were so already.
func (tx *Tx) restage(pipelineID string, in UpdatePipelineInput) (bool, error) {
	present, err := tx.stages(pipelineID)
	if err != nil {
		return false, err
	}
	byID := map[string]*ent.Stage{}
	for _, st := range present {
		byID[st.ID] = st
	}
	kept := map[string]bool{}
	for i, w := range in.Stages {
		if w.ID == nil {
			continue
		}
		at := pathOf("input.stages", i) + ".id"
		switch {
		case byID[*w.ID] == nil:
			return false, fault.NotFound(at, "stage", *w.ID)
		case kept[*w.ID]:
			return false, fault.At(at, fault.ValidationFailed, "was given before")
		}
		kept[*w.ID] = true
	}
	c := &checker{}
	wanted := c.stages(in.Stages, byID)
	if err := c.Err(); err != nil {
		return false, err
	}
	exits, err := tx.exits(byID, kept, in.MoveRecords)
	if err != nil {
		return false, err
	}
	changed := false
	if err := tx.parkNames(present, kept, in.Stages); err != nil {
		return false, err
	}
	for _, gone := range present {
		if kept[gone.ID] {
			continue
		}
		changed = true
		if err := tx.deleteStage(gone, exits); err != nil {
			return false, err
		}
	}
	for i := range wanted {
		if in.Stages[i].ID == nil {
			changed = true
			if _, err := tx.insertStage(pipelineID, wanted[i], i); err != nil {
				return false, err
			}
			continue
		}
		saved, err := tx.saveStage(byID[*in.Stages[i].ID], wanted[i], in.Stages[i].ConfirmCount, pathOf("input.stages", i))
		if err != nil {
			return false, err
		}
		changed = changed || saved
	}
	return changed, nil
}
