package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/rapidbott/tideboard/ent/rule"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/tie"
)

// Record is a card: a deal, a ticket or another item.
type Record struct{ ent.Schema }

// Mixin makes it an audited tenant row.
func (Record) Mixin() []ent.Mixin { return []ent.Mixin{Workspaced{}, Audited{}} }

// Fields of a record. Money is held in minor units, prices of line items as decimals.
// `links` stand on both records. What follows from other fields is no part of its history:
// `search_text` is what text search reads, `tag_keys` the folded tags, each closed by a unit separator, `…_folded` texts
// without case and accents, `custom_index` the custom fields in a form in which databases compare them; see row.Record.
func (Record) Fields() []ent.Field {
	return []ent.Field{
		field.Int("number").Positive().Immutable(),
		field.String("pipeline_id").NotEmpty().MaxLen(40),
		field.String("stage_id").NotEmpty().MaxLen(40),
		field.String("rank").NotEmpty().MaxLen(255),
		field.String("title").NotEmpty().MaxLen(800),
		optionalText("description", 20000),
		field.Int64("value").Optional().Nillable().NonNegative(),
		field.String("currency").MinLen(3).MaxLen(3),
		field.Int("probability").Min(0).Max(100),
		field.Enum("probability_source").Values("STAGE", "MANUAL"),
		field.Enum("status").Values("OPEN", "WON", "LOST"),
		field.Enum("priority").Values("LOW", "MEDIUM", "HIGH", "URGENT").Default("MEDIUM"),
		optionalText("owner_id", 40),
		optionalText("contact_id", 40),
		optionalText("contact_name", 800),
		optionalText("contact_email", 254),
		optionalText("contact_phone", 32),
		optionalText("company_id", 40),
		optionalText("company_name", 800),
		field.JSON("participants", []tie.Participant{}).Optional(),
		field.JSON("line_items", []money.Item{}).Optional(),
		field.Bool("value_from_items").Default(false),
		field.JSON("links", []tie.Link{}).Optional(),
		optionalText("expected_close_date", 10),
		field.Time("stage_entered_at"),
		optionalTime("closed_at"),
		optionalTime("won_at"),
		optionalTime("lost_at"),
		field.Time("last_activity_at"),
		optionalTime("last_reassigned_at"),
		// What there is to do on it, kept by whoever writes its tasks.
		field.Int("open_task_count").NonNegative().Default(0),
		optionalTime("next_due_at"),
		optionalText("lost_reason", 2000),
		optionalText("lost_reason_key", 200),
		field.Enum("source").Values("CHATBOT", "MANUAL", "API", "IMPORT", "AUTOMATION", "DUPLICATE"),
		optionalText("source_detail", 200),
		// No edge: the copy outlives what it was made from.
		field.String("copied_from_id").Optional().Nillable().MaxLen(40).Immutable(),
		field.Enum("channel").Values("WHATSAPP_LITE", "WHATSAPP_CLOUD", "FB_MESSENGER", "INSTAGRAM", "TELEGRAM", "TIKTOK",
			"SHOPIFY_INBOX", "LINKEDIN", "EMAIL", "SMS", "WEB", "PHONE", "OTHER").Optional().Nillable(),
		optionalText("chat_url", 2048),
		optionalText("user_ns", 512),
		field.JSON("tags", []string{}).Optional(),
		field.JSON("custom_fields", json.RawMessage{}).Optional(),
		optionalText("external_id", 1020),
		field.Text("search_text").StructTag(`json:"-"`),
		field.Text("tag_keys").StructTag(`json:"-"`),
		field.Text("title_folded").StructTag(`json:"-"`),
		foldedText("company_name_folded"),
		foldedText("contact_name_folded"),
		foldedText("lost_reason_folded"),
		foldedText("source_detail_folded"),
		field.JSON("custom_index", map[string]string{}).Optional().StructTag(`json:"-"`),
	}
}

// Edges of a record.
func (Record) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("pipeline", Pipeline.Type).Ref("records").Field("pipeline_id").Unique().Required(),
		edge.From("stage", Stage.Type).Ref("records").Field("stage_id").Unique().Required(),
		edge.To("owner", Member.Type).Field("owner_id").Unique(),
		edge.To("contact", Contact.Type).Field("contact_id").Unique(),
		edge.To("company", Company.Type).Field("company_id").Unique(),
	}
}

// Indexes: one strict order per stage; links; lists; what must be unique.
func (Record) Indexes() []ent.Index {
	live := entsql.IndexWhere("deleted_at IS NULL")
	return []ent.Index{
		index.Fields("workspace_id", "stage_id", "rank").Unique().Annotations(live),
		index.Fields("workspace_id", "pipeline_id"),
		index.Fields("workspace_id", "contact_id"),
		index.Fields("workspace_id", "company_id"),
		index.Fields("workspace_id", "owner_id"),
		index.Fields("workspace_id", "number").Unique(),
		index.Fields("workspace_id", "updated_at", "id"),
		index.Fields("workspace_id").StorageKey("record_with_participants").
			Annotations(entsql.IndexWhere("participants IS NOT NULL")),
		index.Fields("workspace_id", "external_id").Unique().Annotations(live),
	}
}

// Policy adds to the tenant wall that members without can_see_all_records see what they own.
func (Record) Policy() ent.Policy { return rule.Records() }
