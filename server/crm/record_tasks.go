package crm

import (
	"maps"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// recount keeps what records show of their tasks: how many are open and when the next one is due, and that somebody made
// or completed one on them, which is activity. It looks at what the transaction wrote, so that no command on tasks can forget
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
		drafts := make([]*draft, 0, len(records))
		for _, r := range records {
			d := &draft{r, *r}
			if d.next.OpenTaskCount, d.next.NextDueAt = open[r.ID].count, open[r.ID].next; touched[r.ID] {
				tx.touch(&d.next)
			}
			if changelog.Differ(r, &d.next) {
				drafts = append(drafts, d)
			}
		}
		if err := tx.writeAll(drafts, false); err != nil {
			return err
		}
		tx.reshow(drafts)
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
			note(after, after.Status == "DONE" && after.CompletionCause == nil)
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

// reshow tells what answers show already of records whose tasks were counted again.
func (tx *Tx) reshow(drafts []*draft) {
	for _, d := range drafts {
		for _, r := range tx.shown {
			if r.ID == d.cur.ID {
				r.OpenTaskCount, r.NextDueAt, r.LastActivityAt = d.next.OpenTaskCount, d.next.NextDueAt, d.next.LastActivityAt
			}
		}
	}
}
