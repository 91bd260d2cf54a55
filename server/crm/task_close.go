package crm

import (
	"maps"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// Which open tasks of a record that is closed or deleted are done by themselves; the setting tasks.auto_close.
const (
	closeAll   = "ALL"
	closeAgent = "AGENT_ONLY"
	closeNone  = "OFF"
)

// closeTasks completes the tasks that are open on records that the transaction has closed or deleted (spec tasks-insights,
// section 4): what is noted on a closed record later is a follow-up and stays. It looks at what was written, so that no
// command can forget it, and asks nothing where no such record has open tasks. The commit is its caller's; the tasks bear
// the program as who changed them last.
func (tx *Tx) closeTasks(changes []*changelog.Change) error {
	causes := closings(changes)
	if len(causes) == 0 {
		return nil
	}
	which, err := tx.autoClose()
	if err != nil || which == closeNone {
		return err
	}
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(causes)), MaxBatch) {
		open := tx.ent.Task.Query().Where(task.RecordIDIn(ids...), task.StatusEQ(task.StatusOPEN), task.DeletedAtIsNil(), tx.lock)
		if which == closeAgent {
			open.Where(task.SourceEQ(task.SourceAGENT))
		}
		tasks, err := open.Order(task.ByID()).All(tx.ctx)
		if err != nil {
			return err
		}
		of := map[task.CompletionCause][]*ent.Task{}
		for _, t := range tasks {
			of[causes[*t.RecordID]] = append(of[causes[*t.RecordID]], t)
		}
		for _, cause := range slices.Sorted(maps.Keys(of)) {
			if err := tx.completeAll(of[cause], cause); err != nil {
				return err
			}
		}
	}
	return nil
}

// closings gives the records with open tasks that changes close or delete, with the cause that this is for their tasks. What
// happens to a record within one commit counts by what it comes to; who goes from WON to LOST is closed anew.
func closings(changes []*changelog.Change) map[string]task.CompletionCause {
	was, is := map[string]*row.Record{}, map[string]*row.Record{}
	for _, c := range changes {
		if c.Entity != "record" || len(c.After) == 0 {
			continue
		}
		before, after := c.Record()
		if is[c.EntityID] == nil {
			was[c.EntityID] = before
		}
		is[c.EntityID] = after
	}
	out := map[string]task.CompletionCause{}
	for id, after := range is {
		before := was[id]
		switch {
		case before == nil || after.OpenTaskCount == 0:
		case after.DeletedAt != nil:
			if before.DeletedAt == nil {
				out[id] = task.CompletionCauseRECORD_DELETED
			}
		case after.Status != "OPEN" && after.Status != before.Status:
			out[id] = task.CompletionCauseRECORD_CLOSED
		}
	}
	return out
}

// autoClose reads the setting that says which tasks are done by themselves.
func (tx *Tx) autoClose() (string, error) {
	var stored row.JSON
	if err := tx.one(tx.begin().Add("SELECT w.settings FROM workspaces w WHERE ").Own("w"), &stored); err != nil {
		return "", err
	}
	return SettingsOf(stored).Tasks.AutoClose, nil
}

// completeAll completes tasks by no hand.
func (tx *Tx) completeAll(tasks []*ent.Task, cause task.CompletionCause) error {
	return batches(tasks, func(t *ent.Task) string { return t.ID }, func(ids []string) error {
		return tx.ent.Task.Update().Where(task.IDIn(ids...)).SetStatus(task.StatusDONE).SetCompletedAt(tx.now).SetCompletionCause(cause).
			AddVersion(1).SetUpdatedAt(tx.now).SetUpdatedBy(viewer.ForSystem(tx.viewer.WorkspaceID).Actor()).Exec(tx.ctx)
	})
}
