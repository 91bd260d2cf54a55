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

// Fields of a key. `key_prefix` is for people to recognise it by.
func (APIKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").NotEmpty().MaxLen(400),
		field.String("key_hash").NotEmpty().MaxLen(64).Unique().Immutable().Sensitive(),
		field.String("key_prefix").NotEmpty().MaxLen(8).Immutable(),
		field.JSON("scopes", []string{}),
		field.JSON("pipeline_ids", []string{}).Optional(),
		field.String("created_by").MaxLen(40).Immutable(),
		field.Time("created_at").Immutable(),
		optionalTime("expires_at"),
		optionalTime("revoked_at"),
	}
}

// Indexes: a workspace's keys.
func (APIKey) Indexes() []ent.Index {
	return []ent.Index{index.Fields("workspace_id", "created_at")}
}
