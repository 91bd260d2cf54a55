package crm

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// MaxBatch is how many rows a bulk command takes.
const MaxBatch = 500

// DeleteRecords deletes records in one commit, with one result per row in the order of the input. Needs WriteRecords and DeleteData.
func (s *Service) DeleteRecords(ctx context.Context, in DeleteRecordsInput) (*DeleteRecordsPayload, error) {
	if err := permit(ctx, viewer.WriteRecords|viewer.DeleteData); err != nil {
		return nil, err
	}
	switch n := len(in.IDs); {
	case n == 0:
		return nil, fault.At("input.ids", fault.ValidationFailed, "is empty")
	case n > MaxBatch:
		return nil, fault.At("input.ids", fault.BatchTooLarge, "has %d rows, at most %d are possible", n, MaxBatch)
	}
	out := &DeleteRecordsPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		found, err := tx.records(in.IDs)
		if err != nil {
			return err
		}
		var goes []string
		out.Results, goes = judge(in.IDs, found)
		if in.OnError == "REJECT_ALL" {
			if err := rejected(out.Results); err != nil {
				return err
			}
		}
		out.DeletedCount = len(goes)
		if len(goes) == 0 {
			return nil
		}
		if err := tx.ent.Record.Update().Where(record.IDIn(goes...)).SetDeletedAt(tx.now).AddVersion(1).
			SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx); err != nil {
			return err
		}
		return tx.Audit("records.deleted", "", map[string]any{"ids": goes})
	})
	out.Revision = rev
	return out, err
}

// records loads those of the ids that are live records the viewer sees, for update, in the order of their ids.
func (tx *Tx) records(ids []string) (map[string]*ent.Record, error) {
	rs, err := tx.ent.Record.Query().Where(record.IDIn(ids...), record.DeletedAtIsNil(), tx.lock).
		Order(record.ByID()).All(tx.seen)
	found := map[string]*ent.Record{}
	for _, r := range rs {
		if scope.SeesPipeline(tx.viewer, r.PipelineID) {
			found[r.ID] = r
		}
	}
	return found, err
}

// judge gives each row its result, and the ids that can go. A repeated id counts once.
func judge(ids []string, found map[string]*ent.Record) (results []*RowResult, ok []string) {
	for i, id := range ids {
		r := &RowResult{Index: i, ID: id}
		switch {
		case !typeid.Is(typeid.Record, id):
			r.Error = &RowError{fault.ValidationFailed, "not the id of a record"}
		case found[id] == nil:
			r.Error = &RowError{fault.NotFoundCode, "there is no such record"}
		case slices.Contains(ok, id):
			r.Error = &RowError{fault.ValidationFailed, "the id was given before"}
		default:
			r.Ok = true
			ok = append(ok, id)
		}
		results = append(results, r)
	}
	return results, ok
}

// rejected refuses a whole batch, with the rows that are wrong.
func rejected(results []*RowResult) error {
	p := &fault.Problems{}
	for _, r := range results {
		if !r.Ok {
			p.AddCode(pathOf("input.ids", r.Index), r.Error.Code, "%s", r.Error.Message)
		}
	}
	return p.Err()
}
