package rest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// deals is the body of POST /api/deals/bulk. A row is read by itself, so that one that cannot be read is that row's fault.
type deals struct {
	Deals                  []json.RawMessage `json:"deals"`
	DefaultPipelineID      *string           `json:"default_pipeline_id"`
	DefaultStageID         *string           `json:"default_stage_id"`
	DefaultCurrency        *string           `json:"default_currency"`
	SkipIfExists           bool              `json:"skip_if_exists"`
	CreateContactIfMissing bool              `json:"create_contact_if_missing"`
}

// deal is one row of it.
type deal struct {
	Title                  string   `json:"title"`
	ContactID              *string  `json:"contact_id"`
	ContactEmail           *string  `json:"contact_email"`
	ContactPhone           *string  `json:"contact_phone"`
	ContactFirstName       *string  `json:"contact_first_name"`
	ContactLastName        *string  `json:"contact_last_name"`
	CreateContactIfMissing *bool    `json:"create_contact_if_missing"`
	Value                  *numeral `json:"value"`
	Currency               *string  `json:"currency"`
	PipelineID             *string  `json:"pipeline_id"`
	StageID                *string  `json:"stage_id"`
	Probability            *int     `json:"probability"`
	Description            *string  `json:"description"`
	ExpectedCloseDate      *string  `json:"expected_close_date"`
	Priority               *string  `json:"priority"`
	Source                 *string  `json:"source"`
	Tags                   []string `json:"tags"`
	OwnerID                *string  `json:"owner_id"`
	AssigneeID             *string  `json:"assignee_id"`
	CustomFields           row.JSON `json:"custom_fields"`
	ExternalID             *string  `json:"external_id"`
	CompanyID              *string  `json:"company_id"`
	Products               []struct {
		Name      string  `json:"name"`
		Quantity  numeral `json:"quantity"`
		UnitPrice numeral `json:"unit_price"`
	} `json:"products"`
}

// numeral is a JSON number as it is written; a number in quotes is none.
type numeral string

// UnmarshalJSON reads one.
func (n *numeral) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '-' && (b[0] < '0' || b[0] > '9') {
		return &json.UnmarshalTypeError{Value: map[bool]string{true: "string", false: "value of another type"}[len(b) > 0 && b[0] == '"'], Type: reflect.TypeFor[numeral]()}
	}
	*n = numeral(b)
	return nil
}

// dealsAnswer is the answer: 200 also when rows were refused.
type dealsAnswer struct {
	Success      bool         `json:"success"`
	AllSucceeded bool         `json:"all_succeeded"`
	Summary      dealsSummary `json:"summary"`
	Results      []dealResult `json:"results"`
	Revision     row.Revision `json:"revision"`
}

type dealsSummary struct {
	Total              int `json:"total"`
	Successful         int `json:"successful"`
	Failed             int `json:"failed"`
	NewDeals           int `json:"new_deals"`
	SkippedExisting    int `json:"skipped_existing"`
	NewContactsCreated int `json:"new_contacts_created"`
}

type dealResult struct {
	Index        int       `json:"index"`
	Success      bool      `json:"success"`
	DealID       *string   `json:"deal_id"`
	ContactID    *string   `json:"contact_id"`
	IsNewContact bool      `json:"is_new_contact"`
	Skipped      bool      `json:"skipped"`
	Warnings     []notice  `json:"warnings"`
	Error        *rowFault `json:"error"`
}

type rowFault struct {
	Code    fault.Code `json:"code"`
	Field   *string    `json:"field"`
	Message string     `json:"message"`
}

type notice struct {
	Code    string  `json:"code"`
	Field   *string `json:"field"`
	Message string  `json:"message"`
}

// createDeals answers POST /api/deals/bulk (spec records, section 10).
func (a *API) createDeals(w http.ResponseWriter, r *http.Request) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	var body deals
	if err := decode(w, r, &body); err != nil {
		return nil, err
	}
	in := crm.CreateRecordsInput{DefaultPipelineID: body.DefaultPipelineID, DefaultStageID: body.DefaultStageID, DefaultCurrency: body.DefaultCurrency,
		SkipIfExists: body.SkipIfExists, CreateContactIfMissing: body.CreateContactIfMissing, OnError: "SKIP_FAILED"}
	for _, d := range body.Deals {
		in.Records = append(in.Records, readDeal(d))
	}
	done, err := a.CRM.CreateRecords(r.Context(), in)
	if err != nil {
		return nil, plainNames(err)
	}
	n := *done.Summary
	out := dealsAnswer{Success: true, AllSucceeded: n.Failed == 0, Revision: done.Revision,
		Summary: dealsSummary{n.Total, n.Successful, n.Failed, n.NewRecords, n.SkippedExisting, n.NewContactsCreated}}
	for _, d := range done.Results {
		out.Results = append(out.Results, showDeal(d))
	}
	return out, nil
}

// readDeal reads a row; one that is not as it should be carries why.
func readDeal(b []byte) *crm.CreateRecordsRowInput {
	var d deal
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil || string(bytes.TrimSpace(b)) == "null" {
		return &crm.CreateRecordsRowInput{Unread: unread(err)}
	}
	out := &crm.CreateRecordsRowInput{Title: d.Title, ContactID: d.ContactID, ContactEmail: d.ContactEmail, ContactPhone: d.ContactPhone,
		ContactFirstName: d.ContactFirstName, ContactLastName: d.ContactLastName, CreateContactIfMissing: d.CreateContactIfMissing,
		Value: (*string)(d.Value), Currency: d.Currency, PipelineID: d.PipelineID, StageID: d.StageID, Probability: d.Probability,
		Description: d.Description, ExpectedCloseDate: d.ExpectedCloseDate, Source: d.Source, Tags: d.Tags, OwnerID: d.OwnerID,
		CustomFields: d.CustomFields, ExternalID: d.ExternalID, CompanyID: d.CompanyID}
	for _, p := range d.Products {
		out.LineItems = append(out.LineItems, &crm.LineItemInput{Name: p.Name, Quantity: string(p.Quantity), UnitPrice: string(p.UnitPrice)})
	}
	switch {
	case d.OwnerID == nil:
		out.OwnerID = d.AssigneeID // another word for the same
	case d.AssigneeID != nil && *d.AssigneeID != *d.OwnerID:
		out.Unread = fault.At("assignee_id", fault.ValidationFailed, "owner_id says somebody else")
	}
	if d.Priority != nil {
		switch out.Priority = strings.ToUpper(*d.Priority); out.Priority {
		case "LOW", "MEDIUM", "HIGH", "URGENT":
		default:
			out.Unread = fault.At("priority", fault.ValidationFailed, "%q is not a priority", *d.Priority)
		}
	}
	return out
}

func showDeal(d *crm.CreateRecordsResult) dealResult {
	out := dealResult{Index: d.Index, Success: d.Success, DealID: d.RecordID, ContactID: d.ContactID, IsNewContact: d.IsNewContact,
		Skipped: d.Skipped, Warnings: []notice{}}
	for _, w := range d.Warnings {
		out.Warnings = append(out.Warnings, notice{w.Code, named(w.Field), w.Message})
	}
	if d.Error != nil {
		out.Error = &rowFault{d.Error.Code, named(d.Error.Field), d.Error.Message}
	}
	return out
}

// named is a field as it is called here.
func named(field *string) *string {
	if field == nil {
		return nil
	}
	s := snake(*field)
	return &s
}

// snake writes a name of GraphQL as one of REST.
func snake(s string) string {
	var b strings.Builder
	for _, c := range s {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

// plainNames names the fields of a refusal as they are called here.
func plainNames(err error) error {
	f := fault.Of(plainFields(err))
	if f == nil {
		return err
	}
	for i := range f.Details {
		f.Details[i].Field = snake(f.Details[i].Field)
		if f.Details[i].Field == "records" {
			f.Details[i].Field = "deals"
		}
	}
	return f
}
