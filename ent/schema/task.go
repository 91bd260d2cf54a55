package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/rapidbott/tideboard/ent/rule"
)

// Task is something to do, often about a record.
type Task struct{ ent.Schema }

// Mixin makes it an audited tenant row.
func (Task) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}, Audited{}} }

// Fields of a task. `creator_id` is the member who made it, for visibility; `completion_cause` is set on one that was
// completed by no hand.
func (Task) Fields() []ent.Field {
	return []ent.Field{
		field.Int("number").Positive().Immutable(),
		field.String("title").NotEmpty().MaxLen(800),
		optionalText("description", 20000),
		field.Enum("status").Values("OPEN", "DONE").Default("OPEN"),
		field.Enum("priority").Values("LOW", "MEDIUM", "HIGH", "URGENT").Default("MEDIUM"),
		optionalTime("due_at"),
		field.Bool("due_all_day").Default(false),
		optionalText("assignee_id", 40),
		optionalText("creator_id", 40),
		optionalText("record_id", 40),
		optionalText("contact_id", 40),
		optionalTime("completed_at"),
		field.Enum("completion_cause").Values("RECORD_CLOSED", "RECORD_DELETED").Optional().Nillable(),
		field.Enum("source").Values("MANUAL", "AGENT", "AUTOMATION", "API", "IMPORT"),
		field.Text("search_text").StructTag(`json:"-"`),
	}
}

// Edges of a task.
func (Task) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("assignee", Member.Type).Field("assignee_id").Unique(),
		edge.To("record", Record.Type).Field("record_id").Unique(),
		edge.To("contact", Contact.Type).Field("contact_id").Unique(),
	}
}

// Indexes: lists by due time, links.
func (Task) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("workspace_id", "status", "due_at", "id"),
		index.Fields("workspace_id", "record_id"),
		index.Fields("workspace_id", "contact_id"),
		index.Fields("workspace_id", "assignee_id"),
		index.Fields("workspace_id", "number").Unique(),
	}
}

// Policy adds to the tenant wall that members without can_see_all_tasks see what is theirs.
func (Task) Policy() ent.Policy { return rule.Tasks() }
