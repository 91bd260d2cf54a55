package ledger

import (
	"fmt"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// move puts a card where the command asked, or where the answer says when the neighbour asked for was gone.
func (w *World) move(op *Op, r *Record, c wire.Commit, observe Observe) error {
	p := op.Place
	if p.PipelineID == "" {
		p.PipelineID = r.PipelineID
	}
	if p.StageID == "" {
		p.StageID = r.StageID
	}
	if w.stage(p.PipelineID, p.StageID) == nil {
		return fmt.Errorf("it moved the card to stage %s of pipeline %s, which was not there", p.StageID, p.PipelineID)
	}
	w.take(r)
	r.PipelineID = p.PipelineID
	column := w.Columns[p.StageID]
	above, below := slices.Index(column, p.After), slices.Index(column, p.Before)
	lost := (p.After != "" && above < 0) || (p.Before != "" && below < 0)
	switch {
	case op.Outcome == Acknowledged && op.Answer.FellBack != lost:
		return fmt.Errorf("answered placeFellBack %t, but the neighbour asked for was in the stage: %t", op.Answer.FellBack, !lost)
	case lost && (op.Outcome != Acknowledged || op.Answer.PlacedBy == lastSeen):
		w.put(r, p.StageID, 0)
		return w.adopt(p.PipelineID, p.StageID, []string{r.ID}, c, observe)
	case lost:
		w.put(r, p.StageID, 0)
	case p.After != "":
		w.put(r, p.StageID, above+1)
	case p.Before != "":
		w.put(r, p.StageID, below)
	case p.Bottom:
		w.put(r, p.StageID, len(column))
	default:
		w.put(r, p.StageID, 0)
	}
	return nil
}

// adopt takes over from the server where some cards stand in a column, after making sure that the column holds just the
// cards it must and that all others stand in the order they must.
func (w *World) adopt(pipelineID, stageID string, free []string, c wire.Commit, observe Observe) error {
	columns, err := observe(pipelineID, c)
	if err != nil {
		return fmt.Errorf("look at the board of that revision: %w", err)
	}
	isFree := func(id string) bool { return slices.Contains(free, id) }
	got, want := columns[stageID], w.Columns[stageID]
	if !slices.Equal(slices.DeleteFunc(slices.Clone(got), isFree), slices.DeleteFunc(slices.Clone(want), isFree)) || len(got) != len(want) {
		return fmt.Errorf("stage %s then held %v, it must hold %v, of which only %v may stand anywhere", stageID, got, want, free)
	}
	for _, id := range free {
		if !slices.Contains(got, id) {
			return fmt.Errorf("stage %s then held %v, but not %s", stageID, got, id)
		}
	}
	w.Columns[stageID] = slices.Clone(got)
	return nil
}

// reshape gives a pipeline its new stages. New ones get their ids from the commit.
func (w *World) reshape(line *Line, c wire.Commit, observe Observe) error {
	old := w.Lines[line.PipelineID]
	if old == nil {
		return fmt.Errorf("it changed pipeline %s, which was not there", line.PipelineID)
	}
	next := &Line{PipelineID: line.PipelineID, Name: old.Name}
	if line.Name != "" {
		next.Name = line.Name
	}
	for _, st := range line.Stages {
		if st.ID == "" {
			if st.ID = newStage(c, st.Name); st.ID == "" {
				return fmt.Errorf("its commit holds no new stage %q", st.Name)
			}
		}
		next.Stages = append(next.Stages, st)
	}
	w.Lines[line.PipelineID] = next
	for _, st := range old.Stages {
		if slices.ContainsFunc(next.Stages, func(s Stage) bool { return s.ID == st.ID }) {
			continue
		}
		moved := slices.Clone(w.Columns[st.ID])
		delete(w.Columns, st.ID)
		if len(moved) == 0 {
			continue
		}
		target := line.Moves[st.ID]
		for _, id := range moved {
			w.put(w.Records[id], target, 0)
		}
		if err := w.adopt(line.PipelineID, target, moved, c, observe); err != nil {
			return err
		}
	}
	return nil
}

func newStage(c wire.Commit, name string) string {
	for _, change := range c.Changes {
		if change.Entity == "stage" && change.Before == nil && wire.Image(change.After, "name") == name {
			return change.EntityID
		}
	}
	return ""
}
