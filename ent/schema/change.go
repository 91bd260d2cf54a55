package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"github.com/rapidbott/tideboard/ent/rule"
	"github.com/rapidbott/tideboard/ent/viewer"
)

// Change is one row of the change log. It is a view: the log alone appends to its table, whose key is
// (workspace_id, revision, ordinal), and nothing ever changes a row of it.
type Change struct{ ent.View }

// Annotations name the table the view reads.
func (Change) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "changes", Skip: true}}
}

// Fields of a change. `before` and `after` are images of the row as stored, without secrets.
func (Change) Fields() []ent.Field {
	return []ent.Field{
		field.String("workspace_id"),
		field.Int64("revision"),
		field.Int("ordinal"),
		field.Time("at"),
		field.JSON("actor", viewer.Actor{}),
		field.String("source"),
		field.String("kind"),
		field.String("entity"),
		field.String("entity_id"),
		field.String("pipeline_id").Optional().Nillable(),
		field.JSON("before", json.RawMessage{}).Optional(),
		field.JSON("after", json.RawMessage{}).Optional(),
		field.JSON("changed", []string{}).Optional(),
		field.String("client_mutation_id").Optional().Nillable(),
		field.String("batch_id").Optional().Nillable(),
	}
}

// Policy: the tenant wall.
func (Change) Policy() ent.Policy { return rule.Tenant() }
