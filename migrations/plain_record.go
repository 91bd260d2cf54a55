package migrations

import (
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"
)

// targets are what is to be reached in a month or quarter. The scope is a pipeline's id, or empty for the workspace.
func targets() *schema.Table {
	t := plain("targets", text("workspace_id"), text("id"), text("scope"), text("unit"), text("start"), text("currency"),
		&schema.Column{Name: "amount", Type: field.TypeInt64}, document("updated_by"), instant("updated_at"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "id")
	t.Indexes = []*schema.Index{{Name: "target_period", Unique: true, Columns: columnsNamed(t, "workspace_id", "scope", "unit", "start", "currency")}}
	return t
}

// savedViews are members' views of records. The filter is kept as it was given.
func savedViews() *schema.Table {
	t := plain("saved_views", text("workspace_id"), text("id"), text("owner_id"), text("name"), text("sort_name"), nullable(text("pipeline_id")),
		text("view"), nullable(document("filter")), document("sort"), document("columns"),
		&schema.Column{Name: "is_shared", Type: field.TypeBool}, instant("created_at"), instant("updated_at"), number("version"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "id")
	t.Indexes = []*schema.Index{{Name: "saved_view_owner", Columns: columnsNamed(t, "workspace_id", "owner_id")}}
	return t
}

// rotations tell whose turn was the last, by what is given in turns.
func rotations() *schema.Table {
	t := plain("rotations", text("workspace_id"), text("name"), text("member_id"), instant("updated_at"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "name")
	return t
}

// dailyRuns tell up to which of the workspace's days something was done that is done once a day.
func dailyRuns() *schema.Table {
	t := plain("daily_runs", text("workspace_id"), text("name"), text("day"), instant("updated_at"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "name")
	return t
}
