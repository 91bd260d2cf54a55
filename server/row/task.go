package row

import "time"

// Task is something to do.
type Task struct {
	ID          string     `json:"id"`
	Number      int        `json:"number"`
	Title       string     `json:"title"`
	Description *string    `json:"description"`
	Status      string     `json:"status"`
	Priority    string     `json:"priority"`
	DueAt       *time.Time `json:"due_at"`
	DueAllDay   bool       `json:"due_all_day"`
	AssigneeID  *string    `json:"assignee_id"`
	CreatorID   *string    `json:"creator_id"`
	RecordID    *string    `json:"record_id"`
	ContactID   *string    `json:"contact_id"`
	CompletedAt *time.Time `json:"completed_at"`
	// CompletionCause is RECORD_CLOSED or RECORD_DELETED; nil on a task that is open, or was completed by hand.
	CompletionCause *string    `json:"completion_cause"`
	CreatedBy       Actor      `json:"created_by"`
	CreatedAt       time.Time  `json:"created_at"`
	UpdatedAt       time.Time  `json:"updated_at"`
	DeletedAt       *time.Time `json:"deleted_at"`
	Version         int        `json:"version"`
}

// TaskColumns are the columns of Dest, in its order.
var TaskColumns = cols(`id number title description status priority due_at due_all_day assignee_id creator_id record_id
	contact_id completed_at completion_cause created_by created_at updated_at deleted_at version`)

// Dest gives what to scan TaskColumns into.
func (t *Task) Dest() []any {
	return []any{&t.ID, &t.Number, &t.Title, &t.Description, &t.Status, &t.Priority, utcPtr{&t.DueAt}, &t.DueAllDay,
		&t.AssigneeID, &t.CreatorID, &t.RecordID, &t.ContactID, utcPtr{&t.CompletedAt}, &t.CompletionCause, &t.CreatedBy, utc{&t.CreatedAt},
		utc{&t.UpdatedAt}, utcPtr{&t.DeletedAt}, &t.Version}
}

// IsNode marks an object with a global id.
func (Task) IsNode() {}
