package read

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// SavedViews reads the viewer's own saved views and the shared ones, by name; those about one pipeline, or about all, if
// one is named. There are at most 600.
func (r Reader) SavedViews(ctx context.Context, pipelineID *string) ([]*row.SavedView, error) {
	b, err := r.views(ctx)
	if err != nil {
		return nil, err
	}
	if pipelineID != nil {
		if err := r.livePipeline(ctx, *pipelineID); err != nil {
			return nil, err
		}
		b.Add(" AND (v.pipeline_id IS NULL OR v.pipeline_id = ?)", *pipelineID)
	}
	return rows(ctx, r, b.Add(" ORDER BY v.sort_name, v.id"), (*row.SavedView).Dest)
}

// SavedView reads one; nil when hidden or missing.
func (r Reader) SavedView(ctx context.Context, id string) (*row.SavedView, error) {
	b, err := r.views(ctx)
	if err != nil {
		return nil, err
	}
	if !typeid.Is(typeid.SavedView, id) {
		return nil, fault.At("id", fault.ValidationFailed, "%q is not the id of a %s", id, typeid.Name(typeid.SavedView))
	}
	return one(ctx, r, b.Add(" AND v.id = ?", id), (*row.SavedView).Dest)
}

// views begins a statement over the saved views that the viewer sees. Only members see any.
func (r Reader) views(ctx context.Context) (*scope.Builder, error) {
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err == nil && b.Viewer.MemberID() == "" {
		err = scope.Refused(b.Viewer, "only members have saved views")
	}
	if err != nil {
		return nil, err
	}
	return b.Add("SELECT ").Columns("v", row.SavedViewColumns).Add(" FROM saved_views v WHERE ").SavedViews("v"), nil
}
