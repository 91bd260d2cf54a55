package writer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/bench/truth/ledger"
	"github.com/rapidbott/tideboard/bench/truth/verdict"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// added marks the stages that writers added: only those are deleted.
const added = "Extra "

// mostAdded is how many added stages a pipeline has at a time.
const mostAdded = 3

// renameContact gives a linked contact another name: every card that links it shows it.
func (w *Writer) renameContact(ctx context.Context) error {
	id := w.Directory.Contact(w.random)
	if id == "" {
		return w.update(ctx)
	}
	first, last := pick(w.random, firstNames), fmt.Sprintf("%s %d", pick(w.random, lastNames), w.serial)
	op := &ledger.Op{Kind: ledger.Contact, ContactID: id, ContactName: first + " " + last}
	_, err := w.send(ctx, command{op: op, operation: wire.UpdateContact, input: map[string]any{"id": id, "firstName": first, "lastName": last}})
	return err
}

// reshape changes a pipeline by its whole list of stages: renames one, adds one, deletes an added one with its cards
// moved, or lets two change places.
func (w *Writer) reshape(ctx context.Context) error {
	id := w.Directory.Pipeline(w.random)
	base := w.Fleet.Pick(w.random)
	w.desk.Does("reads pipeline %s at %s", id, base)
	state, err := w.client.Pipeline(ctx, base, w.Who, id)
	var refused *wire.Refused
	switch {
	case wire.IsBroken(err) || wire.IsOverloaded(err):
		return nil
	case errors.As(err, &refused) || err != nil || state == nil:
		return &verdict.Violation{Kind: "wrong answer", Who: w.Name(), Lines: []string{fmt.Sprintf("pipeline %s: %v %v", id, state, err)}}
	}
	input := map[string]any{"id": id, "expectedVersion": state.Version}
	op := &ledger.Op{Kind: ledger.Pipeline, Line: &ledger.Line{PipelineID: id, Moves: map[string]string{}}}
	w.change(state, op.Line, input)
	for i := range state.Stages {
		if state.Stages[i].Kind != "OPEN" {
			state.Stages[i].DefaultProbability = nil // fixed by the kind, not to be given
		}
		op.Line.Stages = append(op.Line.Stages, ledger.Stage{ID: state.Stages[i].ID, Name: state.Stages[i].Name, Kind: state.Stages[i].Kind})
	}
	input["stages"] = state.Stages
	r, err := w.send(ctx, command{op: op, operation: wire.UpdatePipeline, input: input, legal: []string{"CONFLICT", "DUPLICATE"}})
	if r != nil && r.Pipeline != nil {
		w.Directory.Reshape(id, r.Pipeline.Stages)
	}
	return err
}

// change draws one change of a pipeline.
func (w *Writer) change(state *wire.PipelineState, line *ledger.Line, input map[string]any) {
	var extra []int
	for i, st := range state.Stages {
		if strings.HasPrefix(st.Name, added) {
			extra = append(extra, i)
		}
	}
	i := w.random.IntN(len(state.Stages))
	switch n := w.random.IntN(9); {
	case n == 0:
		line.Name = fmt.Sprintf("%s %s %d-%d", pick(w.random, Adjectives), pick(w.random, Nouns), w.Number, w.serial)
		input["name"] = line.Name
	case n < 3 && len(extra) < mostAdded:
		chance := 30
		state.Stages = slices.Insert(state.Stages, i, wire.StageState{
			Name: fmt.Sprintf("%s%d-%d", added, w.Number, w.serial), Color: "#14B8A6", Kind: "OPEN",
			DefaultProbability: &chance, RequiredFields: []string{},
		})
	case n < 6 && len(extra) > 0:
		w.remove(state, extra[w.random.IntN(len(extra))], line, input)
	case n < 8 && len(state.Stages) > 1:
		j := (i + 1) % len(state.Stages)
		state.Stages[i], state.Stages[j] = state.Stages[j], state.Stages[i]
	default:
		name, _, _ := strings.Cut(state.Stages[i].Name, " ·")
		state.Stages[i].Name = fmt.Sprintf("%s ·%d-%d", name, w.Number, w.serial)
	}
}

// remove takes an added stage out; its cards go to another stage of the pipeline that stays and is open.
func (w *Writer) remove(state *wire.PipelineState, at int, line *ledger.Line, input map[string]any) {
	gone := state.Stages[at].ID
	state.Stages = slices.Delete(state.Stages, at, at+1)
	for _, i := range w.random.Perm(len(state.Stages)) {
		if to := state.Stages[i]; to.Kind == "OPEN" {
			line.Moves[gone] = to.ID
			input["moveRecords"] = []any{map[string]any{"fromStageId": gone, "toStageId": to.ID}}
			return
		}
	}
}
