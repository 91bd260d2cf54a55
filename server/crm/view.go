package crm

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// How many saved views there are at most: of one member, and shared ones in a workspace.
const (
	MaxSavedViews  = 100
	MaxSharedViews = 500
)

// ViewSortInput is a key by which a saved view sorts.
type ViewSortInput = row.ViewSort

// CreateSavedViewInput is a view to be saved; see the SDL. FilterText is the filter as it was sent.
type CreateSavedViewInput struct {
	Name             string
	PipelineID       *string
	View             string
	Filter           *filter.RecordFilter
	FilterText       row.JSON
	Sort             []*ViewSortInput
	Columns          []string
	IsShared         bool
	ClientMutationID *string
}

// CreateSavedViewPayload is the view saved.
type CreateSavedViewPayload struct {
	SavedView        *row.SavedView
	Revision         row.Revision
	ClientMutationID *string
}

// UpdateSavedViewInput changes the fields that are set; see the SDL. FilterText is the filter as it was sent.
type UpdateSavedViewInput struct {
	ID               string
	Name             graphql.Omittable[*string]
	PipelineID       graphql.Omittable[*string]
	View             graphql.Omittable[*string]
	Filter           graphql.Omittable[*filter.RecordFilter]
	FilterText       row.JSON
	Sort             graphql.Omittable[[]*ViewSortInput]
	Columns          graphql.Omittable[[]string]
	IsShared         graphql.Omittable[*bool]
	ExpectedVersion  *int
	ClientMutationID *string
}

// UpdateSavedViewPayload is the view as it is now.
type UpdateSavedViewPayload = CreateSavedViewPayload

// DeleteSavedViewInput says which view goes.
type DeleteSavedViewInput struct {
	ID               string
	ClientMutationID *string
}

// DeleteSavedViewPayload tells what was deleted.
type DeleteSavedViewPayload = DeleteRecordPayload

// CreateSavedView saves a view of the viewer's own. Members with AccessCRM only. LIMIT_EXCEEDED beyond MaxSavedViews, and
// beyond MaxSharedViews for shared ones. The log tells of shared views alone.
func (s *Service) CreateSavedView(ctx context.Context, in CreateSavedViewInput) (*CreateSavedViewPayload, error) {
	if err := hasViews(ctx); err != nil {
		return nil, err
	}
	v := row.SavedView{PipelineID: in.PipelineID, View: in.View, IsShared: in.IsShared, Version: 1}
	c := &checker{}
	c.kind("input.pipelineId", typeid.Pipeline, in.PipelineID)
	v.Name = c.required("input.name", in.Name, 100)
	v.Filter = c.viewFilter(ctx, s.Now(), in.Filter, in.FilterText)
	v.Sort, v.Columns = c.viewSort(in.Sort), c.viewColumns(in.Columns)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &CreateSavedViewPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		next := v
		next.ID, next.OwnerID, next.CreatedAt, next.UpdatedAt = tx.NewID(typeid.SavedView), tx.viewer.MemberID(), tx.now, tx.now
		if err := tx.namesPipeline(next.PipelineID); err != nil {
			return err
		}
		out.SavedView = &next
		return tx.saveView(nil, &next)
	})
	out.Revision = rev
	return out, err
}

// UpdateSavedView changes a view. Its owner may, a shared one also a member with ManageSettings. The limits of
// CreateSavedView; CONFLICT when it has another version.
func (s *Service) UpdateSavedView(ctx context.Context, in UpdateSavedViewInput) (*UpdateSavedViewPayload, error) {
	if err := hasViews(ctx); err != nil {
		return nil, err
	}
	edit, err := editView(ctx, s.Now(), in)
	if err != nil {
		return nil, err
	}
	out := &UpdateSavedViewPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.view("input.id", in.ID)
		if err != nil {
			return err
		}
		if err := version("saved view", cur.Version, in.ExpectedVersion); err != nil {
			return err
		}
		next := *cur
		edit(&next)
		if given(in.PipelineID) {
			if err := tx.namesPipeline(next.PipelineID); err != nil {
				return err
			}
		}
		if out.SavedView = cur; string(jsonValue(cur)) == string(jsonValue(next)) {
			return nil
		}
		next.Version, next.UpdatedAt = cur.Version+1, tx.now
		out.SavedView = &next
		return tx.saveView(cur, &next)
	})
	out.Revision = rev
	return out, err
}

// DeleteSavedView deletes a view for good. Its owner may, a shared one also a member with ManageSettings.
func (s *Service) DeleteSavedView(ctx context.Context, in DeleteSavedViewInput) (*DeleteSavedViewPayload, error) {
	if err := hasViews(ctx); err != nil {
		return nil, err
	}
	out := &DeleteSavedViewPayload{DeletedID: in.ID, ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		cur, err := tx.view("input.id", in.ID)
		if err != nil {
			return err
		}
		if _, err := tx.run(tx.begin().Add("DELETE FROM saved_views AS v WHERE ").Workspace("v").Add(" AND v.id = ?", cur.ID)); err != nil {
			return err
		}
		return tx.tellView(cur, nil)
	})
	out.Revision = rev
	return out, err
}

// hasViews refuses everybody but members who may look at records.
func hasViews(ctx context.Context) error {
	v := viewer.FromContext(ctx)
	if v != nil && v.MemberID() == "" {
		return scope.Refused(v, "only members have saved views")
	}
	return permit(ctx, viewer.ReadRecords)
}

// view loads a view that the viewer may change.
func (tx *Tx) view(field, id string) (*row.SavedView, error) {
	if err := wrongKind(field, typeid.SavedView, id); err != nil {
		return nil, err
	}
	if _, err := tx.number("saved_views"); err != nil { // one at a time
		return nil, err
	}
	v := &row.SavedView{}
	err := tx.one(tx.begin().Add("SELECT ").Columns("v", row.SavedViewColumns).Add(" FROM saved_views v WHERE ").SavedViews("v").Add(" AND v.id = ?", id), v.Dest()...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, fault.NotFound(field, typeid.Name(typeid.SavedView), id)
	case err != nil:
		return nil, err
	case v.OwnerID != tx.viewer.MemberID() && !tx.viewer.Can(viewer.ManageSettings):
		return nil, fault.New(fault.Forbidden, "this view is shared by another member")
	}
	return v, nil
}

// namesPipeline checks the pipeline that a view is about.
func (tx *Tx) namesPipeline(id *string) error {
	if id == nil {
		return nil
	}
	_, err := tx.pipeline("input.pipelineId", *id, false)
	return err
}

// saveView writes a view, if there is room for one more.
func (tx *Tx) saveView(cur, next *row.SavedView) error {
	if cur == nil {
		if _, err := tx.number("saved_views"); err != nil {
			return err
		}
	}
	n, shared := 0, 0
	if err := tx.one(tx.begin().Add("SELECT COALESCE(SUM(CASE WHEN v.owner_id = ? THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN v.is_shared THEN 1 ELSE 0 END), 0) FROM saved_views v WHERE ",
		next.OwnerID).Workspace("v"), &n, &shared); err != nil {
		return err
	}
	switch {
	case cur == nil && n >= MaxSavedViews:
		return orLimit(nil, "a member has at most %d saved views", MaxSavedViews)
	case next.IsShared && (cur == nil || !cur.IsShared) && shared >= MaxSharedViews:
		return orLimit(nil, "a workspace has at most %d shared views", MaxSharedViews)
	}
	var where any
	if len(next.Filter) > 0 {
		where = string(next.Filter)
	}
	sort, columns := jsonValue(next.Sort), jsonValue(next.Columns)
	_, err := tx.run(tx.begin().Upsert("saved_views", []string{"id"}, append(row.SavedViewColumns[1:len(row.SavedViewColumns):len(row.SavedViewColumns)], "sort_name"),
		next.ID, next.OwnerID, next.Name, next.PipelineID, next.View, where, string(sort), string(columns), next.IsShared, next.CreatedAt, next.UpdatedAt,
		next.Version, fold.Text(next.Name)))
	if err != nil {
		return err
	}
	return tx.tellView(cur, next)
}

// tellView puts into the log what others see of a change: one that is shared appears to them, and one that no longer is
// goes. Of a member's own views nobody is told.
func (tx *Tx) tellView(cur, next *row.SavedView) error {
	was, is := cur != nil && cur.IsShared, next != nil && next.IsShared
	kind := map[[2]bool]string{{false, true}: "saved_view.created", {true, true}: "saved_view.updated", {true, false}: "saved_view.deleted"}[[2]bool{was, is}]
	if kind == "" {
		return nil
	}
	about := next
	if !is {
		about = cur
	}
	told := map[string]any{"id": about.ID, "owner_id": about.OwnerID, "name": about.Name, "pipeline_id": about.PipelineID, "view": about.View, "version": about.Version}
	return tx.Say(kind, "saved_view", about.ID, told)
}

// editView checks an input at a moment and gives what makes it of a view.
func editView(ctx context.Context, now time.Time, in UpdateSavedViewInput) (func(*row.SavedView), error) {
	c, next := &checker{}, row.SavedView{}
	cleared := func(name string) func() { return func() { c.Add("input."+name, "cannot be cleared") } }
	c.kind("input.pipelineId", typeid.Pipeline, in.PipelineID.Value())
	setTo(in.Name, func(s string) { next.Name = c.required("input.name", s, 100) }, cleared("name"))
	setTo(in.View, func(s string) { next.View = s }, cleared("view"))
	setTo(in.IsShared, func(b bool) { next.IsShared = b }, cleared("isShared"))
	next.Filter = c.viewFilter(ctx, now, in.Filter.Value(), in.FilterText)
	next.Sort, next.Columns = c.viewSort(in.Sort.Value()), c.viewColumns(in.Columns.Value())
	return func(v *row.SavedView) {
		takeIf(given(in.Name), &v.Name, next.Name)
		takeIf(given(in.PipelineID), &v.PipelineID, in.PipelineID.Value())
		takeIf(given(in.View), &v.View, next.View)
		takeIf(given(in.Filter), &v.Filter, next.Filter)
		takeIf(given(in.Sort), &v.Sort, next.Sort)
		takeIf(given(in.Columns), &v.Columns, next.Columns)
		takeIf(given(in.IsShared), &v.IsShared, next.IsShared)
	}, c.Err()
}

func takeIf[T any](given bool, into *T, v T) {
	if given {
		*into = v
	}
}
