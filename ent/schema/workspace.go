package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/rapidbott/tideboard/ent/rule"
)

// Workspace is the tenant, and the counter of its own commits.
type Workspace struct{ ent.Schema }

// Fields of a workspace. `revision`, `revised_at` and `log_floor` belong to the change log: only it writes them.
func (Workspace) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").NotEmpty().MaxLen(40).Immutable(),
		field.String("partner_workspace_id").NotEmpty().MaxLen(64).Unique().Immutable(),
		field.String("name").NotEmpty().MaxLen(100),
		field.String("slug").NotEmpty().MaxLen(100),
		field.String("timezone").Default("UTC").MaxLen(64),
		field.String("default_currency").Default("USD").MinLen(3).MaxLen(3),
		optionalText("default_country", 2),
		field.String("locale").Default("en").MaxLen(35),
		field.Int64("revision").Default(0).StructTag(`json:"-"`),
		field.Time("revised_at").Optional().Nillable().StructTag(`json:"-"`),
		field.Int64("log_floor").Default(0).StructTag(`json:"-"`),
		field.Time("created_at").Immutable(),
	}
}

// Edges to all that belongs to the workspace.
func (Workspace) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("members", Member.Type),
		edge.To("pipelines", Pipeline.Type),
	}
}

// Policy lets a viewer see its own workspace, and only the operator make one.
func (Workspace) Policy() ent.Policy { return rule.OwnWorkspace() }
