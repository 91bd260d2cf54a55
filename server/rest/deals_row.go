package rest

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// deal is a row of deals.
type deal struct {
	Title                  string            `json:"title"`
	ContactID              *string           `json:"contact_id"`
	ContactEmail           *string           `json:"contact_email"`
	ContactPhone           *string           `json:"contact_phone"`
	ContactFirstName       *string           `json:"contact_first_name"`
	ContactLastName        *string           `json:"contact_last_name"`
	CreateContactIfMissing *bool             `json:"create_contact_if_missing"`
	Value                  *numeral          `json:"value"`
	Currency               *string           `json:"currency"`
	PipelineID             *string           `json:"pipeline_id"`
	StageID                *string           `json:"stage_id"`
	Probability            *int              `json:"probability"`
	Description            *string           `json:"description"`
	ExpectedCloseDate      *string           `json:"expected_close_date"`
	Priority               *string           `json:"priority"`
	Source                 *string           `json:"source"`
	Tags                   []string          `json:"tags"`
	OwnerID                *string           `json:"owner_id"`
	AssigneeID             *string           `json:"assignee_id"`
	CustomFields           row.JSON          `json:"custom_fields"`
	ExternalID             *string           `json:"external_id"`
	CompanyID              *string           `json:"company_id"`
	Products               []json.RawMessage `json:"products"`
}

// product is a line of its products, each read by itself, so that a refusal can say which.
type product struct {
	Name      string  `json:"name"`
	Quantity  numeral `json:"quantity"`
	UnitPrice numeral `json:"unit_price"`
}

// readDeal reads a row, and tells in which words it was sent; one that is not as it should be carries why.
func readDeal(b []byte) (*crm.CreateRecordsRowInput, words) {
	var d deal
	if err := parse(b, &d); err != nil {
		return &crm.CreateRecordsRowInput{Unread: err}, nil
	}
	out := &crm.CreateRecordsRowInput{Title: d.Title, ContactID: d.ContactID, ContactEmail: d.ContactEmail, ContactPhone: d.ContactPhone,
		ContactFirstName: d.ContactFirstName, ContactLastName: d.ContactLastName, CreateContactIfMissing: d.CreateContactIfMissing,
		Value: (*string)(d.Value), Currency: d.Currency, PipelineID: d.PipelineID, StageID: d.StageID, Probability: d.Probability,
		Description: d.Description, ExpectedCloseDate: d.ExpectedCloseDate, Source: d.Source, Tags: d.Tags, OwnerID: d.OwnerID,
		CustomFields: d.CustomFields, ExternalID: d.ExternalID, CompanyID: d.CompanyID}
	for i, text := range d.Products {
		var p product
		if err := parse(text, &p); err != nil {
			return &crm.CreateRecordsRowInput{Unread: within("products["+strconv.Itoa(i)+"]", err)}, nil
		}
		out.LineItems = append(out.LineItems, &crm.LineItemInput{Name: p.Name, Quantity: string(p.Quantity), UnitPrice: string(p.UnitPrice)})
	}
	sent := words{"line_items": "products"}
	switch {
	case d.OwnerID == nil && d.AssigneeID != nil: // another word for the same
		out.OwnerID, sent["owner_id"] = d.AssigneeID, "assignee_id"
	case d.AssigneeID != nil && *d.AssigneeID != *d.OwnerID:
		return &crm.CreateRecordsRowInput{Unread: fault.At("assignee_id", fault.ValidationFailed, "owner_id says somebody else")}, nil
	}
	if d.Priority != nil {
		switch out.Priority = strings.ToUpper(*d.Priority); out.Priority {
		case "LOW", "MEDIUM", "HIGH", "URGENT":
		default:
			return &crm.CreateRecordsRowInput{Unread: fault.At("priority", fault.ValidationFailed, "%q is not a priority", *d.Priority)}, nil
		}
	}
	return out, sent
}

// within places a refusal in a part of what was read.
func within(path string, err error) error {
	f := fault.Of(err)
	switch {
	case f == nil:
		return err
	case len(f.Details) == 0:
		return fault.At(path, f.Kind, "%s", f.Message)
	}
	d := f.Details[0]
	return fault.At(path+"."+d.Field, d.Code, "%s", d.Message)
}
