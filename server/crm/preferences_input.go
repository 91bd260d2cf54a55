package crm

import (
	"slices"

	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

const (
	maxViews   = 100
	maxTables  = 20
	maxColumns = 100
)

// prefer applies an input to preferences.
func (tx *Tx) prefer(p *Preferences, in UpdatePreferencesInput) error {
	c := &checker{}
	put(&p.Theme, in.Theme)
	put(&p.TourFinished, in.TourFinished)
	put(&p.SidebarCollapsed, in.SidebarCollapsed)
	put(&p.LastTab, in.LastTab)
	if n := in.Notifications; n != nil {
		p.Off.apply(n)
	}
	if given(in.DashboardLayout) {
		p.DashboardLayout = nil
		if j := in.DashboardLayout.Value(); len(j) > 0 && string(j) != "null" {
			p.DashboardLayout = row.JSON(c.object("input.dashboardLayout", j))
		}
	}
	if given(in.TableColumns) {
		p.TableColumns = c.tables("input.tableColumns", in.TableColumns.Value())
	}
	if given(in.ViewByPipeline) {
		p.ViewByPipeline = c.views("input.viewByPipeline", in.ViewByPipeline.Value())
	}
	if err := c.Err(); err != nil {
		return err
	}
	return tx.preferPipelines(p, in)
}

// preferPipelines checks the pipelines that an input names.
func (tx *Tx) preferPipelines(p *Preferences, in UpdatePreferencesInput) error {
	if given(in.LastPipelineID) {
		if p.LastPipelineID = in.LastPipelineID.Value(); p.LastPipelineID != nil {
			if _, err := tx.pipeline("input.lastPipelineId", *p.LastPipelineID, false); err != nil {
				return err
			}
		}
	}
	if !given(in.ViewByPipeline) || len(p.ViewByPipeline) == 0 {
		return nil
	}
	ids := make([]string, len(p.ViewByPipeline))
	for i, v := range p.ViewByPipeline {
		ids[i] = v.PipelineID
	}
	live, err := tx.ent.Pipeline.Query().Where(pipeline.IDIn(ids...), pipeline.DeletedAtIsNil()).IDs(tx.seen)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if !slices.Contains(live, id) || !scope.SeesPipeline(tx.viewer, id) {
			return fault.NotFound(pathOf("input.viewByPipeline", i)+".pipelineId", typeid.Name(typeid.Pipeline), id)
		}
	}
	return nil
}

func put[T any](into *T, v *T) {
	if v != nil {
		*into = *v
	}
}

// apply switches what is given.
func (o *NoticesOff) apply(in *NotificationSwitchesInput) {
	for _, s := range []struct {
		off *bool
		on  *bool
	}{{&o.Assigned, in.Assigned}, {&o.TaskAssigned, in.TaskAssigned}, {&o.TaskDue, in.TaskDue}, {&o.OverdueDigest, in.OverdueDigest},
		{&o.Mention, in.Mention}, {&o.JobFinished, in.JobFinished}, {&o.WebhookTrouble, in.WebhookTrouble},
		{&o.EligibilityLost, in.EligibilityLost}, {&o.ReassignDigest, in.ReassignDigest}} {
		if s.on != nil {
			*s.off = !*s.on
		}
	}
}

// views reads how pipelines are shown, each once.
func (c *checker) views(field string, list []*PipelineViewInput) []PipelineView {
	if len(list) > maxViews {
		c.Add(field, "has %d pipelines, at most %d are possible", len(list), maxViews)
		return nil
	}
	seen, out := map[string]bool{}, []PipelineView{}
	for i, v := range list {
		at := pathOf(field, i) + ".pipelineId"
		c.kind(at, typeid.Pipeline, &v.PipelineID)
		if seen[v.PipelineID] {
			c.Add(at, "was given before")
		}
		seen[v.PipelineID] = true
		out = append(out, *v)
	}
	return out
}

// tables reads the columns of tables, each table once.
func (c *checker) tables(field string, list []*TableColumnsInput) []TableColumns {
	if len(list) > maxTables {
		c.Add(field, "has %d tables, at most %d are possible", len(list), maxTables)
		return nil
	}
	seen, out := map[string]bool{}, []TableColumns{}
	for i, t := range list {
		at := pathOf(field, i)
		name := c.required(at+".table", t.Table, 64)
		if seen[name] {
			c.Add(at+".table", "was given before")
		}
		seen[name] = true
		if len(t.Columns) > maxColumns {
			c.Add(at+".columns", "has %d columns, at most %d are possible", len(t.Columns), maxColumns)
			continue
		}
		columns := []string{}
		for j, col := range t.Columns {
			columns = append(columns, c.required(pathOf(at+".columns", j), col, 64))
		}
		out = append(out, TableColumns{name, columns})
	}
	return out
}
