package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// RestoreRecordInput says which record comes back.
type RestoreRecordInput struct {
	ID               string
	ClientMutationID *string
}

// RestoreRecordPayload is the record that came back.
type RestoreRecordPayload = UpdateRecordPayload

// RestoreRecord brings back a record deleted at most 30 days ago, on top of its stage, or of the first OPEN stage of its
// pipeline when that is gone; one that lives stays as it is. Needs WriteRecords. NOT_FOUND when its pipeline is gone,
// DUPLICATE when its external id is taken.
func (s *Service) RestoreRecord(ctx context.Context, in RestoreRecordInput) (*RestoreRecordPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	out := &RestoreRecordPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		back, err := tx.restoreRecord("input.id", in.ID)
		if err == nil {
			out.Record = tx.show(back)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// restoreRecord brings back a record; see RestoreRecord. `field` is where the caller gave the id. Whoever brings back
// many holds what they go to first, or takes them by ascending stage, to keep the order of locks.
func (tx *Tx) restoreRecord(field, id string) (*ent.Record, error) {
	was, err := tx.deletedRecord(field, id, false)
	if err != nil || was.DeletedAt == nil {
		return was, err
	}
	home, err := tx.homeOf(was)
	if err != nil {
		return nil, missing(err, field, typeid.Record, id)
	}
	cur, err := tx.deletedRecord(field, id, true)
	switch {
	case err != nil || cur.DeletedAt == nil:
		return cur, err
	case cur.StageID != was.StageID:
		return nil, errRetry
	}
	d := &draft{cur: cur}
	if d.next, err = tx.broughtBack(cur, home, field); err != nil {
		return nil, err
	}
	if _, err := tx.land([]*draft{d}, home.ID, PlaceInput{}); err != nil {
		return nil, err
	}
	saved, err := tx.save(cur, d.next)
	if f := fault.Of(err); f != nil && f.Kind == fault.Duplicate {
		return nil, fault.At(field, fault.Duplicate, "its external id is taken by now")
	}
	if err != nil {
		return nil, err
	}
	tx.room(Records, 0)
	return saved, tx.Audit("record.restored", cur.ID, nil)
}

// broughtBack decides what a deleted record becomes when it comes back to a stage, but for its place.
func (tx *Tx) broughtBack(cur *ent.Record, home *ent.Stage, field string) (next ent.Record, err error) {
	next = *cur
	next.DeletedAt = nil
	if home.ID != cur.StageID || string(home.Kind) != string(cur.Status) {
		loose := *home
		loose.RequiredFields = nil // it comes back as what its stage is by now; what a stage requires does not keep it away
		next, err = enter(next, &loose, closing{}, false, tx.now, field)
	}
	next.StageEnteredAt = tx.now
	tx.touch(&next)
	return next, err
}

// deletedRecord loads a record that the viewer sees, or saw, and that lives or was deleted not too long ago.
func (tx *Tx) deletedRecord(field, id string, locked bool) (*ent.Record, error) {
	if err := wrongKind(field, typeid.Record, id); err != nil {
		return nil, err
	}
	q := tx.ent.Record.Query().Where(record.ID(id))
	if locked {
		q.Where(tx.lock)
	}
	r, err := q.Only(tx.seen)
	if err != nil {
		return nil, missing(err, field, typeid.Record, id)
	}
	late := r.DeletedAt != nil && !r.DeletedAt.After(tx.now.Add(-row.RestorableFor))
	if late || !scope.SeesPipeline(tx.viewer, r.PipelineID) {
		return nil, fault.NotFound(field, typeid.Name(typeid.Record), id)
	}
	return r, nil
}

// homeOf is the stage a deleted record goes back to, held for update; a not-found error when its pipeline is gone.
func (tx *Tx) homeOf(r *ent.Record) (*ent.Stage, error) {
	if _, err := tx.ent.Pipeline.Query().Where(pipeline.ID(r.PipelineID), pipeline.DeletedAtIsNil()).Only(tx.ctx); err != nil {
		return nil, err
	}
	home, err := tx.ent.Stage.Query().Where(stage.ID(r.StageID), stage.DeletedAtIsNil(), tx.lock).Only(tx.ctx)
	if ent.IsNotFound(err) {
		return tx.firstOpenStage(r.PipelineID)
	}
	return home, err
}
