package read

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// Workspace reads the viewer's workspace.
func (r Reader) Workspace(ctx context.Context) (*row.Workspace, error) {
	b, err := r.begin(ctx, 0)
	if err != nil {
		return nil, err
	}
	w, err := one(ctx, r, b.Add("SELECT ").Columns("w", row.WorkspaceColumns).Add(" FROM workspaces w WHERE ").Own("w"), (*row.Workspace).Dest)
	if err == nil && w == nil {
		err = fault.New(fault.Unauthenticated, "the workspace is gone")
	}
	return w, err
}

// Member reads one member; nil when missing.
func (r Reader) Member(ctx context.Context, id string) (*row.Member, error) {
	b, err := r.begin(ctx, viewer.ReadMembers)
	if err != nil {
		return nil, err
	}
	return one(ctx, r, b.Add("SELECT ").Columns("m", row.MemberColumns).Add(" FROM members m WHERE ").Workspace("m").Add(" AND m.id = ?", id),
		(*row.Member).Dest)
}

// Me reads the member behind the viewer; nil for a key.
func (r Reader) Me(ctx context.Context) (*row.Member, error) {
	b, err := r.begin(ctx, 0)
	if err != nil || b.Viewer.MemberID() == "" {
		return nil, err
	}
	return one(ctx, r, b.Add("SELECT ").Columns("m", row.MemberColumns).Add(" FROM members m WHERE ").Workspace("m").
		Add(" AND m.id = ?", b.Viewer.MemberID()), (*row.Member).Dest)
}

// Members reads a page of members by name.
func (r Reader) Members(ctx context.Context, first int, after, role, q *string, active *bool) (*row.MemberConnection, error) {
	if _, err := r.begin(ctx, viewer.ReadMembers); err != nil {
		return nil, err
	}
	if q != nil && len(*q) > filter.MaxText {
		return nil, fault.At("q", fault.ValidationFailed, "is longer than %d bytes", filter.MaxText)
	}
	l := list[row.Member]{name: "members", from: "members m", alias: "m", columns: row.MemberColumns, dest: (*row.Member).Dest,
		keys: []key{{expr: "m.sort_name"}}, where: func(b *scope.Builder) {
			b.Workspace("m")
			if role != nil {
				b.Add(" AND m.role = ?", *role)
			}
			if active != nil {
				b.Add(" AND m.is_active = ?", *active)
			}
			if q != nil {
				for _, w := range fold.Words(*q) {
					b.Add(" AND ").Contains("m.search_text", w)
				}
			}
		}}
	c, at, err := datedPage(ctx, r, l, first, after)
	return &row.MemberConnection{Connection: c, Revision: at}, err
}

// Pipelines reads all live pipelines with their stages, in one statement each.
func (r Reader) Pipelines(ctx context.Context) ([]*row.Pipeline, error) {
	b, err := r.begin(ctx, viewer.ReadPipelines)
	if err != nil {
		return nil, err
	}
	return rows(ctx, r, b.Add("SELECT ").Columns("p", row.PipelineColumns).Add(" FROM pipelines p WHERE ").Pipelines("p").
		Add(" ORDER BY p.position, p.id"), (*row.Pipeline).Dest)
}

// Pipeline reads one live pipeline; nil when hidden or missing.
func (r Reader) Pipeline(ctx context.Context, id string) (*row.Pipeline, error) {
	b, err := r.begin(ctx, viewer.ReadPipelines)
	if err != nil {
		return nil, err
	}
	return one(ctx, r, b.Add("SELECT ").Columns("p", row.PipelineColumns).Add(" FROM pipelines p WHERE ").Pipelines("p").Add(" AND p.id = ?", id),
		(*row.Pipeline).Dest)
}

// Stage reads one stage, also a deleted one; nil when hidden or missing.
func (r Reader) Stage(ctx context.Context, id string) (*row.Stage, error) {
	if _, err := r.begin(ctx, viewer.ReadPipelines); err != nil {
		return nil, err
	}
	found, err := r.StagesByID(ctx, []string{id})
	return found[id], err
}
