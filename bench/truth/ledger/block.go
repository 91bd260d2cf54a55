package ledger

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// lastSeen is how a place was found that is where a lost neighbour was when it left.
const lastSeen = "LAST_SEEN"

// lineOf is the pipeline of a stage; nil when there is no such stage.
func (w *World) lineOf(stageID string) *Line {
	for _, line := range w.Lines {
		if w.stage(line.PipelineID, stageID) != nil {
			return line
		}
	}
	return nil
}

// inBoardOrder sorts records by pipeline, stage and place.
func (w *World) inBoardOrder(ids []string) []string {
	place := func(id string) (int, int, int) {
		r := w.Records[id]
		stage := slices.IndexFunc(w.Lines[r.PipelineID].Stages, func(s Stage) bool { return s.ID == r.StageID })
		return slices.Index(w.Order, r.PipelineID), stage, slices.Index(w.Columns[r.StageID], id)
	}
	return slices.SortedFunc(slices.Values(ids), func(a, b string) int {
		p, s, i := place(a)
		q, t, j := place(b)
		return cmp.Or(cmp.Compare(p, q), cmp.Compare(s, t), cmp.Compare(i, j))
	})
}

// moveMany puts the rows as one block where the command asked.
func (w *World) moveMany(op *Op, c wire.Commit, observe Observe) error {
	p := op.Place
	line := w.lineOf(p.StageID)
	if line == nil || (p.PipelineID != "" && p.PipelineID != line.PipelineID) {
		return fmt.Errorf("it moved cards to stage %s of pipeline %q, which was not there", p.StageID, p.PipelineID)
	}
	rows, err := w.rows(op, named(written(c), op.IDs))
	if err != nil {
		return err
	}
	block := w.inBoardOrder(rows)
	for _, id := range block {
		w.take(w.Records[id])
	}
	at, lost := w.spot(p)
	if op.Outcome == Acknowledged && op.Answer.FellBack != lost {
		return fmt.Errorf("answered placeFellBack %t, but the neighbour asked for was in the stage: %t", op.Answer.FellBack, !lost)
	}
	for i, id := range block {
		r := w.Records[id]
		r.PipelineID = line.PipelineID
		w.put(r, p.StageID, at+i)
	}
	switch {
	case op.Outcome != Acknowledged:
		return w.adopt(line.PipelineID, p.StageID, w.within(p.StageID, op.IDs), c, observe)
	case !lost || op.Answer.PlacedBy != lastSeen || len(block) == 0:
		return nil
	}
	if err := w.adopt(line.PipelineID, p.StageID, block, c, observe); err != nil {
		return err
	}
	got := w.Columns[p.StageID]
	if i := slices.Index(got, block[0]); i+len(block) > len(got) || !slices.Equal(got[i:i+len(block)], block) {
		return fmt.Errorf("the block %v does not lie together and in order in %v", block, got)
	}
	return nil
}

// spot finds the place asked for in a stage from which the moving cards were taken; lost says that the neighbour is not
// there.
func (w *World) spot(p Place) (at int, lost bool) {
	column := w.Columns[p.StageID]
	switch {
	case p.After != "":
		at = slices.Index(column, p.After)
		return at + 1, at < 0
	case p.Before != "":
		at = slices.Index(column, p.Before)
		return max(at, 0), at < 0
	case p.Bottom:
		return len(column), false
	}
	return 0, false
}

// within are those of some records that stand in a stage.
func (w *World) within(stageID string, ids []string) (out []string) {
	for _, id := range ids {
		if r := w.Records[id]; r != nil && r.StageID == stageID {
			out = append(out, id)
		}
	}
	return out
}

// named drops changes of records that a command did not name when they only spread a column's ranks.
func named(wrote map[string]wire.Change, ids []string) map[string]wire.Change {
	for id, change := range wrote {
		if !slices.Contains(ids, id) && onlyRank(change) {
			delete(wrote, id)
		}
	}
	return wrote
}
