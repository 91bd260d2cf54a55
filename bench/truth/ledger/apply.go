package ledger

import (
	"fmt"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// Observe gives the order of a board's columns at a commit, by stage. It is asked only where the commands leave the order
// to the server: a block of cards that leaves a deleted stage, or a place that was answered on a broken connection.
type Observe func(pipelineID string, c wire.Commit) (map[string][]string, error)

// apply brings the world from before a commit to after it, and holds the answer against the result.
func (w *World) apply(op *Op, c wire.Commit, observe Observe) error {
	var err error
	switch op.Kind {
	case Create:
		err = w.create(op, c)
	case DeleteMany:
		err = w.deleteMany(op, c)
	case Contact:
		w.Contacts[op.ContactID] = op.ContactName
	case Pipeline:
		err = w.reshape(op.Line, c, observe)
	case MoveMany:
		err = w.moveMany(op, c, observe)
	case UpdateMany, TagMany:
		err = w.setMany(op, c)
	case Restore, RestoreMany:
		err = w.restore(op, c)
	case Permit:
		w.Sees[op.MemberID] = op.Sees
	default:
		r := w.Records[op.RecordID]
		if r == nil {
			return fmt.Errorf("it was carried out on record %s, which was not there any more", op.RecordID)
		}
		switch op.Kind {
		case Move:
			err = w.move(op, r, c, observe)
		case Delete:
			w.bury(r, c.Revision)
		default:
			w.set(r, op.Fields)
		}
	}
	if err == nil && op.Outcome == Acknowledged {
		err = w.holds(op)
	}
	return err
}

func (w *World) create(op *Op, c wire.Commit) error {
	id := ""
	for _, change := range c.Changes {
		if change.Entity == "record" && change.Before == nil {
			id = change.EntityID
		}
	}
	if id == "" {
		return fmt.Errorf("its commit holds no new record")
	}
	if op.RecordID != "" && op.RecordID != id {
		return fmt.Errorf("it was answered with record %s, its commit made %s", op.RecordID, id)
	}
	op.RecordID = id
	stage := op.Place.StageID
	if w.stage(op.Place.PipelineID, stage) == nil {
		return fmt.Errorf("it was carried out in stage %s, which was not there", stage)
	}
	r := &Record{ID: id, PipelineID: op.Place.PipelineID, Priority: "MEDIUM", Since: c.Revision}
	at := 0
	if op.Place.Bottom {
		at = len(w.Columns[stage])
	}
	w.put(r, stage, at)
	w.Records[id] = r
	w.set(r, op.Fields)
	return nil
}

// set writes fields; a change of stage puts the card on top.
func (w *World) set(r *Record, f Fields) {
	for _, field := range []struct{ to, from *string }{
		{&r.Title, f.Title}, {&r.Value, f.Value}, {&r.Priority, f.Priority}, {&r.OwnerID, f.OwnerID},
	} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	if f.Tags != nil {
		r.Tags = f.Tags
	}
	removed := FoldTags(f.RemoveTags)
	r.Tags = slices.DeleteFunc(FoldTags(append(slices.Clone(r.Tags), f.AddTags...)), func(t string) bool { return slices.Contains(removed, t) })
	if f.StageID != nil && *f.StageID != r.StageID {
		w.take(r)
		w.put(r, *f.StageID, 0)
	}
}
