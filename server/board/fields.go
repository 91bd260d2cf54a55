package board

import (
	"slices"

	"github.com/rapidbott/tideboard/server/row"
)

// renamed are the stored columns whose names in the API are not just their own in another spelling, and those that
// show in more than one field.
var renamed = map[string][]string{
	"value":       {"value", "weightedValue"},
	"currency":    {"currency", "value", "weightedValue"},
	"probability": {"probability", "weightedValue"},
	"owner_id":    {"ownerId", "owner"},
	"contact_id":  {"contactId", "contact"},
	"company_id":  {"companyId", "company"},
	"stage_id":    {"stageId", "stage"},
	"pipeline_id": {"pipelineId", "pipeline"},
	"chat_url":    {"chatUrl"},
	"deleted_at":  nil, "workspace_id": nil,
}

// fieldNames turns stored columns of a record into names of fields of the API.
func fieldNames(columns []string) (names []string) {
	for _, c := range columns {
		fields, ok := renamed[c]
		if !ok {
			fields = []string{row.FieldName(c)}
		}
		for _, f := range fields {
			if !slices.Contains(names, f) {
				names = append(names, f)
			}
		}
	}
	return names
}
