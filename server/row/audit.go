package row

import "time"

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	ID      string
	At      time.Time
	Actor   Actor
	IP      string
	Action  string
	Target  *string
	Details JSON
}

// AuditColumns are the columns of Dest, in its order.
var AuditColumns = cols("id at actor ip action target details")

// Dest gives what to scan AuditColumns into.
func (e *AuditEntry) Dest() []any {
	return []any{&e.ID, utc{&e.At}, &e.Actor, &e.IP, &e.Action, &e.Target, &e.Details}
}

// AuditConnection is a page of the audit log.
type AuditConnection struct{ Connection[*AuditEntry] }

// AuditEdge is a line with its cursor.
type AuditEdge struct{ Edge[*AuditEntry] }

// Edges pairs the lines with their cursors.
func (c AuditConnection) Edges() (out []AuditEdge) {
	for _, e := range edges(c.Connection) {
		out = append(out, AuditEdge{e})
	}
	return out
}
