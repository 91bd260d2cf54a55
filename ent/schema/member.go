package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/rapidbott/tideboard/server/hours"
)

// Member is a person who works in the workspace.
type Member struct{ ent.Schema }

// Mixin makes it a tenant row.
func (Member) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}} }

// Fields of a member. `permissions` overrides the role's defaults flag by flag; `team_ids` are the member's teams; `search_text` is the folded name and e-mail.
func (Member) Fields() []ent.Field {
	return []ent.Field{
		optionalText("partner_member_id", 64),
		field.Enum("origin").Values("PARTNER", "LOCAL").Default("PARTNER"),
		field.String("first_name").Default("").MaxLen(400),
		field.String("last_name").Default("").MaxLen(400),
		field.String("email").NotEmpty().MaxLen(254),
		optionalText("avatar_url", 2048),
		field.Enum("role").Values("OWNER", "ADMIN", "TEAM_ADMIN", "AGENT", "PROJECT_MANAGER"),
		field.JSON("permissions", map[string]bool{}).Optional(),
		field.Bool("is_active").Default(true),
		field.JSON("team_ids", []string{}).Optional(),
		field.JSON("availability", []hours.Slot{}).Optional(),
		field.JSON("login_schedule", []hours.Slot{}).Optional(),
		optionalText("timezone", 64),
		optionalText("language", 35),
		optionalTime("last_seen_at"),
		optionalTime("synced_at"),
		field.Int("version").Default(1).Positive(),
		field.Time("created_at").Immutable(),
		field.Time("updated_at"),
		field.Text("search_text").StructTag(`json:"-"`),
		field.String("sort_name").StructTag(`json:"-"`),
	}
}

// Edges to the workspace.
func (Member) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("workspace", Workspace.Type).Ref("members").Field("workspace_id").Unique().Required().Immutable(),
	}
}

// Indexes: lists by name; one OWNER; one member per address and partner id.
func (Member) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("workspace_id", "sort_name", "id"),
		index.Fields("workspace_id", "email").Unique(),
		index.Fields("workspace_id", "partner_member_id").Unique(),
		index.Fields("workspace_id", "role").Unique().StorageKey("member_one_owner").
			Annotations(entsql.IndexWhere("role = 'OWNER'")),
	}
}
