package crm

import (
	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// filtered gives the ids of all records that pass a command's filter, in the order of the board. CONFLICT with their
// number when it is not the one expected, BATCH_TOO_LARGE when there are more than MaxFiltered.
func (tx *Tx) filtered(b *bulk, t BatchTarget) ([]string, error) {
	ids, err := tx.passing(b, t.Filter, MaxFiltered+1)
	switch n := len(ids); {
	case err != nil:
		return nil, err
	case n > MaxFiltered:
		return nil, fault.At("input.filter", fault.BatchTooLarge, "lets more than %d records pass", MaxFiltered)
	case n != *t.ExpectedCount:
		f := fault.At("input.expectedCount", fault.Conflict, "%d records pass the filter", n)
		f.Current = map[string]int{"count": n}
		return nil, f
	}
	return ids, nil
}

// passing reads the ids of records that pass a filter, in the order of the board. It refuses one that asks nothing of them.
func (tx *Tx) passing(b *bulk, f *filter.RecordFilter, most int) ([]string, error) {
	compiled, err := filter.CompileRecords(f, filter.EnvOf(tx.viewer, tx.now))
	if err != nil {
		return nil, ofInput(err)
	}
	if compiled.Vacuous() {
		return nil, fault.At("input.filter", fault.ValidationFailed, "is empty: it would let every record pass")
	}
	return tx.onBoard(b.deleted, func(s *scope.Builder) {
		s.Add("(")
		compiled.SQL(s, "r")
		s.Add(")")
	}, most)
}

// ofInput says of the places of a refused filter that they lie in an input.
func ofInput(err error) error {
	if f := fault.Of(err); f != nil {
		for i := range f.Details {
			f.Details[i].Field = "input." + f.Details[i].Field
		}
	}
	return err
}

// onBoard reads the ids of records the viewer sees, in the order of the board: by pipeline, stage and place.
func (tx *Tx) onBoard(deleted bool, where func(*scope.Builder), most int) ([]string, error) {
	b := tx.begin().Add("SELECT r.id FROM records r JOIN stages s ON ").Same("s", "r").Add(" AND s.id = r.stage_id JOIN pipelines p ON ").
		Same("p", "r").Add(" AND p.id = r.pipeline_id WHERE ")
	if deleted {
		b.DeletedRecords("r").Add(" AND r.deleted_at > ?", tx.now.Add(-row.RestorableFor))
	} else {
		b.Records("r")
	}
	b.Add(" AND ")
	where(b)
	b.Add(" ORDER BY p.position, p.id, s.position, s.id, r.rank, r.id LIMIT ?", most)
	return tx.ids(b)
}

// stillPass gives the ids in the order in which their records, held now, stand on the board. It has the transaction run
// again when, while it waited for them, others came to pass the filter, or some of them no longer do.
func (tx *Tx) stillPass(b *bulk, f *filter.RecordFilter, ids []string, held map[string]*ent.Record) ([]string, error) {
	now, err := tx.passing(b, f, MaxFiltered+1)
	if err != nil {
		return nil, err
	}
	if len(now) != len(ids) {
		return nil, errRetry
	}
	for _, id := range now {
		if held[id] == nil {
			return nil, errRetry
		}
	}
	return now, nil
}

// records loads those of the ids that are live records of the viewer's sight, or also deleted ones, for update, in the order
// of their ids.
func (tx *Tx) records(ids []string, deleted bool) ([]*ent.Record, error) {
	q := tx.ent.Record.Query().Where(record.IDIn(ids...), tx.lock).Order(record.ByID())
	if deleted {
		return q.Where(record.Or(record.DeletedAtIsNil(), record.DeletedAtGT(tx.now.Add(-row.RestorableFor)))).All(tx.seen)
	}
	return q.Where(record.DeletedAtIsNil()).All(tx.seen)
}
