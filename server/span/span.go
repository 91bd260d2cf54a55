// Package span keeps a record's memory: in which stages it was and who owned it, from when to when. The spans of a
// commit are written from the changes that the commit puts into the log, in one place, so that no command can forget
// them, and within the same transaction, so that they are true at every revision.
//
// It promises: a live record has exactly one open stage span, a deleted one none; a record has exactly one open owner
// span, whoever owns it and whether it lives; spans of a record touch without gap or overlap but for the time it was
// deleted; what happens to a record within one commit counts by what it comes to. The database itself refuses a second
// open span. Spans live as long as their record, however short the log is kept.
package span

import (
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// Why a stay in a stage began.
const (
	Created         = "CREATED"
	Moved           = "MOVED"
	PipelineChanged = "PIPELINE_CHANGED"
	Reopened        = "REOPENED"
	StageDeleted    = "STAGE_DELETED"
	Imported        = "IMPORTED"
	Duplicated      = "DUPLICATED"
	Restored        = "RESTORED"
)

// Why an ownership began.
const (
	InitialAssignment = "INITIAL_ASSIGNMENT"
	Reassigned        = "REASSIGNED"
	Unassigned        = "UNASSIGNED"
	AutoReassigned    = "AUTO_REASSIGNED"
)

// Note is what a command knows of a change of owner that the change itself does not tell.
type Note struct {
	// Automatic says that a rule gave the record away, not a person.
	Automatic bool
	// Text is what the person said about it, at most 200 characters.
	Text *string
}

// turn is what a commit comes to for one record: what it was, nil for a new one, and what it is.
type turn struct{ before, after *row.Record }

// lived tells whether a state is that of a live record.
func lived(r *row.Record) bool { return r != nil && r.DeletedAt == nil }

// turns gives what changes come to for each record, in the order in which the records first appear.
func turns(changes []*changelog.Change) []*turn {
	var out []*turn
	of := map[string]*turn{}
	for _, c := range changes {
		if c.Entity != "record" || len(c.After) == 0 {
			continue
		}
		before, after := c.Record()
		t := of[c.EntityID]
		if t == nil {
			t = &turn{before: before}
			of[c.EntityID] = t
			out = append(out, t)
		}
		t.after = after
	}
	return out
}

// leaves tells whether the record's stay in its stage ends.
func (t *turn) leaves() bool {
	return lived(t.before) && (!lived(t.after) || t.before.StageID != t.after.StageID)
}

// enters tells whether a stay in a stage begins.
func (t *turn) enters() bool {
	return lived(t.after) && (!lived(t.before) || t.before.StageID != t.after.StageID)
}

// from is the stage it came from, where it came from one.
func (t *turn) from() *string {
	if !lived(t.before) {
		return nil
	}
	return &t.before.StageID
}

// cause decides why a stay begins, given the stages that the same commit deletes and the door by which it came in. What a
// new record says of its source is its caller's word, and proves nothing.
func (t *turn) cause(gone map[string]bool, by viewer.Source) string {
	switch {
	case t.before == nil && t.after.CopiedFromID != nil:
		return Duplicated
	case t.before == nil && by == viewer.Import:
		return Imported
	case t.before == nil:
		return Created
	case t.before.DeletedAt != nil:
		return Restored
	case t.before.PipelineID != t.after.PipelineID:
		return PipelineChanged
	case gone[t.before.StageID]:
		return StageDeleted
	case t.before.Status != "OPEN" && t.after.Status == "OPEN":
		return Reopened
	}
	return Moved
}

// deletedStages are those that changes delete.
func deletedStages(changes []*changelog.Change) map[string]bool {
	gone := map[string]bool{}
	for _, c := range changes {
		if c.Kind == "stage.deleted" {
			gone[c.EntityID] = true
		}
	}
	return gone
}

// passes tells whether the record's owner changes; a new record has one, or nobody, from the beginning.
func (t *turn) passes() bool { return t.before == nil || !same(t.before.OwnerID, t.after.OwnerID) }

// reason decides why an ownership begins; nil while nobody has owned the record yet. `owned` says that somebody has.
func (t *turn) reason(owned bool, n Note) *string {
	why := Reassigned
	switch {
	case t.after.OwnerID == nil && !owned:
		return nil
	case t.after.OwnerID == nil:
		why = Unassigned
	case n.Automatic:
		why = AutoReassigned
	case !owned:
		why = InitialAssignment
	}
	return &why
}

// entered is when a stay begins as the record tells it: an import may put the first one into the past.
func (t *turn) entered(now time.Time) int64 {
	if t.before == nil && t.after.StageEnteredAt.Before(now) {
		return t.after.StageEnteredAt.UnixMicro()
	}
	return now.UnixMicro()
}

// began is when an ownership begins.
func (t *turn) began(now time.Time) int64 {
	if t.before == nil && t.after.CreatedAt.Before(now) {
		return t.after.CreatedAt.UnixMicro()
	}
	return now.UnixMicro()
}

func same(a, b *string) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
