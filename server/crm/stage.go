package crm

import (
	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/scope"
)

// saveStage makes a stage what is wanted of it. A change of its kind with records in it needs their number confirmed,
// and changes status, probability and closing time of all of them.
func (tx *Tx) saveStage(cur *ent.Stage, want ent.Stage, confirm *int, path string) (bool, error) {
	next := *cur
	next.Name, next.Color, next.Position, next.Kind = want.Name, want.Color, want.Position, want.Kind
	next.DefaultProbability, next.StaleAfterHours, next.RequiredFields = want.DefaultProbability, want.StaleAfterHours, want.RequiredFields
	u := tx.ent.Stage.UpdateOneID(cur.ID)
	drafted, err := changelog.Draft(u.Mutation(), cur, &next)
	if err != nil || !drafted {
		return false, err
	}
	if next.Kind != cur.Kind {
		if err := tx.rekind(cur, &next, confirm, path); err != nil {
			return false, err
		}
	}
	_, err = u.SetNameKey(fold.Key(next.Name)).SetVersion(cur.Version + 1).SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).Save(tx.ctx)
	return true, err
}

// rekind recomputes the records of a stage that changes its kind.
func (tx *Tx) rekind(cur, next *ent.Stage, confirm *int, path string) error {
	cards, err := tx.cards(cur.ID)
	if err != nil || len(cards) == 0 {
		return err
	}
	if confirm == nil || *confirm != len(cards) {
		f := fault.At(path+".confirmCount", fault.Conflict, "%d records change with the kind of this stage; confirm that number", len(cards))
		f.Current = map[string]int{"count": len(cards)}
		return f
	}
	loose := *next
	loose.RequiredFields = nil
	drafts := make([]*draft, len(cards))
	for i, c := range cards {
		moved, err := enter(*c, &loose, closing{}, false, tx.now, path)
		if err != nil {
			return err
		}
		moved.StageEnteredAt = c.StageEnteredAt
		drafts[i] = &draft{c, moved}
	}
	_, err = tx.saveAll(drafts)
	return err
}

// cards loads a stage's live records in board order, for update.
func (tx *Tx) cards(stageID string) ([]*ent.Record, error) {
	return tx.ent.Record.Query().Where(record.StageID(stageID), record.DeletedAtIsNil(), tx.lock).Order(record.ByRank()).All(tx.ctx)
}

// deleteStage deletes a stage; its records go where the caller says, with STAGE_NOT_EMPTY when it does not.
func (tx *Tx) deleteStage(st *ent.Stage, byID map[string]*ent.Stage, kept map[string]bool, moves []*StageMoveInput) error {
	cards, err := tx.cards(st.ID)
	if err != nil {
		return err
	}
	if len(cards) > 0 {
		var target *ent.Stage
		for i, m := range moves {
			if m.FromStageID == st.ID {
				if target = byID[m.ToStageID]; target == nil || !kept[m.ToStageID] {
					return fault.At(pathOf("input.moveRecords", i)+".toStageId", fault.StageNotInPipeline, "not a stage that stays in this pipeline")
				}
			}
		}
		if target == nil {
			f := fault.At("input.stages", fault.StageNotEmpty, "the stage %q holds %d records; say where they go", st.Name, len(cards))
			f.Current = map[string]any{"count": len(cards), "stageId": st.ID}
			return f
		}
		if err := tx.moveBlock(cards, target); err != nil {
			return err
		}
	}
	return tx.ent.Stage.UpdateOneID(st.ID).SetDeletedAt(tx.now).SetVersion(st.Version + 1).SetUpdatedAt(tx.now).
		SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
}

// moveBlock moves records, in their order, as one block to the top of a stage that is held for update. What a stage
// requires of records that enter does not hold them back here: the stage they were in is going.
func (tx *Tx) moveBlock(cards []*ent.Record, target *ent.Stage) error {
	loose, drafts := *target, make([]*draft, len(cards))
	loose.RequiredFields = nil
	for i, c := range cards {
		next, err := enter(*c, &loose, closing{}, false, tx.now, "input")
		if err != nil {
			return err
		}
		tx.touch(&next)
		drafts[i] = &draft{c, next}
	}
	if _, err := tx.land(drafts, target.ID, PlaceInput{}); err != nil {
		return err
	}
	_, err := tx.saveAll(drafts)
	return err
}

// parkNames frees the names of stages that swap them, so that the unique index does not see two the same on the way.
// It writes no state anybody sees: the same transaction gives each its name.
func (tx *Tx) parkNames(present []*ent.Stage, kept map[string]bool, wanted []*StageInput) error {
	name := map[string]string{}
	for _, w := range wanted {
		if w.ID != nil {
			name[*w.ID] = fold.Key(w.Name)
		}
	}
	var parked []string
	for _, st := range present {
		if kept[st.ID] && name[st.ID] != st.NameKey {
			parked = append(parked, st.ID)
		}
	}
	if len(parked) == 0 {
		return nil
	}
	b := scope.New(tx.viewer, tx.DB.SQL).Add("UPDATE stages SET name_key = id WHERE ").Workspace("stages").Add(" AND ").In("id", parked)
	text, args := b.SQL()
	_, err := tx.sql.ExecContext(tx.ctx, text, args...)
	return err
}
