package writer

import (
	"context"

	"github.com/rapidbott/tideboard/bench/truth/ledger"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// some draws a handful of different cards: from anywhere, or a stretch of one column.
func (w *Writer) some(most int) (ids []string) {
	n := 2 + w.random.IntN(most-1)
	chosen := map[string]bool{}
	for range 2 * n {
		id, _, stage, _, ok := w.Directory.Card(w.random)
		if !ok {
			break
		}
		if w.random.IntN(2) == 0 {
			if other := w.Directory.Neighbour(w.random, stage.ID, id); other != "" && !chosen[other] {
				chosen[other] = true
				ids = append(ids, other)
			}
		}
		if !chosen[id] {
			chosen[id] = true
			ids = append(ids, id)
		}
		if len(ids) >= n {
			break
		}
	}
	return ids
}

// deleteMany removes a handful of cards in one commit.
func (w *Writer) deleteMany(ctx context.Context) error {
	ids := w.some(6)
	if len(ids) == 0 {
		return w.create(ctx)
	}
	op := &ledger.Op{Kind: ledger.DeleteMany, IDs: ids}
	r, err := w.send(ctx, command{op: op, operation: wire.DeleteRecords, input: map[string]any{"ids": ids}})
	if r != nil {
		for _, id := range ids {
			w.Directory.Drop(id)
		}
	}
	return err
}

// moveMany drags a handful of cards as one block: to a stage, also of another pipeline, and to a place.
func (w *Writer) moveMany(ctx context.Context) error {
	ids := w.some(12)
	if len(ids) == 0 {
		return w.create(ctx)
	}
	pipeline := w.Directory.Pipeline(w.random)
	target, ok := w.Directory.Stage(w.random, pipeline)
	if !ok {
		return w.deleteMany(ctx)
	}
	op := &ledger.Op{Kind: ledger.MoveMany, IDs: ids, Place: ledger.Place{StageID: target.ID}}
	input := map[string]any{"ids": ids, "toStageId": target.ID}
	if w.random.IntN(4) > 0 {
		op.Place.PipelineID, input["toPipelineId"] = pipeline, pipeline
	}
	neighbour := ""
	for range 3 {
		if n := w.Directory.Neighbour(w.random, target.ID, ""); n != "" && !contains(ids, n) {
			neighbour = n
			break
		}
	}
	switch n := w.random.IntN(10); {
	case n < 3 && neighbour != "":
		op.Place.After, input["place"] = neighbour, map[string]any{"afterRecordId": neighbour}
	case n < 6 && neighbour != "":
		op.Place.Before, input["place"] = neighbour, map[string]any{"beforeRecordId": neighbour}
	case n < 8:
		op.Place.Bottom, input["place"] = true, map[string]any{"toEnd": "BOTTOM"}
	}
	w.loseWithReason(target, input)
	op.Lost = input["lostReason"] != nil
	r, err := w.send(ctx, command{op: op, operation: wire.MoveRecords, input: input, legal: illPlaced})
	if r != nil {
		for _, id := range ids {
			if op.Answer.Rows[id] == "" {
				w.Directory.Put(id, target.ID, 0)
			}
		}
	}
	return err
}

// updateMany gives a handful of cards the same values.
func (w *Writer) updateMany(ctx context.Context) error {
	ids := w.some(8)
	if len(ids) == 0 {
		return w.create(ctx)
	}
	var f ledger.Fields
	set := map[string]any{}
	if w.random.IntN(2) == 0 {
		amount, kept := value(w.random, w.Currency, false)
		f.Value, set["value"] = &kept, amount
		if amount == nil {
			set["value"] = nil
		}
	}
	if w.random.IntN(6) == 0 {
		t := title(w.random, w.serial)
		f.Title, set["title"] = &t, t
	}
	if w.random.IntN(3) == 0 {
		f.AddTags = tags(w.random)
		set["addTags"] = f.AddTags
	}
	if len(set) == 0 || w.random.IntN(2) == 0 {
		p := pick(w.random, Priorities)
		f.Priority, set["priority"] = &p, p
	}
	op := &ledger.Op{Kind: ledger.UpdateMany, IDs: ids, Fields: f}
	_, err := w.send(ctx, command{op: op, operation: wire.UpdateRecords, input: map[string]any{"ids": ids, "set": set}})
	return err
}

// tagMany gives tags to a handful of cards and takes others away.
func (w *Writer) tagMany(ctx context.Context) error {
	ids := w.some(10)
	if len(ids) == 0 {
		return w.create(ctx)
	}
	all := w.random.Perm(len(Tags))
	add, remove := []string{Tags[all[0]]}, []string{Tags[all[1]]}
	input := map[string]any{"ids": ids}
	op := &ledger.Op{Kind: ledger.TagMany, IDs: ids}
	n := w.random.IntN(3)
	if n != 0 {
		op.Fields.AddTags, input["add"] = add, add
	}
	if n != 1 {
		op.Fields.RemoveTags, input["remove"] = remove, remove
	}
	_, err := w.send(ctx, command{op: op, operation: wire.TagRecords, input: input})
	return err
}
