package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
)

// AssignRecordsInput says who should own records; nobody when OwnerID is null. It must be set.
type AssignRecordsInput struct {
	BatchTarget
	OwnerID          graphql.Omittable[*string]
	ClientMutationID *string
}

// AssignRecordsPayload tells what was assigned.
type AssignRecordsPayload = BatchPayload

// AssignRecords gives records to an active member, or to nobody. Needs WriteRecords, and for each row what AssignRecord
// takes. The present owner again is a no-op.
func (s *Service) AssignRecords(ctx context.Context, in AssignRecordsInput) (*AssignRecordsPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	out, c := &AssignRecordsPayload{}, &checker{}
	in.check(c, 0)
	b := assigns(in, c)
	if err := c.Err(); err != nil {
		return nil, err
	}
	return out, s.do(ctx, b, in.BatchTarget, nil, in.ClientMutationID, out, out)
}

func assigns(in AssignRecordsInput, c *checker) *bulk {
	c.newOwner(in.OwnerID)
	owner := in.OwnerID.Value()
	b := &bulk{kind: AssignKind, need: viewer.WriteRecords, input: in}
	b.open = func(tx *Tx, _ []string) error {
		if owner == nil {
			return nil
		}
		_, err := tx.assignee("input.ownerId", *owner)
		return err
	}
	b.decide = func(tx *Tx, cur *ent.Record, _ int) (ent.Record, error) {
		next := *cur
		if same(cur.OwnerID, owner) {
			return next, nil
		}
		if err := mayAssign(tx.seen, cur.OwnerID, owner); err != nil {
			return next, err
		}
		tx.give(&next, owner)
		return next, nil
	}
	return b
}
