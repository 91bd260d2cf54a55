package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/span"
)

// AssignRecordInput says who should own a record; nobody when OwnerID is null. It must be set.
type AssignRecordInput struct {
	RecordID         string
	OwnerID          graphql.Omittable[*string]
	ReasonNote       *string
	Expect           *ExpectInput
	ClientMutationID *string
}

// AssignRecordPayload is the record with its owner.
type AssignRecordPayload = UpdateRecordPayload

// AssignRecord gives a record to an active member, or to nobody. Needs WriteRecords, and AssignOthers unless it is about
// the caller alone. The present owner again is a no-op.
func (s *Service) AssignRecord(ctx context.Context, in AssignRecordInput) (*AssignRecordPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	c := &checker{}
	c.newOwner(in.OwnerID)
	note := c.text("input.reasonNote", in.ReasonNote, 200)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &AssignRecordPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.record("input.recordId", in.RecordID)
		if err != nil {
			return err
		}
		if err := tx.expect(cur, in.Expect); err != nil {
			return err
		}
		next := *cur
		if err := tx.assign(&next, in.OwnerID.Value(), "input.ownerId"); err != nil {
			return err
		}
		tx.because(cur.ID, span.Note{Text: note})
		saved, err := tx.save(cur, next)
		if err == nil {
			out.Record = tx.show(saved)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// newOwner refuses an owner that is left out: a variable that was forgotten takes no record away from anybody.
func (c *checker) newOwner(id graphql.Omittable[*string]) {
	if !given(id) {
		c.Add("input.ownerId", "must be given; null means nobody")
	}
}

// assign makes somebody, or nobody, the owner of a draft.
func (tx *Tx) assign(next *ent.Record, owner *string, field string) error {
	if same(next.OwnerID, owner) {
		return nil
	}
	if err := mayAssign(tx.seen, next.OwnerID, owner); err != nil {
		return err
	}
	if owner != nil {
		if _, err := tx.assignee(field, *owner); err != nil {
			return err
		}
	}
	tx.give(next, owner)
	return nil
}

// give makes somebody who may be given work, or nobody, the owner of a draft.
func (tx *Tx) give(next *ent.Record, owner *string) {
	next.OwnerID = owner
	tx.touch(next)
}

func same(a, b *string) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
