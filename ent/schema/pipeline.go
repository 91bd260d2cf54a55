package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Pipeline is a process with stages.
type Pipeline struct{ ent.Schema }

// Mixin makes it an audited tenant row.
func (Pipeline) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}, Audited{}} }

// Fields of a pipeline. `name_key` is the folded name, unique among live ones.
func (Pipeline) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").NotEmpty().MaxLen(400),
		field.String("name_key").StructTag(`json:"-"`),
		optionalText("description", 2000),
		field.Enum("category").Values(Categories...).Default("CUSTOM"),
		field.Enum("record_type").Values("DEAL", "TICKET", "OTHER").Default("DEAL"),
		field.Int("position").NonNegative(),
		field.Bool("is_default").Default(false),
		optionalText("template_key", 64),
		field.Int("stale_after_hours").Optional().Nillable().Positive(),
		field.Bool("require_lost_reason").Default(false),
	}
}

// Edges of a pipeline.
func (Pipeline) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("workspace", Workspace.Type).Ref("pipelines").Field("workspace_id").Unique().Required().Immutable(),
		edge.To("stages", Stage.Type),
		edge.To("records", Record.Type),
	}
}

// Indexes: names unique, one default.
func (Pipeline) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("workspace_id", "position"),
		index.Fields("workspace_id", "name_key").Unique().Annotations(entsql.IndexWhere("deleted_at IS NULL")),
		index.Fields("workspace_id", "is_default").Unique().StorageKey("pipeline_one_default").
			Annotations(entsql.IndexWhere("is_default AND deleted_at IS NULL")),
	}
}

// Categories are the fields of business a pipeline can serve (spec pipelines, section 4).
var Categories = []string{
	"SALES", "CUSTOMER_ONBOARDING", "CUSTOMER_SUPPORT", "RECRUITMENT", "PROJECT_TRACKER", "ACCOUNT_MANAGEMENT",
	"MARKETING_CAMPAIGNS", "IT_HELPDESK", "EVENT_MANAGEMENT", "FINANCE_COLLECTIONS", "PRODUCT_LAUNCH", "REAL_ESTATE",
	"CONSTRUCTION", "HEALTHCARE", "EDUCATION", "INSURANCE", "LEGAL", "ECOMMERCE", "PROCUREMENT", "AGENCY", "AUTOMOTIVE",
	"HOSPITALITY", "BANKING", "TELECOM", "PUBLIC_SECTOR", "CUSTOM",
}
