package migrations

import (
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"
)

// plainTables are the tables that are no entities of ent. Each begins with its workspace, and so does its key, but for
// what is told before a workspace is known.
func plainTables() []*schema.Table {
	return []*schema.Table{changes(), counters(), codes(), limits(), embedTokens(), secrets(), auditLog(), jobs(), presence(), preferences(),
		idempotency(), mails(), stageSpans(), ownerSpans(), targets(), savedViews(), rotations(), dailyRuns(), batches()}
}

// changes is the change log, one row per change. An image is kept as the bytes it was written as.
func changes() *schema.Table {
	t := plain("changes",
		text("workspace_id"),
		&schema.Column{Name: "revision", Type: field.TypeInt64},
		&schema.Column{Name: "ordinal", Type: field.TypeInt32},
		&schema.Column{Name: "at", Type: field.TypeTime},
		document("actor"),
		text("source"),
		text("kind"),
		text("entity"),
		text("entity_id"),
		nullable(text("pipeline_id")),
		nullable(document("before")),
		nullable(document("after")),
		nullable(document("changed")),
		nullable(text("client_mutation_id")),
		nullable(text("batch_id")),
	)
	t.PrimaryKey = columnsNamed(t, "workspace_id", "revision", "ordinal")
	t.Indexes = []*schema.Index{{
		Name: "change_workspace_id_entity_id_revision", Columns: columnsNamed(t, "workspace_id", "entity_id", "revision"),
	}}
	return t
}

// counters holds a workspace's running numbers, such as the number of the record made last.
func counters() *schema.Table {
	t := plain("counters", text("workspace_id"), text("name"), &schema.Column{Name: "value", Type: field.TypeInt64})
	t.PrimaryKey = columnsNamed(t, "workspace_id", "name")
	return t
}

func plain(name string, columns ...*schema.Column) *schema.Table {
	t := schema.NewTable(name)
	for _, c := range columns {
		t.AddColumn(c)
	}
	return t
}

func text(name string) *schema.Column { return &schema.Column{Name: name, Type: field.TypeString} }

// document is JSON as it was written. PostgreSQL's other type, jsonb, sorts keys and rewrites numbers.
func document(name string) *schema.Column {
	return &schema.Column{Name: name, Type: field.TypeJSON, SchemaType: map[string]string{dialect.Postgres: "json"}}
}

func nullable(c *schema.Column) *schema.Column {
	c.Nullable = true
	return c
}

// idempotency keeps the answers of commands that may be repeated, sealed.
func idempotency() *schema.Table {
	t := plain("idempotency", text("workspace_id"), text("actor"), text("key"), text("digest"),
		&schema.Column{Name: "revision", Type: field.TypeInt64}, nullable(blob("result")), instant("created_at"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "actor", "key")
	t.Indexes = []*schema.Index{{Name: "idempotency_age", Columns: columnsNamed(t, "created_at")}}
	return t
}

// batches are the records that jobs still have to see to, in the order they are taken, some 500 to a row. A row goes with
// the commit that has done its share.
func batches() *schema.Table {
	t := plain("batches", text("workspace_id"), text("job_id"), number("chunk"), document("ids"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "job_id", "chunk")
	return t
}
