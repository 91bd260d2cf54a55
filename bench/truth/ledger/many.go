package ledger

import (
	"fmt"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// notFound is the refusal of a row that is not there.
const notFound = "NOT_FOUND"

// bury takes a record out of the live ones.
func (w *World) bury(r *Record, at board.Revision) {
	w.take(r)
	delete(w.Records, r.ID)
	r.Since = at
	w.Deleted[r.ID] = r
}

// written are the changes of records that a commit holds, by id: from before the first of a record to after the last.
func written(c wire.Commit) map[string]wire.Change {
	out := map[string]wire.Change{}
	for _, change := range c.Changes {
		if change.Entity != "record" {
			continue
		}
		if first, again := out[change.EntityID]; again {
			change.Before = first.Before
		}
		out[change.EntityID] = change
	}
	return out
}

// rows are the records that a bulk command did not refuse, in the order of its input. Of an acknowledged one they are what
// the answer says, held against what was there: a row may be refused as missing only when it was missing at some moment
// since the command was sent. Of one whose answer was lost they are what its commit wrote.
func (w *World) rows(op *Op, wrote map[string]wire.Change) (out []string, err error) {
	there := w.Records
	if op.Kind == RestoreMany {
		there = w.Deleted
	}
	for _, id := range op.IDs {
		r := there[id]
		if op.Outcome != Acknowledged {
			if _, did := wrote[id]; did && r == nil {
				return nil, fmt.Errorf("its commit wrote record %s, which was not there", id)
			} else if did {
				out = append(out, id)
			}
			continue
		}
		code, told := op.Answer.Rows[id]
		switch {
		case !told:
			return nil, fmt.Errorf("the answer does not say what became of record %s", id)
		case code == "" && r != nil:
			out = append(out, id)
		case code == "" && op.Kind == RestoreMany && w.Records[id] != nil: // it lives, and stays as it is
		case code == "":
			return nil, fmt.Errorf("record %s: answered as done, but it was not there", id)
		case code == notFound && (r == nil || r.Since > op.Began):
		case r != nil && slices.Contains(w.refusals(op, r), code):
		default:
			return nil, fmt.Errorf("record %s: refused with %s; it was there: %t, since revision %s, and the command was sent after revision %s",
				id, code, r != nil, since(r), op.Began)
		}
	}
	for id := range wrote {
		if !slices.Contains(op.IDs, id) {
			return nil, fmt.Errorf("its commit wrote record %s, which nobody named", id)
		}
		if op.Outcome == Acknowledged && !slices.Contains(out, id) {
			return nil, fmt.Errorf("its commit wrote record %s, which the answer says was refused with %s", id, op.Answer.Rows[id])
		}
	}
	return out, nil
}

// onlyRank tells whether a change only gave a card another rank: a column that is spread anew keeps its order.
func onlyRank(c wire.Change) bool { return slices.Equal(c.Changed, []string{"rank"}) }

func since(r *Record) board.Revision {
	if r == nil {
		return 0
	}
	return r.Since
}

// refusals are the codes with which a row that is there may be refused.
func (w *World) refusals(op *Op, r *Record) []string {
	if op.Kind != MoveMany {
		return nil
	}
	codes := []string{"STAGE_REQUIREMENTS"}
	line := w.lineOf(op.Place.StageID)
	if op.Place.PipelineID == "" && (line == nil || line.PipelineID != r.PipelineID) {
		return append(codes, "STAGE_NOT_IN_PIPELINE")
	}
	if r.StageID == op.Place.StageID && op.Lost { // a reason goes with a change of stage
		codes = append(codes, "VALIDATION_FAILED")
	}
	return codes
}

func (w *World) deleteMany(op *Op, c wire.Commit) error {
	wrote := written(c)
	for id, change := range wrote {
		if wire.Image(change.Before, "deleted_at") != "" || (change.After != nil && wire.Image(change.After, "deleted_at") == "") {
			return fmt.Errorf("its commit wrote record %s, but did not delete it", id)
		}
	}
	rows, err := w.rows(op, wrote)
	if err != nil {
		return err
	}
	for _, id := range rows {
		if _, gone := wrote[id]; !gone {
			return fmt.Errorf("record %s was there: true; its commit deleted it: false", id)
		}
		w.bury(w.Records[id], c.Revision)
	}
	return w.spared(op)
}

// spared tells whether a command whose answer was lost left a row that it must have found.
func (w *World) spared(op *Op) error {
	there := w.Records
	if op.Kind == RestoreMany {
		there = w.Deleted
	}
	for _, id := range op.IDs {
		if r := there[id]; op.Outcome != Acknowledged && r != nil && r.Since <= op.Began {
			return fmt.Errorf("record %s was there, but its commit did not write it", id)
		}
	}
	return nil
}

// setMany gives many records the same values or tags.
func (w *World) setMany(op *Op, c wire.Commit) error {
	rows, err := w.rows(op, written(c))
	if err != nil {
		return err
	}
	for _, id := range rows {
		w.set(w.Records[id], op.Fields)
	}
	if op.Outcome == Acknowledged {
		return nil
	}
	for _, id := range op.IDs { // rows that it did not write must have been so already
		if r := w.Records[id]; r != nil && r.Since <= op.Began {
			if err := r.as(op.Fields); err != nil {
				return err
			}
		}
	}
	return nil
}

// stood tells whether a bulk command that wrote nothing was right to.
func (w *World) stood(op *Op) error {
	rows, err := w.rows(op, nil)
	if err != nil {
		return err
	}
	for _, id := range rows {
		r := w.Records[id]
		if op.Kind == MoveMany && r.StageID != op.Place.StageID {
			return fmt.Errorf("record %s is in stage %s, not in %s", id, r.StageID, op.Place.StageID)
		}
		if err := r.as(op.Fields); err != nil {
			return err
		}
	}
	return nil
}
