package migrations

import (
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/dialect/sql/schema"
)

// stageSpans are the stays of records in stages. Instants are microseconds since 1970, so that durations are exact and
// computed by the same SQL everywhere. A record is in one stage at a time: it has at most one span that is open.
func stageSpans() *schema.Table {
	t := plain("stage_spans", text("workspace_id"), text("id"), text("record_id"), text("pipeline_id"), text("stage_id"),
		nullable(text("from_stage_id")), number("entered_at"), nullable(number("left_at")), text("cause"), document("actor"),
		nullable(number("value_at_entry")), text("currency"), number("probability_at_entry"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "id")
	t.Indexes = []*schema.Index{
		{Name: "stage_span_record", Columns: columnsNamed(t, "workspace_id", "record_id", "entered_at")},
		{Name: "stage_span_open", Unique: true, Columns: columnsNamed(t, "workspace_id", "record_id"), Annotation: entsql.IndexWhere("left_at IS NULL")},
		{Name: "stage_span_pipeline", Columns: columnsNamed(t, "workspace_id", "pipeline_id", "entered_at")},
		{Name: "stage_span_stage", Columns: columnsNamed(t, "workspace_id", "stage_id")},
	}
	return t
}

// ownerSpans tell who owned a record, or that nobody did, in the same way. A span without a reason is that of a record
// which nobody has owned yet.
func ownerSpans() *schema.Table {
	t := plain("owner_spans", text("workspace_id"), text("id"), text("record_id"), nullable(text("owner_id")), nullable(text("from_owner_id")),
		number("started_at"), nullable(number("ended_at")), nullable(text("reason")), document("changed_by"), nullable(text("note")))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "id")
	t.Indexes = []*schema.Index{
		{Name: "owner_span_record", Columns: columnsNamed(t, "workspace_id", "record_id", "started_at")},
		{Name: "owner_span_open", Unique: true, Columns: columnsNamed(t, "workspace_id", "record_id"), Annotation: entsql.IndexWhere("ended_at IS NULL")},
		{Name: "owner_span_owner", Columns: columnsNamed(t, "workspace_id", "owner_id", "started_at")},
	}
	return t
}
