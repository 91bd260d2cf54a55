package crm

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// RestorePipelineInput says which pipeline comes back, under another name if one is given.
type RestorePipelineInput struct {
	ID               string
	Name             *string
	ClientMutationID *string
}

// RestorePipelinePayload is the pipeline that came back, with so many records.
type RestorePipelinePayload struct {
	Pipeline         *row.Pipeline
	RecordCount      int
	Revision         row.Revision
	ClientMutationID *string
}

// RestorePipeline brings back a pipeline deleted at most 30 days ago, as the last one, with the stages and records that
// were deleted in the same call. One that lives stays as it is. Needs ManagePipelines. DUPLICATE when its name, or the
// external id of one of its records, is taken.
func (s *Service) RestorePipeline(ctx context.Context, in RestorePipelineInput) (*RestorePipelinePayload, error) {
	if err := permit(ctx, viewer.ManagePipelines); err != nil {
		return nil, err
	}
	c, name := &checker{}, ""
	c.kind("input.id", typeid.Pipeline, &in.ID)
	if in.Name != nil {
		name = c.required("input.name", *in.Name, 100)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &RestorePipelinePayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		live, err := tx.arrange()
		if err != nil {
			return err
		}
		cur, err := tx.restorable("input.id", in.ID)
		if err != nil {
			return err
		}
		out.RecordCount = 0 // an attempt before this one may have counted
		if cur.DeletedAt != nil {
			if out.RecordCount, err = tx.restore(cur, name, live); err != nil {
				return err
			}
			if cur, err = tx.pipeline("input.id", in.ID, false); err != nil {
				return err
			}
		}
		out.Pipeline, err = tx.showPipeline(cur)
		return err
	})
	out.Revision = rev
	return out, err
}

// restorable loads a pipeline that the viewer sees and that lives, or was deleted not too long ago.
func (tx *Tx) restorable(field, id string) (*ent.Pipeline, error) {
	p, err := tx.ent.Pipeline.Query().Where(pipeline.ID(id), tx.lock).Only(tx.seen)
	if err != nil {
		return nil, missing(err, field, typeid.Pipeline, id)
	}
	late := p.DeletedAt != nil && !p.DeletedAt.After(tx.now.Add(-row.RestorableFor))
	if late || !scope.SeesPipeline(tx.viewer, p.ID) {
		return nil, fault.NotFound(field, typeid.Name(typeid.Pipeline), id)
	}
	return p, nil
}

// restore brings back a pipeline with what was deleted in the same commit, which is what bears the same instant, and
// gives the number of records.
func (tx *Tx) restore(p *ent.Pipeline, name string, live []*ent.Pipeline) (int, error) {
	if err := oneMore(live); err != nil {
		return 0, err
	}
	if name == "" {
		name = p.Name
	}
	actor, then := tx.viewer.Actor(), *p.DeletedAt
	err := tx.ent.Pipeline.UpdateOneID(p.ID).ClearDeletedAt().SetName(name).SetNameKey(fold.Key(name)).SetPosition(last(live)).
		SetIsDefault(len(live) == 0).SetVersion(p.Version + 1).SetUpdatedAt(tx.now).SetUpdatedBy(actor).Exec(tx.ctx)
	if err != nil {
		return 0, tx.duplicate(err, "input.name")
	}
	err = tx.ent.Stage.Update().Where(stage.PipelineID(p.ID), stage.DeletedAtEQ(then)).ClearDeletedAt().AddVersion(1).
		SetUpdatedAt(tx.now).SetUpdatedBy(actor).Exec(tx.ctx)
	if err != nil {
		return 0, err
	}
	ids, err := tx.ent.Record.Query().Where(record.PipelineID(p.ID), record.DeletedAtEQ(then)).Order(record.ByID()).IDs(tx.ctx)
	if err != nil {
		return 0, err
	}
	for chunk := range slices.Chunk(ids, MaxBatch) {
		err := tx.ent.Record.Update().Where(record.IDIn(chunk...)).ClearDeletedAt().SetStageEnteredAt(tx.now).AddVersion(1).
			SetUpdatedAt(tx.now).SetUpdatedBy(actor).Exec(tx.ctx)
		if err != nil {
			return 0, tx.duplicate(err, "input.id")
		}
	}
	tx.room(Records, 0)
	return len(ids), nil
}
