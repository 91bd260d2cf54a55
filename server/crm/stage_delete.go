package crm

import (
	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/typeid"
)

// StageMoveInput says where the records of a stage go, and why they are lost when that is a LOST one.
type StageMoveInput struct {
	FromStageID   string
	ToStageID     string
	LostReason    *string
	LostReasonKey *string
}

// moves reads which stage's records go to which stage.
func (c *checker) moves(field string, list []*StageMoveInput) {
	for i, m := range list {
		c.kind(pathOf(field, i)+".fromStageId", typeid.Stage, &m.FromStageID)
		c.kind(pathOf(field, i)+".toStageId", typeid.Stage, &m.ToStageID)
		c.closing(pathOf(field, i), nil, m.LostReason, m.LostReasonKey)
	}
}

// exit is where the records of a stage that goes move to.
type exit struct {
	target *ent.Stage
	// closing is for those that have no reason of their own yet.
	closing closing
	// path is the place in the input that says so.
	path string
}

// leaving is the exit to a stage, which must take the reason that was given with it.
func (tx *Tx) leaving(c *checker, target *ent.Stage, path string, reason, key *string) (exit, error) {
	e := exit{target, c.closing(path, nil, reason, key), path}
	if target.Kind != stage.KindLOST && e.closing.reasoned() {
		c.Take(path+".lostReason", reasonNotTaken(path))
		return e, nil
	}
	return e, tx.reasonTaken(c, path, e.closing.key)
}

// exits reads, by stage that goes, where its records move to: stages that stay.
func (tx *Tx) exits(byID map[string]*ent.Stage, kept map[string]bool, moves []*StageMoveInput) (map[string]exit, error) {
	c, out := &checker{}, map[string]exit{}
	for i, m := range moves {
		path := pathOf("input.moveRecords", i)
		if byID[m.FromStageID] == nil || kept[m.FromStageID] {
			return nil, fault.At(path+".fromStageId", fault.StageNotInPipeline, "not a stage that goes from this pipeline")
		}
		if _, twice := out[m.FromStageID]; twice {
			c.Add(path+".fromStageId", "was given before")
			continue
		}
		if byID[m.ToStageID] == nil || !kept[m.ToStageID] {
			return nil, fault.At(path+".toStageId", fault.StageNotInPipeline, "not a stage that stays in this pipeline")
		}
		e, err := tx.leaving(c, byID[m.ToStageID], path, m.LostReason, m.LostReasonKey)
		if err != nil {
			return nil, err
		}
		out[m.FromStageID] = e
	}
	return out, c.Err()
}

// deleteStage deletes a stage; its records go where the caller says, with STAGE_NOT_EMPTY when it does not.
func (tx *Tx) deleteStage(st *ent.Stage, exits map[string]exit) error {
	cards, err := tx.cards(st.ID)
	if err != nil {
		return err
	}
	if len(cards) > 0 {
		e, said := exits[st.ID]
		if !said {
			f := fault.At("input.stages", fault.StageNotEmpty, "the stage %q holds %d records; say where they go", st.Name, len(cards))
			f.Current = map[string]any{"count": len(cards), "stageId": st.ID}
			return f
		}
		if err := tx.moveBlock(cards, e); err != nil {
			return err
		}
	}
	return tx.ent.Stage.UpdateOneID(st.ID).SetDeletedAt(tx.now).SetVersion(st.Version + 1).SetUpdatedAt(tx.now).
		SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
}

// moveBlock moves records, in their order, as one block to the top of a stage that is held for update. Each gets a normal
// move, with all that the stage asks of who enters; what is lost already keeps the reason it has.
func (tx *Tx) moveBlock(cards []*ent.Record, e exit) error {
	needReason, err := tx.needsReason(e.target)
	if err != nil {
		return err
	}
	drafts, open := make([]*draft, len(cards)), *e.target
	open.RequiredFields = nil // they are asked of all records at once
	for i, c := range cards {
		cl := e.closing
		if (closing{reason: c.LostReason, key: c.LostReasonKey}).reasoned() {
			cl = closing{}
		}
		next, err := enter(*c, &open, cl, needReason, tx.now, e.path)
		if err != nil {
			return err
		}
		tx.touch(&next)
		drafts[i] = &draft{c, next}
	}
	if err := tx.requiredOfAll(drafts, e.target, e.path); err != nil {
		return err
	}
	if _, err := tx.land(drafts, e.target.ID, PlaceInput{}); err != nil {
		return err
	}
	_, err = tx.saveAll(drafts)
	return err
}
