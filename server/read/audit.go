package read

import (
	"context"
	"regexp"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// AuditFilter says which lines of the audit log. Conditions beside each other must all hold.
type AuditFilter struct {
	Actions []string
	ActorID *string
	From    *time.Time
	To      *time.Time
}

// action is a dotted name.
var action = regexp.MustCompile(`^[a-z][a-z_]*(\.[a-z_]+)+$`)

// maxActions bounds how many actions are asked for at once.
const maxActions = 50

func (f *AuditFilter) validate() error {
	p := &fault.Problems{}
	if len(f.Actions) > maxActions {
		p.Add("filter.actions", "has %d actions, at most %d are possible", len(f.Actions), maxActions)
	}
	for _, a := range f.Actions {
		if !action.MatchString(a) || len(a) > 64 {
			p.Add("filter.actions", "%q is not the name of an action", a)
		}
	}
	if f.ActorID != nil && typeid.Kind(*f.ActorID) == "" {
		p.Add("filter.actorId", "%q is not an id", *f.ActorID)
	}
	if f.From != nil && f.To != nil && !f.From.Before(*f.To) {
		p.Add("filter.to", "is not after from")
	}
	return p.Err()
}

// AuditLog reads a page of the audit log, newest first. Only a member who is OWNER or ADMIN may.
func (r Reader) AuditLog(ctx context.Context, first int, after *string, f *AuditFilter) (*row.AuditConnection, error) {
	b, err := r.begin(ctx, 0)
	switch {
	case err != nil:
		return nil, err
	case b.Viewer.Kind == viewer.APIKey:
		return nil, fault.New(fault.ScopeMissing, "a key cannot do this, whatever its scopes")
	case b.Viewer.ReadOnly, b.Viewer.PipelineIDs != nil:
		return nil, fault.New(fault.Forbidden, "this session is narrowed")
	case b.Viewer.Role != viewer.Owner && b.Viewer.Role != viewer.Admin:
		return nil, fault.New(fault.Forbidden, "only the owner and admins read the audit log")
	}
	if f == nil {
		f = &AuditFilter{}
	}
	if err := f.validate(); err != nil {
		return nil, err
	}
	l := list[row.AuditEntry]{name: "audit", from: "audit_log a", alias: "a", columns: row.AuditColumns, dest: (*row.AuditEntry).Dest,
		keys: []key{{expr: "a.at", desc: true, kind: instant}}, where: func(b *scope.Builder) { f.where(b.Workspace("a")) }}
	c, err := page(ctx, r, r.again(ctx), l, first, after)
	return &row.AuditConnection{Connection: c}, err
}

func (f *AuditFilter) where(b *scope.Builder) {
	if f.Actions != nil {
		b.Add(" AND ").In("a.action", f.Actions)
	}
	if f.ActorID != nil {
		b.Add(" AND a.actor ->> 'id' = ?", *f.ActorID)
	}
	if f.From != nil {
		b.Add(" AND a.at >= ?", f.From.UTC())
	}
	if f.To != nil {
		b.Add(" AND a.at < ?", f.To.UTC())
	}
}
