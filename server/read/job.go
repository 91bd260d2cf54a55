package read

import (
	"context"

	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// JobConnection is a page of jobs.
type JobConnection struct{ row.Connection[*job.Job] }

// JobEdge is a job with its cursor.
type JobEdge struct{ row.Edge[*job.Job] }

// Edges pairs the jobs with their cursors.
func (c JobConnection) Edges() (out []JobEdge) {
	for _, j := range c.Nodes {
		out = append(out, JobEdge{row.Edge[*job.Job]{Cursor: c.Cursor(j), Node: j}})
	}
	return out
}

// Job reads one job that the viewer asked for, any of the workspace's with ManageSettings; nil when hidden or missing.
func (r Reader) Job(ctx context.Context, id string) (*job.Job, error) {
	b, err := r.begin(ctx, 0)
	if err != nil {
		return nil, err
	}
	return one(ctx, r, b.Add("SELECT ").Columns("j", job.Columns).Add(" FROM jobs j WHERE ").Jobs("j").Add(" AND j.id = ?", id), (*job.Job).Dest)
}

// Jobs reads a page of jobs, newest first: those the viewer asked for, all of the workspace's with ManageSettings.
func (r Reader) Jobs(ctx context.Context, first int, after *string) (*JobConnection, error) {
	if _, err := r.begin(ctx, 0); err != nil {
		return nil, err
	}
	l := list[job.Job]{name: "jobs", from: "jobs j", alias: "j", columns: job.Columns, dest: (*job.Job).Dest,
		keys: []key{{expr: "j.created_at", desc: true, kind: instant}}, where: func(b *scope.Builder) { b.Jobs("j") }}
	c, err := page(ctx, r, r.again(ctx), l, first, after)
	return &JobConnection{c}, err
}
