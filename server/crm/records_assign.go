package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
)

// AssignRecordsInput says who should own records; nobody when OwnerID is nil.
type AssignRecordsInput struct {
	BatchTarget
	OwnerID          *string
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

func assigns(in AssignRecordsInput, _ *checker) *bulk {
	b := &bulk{kind: AssignKind, need: viewer.WriteRecords, input: in}
	b.open = func(tx *Tx, _ []string) error {
		if in.OwnerID == nil {
			return nil
		}
		_, err := tx.assignee("input.ownerId", *in.OwnerID)
		return err
	}
	b.decide = func(tx *Tx, cur *ent.Record, _ int) (ent.Record, error) {
		next := *cur
		if same(cur.OwnerID, in.OwnerID) {
			return next, nil
		}
		if err := mayAssign(tx.seen, cur.OwnerID, in.OwnerID); err != nil {
			return next, err
		}
		tx.give(&next, in.OwnerID)
		return next, nil
	}
	return b
}
