package read

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/template"
)

// restorable is how many deleted pipelines are shown.
const restorable = 100

// DeletedPipelines reads the pipelines that can still be restored, the one deleted last first. Needs ManagePipelines.
func (r Reader) DeletedPipelines(ctx context.Context) ([]*row.Pipeline, error) {
	b, err := r.begin(ctx, viewer.ManagePipelines)
	if err != nil {
		return nil, err
	}
	return rows(ctx, r, b.Add("SELECT ").Columns("p", row.PipelineColumns).Add(" FROM pipelines p WHERE ").DeletedPipelines("p").
		Add(" AND p.deleted_at > ? ORDER BY p.deleted_at DESC, p.id DESC LIMIT ?", row.Now(ctx).Add(-row.RestorableFor), restorable),
		(*row.Pipeline).Dest)
}

// Templates gives the built-in templates of a category, or all of them.
func (r Reader) Templates(ctx context.Context, category *string) ([]*template.Template, error) {
	if _, err := r.begin(ctx, viewer.ReadPipelines); err != nil {
		return nil, err
	}
	if category == nil {
		return template.All(), nil
	}
	return template.In(*category), nil
}
