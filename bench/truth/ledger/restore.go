package ledger

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// restore brings deleted records back: to the top of their stage in the order they had there, or of the first open stage
// where theirs is gone.
func (w *World) restore(op *Op, c wire.Commit) error {
	wrote := written(c)
	rows := []string{op.RecordID}
	if op.Kind == RestoreMany {
		var err error
		if rows, err = w.rows(op, named(wrote, op.IDs)); err != nil {
			return err
		}
	}
	homes := map[string][]string{}
	for _, id := range rows {
		r, change := w.Deleted[id], wrote[id]
		if r == nil || wire.Image(change.Before, "deleted_at") == "" || wire.Image(change.After, "deleted_at") != "" {
			return fmt.Errorf("record %s was deleted: %t; its commit made of %v %v", id, r != nil, change.Before, change.After)
		}
		home := r.StageID
		if w.stage(r.PipelineID, home) == nil {
			if home = w.firstOpen(r.PipelineID); home == "" {
				return fmt.Errorf("record %s came back to pipeline %s, which has no open stage", id, r.PipelineID)
			}
		}
		homes[home] = append(homes[home], id)
	}
	rank := func(id string) string { return wire.Image(wrote[id].Before, "rank") }
	for _, home := range slices.Sorted(maps.Keys(homes)) {
		block := homes[home]
		slices.SortStableFunc(block, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
		for i, id := range block {
			r := w.Deleted[id]
			delete(w.Deleted, id)
			r.Since = c.Revision
			w.Records[id] = r
			w.put(r, home, i)
		}
	}
	return w.spared(op)
}

// firstOpen is the first open stage of a pipeline; empty when there is none.
func (w *World) firstOpen(pipelineID string) string {
	if line := w.Lines[pipelineID]; line != nil {
		for _, s := range line.Stages {
			if s.Kind == "OPEN" {
				return s.ID
			}
		}
	}
	return ""
}

// mostDeleted bounds the deleted records that are remembered; writers restore only what was deleted lately.
const mostDeleted = 4000

// forget drops the deleted records that went first when there are too many.
func (w *World) forget() {
	if len(w.Deleted) <= mostDeleted {
		return
	}
	ids := slices.SortedFunc(maps.Keys(w.Deleted), func(a, b string) int { return cmp.Compare(w.Deleted[a].Since, w.Deleted[b].Since) })
	for _, id := range ids[:len(ids)-mostDeleted/2] {
		delete(w.Deleted, id)
	}
}
