package migrations

import (
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"
)

// codes are the login codes that were mailed. Only a keyed hash of a code is kept. `tenant` is the partner's id of the
// workspace, which may not exist here before the first login.
func codes() *schema.Table {
	t := plain("login_codes", text("tenant"), text("id"), text("email"), blob("code_mac"), instant("created_at"),
		instant("expires_at"), number("tries"), nullable(instant("ended_at")))
	t.PrimaryKey = columnsNamed(t, "tenant", "id")
	t.Indexes = []*schema.Index{{Name: "login_code_tenant_email", Columns: columnsNamed(t, "tenant", "email", "created_at")}}
	return t
}

// limits are the recent uses of what is limited, one row per limit and subject: the instants as a JSON list of
// microseconds.
func limits() *schema.Table {
	t := plain("limits", text("name"), text("subject"), document("uses"), instant("expires_at"))
	t.PrimaryKey = columnsNamed(t, "name", "subject")
	return t
}

// embedTokens are the embed tokens that were used, by the hash of workspace and jti, kept until no check would let them in.
func embedTokens() *schema.Table {
	t := plain("embed_tokens", text("tenant"), text("jti_hash"), instant("expires_at"))
	t.PrimaryKey = columnsNamed(t, "tenant", "jti_hash")
	return t
}

// secrets are a workspace's own secrets, sealed.
func secrets() *schema.Table {
	t := plain("secrets", text("workspace_id"), text("name"), blob("sealed"), text("last4"), instant("set_at"), document("set_by"),
		nullable(instant("checked_at")), nullable(text("check_result")))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "name")
	return t
}

// auditLog tells who did what that is sensitive.
func auditLog() *schema.Table {
	t := plain("audit_log", text("workspace_id"), text("id"), instant("at"), document("actor"), text("ip"), text("action"),
		nullable(text("target")), document("details"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "id")
	return t
}

// jobs are long runs and how far they are.
func jobs() *schema.Table {
	t := plain("jobs", text("workspace_id"), text("id"), text("kind"), text("state"), document("requested_by"), document("input"),
		number("done"), nullable(number("total")), nullable(document("result")), nullable(text("error")), instant("created_at"),
		nullable(instant("started_at")), nullable(instant("ended_at")), nullable(instant("cancel_requested_at")), nullable(instant("lease_until")))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "id")
	t.Indexes = []*schema.Index{{Name: "job_state", Columns: columnsNamed(t, "state", "created_at")}}
	return t
}

// presence is when each process last saw each member, and how many sockets the member holds there.
func presence() *schema.Table {
	t := plain("presence", text("workspace_id"), text("member_id"), text("process"), number("sockets"), text("boards"), instant("seen_at"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "member_id", "process")
	return t
}

// preferences are what a member's client keeps for itself.
func preferences() *schema.Table {
	t := plain("preferences", text("workspace_id"), text("member_id"), document("document"), instant("updated_at"))
	t.PrimaryKey = columnsNamed(t, "workspace_id", "member_id")
	return t
}

func blob(name string) *schema.Column { return &schema.Column{Name: name, Type: field.TypeBytes} }

func instant(name string) *schema.Column { return &schema.Column{Name: name, Type: field.TypeTime} }

func number(name string) *schema.Column { return &schema.Column{Name: name, Type: field.TypeInt64} }
