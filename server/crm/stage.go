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
	if err != nil {
		return err
	}
	if err := confirmed(path+".confirmCount", confirm, len(cards), "change with the kind of this stage"); err != nil || len(cards) == 0 {
		return err
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

// confirmed refuses a command on records whose number was not given, or given otherwise: CONFLICT with the present one.
func confirmed(field string, confirm *int, n int, what string) error {
	if confirm == nil && n == 0 || confirm != nil && *confirm == n {
		return nil
	}
	f := fault.At(field, fault.Conflict, "%d records %s; confirm that number", n, what)
	f.Current = map[string]int{"count": n}
	return f
}

// cards loads a stage's live records in board order, for update.
func (tx *Tx) cards(stageID string) ([]*ent.Record, error) {
	return tx.ent.Record.Query().Where(record.StageID(stageID), record.DeletedAtIsNil(), tx.lock).Order(record.ByRank()).All(tx.ctx)
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
