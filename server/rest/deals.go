package rest

import (
	"encoding/json"
	"net/http"

	"github.com/rapidbott/tideboard/server/crm"
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
	sent := make([]words, len(body.Deals))
	for i, d := range body.Deals {
		var row *crm.CreateRecordsRowInput
		row, sent[i] = readDeal(d)
		in.Records = append(in.Records, row)
	}
	done, err := a.CRM.CreateRecords(r.Context(), in)
	if err != nil {
		return nil, plainFields(err, words{"records": "deals"})
	}
	n := *done.Summary
	out := dealsAnswer{Success: true, AllSucceeded: n.Failed == 0, Revision: done.Revision,
		Summary: dealsSummary{n.Total, n.Successful, n.Failed, n.NewRecords, n.SkippedExisting, n.NewContactsCreated}}
	for _, d := range done.Results {
		out.Results = append(out.Results, showDeal(d, sent[d.Index]))
	}
	return out, nil
}
