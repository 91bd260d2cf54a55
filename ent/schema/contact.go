package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Contact is a person.
type Contact struct{ ent.Schema }

// Mixin makes it an audited tenant row.
func (Contact) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}, Audited{}} }

// Fields of a contact. `search_text`, `sort_name` and `company_name_folded` follow from other fields and are no part of its history.
func (Contact) Fields() []ent.Field {
	return []ent.Field{
		field.Int("number").Positive().Immutable(),
		field.String("first_name").Default("").MaxLen(400),
		field.String("last_name").Default("").MaxLen(400),
		field.JSON("emails", []string{}).Optional(),
		field.JSON("phones", []string{}).Optional(),
		optionalText("job_title", 600),
		optionalText("company_id", 40),
		optionalText("company_name", 800),
		optionalText("description", 20000),
		optionalText("owner_id", 40),
		optionalText("user_ns", 512),
		optionalText("external_id", 1020),
		field.Enum("source").Values("CHATBOT", "MANUAL", "API", "IMPORT", "AUTOMATION", "DUPLICATE"),
		field.Text("search_text").StructTag(`json:"-"`),
		field.String("sort_name").StructTag(`json:"-"`),
		foldedText("company_name_folded"),
	}
}

// Edges of a contact.
func (Contact) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("records", Record.Type).Ref("contact"),
		edge.To("owner", Member.Type).Field("owner_id").Unique(),
		edge.To("company", Company.Type).Field("company_id").Unique(),
	}
}

// Indexes: lists by name and time; what must be unique.
func (Contact) Indexes() []ent.Index {
	live := entsql.IndexWhere("deleted_at IS NULL")
	return []ent.Index{
		index.Fields("workspace_id", "sort_name", "id"),
		index.Fields("workspace_id", "created_at", "id"),
		index.Fields("workspace_id", "company_id"),
		index.Fields("workspace_id", "number").Unique(),
		index.Fields("workspace_id", "user_ns").Unique().Annotations(live),
		index.Fields("workspace_id", "external_id").Unique().Annotations(live),
	}
}
