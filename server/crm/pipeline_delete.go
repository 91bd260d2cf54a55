package crm

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// DeletePipelineInput says which pipeline goes, and what becomes of its records.
type DeletePipelineInput struct {
	ID               string
	MoveTo           *PipelineMoveInput
	DeleteRecords    bool
	ConfirmCount     *int
	NewDefaultID     *string
	ClientMutationID *string
}

// PipelineMoveInput says where the records of a deleted pipeline go.
type PipelineMoveInput struct {
	PipelineID string
	StageID    *string
	StageMap   []*StageMoveInput
}

// DeletePipelinePayload tells what was deleted.
type DeletePipelinePayload struct {
	DeletedID        string
	RecordCount      int
	Revision         row.Revision
	ClientMutationID *string
}

// DeletePipeline deletes a pipeline; it can be restored for 30 days (spec pipelines, section 3). Needs ManagePipelines,
// and DeleteData when its records go with it.
func (s *Service) DeletePipeline(ctx context.Context, in DeletePipelineInput) (*DeletePipelinePayload, error) {
	need := viewer.ManagePipelines
	if in.DeleteRecords {
		need |= viewer.DeleteData
	}
	if err := permit(ctx, need); err != nil {
		return nil, err
	}
	c := &checker{}
	c.kind("input.newDefaultId", typeid.Pipeline, in.NewDefaultID)
	if to := in.MoveTo; to != nil {
		c.kind("input.moveTo.stageId", typeid.Stage, to.StageID)
		c.moves("input.moveTo.stageMap", to.StageMap)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	if in.DeleteRecords && in.MoveTo != nil {
		return nil, fault.At("input", fault.ValidationFailed, "records are either moved or deleted, not both")
	}
	out := &DeletePipelinePayload{DeletedID: in.ID, ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) (err error) {
		out.RecordCount, err = tx.deletePipeline(in)
		return err
	})
	out.Revision = rev
	return out, err
}

func (tx *Tx) deletePipeline(in DeletePipelineInput) (int, error) {
	live, err := tx.arrange()
	if err != nil {
		return 0, err
	}
	cur, err := tx.pipeline("input.id", in.ID, true)
	if err != nil {
		return 0, err
	}
	if len(live) == 1 {
		return 0, fault.New(fault.LastPipeline, "a workspace keeps at least one pipeline")
	}
	if _, err := tx.stages(cur.ID); err != nil { // nobody moves a card into it any more
		return 0, err
	}
	cards, err := tx.ent.Record.Query().Where(record.PipelineID(cur.ID), record.DeletedAtIsNil(), tx.lock).
		Order(record.ByStageID(), record.ByRank()).All(tx.ctx)
	if err != nil {
		return 0, err
	}
	if err := tx.rehouse(cards, in); err != nil {
		return 0, err
	}
	if err := tx.retireStages(cur.ID); err != nil {
		return 0, err
	}
	if err := tx.Audit("pipeline.deleted", cur.ID, map[string]any{"name": cur.Name, "records": len(cards), "records_deleted": in.DeleteRecords}); err != nil {
		return 0, err
	}
	return len(cards), tx.retire(cur, in.NewDefaultID)
}

// retireStages deletes a pipeline's stages with it: who waits for one of them to put a card there finds it gone.
func (tx *Tx) retireStages(pipelineID string) error {
	return tx.ent.Stage.Update().Where(stage.PipelineID(pipelineID), stage.DeletedAtIsNil()).SetDeletedAt(tx.now).AddVersion(1).
		SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
}

// rehouse moves or deletes the records of a pipeline that goes.
func (tx *Tx) rehouse(cards []*ent.Record, in DeletePipelineInput) error {
	switch n := len(cards); {
	case n == 0:
		return nil
	case in.MoveTo != nil:
		return tx.moveAll(cards, in.ID, *in.MoveTo)
	case !in.DeleteRecords:
		f := fault.New(fault.PipelineNotEmpty, "the pipeline holds %d records; say what becomes of them", n)
		f.Current = map[string]int{"count": n}
		return f
	case in.ConfirmCount == nil || *in.ConfirmCount != n:
		f := fault.At("input.confirmCount", fault.Conflict, "%d records would be deleted; confirm that number", n)
		f.Current = map[string]int{"count": n}
		return f
	}
	ids := make([]string, len(cards))
	for i, c := range cards {
		ids[i] = c.ID
	}
	slices.Sort(ids)
	for chunk := range slices.Chunk(ids, MaxBatch) {
		err := tx.ent.Record.Update().Where(record.IDIn(chunk...)).SetDeletedAt(tx.now).AddVersion(1).SetUpdatedAt(tx.now).
			SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// moveAll moves the records of a pipeline to another, stage by stage, keeping their order.
func (tx *Tx) moveAll(cards []*ent.Record, from string, to PipelineMoveInput) error {
	if to.PipelineID == from {
		return fault.At("input.moveTo.pipelineId", fault.ValidationFailed, "the records cannot stay in the pipeline that goes")
	}
	if _, err := tx.pipeline("input.moveTo.pipelineId", to.PipelineID, false); err != nil {
		return err
	}
	stages, err := tx.stages(to.PipelineID)
	if err != nil {
		return err
	}
	byID, rest := map[string]*ent.Stage{}, (*ent.Stage)(nil)
	for _, st := range stages {
		byID[st.ID] = st
		if rest == nil && st.Kind == stage.KindOPEN {
			rest = st
		}
	}
	if to.StageID != nil {
		if rest = byID[*to.StageID]; rest == nil {
			return fault.At("input.moveTo.stageId", fault.StageNotInPipeline, "not a stage of that pipeline")
		}
	}
	leaving, err := tx.stages(from)
	if err != nil {
		return err
	}
	target := map[string]*ent.Stage{}
	for i, m := range to.StageMap {
		if !slices.ContainsFunc(leaving, func(st *ent.Stage) bool { return st.ID == m.FromStageID }) {
			return fault.At(pathOf("input.moveTo.stageMap", i)+".fromStageId", fault.StageNotInPipeline, "not a stage of the pipeline that goes")
		}
		if target[m.FromStageID] = byID[m.ToStageID]; byID[m.ToStageID] == nil {
			return fault.At(pathOf("input.moveTo.stageMap", i)+".toStageId", fault.StageNotInPipeline, "not a stage of that pipeline")
		}
	}
	for start := 0; start < len(cards); {
		end := start
		for end < len(cards) && cards[end].StageID == cards[start].StageID {
			end++
		}
		st := target[cards[start].StageID]
		if st == nil {
			st = rest
		}
		if err := tx.moveBlock(cards[start:end], st); err != nil {
			return err
		}
		start = end
	}
	return nil
}

// retire deletes the pipeline itself and passes on being the default.
func (tx *Tx) retire(cur *ent.Pipeline, newDefault *string) error {
	gone := tx.ent.Pipeline.UpdateOneID(cur.ID).SetDeletedAt(tx.now).SetIsDefault(false).SetVersion(cur.Version + 1).
		SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor())
	if !cur.IsDefault {
		return gone.Exec(tx.ctx)
	}
	if newDefault == nil || *newDefault == cur.ID {
		return fault.At("input.newDefaultId", fault.ValidationFailed, "the default pipeline goes; name a new one")
	}
	next, err := tx.pipeline("input.newDefaultId", *newDefault, true)
	if err != nil {
		return err
	}
	if err := gone.Exec(tx.ctx); err != nil {
		return err
	}
	return tx.ent.Pipeline.UpdateOneID(next.ID).SetIsDefault(true).SetVersion(next.Version + 1).SetUpdatedAt(tx.now).
		SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
}
