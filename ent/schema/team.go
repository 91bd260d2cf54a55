package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Team is a group of members; a branch is modelled as one. Who belongs to it stands in the members' team_ids.
type Team struct{ ent.Schema }

// Mixin makes it an audited tenant row.
func (Team) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}, Audited{}} }

// Fields of a team. `name_key` is the folded name.
func (Team) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").NotEmpty().MaxLen(400),
		optionalText("lead_id", 40),
		field.String("name_key").StructTag(`json:"-"`),
	}
}

// Indexes: one live team per name.
func (Team) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("workspace_id", "name_key").Unique().Annotations(entsql.IndexWhere("deleted_at IS NULL")),
	}
}
