package ledger

import (
	"fmt"
	"slices"
)

// holds tells whether an acknowledged answer is true in the world of its revision.
func (w *World) holds(op *Op) error {
	switch op.Kind {
	case Delete:
		if w.Records[op.RecordID] != nil {
			return fmt.Errorf("record %s is still there after it", op.RecordID)
		}
		return nil
	case DeleteMany, MoveMany, UpdateMany, TagMany, RestoreMany:
		return nil // held row by row
	case Permit:
		if op.Answer.Sees != op.Sees {
			return fmt.Errorf("answered that member %s sees all records: %t, asked for was %t", op.MemberID, op.Answer.Sees, op.Sees)
		}
		return nil
	case Contact:
		if op.Answer.ContactName != w.Contacts[op.ContactID] {
			return fmt.Errorf("contact %s: answered %q, the state of that revision has %q", op.ContactID, op.Answer.ContactName, w.Contacts[op.ContactID])
		}
		return nil
	case Pipeline:
		if got, want := op.Answer.Stages, w.Lines[op.Line.PipelineID].Stages; !slices.Equal(got, want) {
			return fmt.Errorf("answered the stages %v, the state of that revision has %v", got, want)
		}
		return nil
	}
	r := w.Records[op.RecordID]
	if r == nil {
		return fmt.Errorf("record %s is not there after it", op.RecordID)
	}
	if lines := op.Answer.Record.diff(*r); len(lines) > 0 {
		return fmt.Errorf("the answer differs from the state of that revision: %v", lines)
	}
	if op.Kind != Move {
		return nil
	}
	if above, below := w.neighbours(r); above != op.Answer.After || below != op.Answer.Before {
		return fmt.Errorf("answered as placed between %q and %q; by the commands it stands between %q and %q", op.Answer.After, op.Answer.Before, above, below)
	}
	return nil
}

// stands tells whether a command that wrote nothing was right to: what it asked for must hold already.
func (w *World) stands(op *Op) error {
	switch op.Kind {
	case Create, Delete:
		return fmt.Errorf("it must have written")
	case DeleteMany, RestoreMany:
		rows, err := w.rows(op, nil)
		if err == nil && len(rows) > 0 {
			err = fmt.Errorf("records %v were there, so it had something to do", rows)
		}
		return err
	case MoveMany, UpdateMany, TagMany:
		return w.stood(op)
	case Permit:
		if sees, own := w.Sees[op.MemberID]; !own || sees != op.Sees {
			return fmt.Errorf("member %s has the right: %t, by a setting of its own: %t", op.MemberID, sees, own)
		}
		return nil
	case Contact:
		if w.Contacts[op.ContactID] != op.ContactName {
			return fmt.Errorf("contact %s is called %q, not %q", op.ContactID, w.Contacts[op.ContactID], op.ContactName)
		}
		return nil
	case Pipeline:
		line := w.Lines[op.Line.PipelineID]
		if !slices.Equal(op.Line.Stages, line.Stages) || (op.Line.Name != "" && op.Line.Name != line.Name) {
			return fmt.Errorf("the pipeline is %q %v, not as asked", line.Name, line.Stages)
		}
		return nil
	}
	r := w.Records[op.RecordID]
	if r == nil {
		return fmt.Errorf("record %s is not there", op.RecordID)
	}
	if op.Kind == Restore {
		return nil
	}
	if op.Kind == Move {
		if op.Place.StageID != "" && op.Place.StageID != r.StageID {
			return fmt.Errorf("record %s is in stage %s, not in %s", r.ID, r.StageID, op.Place.StageID)
		}
		return nil
	}
	return r.as(op.Fields)
}

// as tells whether a record has the values asked for.
func (r *Record) as(f Fields) error {
	shadow := &World{Records: map[string]*Record{}, Columns: map[string][]string{}}
	next := *r
	next.Tags = slices.Clone(r.Tags)
	shadow.set(&next, f)
	if lines := r.diff(next); len(lines) > 0 {
		return fmt.Errorf("record %s is not as asked: %v", r.ID, lines)
	}
	return nil
}
