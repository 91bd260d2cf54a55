package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/rapidbott/tideboard/ent/rule"
	"github.com/rapidbott/tideboard/server/hours"
)

// Workspace is the tenant, and the counter of its own commits.
type Workspace struct{ ent.Schema }

// Fields of a workspace. From `eligibility` to `checked_at` they mirror what the partner says of it; when it was asked
// (`checked_at`, `members_synced_at`) is no part of its history. `revision`, `revised_at` and `log_floor` belong to the change log: only it writes them.
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
		field.Int("week_start").Default(1).Min(1).Max(7),
		field.JSON("business_hours", []hours.Slot{}).Optional(),
		field.JSON("feature_flags", map[string]bool{}).Optional(),
		field.JSON("settings", map[string]any{}).Optional(),
		field.String("eligibility").Default("ELIGIBLE").MaxLen(40),
		field.Bool("partner_exists").Default(true),
		field.Bool("paused").Default(false),
		optionalText("plan_code", 64),
		optionalText("plan_status", 64),
		optionalTime("paid_through"),
		optionalTime("trial_ends_at"),
		optionalText("owner_name", 200),
		optionalText("owner_email", 254),
		field.Time("checked_at").Optional().Nillable().StructTag(`json:"-"`),
		field.Time("members_synced_at").Optional().Nillable().StructTag(`json:"-"`),
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
