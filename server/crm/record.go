package crm

import (
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// ExpectInput is what a caller believes about a record.
type ExpectInput struct {
	StageID *string
	Version *int
}

// RecordNow is the `current` of a CONFLICT.
type RecordNow struct {
	StageID        string  `json:"stageId"`
	Version        int     `json:"version"`
	AfterRecordID  *string `json:"afterRecordId"`
	BeforeRecordID *string `json:"beforeRecordId"`
	Latest
	// Changed are the present values of those fields sent that changed meanwhile, by their names in the API; nil where that
	// is not known or not asked for. See meanwhile.
	Changed *map[string]any `json:"changed,omitempty"`
}

// RowNow is the `current` of a CONFLICT of one row of a bulk command.
type RowNow struct {
	StageID string `json:"stageId"`
	Version int    `json:"version"`
	Latest
}

// Latest says who made the latest change of a record, and when.
type Latest struct {
	UpdatedBy ActorNow  `json:"updatedBy"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// ActorNow is an actor as the API shows it; the system has no id.
type ActorNow struct {
	Kind viewer.Kind `json:"kind"`
	ID   *string     `json:"id"`
	Name string      `json:"name"`
}

func latest(r *ent.Record) Latest {
	by := ActorNow{Kind: r.UpdatedBy.Kind, Name: r.UpdatedBy.Name}
	if id := r.UpdatedBy.ID; id != "" {
		by.ID = &id
	}
	return Latest{by, r.UpdatedAt.UTC()}
}

// expect refuses with a CONFLICT when the record is not what the caller believes.
func (tx *Tx) expect(r *ent.Record, e *ExpectInput) error {
	if e != nil && e.StageID != nil {
		if err := wrongKind("input.expect.stageId", typeid.Stage, *e.StageID); err != nil {
			return err
		}
	}
	if e == nil || ((e.StageID == nil || *e.StageID == r.StageID) && (e.Version == nil || *e.Version == r.Version)) {
		return nil
	}
	f := fault.New(fault.Conflict, "the record changed meanwhile: it is at version %d", r.Version)
	if tx.batch != nil { // of many rows nobody is told their neighbours, which take a statement each
		f.Current = RowNow{r.StageID, r.Version, latest(r)}
		return f
	}
	above, below, err := tx.visibleNeighbours(r.StageID, r.Rank, r.ID)
	if err != nil {
		return err
	}
	f.Current = RecordNow{StageID: r.StageID, Version: r.Version, AfterRecordID: above, BeforeRecordID: below, Latest: latest(r)}
	return f
}

// save writes what a draft changes of a record; nothing when that is nothing. It gives the record as it is now.
func (tx *Tx) save(cur *ent.Record, next ent.Record) (*ent.Record, error) {
	u := tx.ent.Record.UpdateOneID(cur.ID)
	drafted, err := changelog.Draft(u.Mutation(), cur, &next)
	if err != nil || !drafted {
		return cur, err
	}
	shown := changelog.Row[row.Record](&next)
	u.SetVersion(cur.Version + 1).SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor())
	follow(u.Mutation(), cur, shown)
	if len(next.Participants) == 0 { // what has none is not looked at when a contact is deleted
		u.ClearParticipants()
	}
	saved, err := u.Save(tx.ctx)
	return saved, tx.duplicate(err, "input.externalId")
}

// duplicate turns a clash of unique values into its refusal.
func (tx *Tx) duplicate(err error, field string) error {
	if _, ok := tx.DB.SQL.IsUnique(err); ok {
		return fault.At(field, fault.Duplicate, "is taken")
	}
	return err
}

// touch notes that somebody did something with the record.
func (tx *Tx) touch(next *ent.Record) { next.LastActivityAt = tx.now }

// show is a record as the answer shows it: with what its tasks come to when the transaction ends.
func (tx *Tx) show(r *ent.Record) *row.Record {
	shown := show(r)
	tx.shown = append(tx.shown, shown)
	return shown
}

func show(r *ent.Record) *row.Record { return changelog.Row[row.Record](r) }

// canWork tells whether a member can be given work.
func canWork(m *ent.Member) bool {
	return m.IsActive && viewer.PermsOf(viewer.Role(m.Role), m.Permissions)&viewer.ReadRecords != 0
}
