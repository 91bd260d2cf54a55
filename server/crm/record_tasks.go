package crm

import (
	"maps"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// recount keeps what records show of their tasks: how many are open and when the next one is due, and that one was made
// or completed on them, which is activity. It looks at what the transaction wrote, so that no command on tasks can forget
// it, and raises no version: nobody who edits a record is to be refused because somebody noted something to do.
func (tx *Tx) recount(changes []*changelog.Change) error {
	touched := tasksOf(changes)
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(touched)), MaxBatch) {
		records, err := tx.ent.Record.Query().Where(record.IDIn(ids...), tx.lock).Order(record.ByID()).All(tx.ctx)
		if err != nil {
			return err
		}
		open, err := tx.openTasks(ids) // after the records are held: nobody else's tasks on them are missed
		if err != nil {
			return err
		}
		for _, r := range records {
			if err := tx.showTasks(r, open[r.ID], touched[r.ID]); err != nil {
				return err
			}
		}
	}
	return nil
}

// tasksOf gives the records whose tasks changes are about in a way that shows; true where it is activity.
func tasksOf(changes []*changelog.Change) map[string]bool {
	out := map[string]bool{}
	note := func(t *row.Task, activity bool) {
		if t != nil && t.RecordID != nil {
			out[*t.RecordID] = out[*t.RecordID] || activity
		}
	}
	for _, c := range changes {
		if c.Entity != "task" || len(c.After) == 0 {
			continue
		}
		before, after := c.Task()
		switch {
		case before == nil:
			note(after, true)
		case before.Status != after.Status:
			note(after, after.Status == "DONE")
		}
		if before != nil && !sameWork(before, after) {
			note(before, false)
			note(after, false)
		}
	}
	return out
}

// sameWork tells whether two states of a task count the same.
func sameWork(a, b *row.Task) bool {
	due := (a.DueAt == nil) == (b.DueAt == nil) && (a.DueAt == nil || a.DueAt.Equal(*b.DueAt))
	return due && a.Status == b.Status && same(a.RecordID, b.RecordID) && (a.DeletedAt == nil) == (b.DeletedAt == nil)
}

// openWorkOf is what there is to do on a record.
type openWorkOf struct {
	count int
	next  *time.Time
}

// openTasks counts the live OPEN tasks of records, whoever sees them.
func (tx *Tx) openTasks(ids []string) (map[string]openWorkOf, error) {
	b := tx.begin().Add("SELECT t.record_id, COUNT(*), MIN(t.due_at) FROM tasks t WHERE ").Workspace("t").
		Add(" AND t.deleted_at IS NULL AND t.status = 'OPEN' AND ").In("t.record_id", ids).Add(" GROUP BY t.record_id")
	text, args := b.SQL()
	rows, err := tx.sql.QueryContext(tx.ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]openWorkOf{}
	for rows.Next() {
		var id string
		var w openWorkOf
		if err := rows.Scan(&id, &w.count, row.UTCOrNull(&w.next)); err != nil {
			return nil, err
		}
		out[id] = w
	}
	return out, rows.Err()
}

// showTasks writes what a record shows of its tasks, if that changes.
func (tx *Tx) showTasks(cur *ent.Record, w openWorkOf, activity bool) error {
	next := *cur
	if next.OpenTaskCount, next.NextDueAt = w.count, w.next; activity {
		tx.touch(&next)
	}
	u := tx.ent.Record.UpdateOneID(cur.ID)
	drafted, err := changelog.Draft(u.Mutation(), cur, &next)
	if err != nil || !drafted {
		return err
	}
	return u.Exec(tx.ctx)
}
