package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/tie"
	"github.com/rapidbott/tideboard/server/typeid"
)

// maxLinks is how many links a record has at most.
const maxLinks = 50

// LinkRecordsInput says which record is to point to which.
type LinkRecordsInput struct {
	RecordID         string
	ToRecordID       string
	Label            *string
	ClientMutationID *string
}

// LinkRecordsPayload is both records as they are now.
type LinkRecordsPayload struct {
	Record           *row.Record
	ToRecord         *row.Record
	Revision         row.Revision
	ClientMutationID *string
}

// UnlinkRecordsInput says which two records are to have no link.
type UnlinkRecordsInput struct {
	RecordID         string
	ToRecordID       string
	ClientMutationID *string
}

// UnlinkRecordsPayload is both records as they are now.
type UnlinkRecordsPayload = LinkRecordsPayload

// LinkRecords links a record to another, on both, in one commit. Between two records there is one link: a further call
// gives it another label or direction, the same again is a no-op. Needs WriteRecords.
func (s *Service) LinkRecords(ctx context.Context, in LinkRecordsInput) (*LinkRecordsPayload, error) {
	c := &checker{}
	label := c.text("input.label", in.Label, 50)
	return s.relate(ctx, c, in.RecordID, in.ToRecordID, in.ClientMutationID, (*Tx).record, func(from, to *ent.Record) error {
		from.Links = tie.With(from.Links, tie.Link{RecordID: to.ID, Label: label, Direction: tie.Outgoing})
		to.Links = tie.With(to.Links, tie.Link{RecordID: from.ID, Label: label, Direction: tie.Incoming})
		p := &fault.Problems{}
		for i, r := range []*ent.Record{from, to} {
			if len(r.Links) > maxLinks {
				p.Add([]string{"input.recordId", "input.toRecordId"}[i], "has %d links, at most %d are possible", len(r.Links)-1, maxLinks)
			}
		}
		return p.Err()
	})
}

// UnlinkRecords takes the link between two records off both, whichever way it points; without one it is a no-op. The other
// record may be deleted: its link counts until then. Needs WriteRecords.
func (s *Service) UnlinkRecords(ctx context.Context, in UnlinkRecordsInput) (*UnlinkRecordsPayload, error) {
	return s.relate(ctx, &checker{}, in.RecordID, in.ToRecordID, in.ClientMutationID, (*Tx).recordOrDeleted, func(from, to *ent.Record) error {
		from.Links, to.Links = tie.Without(from.Links, to.ID), tie.Without(to.Links, from.ID)
		return nil
	})
}

// relate changes what stands between two records that the viewer sees; load loads the second.
func (s *Service) relate(ctx context.Context, c *checker, fromID, toID string, mark *string, load func(tx *Tx, field, id string) (*ent.Record, error), change func(from, to *ent.Record) error) (*LinkRecordsPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &LinkRecordsPayload{ClientMutationID: mark}
	rev, err := s.Answer(ctx, mark, out, func(tx *Tx) error {
		from, to, err := tx.pair(fromID, toID, load)
		if err != nil {
			return err
		}
		if from.ID == to.ID { // told only of a record that the viewer sees
			return fault.At("input.toRecordId", fault.ValidationFailed, "is the record itself")
		}
		a, b := *from, *to
		if err := change(&a, &b); err != nil {
			return err
		}
		if out.Record, err = tx.saveEdited(from, a); err != nil {
			return err
		}
		out.ToRecord, err = tx.saveEdited(to, b)
		return err
	})
	out.Revision = rev
	return out, err
}

// pair loads two records that the viewer sees, for update, always in the order of their ids: two calls about the same
// pair wait for each other instead of for ever.
func (tx *Tx) pair(fromID, toID string, load func(tx *Tx, field, id string) (*ent.Record, error)) (from, to *ent.Record, err error) {
	first, second := func() (err error) { from, err = tx.record("input.recordId", fromID); return err },
		func() (err error) { to, err = load(tx, "input.toRecordId", toID); return err }
	if toID < fromID {
		first, second = second, first
	}
	if err = first(); err == nil {
		err = second()
	}
	return from, to, err
}

// recordOrDeleted loads a record that the viewer sees, or saw before it was deleted, for update.
func (tx *Tx) recordOrDeleted(field, id string) (*ent.Record, error) {
	if err := wrongKind(field, typeid.Record, id); err != nil {
		return nil, err
	}
	r, err := tx.ent.Record.Query().Where(record.ID(id), tx.lock).Only(tx.seen)
	if err != nil || !scope.SeesPipeline(tx.viewer, r.PipelineID) {
		return nil, missing(orNotFound(err), field, typeid.Record, id)
	}
	return r, nil
}

// saveEdited writes an edit of a record, which somebody did something with unless nothing changed.
func (tx *Tx) saveEdited(cur *ent.Record, next ent.Record) (*row.Record, error) {
	if changelog.Differ(cur, &next) {
		tx.touch(&next)
	}
	saved, err := tx.save(cur, next)
	if err != nil {
		return nil, err
	}
	return tx.show(saved), nil
}
