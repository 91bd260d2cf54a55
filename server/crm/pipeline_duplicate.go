package crm

import (
	"context"
	"errors"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/predicate"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// MaxCopies is how many records a pipeline can have for them to be copied within the request; above it a job copies them.
const MaxCopies = 5000

// MaxLaterCopies is how many records a job copies: in one commit, so that whatever fails leaves nothing behind.
const MaxLaterCopies = 50_000

// copyRows is how many copies go into one statement: SQLite binds arguments in time that grows with their square.
const copyRows = 50

// DuplicatePipelineInput says which pipeline is copied, and which of its records: NONE, OPEN_ONLY or ALL.
type DuplicatePipelineInput struct {
	ID               string
	Name             *string
	CopyRecords      string
	ClientMutationID *string
}

// DuplicatePipelinePayload is the copy, with so many records, or the job that makes it.
type DuplicatePipelinePayload struct {
	Pipeline         *row.Pipeline
	Job              *job.Job
	RecordCount      int
	Revision         row.Revision
	ClientMutationID *string
}

// DuplicatePipeline copies a pipeline in one commit (spec pipelines, section 6); of its records those the viewer sees.
// Needs ManagePipelines of a viewer that is not narrowed, and WriteRecords when records are copied. Above MaxCopies a job
// does it, JOB_RUNNING while there is another; BATCH_TOO_LARGE above MaxLaterCopies.
func (s *Service) DuplicatePipeline(ctx context.Context, in DuplicatePipelineInput) (*DuplicatePipelinePayload, error) {
	if err := permitWhole(ctx, copying(in.CopyRecords)); err != nil {
		return nil, err
	}
	c, name := &checker{}, ""
	if in.Name != nil {
		name = c.required("input.name", *in.Name, 100)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &DuplicatePipelinePayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) (err error) {
		out.Pipeline, out.Job = nil, nil // an attempt before this one may have found less, or more
		if out.Pipeline, out.RecordCount, err = tx.duplicatePipeline(in, name, MaxCopies); !errors.Is(err, errTooMany) {
			return err
		}
		out.Job, err = tx.enqueue(DuplicateKind, copyOrder{in.ID, name, in.CopyRecords, credentialOf(tx.viewer)})
		return err
	})
	out.Revision = rev
	if err == nil && out.Job != nil && s.Jobs != nil {
		s.Jobs()
	}
	return out, err
}

// copying are the rights that it takes to copy a pipeline with such records.
func copying(records string) viewer.Perms {
	if records == "NONE" {
		return viewer.ManagePipelines
	}
	return viewer.ManagePipelines | viewer.WriteRecords
}

// errTooMany says that there are more records to copy than was asked for.
var errTooMany = errors.New("crm: too many records to copy")

// duplicatePipeline copies a pipeline and up to so many records; with more it gives errTooMany and their number, and has
// written nothing.
func (tx *Tx) duplicatePipeline(in DuplicatePipelineInput, name string, most int) (*row.Pipeline, int, error) {
	live, err := tx.arrange()
	if err != nil {
		return nil, 0, err
	}
	from, err := tx.pipeline("input.id", in.ID, false)
	if err != nil {
		return nil, 0, err
	}
	if name != "" && slices.ContainsFunc(live, func(p *ent.Pipeline) bool { return p.NameKey == fold.Key(name) }) {
		return nil, 0, fault.At("input.name", fault.Duplicate, "another pipeline has this name")
	}
	if err := oneMore(live); err != nil {
		return nil, 0, err
	}
	old, err := tx.stages(from.ID) // no card comes or goes until it is copied
	if err != nil {
		return nil, 0, err
	}
	cards, n, err := tx.originals(from.ID, in.CopyRecords, most)
	if err != nil {
		return nil, n, err
	}
	if name == "" {
		name = freeName(from.Name, " (copy)", live)
	}
	next, stages := *from, make([]ent.Stage, len(old))
	next.Name = name
	for i, st := range old {
		stages[i] = *st
	}
	shown, made, err := tx.makePipeline(next, stages, live)
	if err != nil {
		return nil, 0, err
	}
	counterpart := map[string]*ent.Stage{}
	for i, st := range old {
		counterpart[st.ID] = made[i]
	}
	return shown, len(cards), tx.copyRecords(cards, counterpart)
}

// originals loads the records that are to be copied, in the order of their numbers; see duplicatePipeline for more than
// most.
func (tx *Tx) originals(pipelineID, which string, most int) ([]*ent.Record, int, error) {
	if which == "NONE" {
		return nil, 0, nil
	}
	where := []predicate.Record{record.PipelineID(pipelineID), record.DeletedAtIsNil()}
	if which == "OPEN_ONLY" {
		where = append(where, record.StatusEQ(record.StatusOPEN))
	}
	n, err := tx.ent.Record.Query().Where(where...).Count(tx.seen)
	switch {
	case err != nil:
		return nil, 0, err
	case n > MaxLaterCopies:
		f := fault.At("input.copyRecords", fault.BatchTooLarge, "the pipeline has %d records to copy, at most %d are possible", n, MaxLaterCopies)
		f.Current = map[string]int{"count": n}
		return nil, 0, f
	case n > most:
		return nil, n, errTooMany
	}
	all, err := tx.ent.Record.Query().Where(where...).Order(record.ByNumber()).All(tx.seen)
	return all, n, err
}

// copyRecords puts copies of records into the counterparts of their stages, each at the same place.
func (tx *Tx) copyRecords(cards []*ent.Record, counterpart map[string]*ent.Stage) error {
	if len(cards) == 0 {
		return nil
	}
	last, err := tx.numbers("record", len(cards))
	if err != nil {
		return err
	}
	tx.room(Records, last)
	number := last - len(cards)
	for chunk := range slices.Chunk(cards, copyRows) {
		rows := make([]*ent.RecordCreate, len(chunk))
		for i, c := range chunk {
			number++
			r := tx.copyOf(c, counterpart[c.StageID])
			r.Number = number
			rows[len(rows)-1-i] = tx.build(r) // ent tells of the rows of a statement from the last to the first
		}
		if err := tx.ent.Record.CreateBulk(rows...).Exec(tx.ctx); err != nil {
			return err
		}
	}
	return nil
}

// copyOf is a copy of a record in another stage of the same kind: its fields, with spans of its own.
func (tx *Tx) copyOf(c *ent.Record, to *ent.Stage) ent.Record {
	r := *c
	r.ID, r.WorkspaceID, r.Version = tx.NewID(typeid.Record), tx.viewer.WorkspaceID, 1
	r.PipelineID, r.StageID, r.CopiedFromID = to.PipelineID, to.ID, &c.ID
	r.Source, r.ExternalID, r.StageEnteredAt = record.SourceDUPLICATE, nil, tx.now
	r.Links = nil
	return r
}
