package writer

import (
	"context"

	"github.com/rapidbott/tideboard/bench/truth/ledger"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// illPlaced are the refusals that a change of stage may meet when pipelines change at the same time.
var illPlaced = []string{"STAGE_NOT_IN_PIPELINE", "STAGE_REQUIREMENTS"}

// create makes a card at an end of a random stage.
func (w *Writer) create(ctx context.Context) error {
	pipeline := w.Directory.Pipeline(w.random)
	stage, ok := w.Directory.Stage(w.random, pipeline)
	if !ok {
		return w.delete(ctx)
	}
	f, input := w.fields(true)
	op := &ledger.Op{Kind: ledger.Create, Fields: f, Place: ledger.Place{PipelineID: pipeline, StageID: stage.ID}}
	input["pipelineId"], input["stageId"] = pipeline, stage.ID
	switch w.random.IntN(3) {
	case 0:
		op.Place.Bottom = true
		input["place"] = map[string]any{"toEnd": "BOTTOM"}
	case 1:
		input["place"] = map[string]any{"toEnd": "TOP"}
	}
	w.loseWithReason(stage, input)
	legal := illPlaced
	if contact := w.Directory.Contact(w.random); contact != "" && w.random.IntN(2) == 0 {
		input["contactId"] = contact
		legal = append([]string{"CONTACT_NOT_FOUND"}, legal...)
	}
	r, err := w.send(ctx, command{op: op, operation: wire.CreateRecord, input: input, legal: legal})
	w.seen(r)
	return err
}

// update edits one to three fields of a card; now and then also its stage or its owner.
func (w *Writer) update(ctx context.Context) error {
	id, pipeline, stage, version, ok := w.Directory.Card(w.random)
	if !ok {
		return w.create(ctx)
	}
	f, input := w.fields(false)
	op := &ledger.Op{Kind: ledger.Update, RecordID: id, Fields: f}
	input["id"] = id
	if w.random.IntN(12) == 0 {
		if next, ok := w.Directory.Stage(w.random, pipeline); ok {
			op.Fields.StageID = &next.ID
			input["stageId"] = next.ID
			w.loseWithReason(next, input)
		}
	}
	legal := w.expect(input, stage.ID, version, illPlaced)
	r, err := w.send(ctx, command{op: op, operation: wire.UpdateRecord, input: input, legal: legal})
	w.seen(r)
	return err
}

// move drags a card: within its stage, to another stage, or to another pipeline.
func (w *Writer) move(ctx context.Context) error {
	id, pipeline, stage, version, ok := w.Directory.Card(w.random)
	if !ok {
		return w.create(ctx)
	}
	input := map[string]any{"recordId": id}
	op := &ledger.Op{Kind: ledger.Move, RecordID: id}
	target := stage
	switch w.random.IntN(20) {
	case 0:
		pipeline = w.Directory.Pipeline(w.random)
		input["toPipelineId"] = pipeline
		fallthrough
	case 1, 2, 3, 4, 5, 6, 7, 8, 9:
		if target, ok = w.Directory.Stage(w.random, pipeline); !ok {
			return w.delete(ctx)
		}
	}
	op.Place.PipelineID, op.Place.StageID = pipeline, target.ID
	input["toStageId"] = target.ID
	neighbour := w.Directory.Neighbour(w.random, target.ID, id)
	switch n := w.random.IntN(10); {
	case n < 4 && neighbour != "":
		op.Place.After, input["afterRecordId"] = neighbour, neighbour
	case n < 7 && neighbour != "":
		op.Place.Before, input["beforeRecordId"] = neighbour, neighbour
	case n < 9:
		op.Place.Bottom, input["toEnd"] = true, "BOTTOM"
	}
	legal := w.expect(input, stage.ID, version, illPlaced)
	if target.ID != stage.ID {
		w.loseWithReason(target, input)
	}
	if target.Kind == "LOST" { // a reason must come with a change of stage and with nothing else; the card may be elsewhere
		legal = append([]string{"VALIDATION_FAILED"}, legal...)
	}
	r, err := w.send(ctx, command{op: op, operation: wire.MoveRecord, input: input, legal: legal})
	w.seen(r)
	return err
}

// assign gives a card to a member or to nobody.
func (w *Writer) assign(ctx context.Context) error {
	id, _, stage, version, ok := w.Directory.Card(w.random)
	if !ok {
		return w.create(ctx)
	}
	owner := w.owner()
	input := map[string]any{"recordId": id, "ownerId": nullable(owner)}
	op := &ledger.Op{Kind: ledger.Assign, RecordID: id, Fields: ledger.Fields{OwnerID: &owner}}
	legal := w.expect(input, stage.ID, version, nil)
	r, err := w.send(ctx, command{op: op, operation: wire.AssignRecord, input: input, legal: legal})
	w.seen(r)
	return err
}

// delete removes a card.
func (w *Writer) delete(ctx context.Context) error {
	id, _, stage, version, ok := w.Directory.Card(w.random)
	if !ok {
		return w.create(ctx)
	}
	input := map[string]any{"id": id}
	op := &ledger.Op{Kind: ledger.Delete, RecordID: id}
	legal := w.expect(input, stage.ID, version, nil)
	r, err := w.send(ctx, command{op: op, operation: wire.DeleteRecord, input: input, legal: legal})
	if r != nil {
		w.Directory.Drop(id)
	}
	return err
}
