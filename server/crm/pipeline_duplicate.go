package crm

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/predicate"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// MaxCopies is how many records a pipeline can have for them to be copied in one commit.
const MaxCopies = 5000

// copyRows is how many copies go into one statement: SQLite binds arguments in time that grows with their square.
const copyRows = 50

// DuplicatePipelineInput says which pipeline is copied, and which of its records: NONE, OPEN_ONLY or ALL.
type DuplicatePipelineInput struct {
	ID               string
	Name             *string
	CopyRecords      string
	ClientMutationID *string
}

// DuplicatePipelinePayload is the copy, with so many records.
type DuplicatePipelinePayload struct {
	Pipeline         *row.Pipeline
	RecordCount      int
	Revision         row.Revision
	ClientMutationID *string
}

// DuplicatePipeline copies a pipeline in one commit (spec pipelines, section 6); of its records those the viewer sees.
// Needs ManagePipelines, and WriteRecords when records are copied. BATCH_TOO_LARGE above MaxCopies.
func (s *Service) DuplicatePipeline(ctx context.Context, in DuplicatePipelineInput) (*DuplicatePipelinePayload, error) {
	need := viewer.ManagePipelines
	if in.CopyRecords != "NONE" {
		need |= viewer.WriteRecords
	}
	if err := permit(ctx, need); err != nil {
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
		out.Pipeline, out.RecordCount, err = tx.duplicatePipeline(in, name)
		return err
	})
	out.Revision = rev
	return out, err
}

func (tx *Tx) duplicatePipeline(in DuplicatePipelineInput, name string) (*row.Pipeline, int, error) {
	live, err := tx.arrange()
	if err != nil {
		return nil, 0, err
	}
	from, err := tx.pipeline("input.id", in.ID, false)
	if err != nil {
		return nil, 0, err
	}
	old, err := tx.stages(from.ID) // no card comes or goes until it is copied
	if err != nil {
		return nil, 0, err
	}
	cards, err := tx.originals(from.ID, in.CopyRecords)
	if err != nil {
		return nil, 0, err
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

// originals loads the records that are to be copied, in the order of their numbers.
func (tx *Tx) originals(pipelineID, which string) ([]*ent.Record, error) {
	if which == "NONE" {
		return nil, nil
	}
	where := []predicate.Record{record.PipelineID(pipelineID), record.DeletedAtIsNil()}
	if which == "OPEN_ONLY" {
		where = append(where, record.StatusEQ(record.StatusOPEN))
	}
	n, err := tx.ent.Record.Query().Where(where...).Count(tx.seen)
	if err != nil {
		return nil, err
	}
	if n > MaxCopies {
		f := fault.At("input.copyRecords", fault.BatchTooLarge, "the pipeline has %d records to copy, at most %d are possible", n, MaxCopies)
		f.Current = map[string]int{"count": n}
		return nil, f
	}
	return tx.ent.Record.Query().Where(where...).Order(record.ByNumber()).All(tx.seen)
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
