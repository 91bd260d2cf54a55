package crm

import (
	"context"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// MoveRecordInput says where a card should go; see the SDL.
type MoveRecordInput struct {
	RecordID       string
	ToStageID      *string
	ToPipelineID   *string
	AfterRecordID  *string
	BeforeRecordID *string
	ToEnd          *string
	NearRecordIds  []string
	Probability    *int
	LostReason     *string
	LostReasonKey  *string
	Expect         *ExpectInput

	ClientMutationID *string
}

// MoveRecordPayload is the record where it is now.
type MoveRecordPayload struct {
	Record           *row.Record
	AfterRecordID    *string
	BeforeRecordID   *string
	PlaceFellBack    bool
	PlacedBy         string
	Revision         row.Revision
	ClientMutationID *string
}

// MoveRecord moves a card to a stage and a place. Needs WriteRecords. It returns the record and its visible neighbours;
// CONFLICT when an expectation is not met, and then nothing moves.
func (s *Service) MoveRecord(ctx context.Context, in MoveRecordInput) (*MoveRecordPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	c := &checker{}
	place := PlaceInput{in.AfterRecordID, in.BeforeRecordID, in.ToEnd, in.NearRecordIds}
	c.place("input", place)
	c.percent("input.probability", in.Probability)
	c.kind("input.toPipelineId", typeid.Pipeline, in.ToPipelineID)
	closing := c.closing("input", in.Probability, in.LostReason, in.LostReasonKey)
	for name, id := range map[string]*string{"afterRecordId": in.AfterRecordID, "beforeRecordId": in.BeforeRecordID} {
		if id != nil && *id == in.RecordID {
			c.Add("input."+name, "a card has no place beside itself")
		}
	}
	if in.ToStageID == nil && in.ToPipelineID == nil {
		c.Add("input.toStageId", "a stage or a pipeline must be given")
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &MoveRecordPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		target, err := tx.target(in.ToStageID, in.ToPipelineID)
		if err != nil {
			return err
		}
		cur, err := tx.record("input.recordId", in.RecordID)
		if err != nil {
			return err
		}
		if err := tx.expect(cur, in.Expect); err != nil {
			return err
		}
		if err := reaches(target, cur, in.ToPipelineID != nil); err != nil {
			return err
		}
		moved, g, err := tx.move(cur, target, place, closing, "input")
		if err != nil {
			return err
		}
		out.Record, out.PlaceFellBack, out.PlacedBy = tx.show(moved), g.fellBack(), g.placedBy
		tx.last = func() (err error) {
			out.AfterRecordID, out.BeforeRecordID, err = tx.visibleNeighbours(moved.StageID, moved.Rank, moved.ID)
			return err
		}
		return nil
	})
	out.Revision = rev
	return out, err
}

// target is the stage of a move: the one named, which must be of the pipeline if that is named too, else the first
// OPEN stage of the pipeline.
func (tx *Tx) target(stageID, pipelineID *string) (*ent.Stage, error) {
	if stageID != nil {
		st, err := tx.stage("input.toStageId", *stageID)
		if err == nil && pipelineID != nil && *pipelineID != st.PipelineID {
			return nil, fault.At("input.toStageId", fault.StageNotInPipeline, "the stage belongs to another pipeline")
		}
		return st, err
	}
	if _, err := tx.pipeline("input.toPipelineId", *pipelineID, false); err != nil {
		return nil, err
	}
	return tx.firstOpenStage(*pipelineID)
}

// reaches refuses a stage of another pipeline where no pipeline was named.
func reaches(target *ent.Stage, cur *ent.Record, named bool) error {
	if !named && target.PipelineID != cur.PipelineID {
		return fault.At("input.toStageId", fault.StageNotInPipeline, "the stage belongs to another pipeline")
	}
	return nil
}

// move puts a record that is held for update into a stage that is held for update.
func (tx *Tx) move(cur *ent.Record, target *ent.Stage, place PlaceInput, cl closing, path string) (*ent.Record, gap, error) {
	needReason, err := false, error(nil)
	if target.ID != cur.StageID {
		if needReason, err = tx.needsReason(target); err != nil {
			return nil, gap{}, err
		}
	}
	d := &draft{cur: cur}
	if d.next, err = tx.moved(cur, target, cl, needReason, path); err != nil {
		return nil, gap{}, err
	}
	g, err := tx.land([]*draft{d}, target.ID, place)
	if err != nil {
		return nil, g, err
	}
	saved, err := tx.save(cur, d.next)
	return saved, g, err
}

// moved decides what a record becomes by a move, but for its place.
func (tx *Tx) moved(cur *ent.Record, target *ent.Stage, cl closing, needReason bool, path string) (ent.Record, error) {
	if target.ID != cur.StageID {
		next, err := enter(*cur, target, cl, needReason, tx.now, path)
		if err == nil {
			err = tx.listed(cur, next, path)
		}
		tx.touch(&next)
		return next, err
	}
	if cl.probability != nil || cl.reasoned() {
		return *cur, fault.At(path, fault.ValidationFailed, "a probability or reason goes with a change of stage; use updateRecord")
	}
	return *cur, nil
}

// enter decides what a record becomes by entering a stage (spec records, section 4 and 5).
func enter(r ent.Record, target *ent.Stage, cl closing, needReason bool, now time.Time, path string) (ent.Record, error) {
	if target.Kind != stage.KindOPEN && cl.probability != nil && *cl.probability != fixed(target.Kind) {
		return r, fault.At(path+".probability", fault.ProbabilityFixed, "the probability of a %s stage is fixed", target.Kind)
	}
	if target.Kind != stage.KindLOST && cl.reasoned() {
		return r, reasonNotTaken(path)
	}
	if r.Status == record.StatusLOST && target.Kind == stage.KindLOST && !cl.whole && !cl.reasoned() {
		cl.reason, cl.key = r.LostReason, r.LostReasonKey // it is lost as it was
	}
	if needReason && !cl.reasoned() {
		return r, reasonMissing(path)
	}
	reopened := r.Status != record.StatusOPEN && target.Kind == stage.KindOPEN
	r.StageID, r.PipelineID, r.StageEnteredAt = target.ID, target.PipelineID, now
	r = closed(r, target.Kind, now)
	r.Status = record.Status(target.Kind)
	if target.Kind == stage.KindLOST {
		r.LostReason, r.LostReasonKey = cl.reason, cl.key
	}
	switch {
	case target.Kind != stage.KindOPEN:
		r.Probability, r.ProbabilitySource = fixed(target.Kind), record.ProbabilitySourceSTAGE
	case cl.probability != nil:
		r.Probability, r.ProbabilitySource = *cl.probability, record.ProbabilitySourceMANUAL
	case target.DefaultProbability != nil:
		r.Probability, r.ProbabilitySource = *target.DefaultProbability, record.ProbabilitySourceSTAGE
	case reopened:
		r.Probability, r.ProbabilitySource = 0, record.ProbabilitySourceSTAGE
	}
	return r, required(r, target, path)
}

// closed sets the instants of closing; moving between two stages of the same closed kind keeps them.
func closed(r ent.Record, kind stage.Kind, now time.Time) ent.Record {
	switch {
	case kind == stage.KindOPEN:
		r.ClosedAt, r.WonAt, r.LostAt, r.LostReason, r.LostReasonKey = nil, nil, nil, nil, nil
	case kind == stage.KindWON && r.WonAt == nil:
		r.ClosedAt, r.WonAt, r.LostAt, r.LostReason, r.LostReasonKey = &now, &now, nil, nil, nil
	case kind == stage.KindLOST && r.LostAt == nil:
		r.ClosedAt, r.WonAt, r.LostAt = &now, nil, &now
	}
	return r
}

func fixed(kind stage.Kind) int {
	if kind == stage.KindWON {
		return 100
	}
	return 0
}
