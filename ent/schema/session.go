package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Session is a member's login. Only the hash of its token is kept. It is no part of the workspace's history.
type Session struct{ ent.Schema }

// Mixin makes it a tenant row.
func (Session) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}} }

// Fields of a session. It ends at `expires_at`, and earlier when it was idle for `idle_seconds`; `authenticated_at` is the
// last proof of who the member is. `pipeline_ids`, `read_only` and `role` narrow what the member may do.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		field.String("member_id").NotEmpty().MaxLen(40).Immutable(),
		field.String("token_hash").NotEmpty().MaxLen(64).Unique().Immutable().Sensitive(),
		field.Enum("kind").Values("OTP", "EMBED", "INVITATION", "PROGRAM").Immutable(),
		field.Int("idle_seconds").Positive().Immutable(),
		field.JSON("pipeline_ids", []string{}).Optional().Immutable(),
		field.Bool("read_only").Default(false).Immutable(),
		field.String("role").Optional().Nillable().MaxLen(20).Immutable(),
		field.String("ip").Default("").MaxLen(64).Immutable(),
		field.String("user_agent").Default("").MaxLen(400).Immutable(),
		field.Time("created_at").Immutable(),
		field.Time("authenticated_at"),
		field.Time("last_seen_at"),
		field.Time("expires_at"),
		optionalTime("revoked_at"),
	}
}

// Edges of a session.
func (Session) Edges() []ent.Edge {
	return []ent.Edge{edge.To("member", Member.Type).Field("member_id").Unique().Required().Immutable()}
}

// Indexes: a member's sessions.
func (Session) Indexes() []ent.Index {
	return []ent.Index{index.Fields("workspace_id", "member_id")}
}
