package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Stage is a column of a pipeline's board.
type Stage struct{ ent.Schema }

// Mixin makes it a tenant row.
func (Stage) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}, Audited{}} }

// Fields of a stage. A deleted stage stays, so that histories can name it.
func (Stage) Fields() []ent.Field {
	return []ent.Field{
		field.String("pipeline_id").NotEmpty().MaxLen(40).Immutable(),
		field.String("name").NotEmpty().MaxLen(240),
		field.String("name_key").StructTag(`json:"-"`),
		field.String("color").MinLen(7).MaxLen(7),
		field.Int("position").NonNegative(),
		field.Int("default_probability").Optional().Nillable().Min(0).Max(100),
		field.Enum("kind").Values("OPEN", "WON", "LOST").Default("OPEN"),
		field.Int("stale_after_hours").Optional().Nillable().Positive(),
		field.JSON("required_fields", []string{}).Optional(),
	}
}

// Edges of a stage.
func (Stage) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("pipeline", Pipeline.Type).Ref("stages").Field("pipeline_id").Unique().Required().Immutable(),
		edge.To("records", Record.Type),
	}
}

// Indexes: board order, names unique in the pipeline.
func (Stage) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("workspace_id", "pipeline_id", "position"),
		index.Fields("workspace_id", "pipeline_id", "name_key").Unique().Annotations(entsql.IndexWhere("deleted_at IS NULL")),
	}
}
