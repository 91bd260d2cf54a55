// Package audit keeps the audit log: who did what that is sensitive (logins and refused ones, roles and rights, keys,
// settings, exports, deletes, merges, imports), when, and from where. It promises that an entry is written in the
// transaction of what it tells of, that no entry is changed, and that entries go after 365 days (spec access, section 13).
package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Keep is how long an entry is kept.
const Keep = 365 * 24 * time.Hour

// Entry is one line of the audit log.
type Entry struct {
	WorkspaceID string
	ID          string
	At          time.Time
	Actor       viewer.Actor
	IP          string
	// Action is a dotted name such as login.succeeded, role.changed, api_key.created.
	Action string
	// Target is the id of what it was done to; empty when there is none.
	Target string
	// Details tell more, such as old and new values; of a secret they say "changed".
	Details map[string]any
}

// execer is a transaction or a database.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Write appends an entry; its id is made here.
func Write(ctx context.Context, q execer, d store.Dialect, e Entry) error {
	actor, err := json.Marshal(e.Actor)
	if err != nil {
		return err
	}
	if e.Details == nil {
		e.Details = map[string]any{}
	}
	details, err := json.Marshal(e.Details)
	if err != nil {
		return err
	}
	var target *string
	if e.Target != "" {
		target = &e.Target
	}
	p := d.Placeholder
	_, err = q.ExecContext(ctx, "INSERT INTO audit_log (workspace_id, id, at, actor, ip, action, target, details) VALUES ("+
		p(1)+", "+p(2)+", "+p(3)+", "+p(4)+", "+p(5)+", "+p(6)+", "+p(7)+", "+p(8)+")",
		e.WorkspaceID, typeid.New(typeid.AuditEntry), e.At.UTC(), string(actor), e.IP, e.Action, target, string(details))
	return err
}

// Trim forgets what is older than Keep, in all workspaces.
func Trim(ctx context.Context, db *store.DB, now time.Time) error {
	_, err := db.Write.ExecContext(ctx, "DELETE FROM audit_log WHERE at < "+db.SQL.Placeholder(1), now.Add(-Keep).UTC())
	return err
}
