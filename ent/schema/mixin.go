// Package schema describes the workspace graph, one entity per file. It promises that every tenant row has an
// immutable workspace, first in every index, and that nothing is read or written without a policy that says so.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"

	"github.com/rapidbott/tideboard/ent/rule"
	"github.com/rapidbott/tideboard/ent/viewer"
)

// Workspaced is mixed into every entity of a tenant: its id, its workspace, and the wall between tenants.
type Workspaced struct{ mixin.Schema }

// Fields are the id and the workspace.
func (Workspaced) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").NotEmpty().MaxLen(40).Immutable(),
		field.String("workspace_id").NotEmpty().MaxLen(40).Immutable(),
	}
}

// Policy denies everything outside the viewer's workspace.
func (Workspaced) Policy() ent.Policy { return rule.Tenant() }

// Audited adds who made and last changed a row, when, and how often.
type Audited struct{ mixin.Schema }

// Fields are the audit fields and the version.
func (Audited) Fields() []ent.Field {
	return []ent.Field{
		field.Int("version").Default(1).Positive(),
		field.JSON("created_by", viewer.Actor{}).Immutable(),
		field.JSON("updated_by", viewer.Actor{}),
		field.Time("created_at").Immutable(),
		field.Time("updated_at"),
		field.Time("deleted_at").Optional().Nillable(),
	}
}

func optionalText(name string, max int) ent.Field {
	return field.String(name).Optional().Nillable().MaxLen(max)
}

func optionalTime(name string) ent.Field {
	return field.Time(name).Optional().Nillable()
}

// foldedText is a text without case and accents that follows from another field.
func foldedText(name string) ent.Field {
	return field.Text(name).Optional().Nillable().StructTag(`json:"-"`)
}
