package migrations

import (
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"
)

// mails is the outbox. A row begins with its tenant: the workspace's id or, for a login before there is a workspace
// here, its id at the partner. What a mail says is in sealed alone, encrypted, and gone when the mail is.
func mails() *schema.Table {
	t := plain("mails",
		text("tenant"),
		text("id"),
		text("kind"),
		text("recipient"),
		&schema.Column{Name: "sealed", Type: field.TypeBytes},
		text("state"),
		&schema.Column{Name: "tries", Type: field.TypeInt32},
		&schema.Column{Name: "created_at", Type: field.TypeTime},
		&schema.Column{Name: "next_at", Type: field.TypeTime},
		nullable(&schema.Column{Name: "expires_at", Type: field.TypeTime}),
		nullable(&schema.Column{Name: "lease_until", Type: field.TypeTime}),
		nullable(&schema.Column{Name: "sent_at", Type: field.TypeTime}),
		nullable(text("last_error")),
	)
	t.PrimaryKey = columnsNamed(t, "tenant", "id")
	t.Indexes = []*schema.Index{
		{Name: "mail_state_next_at", Columns: columnsNamed(t, "state", "next_at")}, // the worker's, who asks for all tenants
		{Name: "mail_id", Unique: true, Columns: columnsNamed(t, "id")},
	}
	return t
}
