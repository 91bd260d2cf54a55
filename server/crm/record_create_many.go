package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// MaxNewRecords is how many rows CreateRecords takes.
const MaxNewRecords = 100

// importTag is the tag of contacts that CreateRecords makes.
const importTag = "deal-import"

// CreateRecordsInput are new records; see the SDL.
type CreateRecordsInput struct {
	Records                []*CreateRecordsRowInput
	DefaultPipelineID      *string
	DefaultStageID         *string
	DefaultCurrency        *string
	SkipIfExists           bool
	CreateContactIfMissing bool
	OnError                string
	ClientMutationID       *string
}

// CreateRecordsRowInput is one of them.
type CreateRecordsRowInput struct {
	Title                  string
	ContactID              *string
	ContactEmail           *string
	ContactPhone           *string
	ContactFirstName       *string
	ContactLastName        *string
	CreateContactIfMissing *bool
	Value                  *string
	Currency               *string
	PipelineID             *string
	StageID                *string
	Probability            *int
	Description            *string
	ExpectedCloseDate      *string
	Priority               string
	Source                 *string
	Tags                   []string
	OwnerID                *string
	CustomFields           row.JSON
	CompanyID              *string
	LineItems              []*LineItemInput
	ExternalID             *string
	// Unread is why a caller's row could not be read into this; it is refused for it.
	Unread error
}

// CreateRecordsPayload tells what came of each row.
type CreateRecordsPayload struct {
	// BatchID is what the changes of the call share.
	BatchID          string
	Summary          *CreateRecordsSummary
	Results          []*CreateRecordsResult
	Revision         row.Revision
	ClientMutationID *string
}

// CreateRecordsSummary counts the rows: Total = Successful + Failed; Successful = NewRecords + SkippedExisting.
type CreateRecordsSummary struct {
	Total              int
	Successful         int
	Failed             int
	NewRecords         int
	SkippedExisting    int
	NewContactsCreated int
}

// CreateRecordsResult is what came of one row.
type CreateRecordsResult struct {
	Index   int
	Success bool
	// RecordID is nil for a row that failed, and for one that was skipped for a record that the caller may not see.
	RecordID     *string
	ContactID    *string
	IsNewContact bool
	Skipped      bool
	Warnings     []*Warning
	Error        *CreateRecordsError
}

// CreateRecordsError is why a row was refused. Field is a field of the row.
type CreateRecordsError struct {
	Code    fault.Code
	Field   *string
	Message string
	// Problems are what Field and Message tell of, one by one.
	Problems []fault.Detail
}

// CreateRecords makes up to 100 records in one commit, each with its contact; a row that is refused leaves the others alone.
// Needs WriteRecords and ReadContacts, and WriteContacts where contacts may be made. BATCH_TOO_LARGE for the whole call, and
// a refusal of it, when a default is wrong.
func (s *Service) CreateRecords(ctx context.Context, in CreateRecordsInput) (*CreateRecordsPayload, error) {
	if err := permit(ctx, in.takes()); err != nil {
		return nil, err
	}
	switch n := len(in.Records); {
	case n == 0:
		return nil, fault.At("input.records", fault.ValidationFailed, "is empty")
	case n > MaxNewRecords:
		return nil, fault.At("input.records", fault.BatchTooLarge, "has %d rows, at most %d are possible", n, MaxNewRecords)
	}
	c := &checker{}
	c.kind("input.defaultPipelineId", typeid.Pipeline, in.DefaultPipelineID)
	c.kind("input.defaultStageId", typeid.Stage, in.DefaultStageID)
	if in.DefaultCurrency != nil {
		_, err := money.Parse("0", *in.DefaultCurrency)
		c.Take("input.defaultCurrency", err)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &CreateRecordsPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		m := &manyRecords{Tx: tx, in: in}
		if err := m.prepare(); err != nil {
			return err
		}
		for _, r := range m.rows {
			if err := m.decide(r); err != nil {
				if err = r.refuse(err); err != nil {
					return err
				}
			}
		}
		if in.OnError == "REJECT_ALL" {
			if err := m.rejected(); err != nil {
				return err
			}
		}
		out.Results, out.Summary = m.results()
		out.BatchID = tx.NewID(typeid.Batch)
		tx.batch = &out.BatchID
		return m.write()
	})
	out.Revision = rev
	return out, err
}

// takes are the rights that the call needs.
func (in CreateRecordsInput) takes() viewer.Perms {
	p := viewer.WriteRecords | viewer.ReadContacts
	for _, r := range in.Records {
		if in.creates(r) {
			p |= viewer.WriteContacts
		}
	}
	return p
}

// creates tells whether a row may make its contact.
func (in CreateRecordsInput) creates(r *CreateRecordsRowInput) bool {
	if r.CreateContactIfMissing != nil {
		return *r.CreateContactIfMissing
	}
	return in.CreateContactIfMissing
}
