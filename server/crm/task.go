package crm

import (
	"context"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// CreateTaskInput is a new task; see the SDL.
type CreateTaskInput struct {
	Title            string
	Description      *string
	Priority         string
	DueAt            *time.Time
	DueAllDay        bool
	AssigneeID       *string
	RecordID         *string
	ContactID        *string
	ClientMutationID *string
}

// CreateTaskPayload is the task made.
type CreateTaskPayload struct {
	Task             *row.Task
	Revision         row.Revision
	ClientMutationID *string
}

// SetTaskStatusInput says what a task's status should be.
type SetTaskStatusInput struct {
	ID               string
	Status           string
	ClientMutationID *string
}

// SetTaskStatusPayload is the task as it is now.
type SetTaskStatusPayload = CreateTaskPayload

// CreateTask makes a task; its contact is the record's unless another is named. Needs WriteTasks.
func (s *Service) CreateTask(ctx context.Context, in CreateTaskInput) (*CreateTaskPayload, error) {
	if err := permit(ctx, viewer.WriteTasks); err != nil {
		return nil, err
	}
	c := &checker{}
	t := ent.Task{Title: c.required("input.title", in.Title, 200), Description: c.text("input.description", in.Description, 5000),
		Priority: task.Priority(in.Priority), DueAllDay: in.DueAllDay, AssigneeID: in.AssigneeID, RecordID: in.RecordID, ContactID: in.ContactID}
	if in.DueAt != nil {
		due := in.DueAt.UTC().Truncate(time.Microsecond)
		t.DueAt = &due
	} else if in.DueAllDay {
		c.Add("input.dueAllDay", "needs a due time")
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &CreateTaskPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		draft := t
		if err := tx.linkTask(&draft); err != nil {
			return err
		}
		made, err := tx.insertTask(draft)
		if err == nil {
			out.Task = changelog.Row[row.Task](made)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// SetTaskStatus completes or reopens a task; the status it has is a no-op. Needs WriteTasks.
func (s *Service) SetTaskStatus(ctx context.Context, in SetTaskStatusInput) (*SetTaskStatusPayload, error) {
	if err := permit(ctx, viewer.WriteTasks); err != nil {
		return nil, err
	}
	out := &SetTaskStatusPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		if err := tx.holdRecordOf(in.ID); err != nil {
			return err
		}
		cur, err := tx.task("input.id", in.ID)
		if err != nil {
			return err
		}
		if string(cur.Status) != in.Status {
			u := tx.ent.Task.UpdateOneID(cur.ID).SetStatus(task.Status(in.Status)).SetVersion(cur.Version + 1).
				SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor())
			if in.Status == "DONE" {
				u.SetCompletedAt(tx.now)
			} else {
				u.ClearCompletedAt().ClearCompletionCause()
			}
			if cur, err = u.Save(tx.ctx); err != nil {
				return err
			}
		}
		out.Task = changelog.Row[row.Task](cur)
		return nil
	})
	out.Revision = rev
	return out, err
}

// linkTask looks up what a draft refers to.
func (tx *Tx) linkTask(t *ent.Task) error {
	if t.RecordID != nil {
		r, err := tx.record("input.recordId", *t.RecordID)
		if err != nil {
			return err
		}
		if t.ContactID == nil {
			t.ContactID = r.ContactID
		}
	}
	if t.ContactID != nil {
		if err := permit(tx.seen, viewer.ReadContacts); err != nil {
			return err
		}
		_, err := tx.contact("input.contactId", *t.ContactID, false)
		if fault.Is(err, fault.NotFoundCode) {
			return fault.At("input.contactId", fault.ContactNotFound, "there is no contact %q", *t.ContactID)
		}
		if err != nil {
			return err
		}
	}
	if t.AssigneeID != nil {
		if err := mayAssign(tx.seen, nil, t.AssigneeID); err != nil {
			return err
		}
		_, err := tx.assignee("input.assigneeId", *t.AssigneeID)
		return err
	}
	return nil
}

// holdRecordOf holds the live record of a task, whoever sees it, before the task is held.
func (tx *Tx) holdRecordOf(taskID string) error {
	t, err := tx.ent.Task.Query().Where(task.ID(taskID), task.DeletedAtIsNil()).Only(tx.seen)
	if ent.IsNotFound(err) || (err == nil && t.RecordID == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.ent.Record.Query().Where(record.ID(*t.RecordID), record.DeletedAtIsNil(), tx.lock).Only(tx.ctx)
	if ent.IsNotFound(err) {
		return nil
	}
	return err
}

func (tx *Tx) insertTask(t ent.Task) (*ent.Task, error) {
	n, err := tx.number("task")
	if err != nil {
		return nil, err
	}
	tx.room(Storage, n)
	actor := tx.viewer.Actor()
	c := tx.ent.Task.Create().SetID(tx.NewID(typeid.Task)).SetWorkspaceID(tx.viewer.WorkspaceID).SetNumber(n).SetTitle(t.Title).
		SetNillableDescription(t.Description).SetPriority(t.Priority).SetNillableDueAt(t.DueAt).SetDueAllDay(t.DueAllDay).
		SetNillableAssigneeID(t.AssigneeID).SetNillableRecordID(t.RecordID).SetNillableContactID(t.ContactID).
		SetSource(taskSource(tx.viewer)).SetSearchText(changelog.Row[row.Task](&t).SearchText()).SetCreatedBy(actor).SetUpdatedBy(actor).
		SetCreatedAt(tx.now).SetUpdatedAt(tx.now)
	if id := tx.viewer.MemberID(); id != "" {
		c.SetCreatorID(id)
	}
	return c.Save(tx.ctx)
}

func taskSource(v *viewer.Viewer) task.Source {
	if s := task.Source(sourceOf(v)); task.SourceValidator(s) == nil {
		return s
	}
	return task.SourceMANUAL
}
