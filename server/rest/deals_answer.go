package rest

import (
	"strings"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

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

// showDeal shows what came of a row, in the words it was sent with.
func showDeal(d *crm.CreateRecordsResult, in words) dealResult {
	out := dealResult{Index: d.Index, Success: d.Success, DealID: d.RecordID, ContactID: d.ContactID, IsNewContact: d.IsNewContact,
		Skipped: d.Skipped, Warnings: []notice{}}
	for _, w := range d.Warnings {
		n := notice{Code: w.Code, Message: w.Message}
		if w.Field != nil {
			field := in.name(*w.Field)
			n.Field = &field
		}
		out.Warnings = append(out.Warnings, n)
	}
	if d.Error != nil {
		e := crm.CreateRecordsError{Message: d.Error.Message}
		for _, p := range d.Error.Problems {
			p.Field = in.name(p.Field)
			e.Problems = append(e.Problems, p)
		}
		e.Tell()
		out.Error = &rowFault{d.Error.Code, e.Field, e.Message}
	}
	return out
}

// words are what a caller calls fields that have another name here than in GraphQL; nil for a row that could not be read,
// whose fields are the caller's already.
type words map[string]string

// name is a field of GraphQL in these words.
func (w words) name(field string) string {
	if w == nil {
		return field
	}
	end := strings.IndexAny(field, ".[")
	if end < 0 {
		end = len(field)
	}
	head, rest := snake(field[:end]), snake(field[end:])
	if other, ok := w[head]; ok {
		head = other
	}
	return head + rest
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
