package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// APIKey lets a program in. Only the hash of its secret is kept. It is no part of the workspace's history.
type APIKey struct{ ent.Schema }

// Mixin makes it a tenant row.
func (APIKey) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}} }

// Fields of a key. `key_prefix` is for people to recognise it by; `previous_key_hash` is the secret before a rotation, good
// until `previous_expires_at`. `last_used_at` is exact to the minute.
func (APIKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").NotEmpty().MaxLen(400),
		field.String("key_hash").NotEmpty().MaxLen(64).Unique().Sensitive(),
		field.String("key_prefix").NotEmpty().MaxLen(8),
		field.JSON("scopes", []string{}),
		field.JSON("pipeline_ids", []string{}).Optional(),
		field.String("created_by").MaxLen(40).Immutable(),
		field.Time("created_at").Immutable(),
		optionalTime("expires_at"),
		optionalTime("revoked_at"),
		field.String("previous_key_hash").Optional().Nillable().MaxLen(64).Unique().Sensitive(),
		optionalTime("previous_expires_at"),
		optionalTime("last_used_at"),
		field.Int64("use_count").Default(0),
	}
}

// Indexes: a workspace's keys.
func (APIKey) Indexes() []ent.Index {
	return []ent.Index{index.Fields("workspace_id", "created_at")}
}
