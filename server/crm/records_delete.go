package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
)

// DeleteRecordInput says which record goes.
type DeleteRecordInput struct {
	ID               string
	Expect           *ExpectInput
	ClientMutationID *string
}

// DeleteRecordPayload tells what was deleted.
type DeleteRecordPayload struct {
	DeletedID        string
	Revision         row.Revision
	ClientMutationID *string
}

// DeleteRecord deletes a record; it can be restored for 30 days. Needs WriteRecords.
func (s *Service) DeleteRecord(ctx context.Context, in DeleteRecordInput) (*DeleteRecordPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	out := &DeleteRecordPayload{DeletedID: in.ID, ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.record("input.id", in.ID)
		if err != nil {
			return err
		}
		if err := tx.expect(cur, in.Expect); err != nil {
			return err
		}
		if _, err = tx.save(cur, tx.gone(cur)); err != nil {
			return err
		}
		return tx.Audit("record.deleted", cur.ID, nil)
	})
	out.Revision = rev
	return out, err
}

// gone is a record that is deleted now.
func (tx *Tx) gone(cur *ent.Record) ent.Record {
	next := *cur
	next.DeletedAt = &tx.now
	return next
}

// DeleteRecordsInput says which records go.
type DeleteRecordsInput struct {
	BatchTarget
	ClientMutationID *string
}

// DeleteRecordsPayload tells what was deleted, row by row.
type DeleteRecordsPayload struct {
	BatchPayload
}

// DeletedCount is how many records were deleted by the call itself.
func (p *DeleteRecordsPayload) DeletedCount() int { return p.Changed }

// DeleteRecords deletes records. Needs WriteRecords and DeleteData.
func (s *Service) DeleteRecords(ctx context.Context, in DeleteRecordsInput) (*DeleteRecordsPayload, error) {
	b := deletes()
	if err := permit(ctx, b.need); err != nil {
		return nil, err
	}
	out, c := &DeleteRecordsPayload{}, &checker{}
	in.check(c, 0)
	if err := c.Err(); err != nil {
		return nil, err
	}
	b.input = in
	return out, s.do(ctx, b, in.BatchTarget, nil, in.ClientMutationID, out, &out.BatchPayload)
}

func deletes() *bulk {
	return &bulk{kind: DeleteKind, need: viewer.WriteRecords | viewer.DeleteData,
		decide: func(tx *Tx, cur *ent.Record, _ int) (ent.Record, error) { return tx.gone(cur), nil },
		wrote: func(tx *Tx, changed []*draft) error {
			return tx.Audit("records.deleted", "", map[string]any{"ids": idsOf(changed)})
		}}
}
