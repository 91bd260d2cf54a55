package crm

import (
	"context"
	"maps"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/typeid"
)

// RestoreRecordsInput says which deleted records come back.
type RestoreRecordsInput struct {
	BatchTarget
	ClientMutationID *string
}

// RestoreRecordsPayload tells what came back.
type RestoreRecordsPayload = BatchPayload

// RestoreRecords brings back records that were deleted at most 30 days ago, each to the top of its stage, those of a stage
// in the order they had there; to the first OPEN stage of the pipeline where the stage is gone. Those that live stay as they are.
// Needs WriteRecords.
func (s *Service) RestoreRecords(ctx context.Context, in RestoreRecordsInput) (*RestoreRecordsPayload, error) {
	b := restores()
	if err := permit(ctx, b.need); err != nil {
		return nil, err
	}
	out, c := &RestoreRecordsPayload{}, &checker{}
	in.check(c, 0)
	if err := c.Err(); err != nil {
		return nil, err
	}
	b.input = in
	return out, s.do(ctx, b, in.BatchTarget, nil, in.ClientMutationID, out, out)
}

// restoration is what the rows of a restoration share.
type restoration struct {
	stages map[string]*ent.Stage // live ones of the pipelines concerned, by id
	first  map[string]*ent.Stage // the first OPEN one, by pipeline
	taken  map[string]bool       // external ids of live records
}

func restores() *bulk {
	var r restoration
	return &bulk{kind: RestoreKind, need: viewer.WriteRecords, deleted: true,
		open: func(tx *Tx, ids []string) (err error) {
			r, err = tx.restoration(ids)
			return err
		},
		decide: func(tx *Tx, cur *ent.Record, _ int) (ent.Record, error) { return r.back(tx, cur) },
		close:  func(tx *Tx, drafts []*draft) error { return tx.landBack(drafts) },
		wrote: func(tx *Tx, changed []*draft) error {
			tx.room(Records, 0)
			return tx.Audit("records.restored", "", map[string]any{"ids": idsOf(changed)})
		}}
}

// restoration holds the stages that deleted records may come back to, and reads which external ids are taken.
func (tx *Tx) restoration(ids []string) (r restoration, err error) {
	r = restoration{map[string]*ent.Stage{}, map[string]*ent.Stage{}, map[string]bool{}}
	var pipelines, externals []string
	for chunk := range slices.Chunk(ids, MaxBatch) {
		rs, err := tx.ent.Record.Query().Where(record.IDIn(chunk...), record.DeletedAtNotNil()).All(tx.seen)
		if err != nil {
			return r, err
		}
		for _, c := range rs {
			pipelines = append(pipelines, c.PipelineID)
			if c.ExternalID != nil {
				externals = append(externals, *c.ExternalID)
			}
		}
	}
	slices.Sort(pipelines)
	live, err := tx.ent.Stage.Query().Where(stage.PipelineIDIn(slices.Compact(pipelines)...), stage.DeletedAtIsNil(), tx.lock).
		Order(stage.ByID()).All(tx.ctx)
	if err != nil {
		return r, err
	}
	for _, st := range live {
		r.stages[st.ID] = st
		if have := r.first[st.PipelineID]; st.Kind == stage.KindOPEN && (have == nil || st.Position < have.Position) {
			r.first[st.PipelineID] = st
		}
	}
	for chunk := range slices.Chunk(externals, MaxBatch) {
		rs, err := tx.ent.Record.Query().Where(record.ExternalIDIn(chunk...), record.DeletedAtIsNil()).All(tx.ctx)
		if err != nil {
			return r, err
		}
		for _, c := range rs {
			r.taken[*c.ExternalID] = true
		}
	}
	return r, nil
}

// back decides what a deleted record becomes when it comes back, but for its place; one that lives stays as it is.
func (r restoration) back(tx *Tx, cur *ent.Record) (ent.Record, error) {
	next := *cur
	if cur.DeletedAt == nil {
		return next, nil
	}
	if id := cur.ExternalID; id != nil {
		if r.taken[*id] {
			return next, fault.At("externalId", fault.Duplicate, "another record has its external id %q", *id)
		}
		r.taken[*id] = true
	}
	home := r.stages[cur.StageID]
	if home == nil {
		home = r.first[cur.PipelineID]
	}
	if home == nil {
		return next, fault.NotFound("id", typeid.Name(typeid.Record), cur.ID) // its pipeline is gone
	}
	return tx.broughtBack(cur, home, "input")
}

// landBack gives records that come back the top of their stages, in the order they had.
func (tx *Tx) landBack(drafts []*draft) error {
	homes := map[string][]*draft{}
	for _, d := range drafts {
		if d.cur.DeletedAt == nil {
			continue
		}
		homes[d.next.StageID] = append(homes[d.next.StageID], d)
	}
	for _, id := range slices.Sorted(maps.Keys(homes)) {
		slices.SortStableFunc(homes[id], func(a, b *draft) int {
			if a.cur.Rank < b.cur.Rank {
				return -1
			}
			return 1
		})
		if _, err := tx.land(homes[id], id, PlaceInput{}); err != nil {
			return err
		}
	}
	return nil
}
