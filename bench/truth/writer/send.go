package writer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/ledger"
	"github.com/rapidbott/tideboard/bench/truth/verdict"
	"github.com/rapidbott/tideboard/bench/truth/view"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// command is a mutation about to be sent.
type command struct {
	op        *ledger.Op
	operation string
	input     map[string]any
	// legal are the codes that such a command may be refused with beside NOT_FOUND.
	legal []string
}

// result is what any of the mutations answers.
type result struct {
	Revision         board.Revision
	ClientMutationID string
	Record           *struct {
		ID, PipelineID, StageID, Title, Priority, OwnerID string
		Value                                             *struct{ Amount, Currency string }
		Tags                                              []string
		Version                                           int
	}
	AfterRecordID, BeforeRecordID string
	PlaceFellBack                 bool
	PlacedBy                      string
	Results                       []struct {
		ID    string
		OK    bool
		Error *struct{ Code string }
	}
	Member   *struct{ Permissions []string }
	Contact  *struct{ FullName string }
	Pipeline *struct{ Stages []ledger.Stage }
}

// send carries a command out once, enters it in the ledger, and decides whether the answer is legal. The answer is nil
// when there was none to believe.
func (w *Writer) send(ctx context.Context, c command) (*result, error) {
	w.serial++
	c.op.Mark = fmt.Sprintf("%s-%d-%d", w.Mark, w.Number, w.serial)
	c.input["clientMutationId"] = c.op.Mark
	c.op.Began = w.Ledger.Newest()
	base := w.Fleet.Pick(w.random)
	w.desk.Does("%s %s at %s", c.op.Kind, c.op.Mark, base)
	var data struct{ Result *result }
	err := w.client.Do(ctx, base, w.Who, c.operation, map[string]any{"input": c.input}, &data)
	c.op.Text = fmt.Sprintf("%s at %s, input %v", w.Name(), base, c.input)
	var refused *wire.Refused
	switch {
	case err == nil:
		c.op.Outcome, c.op.Revision = ledger.Acknowledged, data.Result.Revision
		c.op.Text += ", acknowledged at revision " + data.Result.Revision.String()
		answer(c.op, data.Result)
		w.Court.Counts.Did(string(c.op.Kind))
	case wire.IsBroken(err), wire.IsOverloaded(err):
		c.op.Outcome = ledger.Unknown
		w.Court.Counts.Retries.Add(1)
	case errors.As(err, &refused):
		c.op.Outcome = ledger.Refused
	}
	if c.op.Outcome != ledger.Acknowledged {
		c.op.Text += ", " + err.Error()
	}
	w.Ledger.Add(c.op)
	switch {
	case err == nil:
		w.desk.Progressed()
		if data.Result.ClientMutationID != c.op.Mark {
			return nil, w.violation("wrong answer", c.op, fmt.Sprintf("answered with the mark %q", data.Result.ClientMutationID))
		}
		return data.Result, nil
	case c.op.Outcome == ledger.Refused:
		w.desk.Progressed()
		if refused.Code != "NOT_FOUND" && !slices.Contains(c.legal, refused.Code) {
			return nil, w.violation("refused without reason", c.op, fmt.Sprintf("legal were NOT_FOUND %s", strings.Join(c.legal, " ")))
		}
		if refused.Code == "NOT_FOUND" && (c.op.Kind == ledger.Update || c.op.Kind == ledger.Delete) {
			w.Directory.Drop(c.op.RecordID)
		}
		return nil, nil
	case c.op.Outcome == ledger.Unknown && (wire.IsBroken(err) || wire.IsOverloaded(err)):
		_ = fleet.Pause(ctx, time.Duration(20+w.random.IntN(60))*time.Millisecond)
		return nil, nil
	}
	return nil, w.violation("wrong answer", c.op, err.Error())
}

func (w *Writer) violation(kind string, op *ledger.Op, text string) error {
	return &verdict.Violation{Kind: kind, Who: w.Name(), Lines: []string{op.String(), text}}
}

// answer enters what was answered into the command.
func answer(op *ledger.Op, r *result) {
	a := ledger.Answer{After: r.AfterRecordID, Before: r.BeforeRecordID, FellBack: r.PlaceFellBack, PlacedBy: r.PlacedBy}
	if r.Record != nil {
		op.RecordID = r.Record.ID
		a.Record = &ledger.Record{
			ID: r.Record.ID, PipelineID: r.Record.PipelineID, StageID: r.Record.StageID, Title: r.Record.Title,
			Priority: r.Record.Priority, OwnerID: r.Record.OwnerID, Tags: ledger.FoldTags(r.Record.Tags),
		}
		if v := r.Record.Value; v != nil {
			a.Record.Value = fmt.Sprintf("%s %s", v.Currency, view.Minor(v.Amount))
		}
	}
	if r.Results != nil {
		a.Rows = map[string]string{}
		for _, row := range r.Results {
			a.Rows[row.ID] = ""
			if row.Error != nil {
				a.Rows[row.ID] = row.Error.Code
			} else if !row.OK {
				a.Rows[row.ID] = "no code"
			}
		}
	}
	if r.Member != nil {
		a.Sees = slices.Contains(r.Member.Permissions, seeAll)
	}
	if r.Contact != nil {
		a.ContactName = r.Contact.FullName
	}
	if r.Pipeline != nil {
		a.Stages = r.Pipeline.Stages
	}
	op.Answer = a
}
