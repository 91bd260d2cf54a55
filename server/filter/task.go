package filter

import (
	"time"

	"github.com/rapidbott/tideboard/server/period"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// TaskFilter says which tasks; see the SDL.
type TaskFilter struct {
	And         []*TaskFilter
	Or          []*TaskFilter
	Not         *TaskFilter
	ID          *IDComparator
	Status      *TaskStatusComparator
	Assignee    *OwnerComparator
	RecordID    *IDComparator
	ContactID   *IDComparator
	Priority    *PriorityComparator
	DueAt       *TimeComparator
	IsOverdue   *bool
	CreatedAt   *TimeComparator
	UpdatedAt   *TimeComparator
	CompletedAt *TimeComparator
	Q           *string
}

var taskGrammar = grammar[*TaskFilter, *row.Task]{func(f *TaskFilter) tree[*TaskFilter] {
	return tree[*TaskFilter]{f.And, f.Or, f.Not, f.Not != nil}
}, taskFields}

// CompileTasks compiles a filter; nil lets every task pass.
func CompileTasks(f *TaskFilter, env Env) (Pred[*row.Task], error) {
	r := &run{env: env}
	p := compile(r, taskGrammar, f, "filter", 1)
	return p, r.err()
}

func taskFields(c *compiler[*row.Task], f *TaskFilter, path string) {
	if f.ID != nil {
		c.id(path+".id", "id", typeid.Task, func(r *row.Task) *string { return &r.ID }, *f.ID)
	}
	status := func(r *row.Task) *string { return &r.Status }
	if f.Status != nil {
		c.enum(path+".status", "status", status, EnumComparator{Eq: f.Status.Eq, Ne: f.Status.Ne})
	}
	if f.Assignee != nil {
		c.owner(path+".assignee", "assignee_id", func(r *row.Task) *string { return r.AssigneeID }, *f.Assignee)
	}
	if f.RecordID != nil {
		c.id(path+".recordId", "record_id", typeid.Record, func(r *row.Task) *string { return r.RecordID }, *f.RecordID)
	}
	if f.ContactID != nil {
		c.id(path+".contactId", "contact_id", typeid.Contact, func(r *row.Task) *string { return r.ContactID }, *f.ContactID)
	}
	if f.Priority != nil {
		c.priority(path+".priority", func(r *row.Task) *string { return &r.Priority }, *f.Priority)
	}
	due := pointed(func(r *row.Task) *time.Time { return r.DueAt })
	times(c, path+".dueAt", "due_at", due, f.DueAt)
	times(c, path+".createdAt", "created_at", always(func(r *row.Task) time.Time { return r.CreatedAt }), f.CreatedAt)
	times(c, path+".updatedAt", "updated_at", always(func(r *row.Task) time.Time { return r.UpdatedAt }), f.UpdatedAt)
	times(c, path+".completedAt", "completed_at", pointed(func(r *row.Task) *time.Time { return r.CompletedAt }), f.CompletedAt)
	if f.IsOverdue != nil && c.timed(path+".isOverdue") {
		today := period.Start(c.env.today(), c.env.zone())
		allDay := truth("due_all_day", func(r *row.Task) bool { return r.DueAllDay })
		c.addIf(f.IsOverdue, func() Pred[*row.Task] {
			return And([]Pred[*row.Task]{oneOf("status", status, []string{"OPEN"}), dueBefore(instants("due_at", due), allDay, c.env.Now, today)})
		})
	}
	c.text(path+".q", (*row.Task).SearchText, f.Q)
}
