package crm

import (
	"strings"
	"unicode/utf8"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/typeid"
)

// newRow is a row of CreateRecords on its way to a record.
type newRow struct {
	index   int
	in      *CreateRecordsRowInput
	draft   ent.Record
	closing closing
	ref     contactRef
	target  *ent.Stage

	contact  *ent.Contact
	makes    bool // the contact is new
	skipped  *twin
	warnings []*Warning
	err      *CreateRecordsError
}

// twin is a record that a row may be a repeat of.
type twin struct {
	id        string
	contactID *string
	// hidden says that the caller does not see it.
	hidden bool
}

// readRow checks a row as far as it can be without looking anything up.
func (in CreateRecordsInput) readRow(i int, r *CreateRecordsRowInput, v *viewer.Viewer) (*newRow, error) {
	n := &newRow{index: i, in: r}
	if r.Unread != nil {
		return n, r.Unread
	}
	own := *v // with the currency that stands where the row gives none
	for _, currency := range []*string{in.DefaultCurrency, r.Currency} {
		if currency != nil {
			own.Currency = *currency
		}
	}
	single := CreateRecordInput{PipelineID: r.PipelineID, Title: r.Title, Description: r.Description, Probability: r.Probability, Priority: r.Priority,
		ContactResolution: noContact, ContactEmail: r.ContactEmail, ContactPhone: r.ContactPhone, ExpectedCloseDate: r.ExpectedCloseDate, Tags: r.Tags, CustomFields: r.CustomFields,
		LineItems: r.LineItems, ExternalID: r.ExternalID}
	if r.Value != nil {
		single.Value = &MoneyInput{Amount: *r.Value}
	}
	if single.Priority == "" {
		single.Priority = string(record.PriorityMEDIUM)
	}
	draft, closing, err := newRecord(single, &own)
	n.draft, n.closing = *draft, closing
	c := &checker{}
	if f := fault.Of(err); f != nil {
		for _, d := range f.Details {
			c.AddCode(d.Field, d.Code, "%s", d.Message)
		}
	}
	if _, ok := money.Digits(own.Currency); !ok && r.Value == nil {
		c.Add("input.currency", "%q is not a currency of ISO 4217", own.Currency)
	}
	c.kind("input.stageId", typeid.Stage, r.StageID)
	c.kind("input.companyId", typeid.Company, r.CompanyID)
	c.kind("input.ownerId", typeid.Member, r.OwnerID)
	c.kind("input.contactId", typeid.Contact, r.ContactID)
	c.source(r.Source, &n.draft)
	n.ref = contactRef{how: contactLinked, email: n.draft.ContactEmail, phone: n.draft.ContactPhone,
		firstName: c.name("input.contactFirstName", r.ContactFirstName), lastName: c.name("input.contactLastName", r.ContactLastName)}
	if in.creates(r) {
		n.ref.how = contactMade
	}
	if name := fold.Trim(n.ref.firstName + " " + n.ref.lastName); name != "" {
		n.draft.ContactName = &name
		if utf8.RuneCountInString(name) > 200 {
			c.Add("input.contactLastName", "makes a name of more than 200 characters")
		}
	}
	if r.ContactID == nil && n.ref.email == nil && n.ref.phone == nil {
		c.Add("input.contactId", "the id, the e-mail or the phone of a contact is needed")
	}
	return n, c.Err()
}

// name reads a first or last name.
func (c *checker) name(field string, s *string) string {
	if s = c.text(field, s, 100); s == nil {
		return ""
	}
	return fold.Trim(*s)
}

// source reads where a record came from: one of the known sources, else a detail of the one that follows from the caller.
func (c *checker) source(s *string, r *ent.Record) {
	if s = c.text("input.source", s, 50); s == nil {
		return
	}
	if known := record.Source(strings.ToUpper(*s)); record.SourceValidator(known) == nil {
		r.Source = known
	} else {
		r.SourceDetail = s
	}
}

// refuse notes why a row is not written; a fault of the server is given back.
func (n *newRow) refuse(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	n.err = &CreateRecordsError{Code: f.Kind, Message: f.Message}
	for _, d := range f.Details {
		d.Field = strings.TrimPrefix(d.Field, "input.")
		n.err.Problems = append(n.err.Problems, d)
	}
	n.err.Tell()
	return nil
}

// Tell makes Field and Message of the problems, if there are any.
func (e *CreateRecordsError) Tell() {
	for i, d := range e.Problems {
		if i == 0 {
			e.Field, e.Message = &d.Field, d.Message
		} else {
			e.Message += "; " + d.Field + ": " + d.Message
		}
	}
}

// result tells what came of the row.
func (n *newRow) result() *CreateRecordsResult {
	r := &CreateRecordsResult{Index: n.index, Success: n.err == nil, Error: n.err}
	switch {
	case n.err != nil:
		return r
	case n.skipped != nil:
		r.Skipped = true
		if !n.skipped.hidden {
			r.RecordID, r.ContactID = &n.skipped.id, n.skipped.contactID
		}
	default:
		r.RecordID, r.ContactID, r.IsNewContact = &n.draft.ID, n.draft.ContactID, n.makes
	}
	r.Warnings = n.warnings
	return r
}

// results are what came of all rows, and their numbers.
func (m *manyRecords) results() (results []*CreateRecordsResult, sum *CreateRecordsSummary) {
	sum = &CreateRecordsSummary{Total: len(m.rows)}
	for _, n := range m.rows {
		r := n.result()
		results = append(results, r)
		switch {
		case !r.Success:
			sum.Failed++
			continue
		case r.Skipped:
			sum.SkippedExisting++
		default:
			sum.NewRecords++
		}
		sum.Successful++
		if r.IsNewContact {
			sum.NewContactsCreated++
		}
	}
	return results, sum
}

// rejected refuses the whole call for the rows that are wrong.
func (m *manyRecords) rejected() error {
	p := &fault.Problems{}
	for _, n := range m.rows {
		if n.err == nil {
			continue
		}
		field := pathOf("input.records", n.index)
		if n.err.Field != nil {
			field += "." + *n.err.Field
		}
		p.AddCode(field, n.err.Code, "%s", n.err.Message)
	}
	return p.Err()
}
