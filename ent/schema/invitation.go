package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/rapidbott/tideboard/ent/viewer"
)

// Invitation asks a person whom the partner does not know to join. Only the hash of its token is kept.
type Invitation struct{ ent.Schema }

// Mixin makes it a tenant row.
func (Invitation) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}} }

// Fields of an invitation. An EXPIRED one is a PENDING one whose term has passed and that was looked at since.
func (Invitation) Fields() []ent.Field {
	return []ent.Field{
		field.String("email").NotEmpty().MaxLen(254).Immutable(),
		field.Enum("role").Values("ADMIN", "TEAM_ADMIN", "AGENT", "PROJECT_MANAGER"),
		field.JSON("team_ids", []string{}).Optional(),
		field.Enum("state").Values("PENDING", "ACCEPTED", "EXPIRED", "CANCELLED").Default("PENDING"),
		field.String("token_hash").NotEmpty().MaxLen(64).Unique().Sensitive(),
		field.Time("expires_at"),
		field.JSON("invited_by", viewer.Actor{}).Immutable(),
		optionalText("member_id", 40),
		field.Int("version").Default(1).Positive(),
		field.Time("created_at").Immutable(),
		field.Time("updated_at"),
	}
}

// Indexes: one pending invitation per address.
func (Invitation) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("workspace_id", "created_at", "id"),
		index.Fields("workspace_id", "email").Unique().StorageKey("invitation_one_pending").
			Annotations(entsql.IndexWhere("state = 'PENDING'")),
	}
}
