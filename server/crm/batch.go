package crm

import (
	"context"
	"encoding/json"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// The bounds of bulk commands.
const (
	// MaxBatch is how many rows a bulk command writes in one commit, and takes by their ids.
	MaxBatch = 500
	// MaxRehearsed is how many rows are rehearsed: @dryRun does in one transaction what a job does in many.
	MaxRehearsed = 5000
	// MaxFiltered is how many rows a bulk command takes by a filter.
	MaxFiltered = 50_000
	// maxTold is how many refused rows the result of a job, and of a large rehearsal, tells of.
	maxTold = 100
)

// BatchTarget says which records a bulk command is about: those of IDs, or those that pass Filter, whose number must be
// ExpectedCount.
type BatchTarget struct {
	IDs           []string
	Filter        *filter.RecordFilter `json:"-"`
	ExpectedCount *int
	OnError       string
}

// RowResult is what happened to one row of a bulk command.
type RowResult struct {
	Index int       `json:"index"`
	ID    string    `json:"id"`
	Ok    bool      `json:"ok"`
	Error *RowError `json:"error,omitempty"`
}

// RowError is why a row was refused.
type RowError struct {
	Code    fault.Code `json:"code"`
	Message string     `json:"message"`
	Field   *string    `json:"field,omitempty"`
	// Details are all places that are wrong, Field the first of them.
	Details []RowErrorDetail `json:"details"`
	// Current tells what is there now, as the fault does; nil where that says nothing.
	Current row.JSON `json:"current,omitempty"`
}

// RowErrorDetail is one place of a row that is wrong.
type RowErrorDetail = fault.Detail

// Tally is how a bulk command ended, in rows.
type Tally struct {
	Matched   int `json:"matched"`
	Changed   int `json:"changed"`
	Failed    int `json:"failed"`
	Unchanged int `json:"unchanged"`
}

// BatchPayload tells what a bulk command did, row by row, or which job does it.
type BatchPayload struct {
	Tally
	BatchID          string
	Results          []*RowResult
	Job              *job.Job
	Revision         row.Revision
	ClientMutationID *string
}

// bulk is a command on many records. What it does to a row follows from the row and from what all of them share.
type bulk struct {
	// kind is the kind of the job that does it when there are many rows, need what it takes.
	kind string
	need viewer.Perms
	// input is the command's own input, to be stored for a job.
	input any
	// rows is the input's field that names the rows, when it is not `ids`.
	rows string
	// deleted says that it is about deleted records; of those named by their ids, some may live.
	deleted bool
	// open looks up, and holds, what all rows share, before any row is held. Its refusal refuses the command.
	open func(tx *Tx, ids []string) error
	// decide says what a row becomes. Its refusal, a fault, refuses the row; it writes nothing.
	decide func(tx *Tx, cur *ent.Record, index int) (ent.Record, error)
	// close completes the rows that were decided, in board order when it says so; nil leaves them as they are.
	close func(tx *Tx, drafts []*draft) error
	// wrote notes what was written.
	wrote func(tx *Tx, changed []*draft) error
}

// check refuses a target that is none, or too large.
func (t BatchTarget) check(c *checker, items int) {
	ways := 0
	for _, given := range []bool{t.IDs != nil, t.Filter != nil, items > 0} {
		if given {
			ways++
		}
	}
	switch {
	case ways != 1:
		c.Add("input.ids", "either rows are named, or a filter is given")
	case t.IDs != nil && len(t.IDs) == 0:
		c.Add("input.ids", "is empty")
	case len(t.IDs) > MaxBatch:
		c.AddCode("input.ids", fault.BatchTooLarge, "has %d rows, at most %d are possible", len(t.IDs), MaxBatch)
	case items > MaxBatch:
		c.AddCode("input.items", fault.BatchTooLarge, "has %d rows, at most %d are possible", items, MaxBatch)
	case t.Filter != nil && t.ExpectedCount == nil:
		c.Add("input.expectedCount", "must be given with a filter")
	case t.Filter == nil && t.ExpectedCount != nil:
		c.Add("input.expectedCount", "goes with a filter")
	}
}

// do carries a bulk command out: in one commit, or, of more than MaxBatch rows by a filter, by a job.
func (s *Service) do(ctx context.Context, b *bulk, t BatchTarget, items []string, mark *string, out any, p *BatchPayload) error {
	p.ClientMutationID = mark
	rev, err := s.Answer(ctx, mark, out, func(tx *Tx) error {
		*p = BatchPayload{ClientMutationID: mark, BatchID: tx.NewID(typeid.Batch), Results: []*RowResult{}}
		tx.batch = &p.BatchID
		ids := t.IDs
		if items != nil {
			ids = items
		}
		if t.Filter != nil {
			var err error
			if ids, err = tx.filtered(b, t); err != nil {
				return err
			}
			if len(ids) > MaxBatch {
				return tx.large(b, t, ids, p)
			}
		}
		results, _, err := tx.batchOf(b, ids, t.OnError == "REJECT_ALL", t.Filter, &p.Tally)
		p.Results = results
		return err
	})
	p.Revision = rev
	if err == nil && p.Job != nil && s.Jobs != nil && callOf(ctx).rehearsal == nil {
		s.Jobs()
	}
	return err
}

// large leaves many rows to a job; rehearsed, it does them here.
func (tx *Tx) large(b *bulk, t BatchTarget, ids []string, p *BatchPayload) (err error) {
	if t.OnError == "REJECT_ALL" {
		return fault.At("input.onError", fault.ValidationFailed, "more than %d rows are written in several commits: they cannot be rejected together", MaxBatch)
	}
	if callOf(tx.seen).rehearsal == nil {
		if b.open != nil { // what refuses all rows refuses now
			if err := b.open(tx, nil); err != nil {
				return err
			}
		}
		p.Matched = len(ids)
		p.Job, err = tx.queueBatch(b, ids, p)
		return err
	}
	if len(ids) > MaxRehearsed {
		return fault.At("input.filter", fault.ValidationFailed, "%d records pass; at most %d can be rehearsed", len(ids), MaxRehearsed)
	}
	results, _, err := tx.batchOf(b, ids, false, t.Filter, &p.Tally)
	for _, r := range results {
		if !r.Ok && len(p.Results) < maxTold {
			p.Results = append(p.Results, r)
		}
	}
	return err
}

// batchOf does the rows with these ids: it holds them, decides each, and writes those that were not refused. It gives the
// result of each, and the rows that were not refused, in the order in which they landed.
func (tx *Tx) batchOf(b *bulk, ids []string, all bool, f *filter.RecordFilter, n *Tally) ([]*RowResult, []*draft, error) {
	if b.open != nil {
		if err := b.open(tx, ids); err != nil {
			return nil, nil, err
		}
	}
	found, err := tx.hold(ids, b.deleted)
	if err == nil && f != nil {
		ids, err = tx.stillPass(b, f, ids, found)
	}
	if err != nil {
		return nil, nil, err
	}
	results, drafts, err := tx.judge(b, ids, found)
	if err == nil && all {
		err = rejected(b, results)
	}
	if err == nil && b.close != nil && len(drafts) > 0 {
		err = b.close(tx, drafts)
	}
	if err != nil {
		return nil, nil, err
	}
	changed, err := tx.saveAll(drafts)
	if err == nil && b.wrote != nil && len(changed) > 0 {
		err = b.wrote(tx, changed)
	}
	*n = Tally{len(ids), len(changed), len(ids) - len(drafts), len(drafts) - len(changed)}
	return results, drafts, err
}

// judge gives each row its result, and drafts of those that were not refused. A repeated id counts once.
func (tx *Tx) judge(b *bulk, ids []string, found map[string]*ent.Record) (results []*RowResult, drafts []*draft, err error) {
	seen := map[string]bool{}
	for i, id := range ids {
		next, err := ent.Record{}, wrongKind("id", typeid.Record, id)
		switch {
		case err != nil: // no id of a record
		case found[id] == nil:
			err = fault.NotFound("id", typeid.Name(typeid.Record), id)
		case seen[id]:
			err = fault.At("id", fault.ValidationFailed, "the id was given before")
		default:
			seen[id] = true
			next, err = b.decide(tx, found[id], i)
		}
		r := &RowResult{Index: i, ID: id, Ok: err == nil}
		if err == nil {
			drafts = append(drafts, &draft{found[id], next})
		} else if r.Error = refusal(err); r.Error == nil {
			return nil, nil, err
		}
		results = append(results, r)
	}
	return results, drafts, nil
}

// refusal is what a row's result tells of its fault; nil for any other error.
func refusal(err error) *RowError {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	r := &RowError{Code: f.Kind, Message: f.Message, Details: f.Details}
	if len(f.Details) > 0 {
		r.Field = &f.Details[0].Field
	}
	if f.Current != nil {
		r.Current, _ = json.Marshal(f.Current)
	}
	return r
}

// rejected refuses a whole batch, with the rows that are wrong.
func rejected(b *bulk, results []*RowResult) error {
	p, rows := &fault.Problems{}, "input.ids"
	if b.rows != "" {
		rows = b.rows
	}
	for _, r := range results {
		if !r.Ok {
			p.AddCode(pathOf(rows, r.Index), r.Error.Code, "%s", r.Error.Message)
		}
	}
	return p.Err()
}

// hold loads those of the ids that are records the viewer sees, for update, in the order of their ids.
func (tx *Tx) hold(ids []string, deleted bool) (map[string]*ent.Record, error) {
	found := map[string]*ent.Record{}
	for start := 0; start < len(ids); start += MaxBatch {
		rs, err := tx.records(ids[start:min(start+MaxBatch, len(ids))], deleted)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			if scope.SeesPipeline(tx.viewer, r.PipelineID) {
				found[r.ID] = r
			}
		}
	}
	return found, nil
}
