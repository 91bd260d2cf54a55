package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Company is an organisation that contacts belong to and records are about.
type Company struct{ ent.Schema }

// Mixin makes it an audited tenant row.
func (Company) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}, Audited{}} }

// Fields of a company. `search_text` and `sort_name` follow from other fields and are no part of its history.
func (Company) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").NotEmpty().MaxLen(800),
		optionalText("domain", 253),
		optionalText("website", 2048),
		optionalText("industry", 400),
		optionalText("description", 20000),
		field.JSON("phones", []string{}).Optional(),
		field.JSON("emails", []string{}).Optional(),
		optionalText("external_id", 1020),
		optionalText("owner_id", 40),
		field.JSON("tags", []string{}).Optional(),
		field.JSON("custom_fields", json.RawMessage{}).Optional(),
		field.Enum("source").Values("CHATBOT", "MANUAL", "API", "IMPORT", "AUTOMATION", "DUPLICATE"),
		field.Text("search_text").StructTag(`json:"-"`),
		field.String("sort_name").StructTag(`json:"-"`),
	}
}

// Edges of a company.
func (Company) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("records", Record.Type).Ref("company"),
		edge.From("contacts", Contact.Type).Ref("company"),
		edge.To("owner", Member.Type).Field("owner_id").Unique(),
	}
}

// Indexes: lists by name and time; the key a company is known by; what must be unique.
func (Company) Indexes() []ent.Index {
	live := entsql.IndexWhere("deleted_at IS NULL")
	return []ent.Index{
		index.Fields("workspace_id", "sort_name", "id"),
		index.Fields("workspace_id", "created_at", "id"),
		index.Fields("workspace_id", "domain"),
		index.Fields("workspace_id", "external_id").Unique().Annotations(live),
	}
}
