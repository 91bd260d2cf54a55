package crm

import (
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/server/changelog"
)

// draft is a record that is held for update, and what it shall be.
type draft struct {
	cur  *ent.Record
	next ent.Record
}

// boundValues is about how many values one statement binds: SQLite binds them in time that grows with their square.
const boundValues = 3000

// saveAll writes what drafts change of their records, as save does for one, and gives those of them that changed anything.
// The number of statements does not depend on the number of records up to MaxBatch of them, unless they differ in many
// fields at once.
func (tx *Tx) saveAll(drafts []*draft) (changed []*draft, err error) {
	for _, d := range drafts {
		if !changelog.Differ(d.cur, &d.next) {
			continue
		}
		derive(&d.next, show(&d.next))
		changed = append(changed, d)
	}
	return changed, tx.writeAll(changed, true)
}

// rerank writes new ranks, which is no change of the records: their versions stay.
func (tx *Tx) rerank(drafts []*draft) error { return tx.writeAll(drafts, false) }

func (tx *Tx) writeAll(drafts []*draft, counted bool) error {
	size := MaxBatch
	for start := 0; start < len(drafts); start += size {
		chunk := drafts[start:min(start+size, len(drafts))]
		u, varying, err := tx.update(chunk)
		if err == nil && (varying+1)*len(chunk) > boundValues {
			size = max(boundValues/(varying+1), 1)
			chunk = chunk[:min(size, len(chunk))]
			u, _, err = tx.update(chunk)
		}
		if err != nil {
			return err
		}
		if counted {
			u.AddVersion(1).SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor())
		}
		if err := u.Exec(tx.ctx); err != nil {
			return tx.duplicate(err, "input.externalId")
		}
	}
	return nil
}

// update drafts the statement that writes many records.
func (tx *Tx) update(drafts []*draft) (*ent.RecordUpdate, int, error) {
	rows, ids := make([]changelog.Next, len(drafts)), make([]string, len(drafts))
	for i, d := range drafts {
		rows[i], ids[i] = changelog.Next{ID: d.cur.ID, Before: d.cur, After: &d.next}, d.cur.ID
	}
	slices.Sort(ids)
	u := tx.ent.Record.Update().Where(record.IDIn(ids...))
	write, varying, err := changelog.DraftAll(u.Mutation(), rows, derived)
	return u.Modify(write), varying, err
}
