package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/typeid"
)

// ReorderStagesInput is the ids of all stages of a pipeline in their new order.
type ReorderStagesInput struct {
	PipelineID       string
	StageIds         []string
	ExpectedVersion  *int
	ClientMutationID *string
}

// ReorderStagesPayload is the pipeline with its stages in their new order.
type ReorderStagesPayload = CreatePipelinePayload

// ReorderStages puts the stages of a pipeline into an order. Needs ManagePipelines. CONFLICT unless the list is exactly
// the present stages.
func (s *Service) ReorderStages(ctx context.Context, in ReorderStagesInput) (*ReorderStagesPayload, error) {
	if err := permit(ctx, viewer.ManagePipelines); err != nil {
		return nil, err
	}
	c := &checker{}
	c.kinds("input.stageIds", typeid.Stage, in.StageIds)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &ReorderStagesPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.pipeline("input.pipelineId", in.PipelineID, true)
		if err != nil {
			return err
		}
		if err := version("pipeline", cur.Version, in.ExpectedVersion); err != nil {
			return err
		}
		changed, err := tx.orderStages(cur.ID, in.StageIds)
		if err != nil {
			return err
		}
		saved, err := tx.savePipeline(cur, *cur, changed)
		if err == nil {
			out.Pipeline, err = tx.showPipeline(saved)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// orderStages gives the stages of a pipeline their places; false when they were in that order already.
func (tx *Tx) orderStages(pipelineID string, wanted []string) (changed bool, err error) {
	present, err := tx.stages(pipelineID)
	if err != nil {
		return false, err
	}
	ids, byID := make([]string, len(present)), map[string]*ent.Stage{}
	for i, st := range present {
		ids[i], byID[st.ID] = st.ID, st
	}
	if !sameSet(ids, wanted) {
		f := fault.At("input.stageIds", fault.Conflict, "the list is not exactly the %d stages of the pipeline", len(ids))
		f.Current = map[string][]string{"stageIds": ids}
		return false, f
	}
	for i, id := range wanted {
		st := byID[id]
		if st.Position == i {
			continue
		}
		changed = true
		err := tx.ent.Stage.UpdateOneID(id).SetPosition(i).SetVersion(st.Version + 1).SetUpdatedAt(tx.now).
			SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
		if err != nil {
			return false, err
		}
	}
	return changed, nil
}
