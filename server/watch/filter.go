// Package watch shows the change log to those who may read it: page by page, and as it grows. It promises that a
// watcher gets each commit once and in order, whole but for the changes it may not see or did not ask for.
package watch

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Filter says which changes; see the SDL.
type Filter struct {
	Kinds      []string
	Entities   []string
	EntityID   *string
	PipelineID *string
}

// entities are the names a filter can ask for.
var entities = []string{"workspace", "member", "pipeline", "stage", "record", "contact", "company", "task", "team", "invitation", "session", "api_key", "settings", "job", "target", "saved_view"}

func (f *Filter) validate() error {
	if f == nil {
		return nil
	}
	p := &fault.Problems{}
	for _, e := range f.Entities {
		if !slices.Contains(entities, e) {
			p.Add("filter.entities", "%q is not an entity of the log", e)
		}
	}
	for _, k := range f.Kinds {
		if !changelog.IsKind(k) {
			p.Add("filter.kinds", "%q is not a kind of change", k)
		}
	}
	if f.EntityID != nil && typeid.Kind(*f.EntityID) == "" {
		p.Add("filter.entityId", "%q is not an id", *f.EntityID)
	}
	if f.PipelineID != nil && !typeid.Is(typeid.Pipeline, *f.PipelineID) {
		p.Add("filter.pipelineId", "%q is not the id of a pipeline", *f.PipelineID)
	}
	return p.Err()
}

func (f *Filter) key() string {
	if f == nil {
		return ""
	}
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	return strings.Join(f.Kinds, ",") + "|" + strings.Join(f.Entities, ",") + "|" + text(f.EntityID) + "|" + text(f.PipelineID)
}

func (f *Filter) match(c *changelog.Change) bool {
	switch {
	case f == nil:
		return true
	case f.Entities != nil && !slices.Contains(f.Entities, c.Entity),
		f.EntityID != nil && *f.EntityID != c.EntityID,
		f.PipelineID != nil && (c.PipelineID == nil || *f.PipelineID != *c.PipelineID):
		return false
	}
	return f.Kinds == nil || slices.ContainsFunc(f.Kinds, func(k string) bool {
		family, star := strings.CutSuffix(k, "*")
		return k == c.Kind || (star && strings.HasPrefix(c.Kind, family))
	})
}

// Show gives a change as a viewer may know of it, nil when it may not: of a row that it saw before, or sees now, the state
// that it saw or sees.
func Show(v *viewer.Viewer, c *changelog.Change) *changelog.Change {
	var before, after bool
	switch c.Entity {
	case "record":
		was, is := c.Record()
		before, after = v.Can(viewer.ReadRecords) && seesAny(v, was), v.Can(viewer.ReadRecords) && seesAny(v, is)
	case "task":
		was, is := c.Task()
		before, after = v.Can(viewer.ReadTasks) && was != nil && scope.SeesTask(v, alive(was)), v.Can(viewer.ReadTasks) && is != nil && scope.SeesTask(v, alive(is))
	case "workspace": // its settings and what the partner says of it stand in it
		if v.Can(viewer.ManageSettings) && v.PipelineIDs == nil {
			return c
		}
		return without(c, true, true)
	default:
		if sees(v, c) {
			return unlinked(v, c)
		}
		return nil
	}
	switch {
	case !before && !after:
		return nil
	case (before || c.Before == nil) && (after || c.After == nil):
		return unlinked(v, c)
	}
	return unlinked(v, without(c, !before, !after))
}

// unlinked gives a change without what it says of others: that of a record without its links to a viewer of some records
// only, that of a member without the boards it watches to one who is narrowed to some. Which of them the viewer sees is not
// told by the change.
func unlinked(v *viewer.Viewer, c *changelog.Change) *changelog.Change {
	if c.Kind == "member.presence.changed" && v.PipelineIDs != nil {
		shown := without(c, false, false)
		shown.After = lacking("watching", c.After)
		return shown
	}
	if c.Entity != "record" || v.Can(viewer.SeeAllRecords) && v.PipelineIDs == nil {
		return c
	}
	shown := without(c, false, false)
	shown.Before, shown.After = lacking("links", c.Before), lacking("links", c.After)
	return shown
}

// lacking gives an image without one of its columns.
func lacking(column string, image row.JSON) row.JSON {
	row := changelog.Decode[map[string]json.RawMessage](image)
	if row == nil || (*row)[column] == nil {
		return image
	}
	delete(*row, column)
	b, _ := json.Marshal(*row)
	return b
}

// without gives a change without the state before, or after.
func without(c *changelog.Change, before, after bool) *changelog.Change {
	shown := &changelog.Change{Revision: c.Revision, Ordinal: c.Ordinal, Kind: c.Kind, Entity: c.Entity, EntityID: c.EntityID, PipelineID: c.PipelineID,
		Before: c.Before, After: c.After, Changed: c.Changed, BatchID: c.BatchID}
	if before {
		shown.Before = nil
	}
	if after {
		shown.After = nil
	}
	return shown
}

func sees(v *viewer.Viewer, c *changelog.Change) bool {
	if c.Entity == "pipeline" || c.Entity == "stage" {
		return v.Can(viewer.ReadPipelines) && (c.PipelineID == nil || scope.SeesPipeline(v, *c.PipelineID))
	}
	if c.Entity == "job" && !v.Can(viewer.ManageSettings) {
		asked := changelog.Decode[struct {
			RequestedBy viewer.Actor `json:"requested_by"`
		}](c.After)
		return asked != nil && v.ID != "" && asked.RequestedBy.ID == v.ID
	}
	right, known := toKnow[c.Entity]
	return known && v.Can(right) && (v.PipelineIDs == nil || within(v, c))
}

// within tells whether what is kept about pipelines concerns one that a narrowed viewer sees; a view of all does.
func within(v *viewer.Viewer, c *changelog.Change) bool {
	if c.Entity != "target" && c.Entity != "saved_view" {
		return true
	}
	about := changelog.Decode[struct {
		PipelineID *string `json:"pipeline_id"`
	}](c.After)
	if about == nil || about.PipelineID == nil {
		return c.Entity == "saved_view"
	}
	return scope.SeesPipeline(v, *about.PipelineID)
}

// toKnow is the right that it takes to know of a change to an entity of which all rows are seen alike.
var toKnow = map[string]viewer.Perms{
	"contact": viewer.ReadContacts, "company": viewer.ReadCompanies, "member": viewer.ReadMembers, "team": viewer.ReadMembers,
	"invitation": viewer.ManageTeam, "session": viewer.ManageTeam, "api_key": viewer.ManageSettings, "settings": viewer.ManageSettings,
	"job": viewer.ManageSettings, "saved_view": viewer.ReadRecords, "target": viewer.ReadRecords,
}

func seesAny(v *viewer.Viewer, r *row.Record) bool {
	if r == nil {
		return false
	}
	if r.DeletedAt != nil {
		lived := *r
		lived.DeletedAt = nil
		r = &lived
	}
	return scope.SeesRecord(v, r)
}

func alive(t *row.Task) *row.Task {
	lived := *t
	lived.DeletedAt = nil
	return &lived
}
