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
		c.closing("input.moveTo", nil, to.LostReason, to.LostReasonKey)
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
	heir, err := tx.nextDefault(cur, in.NewDefaultID)
	if err != nil {
		return 0, err
	}
	leaving, err := tx.stages(cur.ID) // nobody moves a card into it any more
	if err != nil {
		return 0, err
	}
	exits, err := tx.elsewhere(cur.ID, leaving, in.MoveTo)
	if err != nil {
		return 0, err
	}
	cards, err := tx.ent.Record.Query().Where(record.PipelineID(cur.ID), record.DeletedAtIsNil(), tx.lock).
		Order(record.ByStageID(), record.ByRank()).All(tx.ctx)
	if err != nil {
		return 0, err
	}
	if err := tx.rehouse(cards, exits, in); err != nil {
		return 0, err
	}
	if err := tx.retireStages(cur.ID); err != nil {
		return 0, err
	}
	if err := tx.Audit("pipeline.deleted", cur.ID, map[string]any{"name": cur.Name, "records": len(cards), "records_deleted": in.DeleteRecords}); err != nil {
		return 0, err
	}
	return len(cards), tx.retire(cur, heir)
}

// retireStages deletes a pipeline's stages with it: who waits for one of them to put a card there finds it gone.
func (tx *Tx) retireStages(pipelineID string) error {
	return tx.ent.Stage.Update().Where(stage.PipelineID(pipelineID), stage.DeletedAtIsNil()).SetDeletedAt(tx.now).AddVersion(1).
		SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
}

// rehouse moves or deletes the records of a pipeline that goes.
func (tx *Tx) rehouse(cards []*ent.Record, exits map[string]exit, in DeletePipelineInput) error {
	n := len(cards)
	if n > 0 && in.MoveTo == nil && !in.DeleteRecords {
		f := fault.New(fault.PipelineNotEmpty, "the pipeline holds %d records; say what becomes of them", n)
		f.Current = map[string]int{"count": n}
		return f
	}
	if in.ConfirmCount != nil || in.DeleteRecords {
		if err := confirmed("input.confirmCount", in.ConfirmCount, n, "are in the pipeline"); err != nil {
			return err
		}
	}
	if in.MoveTo != nil {
		return tx.moveAll(cards, exits)
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

// nextDefault is the pipeline that becomes the default in the place of one that goes; nil when none is named.
func (tx *Tx) nextDefault(cur *ent.Pipeline, id *string) (*ent.Pipeline, error) {
	if id == nil {
		return nil, nil
	}
	next, err := tx.pipeline("input.newDefaultId", *id, true)
	switch {
	case err != nil:
		return nil, err
	case !cur.IsDefault:
		return nil, fault.At("input.newDefaultId", fault.ValidationFailed, "the pipeline that goes is not the default")
	case next.ID == cur.ID:
		return nil, fault.At("input.newDefaultId", fault.ValidationFailed, "the pipeline that goes cannot be the default")
	}
	return next, nil
}

// retire deletes the pipeline itself and passes on being the default.
func (tx *Tx) retire(cur, heir *ent.Pipeline) error {
	if cur.IsDefault && heir == nil {
		return fault.At("input.newDefaultId", fault.ValidationFailed, "the default pipeline goes; name a new one")
	}
	err := tx.ent.Pipeline.UpdateOneID(cur.ID).SetDeletedAt(tx.now).SetIsDefault(false).SetVersion(cur.Version + 1).
		SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
	if err != nil || heir == nil {
		return err
	}
	return tx.ent.Pipeline.UpdateOneID(heir.ID).SetIsDefault(true).SetVersion(heir.Version + 1).SetUpdatedAt(tx.now).
		SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
}
