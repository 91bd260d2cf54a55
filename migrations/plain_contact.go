package migrations

import "entgo.io/ent/dialect/sql/schema"

// contactKeys are what live contacts are found by, one row per value: an external id, a user namespace, an e-mail, the
// digits of a phone. They follow from the contacts, whose lists no index could serve.
func contactKeys() *schema.Table {
	t := plain("contact_keys", text("workspace_id"), text("kind"), text("key"), text("contact_id"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "kind", "key", "contact_id")
	t.Indexes = []*schema.Index{{Name: "contact_key_contact_id", Columns: columnsNamed(t, "workspace_id", "contact_id")}}
	return t
}
