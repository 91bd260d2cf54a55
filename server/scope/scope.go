// Package scope is the one place where hand-written SQL gets its workspace and its visibility from, and the one
// place that answers the same question in memory, for frames. A statement begun elsewhere does not exist: a test
// refuses SQL that names a workspace outside of this package, the change log and the migrations.
package scope

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// Builder writes one SQL statement for one viewer, keeping its arguments apart from its text.
type Builder struct {
	Viewer  *viewer.Viewer
	dialect store.Dialect
	text    strings.Builder
	args    []any
}

// New begins a statement.
func New(v *viewer.Viewer, d store.Dialect) *Builder { return &Builder{Viewer: v, dialect: d} }

// Add writes text; every ? in it takes the next argument.
func (b *Builder) Add(text string, args ...any) *Builder {
	for _, a := range args {
		before, after, _ := strings.Cut(text, "?")
		b.text.WriteString(before)
		b.args = append(b.args, a)
		b.text.WriteString(b.dialect.Placeholder(len(b.args)))
		text = after
	}
	b.text.WriteString(text)
	return b
}

// Columns writes columns with their table's alias, parted by commas.
func (b *Builder) Columns(alias string, names []string) *Builder {
	for i, n := range names {
		if i > 0 {
			b.text.WriteString(", ")
		}
		b.text.WriteString(alias)
		b.text.WriteByte('.')
		b.text.WriteString(n)
	}
	return b
}

// In writes that a column has one of these values; no value is one of none.
func (b *Builder) In(column string, values []string) *Builder {
	if len(values) == 0 {
		return b.Add("1 = 0")
	}
	b.Add(column + " IN (")
	for i, v := range values {
		if i > 0 {
			b.Add(", ")
		}
		b.Add("?", v)
	}
	return b.Add(")")
}

// Contains writes that a text column contains a text, compared byte by byte. The arguments are those of an expression in
// the column's place.
func (b *Builder) Contains(column, part string, args ...any) *Builder {
	return b.Add(b.dialect.Contains(column, "?"), append(slices.Clip(args), part)...)
}

// Member is an expression for the text that a column's JSON object has under a name, its one argument; see store.Dialect.
func (b *Builder) Member(column string) string { return b.dialect.Member(column, "?") }

// Earlier writes the instant that lies so many hours before another, to the second; see store.Dialect. The arguments are
// those of the expression that tells the hours.
func (b *Builder) Earlier(at time.Time, hours string, args ...any) *Builder {
	return b.Add(b.dialect.Earlier("?", hours), append([]any{at.UTC().Truncate(time.Second)}, args...)...)
}

// SQL gives the statement and its arguments.
func (b *Builder) SQL() (string, []any) { return b.text.String(), b.args }

// Workspace writes the tenant wall for any tenant table.
func (b *Builder) Workspace(alias string) *Builder {
	return b.Add(alias+".workspace_id = ?", b.Viewer.WorkspaceID)
}

// Own writes that a row of the table of workspaces is the viewer's own.
func (b *Builder) Own(alias string) *Builder { return b.Add(alias+".id = ?", b.Viewer.WorkspaceID) }

// Same writes that two tenant rows are of one workspace, for joins.
func (b *Builder) Same(a, c string) *Builder { return b.Add(Same(a, c)) }

// Same is what Builder.Same writes, for expressions made before there is a statement.
func Same(a, c string) string { return a + ".workspace_id = " + c + ".workspace_id" }

// Pipelines writes which pipelines the viewer sees: live ones, within its narrowing.
func (b *Builder) Pipelines(alias string) *Builder {
	b.Workspace(alias).Add(" AND " + alias + ".deleted_at IS NULL")
	return b.narrowed(alias + ".id")
}

// DeletedPipelines writes which deleted pipelines the viewer sees.
func (b *Builder) DeletedPipelines(alias string) *Builder {
	b.Workspace(alias).Add(" AND " + alias + ".deleted_at IS NOT NULL")
	return b.narrowed(alias + ".id")
}

// Stages writes which stages the viewer sees, also deleted ones: histories name them.
func (b *Builder) Stages(alias string) *Builder {
	return b.Workspace(alias).narrowed(alias + ".pipeline_id")
}

// Records writes which records the viewer sees.
func (b *Builder) Records(alias string) *Builder {
	b.Workspace(alias).Add(" AND " + alias + ".deleted_at IS NULL")
	return b.owned(alias)
}

// DeletedRecords writes which deleted records the viewer saw.
func (b *Builder) DeletedRecords(alias string) *Builder {
	b.Workspace(alias).Add(" AND " + alias + ".deleted_at IS NOT NULL")
	return b.owned(alias)
}

// owned writes what a viewer's rights and narrowing leave of the records.
func (b *Builder) owned(alias string) *Builder {
	if !b.Viewer.Can(viewer.SeeAllRecords) {
		b.Add(" AND ").In(alias+".owner_id", b.Viewer.Owners())
	}
	return b.narrowed(alias + ".pipeline_id")
}

// Contacts writes which contacts the viewer sees.
func (b *Builder) Contacts(alias string) *Builder {
	return b.Workspace(alias).Add(" AND " + alias + ".deleted_at IS NULL")
}

// Companies writes which companies the viewer sees.
func (b *Builder) Companies(alias string) *Builder {
	return b.Workspace(alias).Add(" AND " + alias + ".deleted_at IS NULL")
}

// Tasks writes which tasks the viewer sees.
func (b *Builder) Tasks(alias string) *Builder {
	b.Workspace(alias).Add(" AND " + alias + ".deleted_at IS NULL")
	if !b.Viewer.Can(viewer.SeeAllTasks) {
		b.Add(" AND ("+alias+".assignee_id = ? OR "+alias+".creator_id = ?)", b.Viewer.MemberID(), b.Viewer.MemberID())
	}
	if b.Viewer.PipelineIDs != nil {
		b.Add(" AND ("+alias+".record_id IS NULL OR EXISTS (SELECT 1 FROM records nr WHERE ").Add(Same("nr", alias)).
			Add(" AND nr.id = "+alias+".record_id AND ").In("nr.pipeline_id", b.Viewer.PipelineIDs).Add("))")
	}
	return b
}

// Jobs writes which jobs the viewer sees: its own, and all for whoever has ManageSettings.
func (b *Builder) Jobs(alias string) *Builder {
	b.Workspace(alias)
	if b.Viewer.Can(viewer.ManageSettings) {
		return b
	}
	return b.Add(" AND "+alias+".requested_by ->> 'id' = ?", b.Viewer.ID)
}

// Targets writes which targets the viewer sees: those of its live pipelines, and, unless it is narrowed, the workspace's.
func (b *Builder) Targets(alias string) *Builder {
	b.Workspace(alias).Add(" AND (")
	if b.Viewer.PipelineIDs == nil {
		b.Add(alias + ".scope = '' OR ")
	}
	return b.Add("EXISTS (SELECT 1 FROM pipelines np WHERE ").Pipelines("np").Add(" AND np.id = " + alias + ".scope))")
}

// SavedViews writes which saved views the viewer sees: its own and the shared ones, within its narrowing.
func (b *Builder) SavedViews(alias string) *Builder {
	b.Workspace(alias).Add(" AND ("+alias+".owner_id = ? OR "+alias+".is_shared)", b.Viewer.MemberID())
	if b.Viewer.PipelineIDs == nil {
		return b
	}
	return b.Add(" AND ("+alias+".pipeline_id IS NULL OR ").In(alias+".pipeline_id", b.Viewer.PipelineIDs).Add(")")
}

func (b *Builder) narrowed(column string) *Builder {
	if b.Viewer.PipelineIDs == nil {
		return b
	}
	return b.Add(" AND ").In(column, b.Viewer.PipelineIDs)
}

// SeesPipeline tells whether the viewer's narrowing lets a pipeline through.
func SeesPipeline(v *viewer.Viewer, id string) bool {
	return v.PipelineIDs == nil || slices.Contains(v.PipelineIDs, id)
}

// SeesRecord is Records in memory.
func SeesRecord(v *viewer.Viewer, r *row.Record) bool {
	if r.DeletedAt != nil || !SeesPipeline(v, r.PipelineID) {
		return false
	}
	return v.Can(viewer.SeeAllRecords) || r.OwnerID != nil && slices.Contains(v.Owners(), *r.OwnerID)
}

// SeesTask is Tasks in memory; but for a narrowed viewer it hides every task of a record, whose pipeline is not told here.
func SeesTask(v *viewer.Viewer, t *row.Task) bool {
	if t.DeletedAt != nil || v.PipelineIDs != nil && t.RecordID != nil {
		return false
	}
	id := v.MemberID()
	mine := func(p *string) bool { return p != nil && id != "" && *p == id }
	return v.Can(viewer.SeeAllTasks) || mine(t.AssigneeID) || mine(t.CreatorID)
}

// Key names what a viewer can see: two viewers with the same key in a workspace see the same rows, whatever they ask.
func Key(v *viewer.Viewer) string {
	key := strconv.FormatUint(uint64(v.Perms), 36)
	if !v.Can(viewer.SeeAllRecords | viewer.SeeAllTasks) {
		key += " " + v.MemberID()
	}
	if !v.Can(viewer.SeeAllRecords) {
		key += " " + strings.Join(v.Owners(), ",")
	}
	if v.PipelineIDs != nil {
		ids := slices.Clone(v.PipelineIDs)
		slices.Sort(ids)
		key += " " + strings.Join(ids, ",")
	}
	return key
}

// Counter writes the statement that takes the next of a workspace's running numbers of a kind.
func (b *Builder) Counter(kind string) *Builder { return b.Counters(kind, 1) }

// Counters writes the statement that takes the next n of a workspace's running numbers of a kind, and gives the last.
func (b *Builder) Counters(kind string, n int) *Builder {
	return b.Add("INSERT INTO counters (workspace_id, name, value) VALUES (?, ?, ?)", b.Viewer.WorkspaceID, kind, n).
		Add(" ON CONFLICT (workspace_id, name) DO UPDATE SET value = counters.value + excluded.value RETURNING value")
}

// Insert writes a row of a tenant's table that is no part of the graph: the workspace, and these columns.
func (b *Builder) Insert(table string, columns []string, values ...any) *Builder {
	b.Add("INSERT INTO " + table + " (workspace_id, " + strings.Join(columns, ", ") + ") VALUES (")
	b.Add("?", b.Viewer.WorkspaceID)
	for _, v := range values {
		b.Add(", ?", v)
	}
	return b.Add(")")
}

// InsertAll writes the statement that puts rows into a tenant's table that is no part of the graph. There must be one.
func (b *Builder) InsertAll(table string, columns []string, rows [][]any) *Builder {
	b.Insert(table, columns, rows[0]...)
	for _, values := range rows[1:] {
		b.Add(", (?", b.Viewer.WorkspaceID)
		for _, v := range values {
			b.Add(", ?", v)
		}
		b.Add(")")
	}
	return b
}

// StageSpans writes which stays in stages the viewer sees, of records that it sees: those in pipelines that it sees.
func (b *Builder) StageSpans(alias string) *Builder {
	return b.Workspace(alias).narrowed(alias + ".pipeline_id")
}

// Changes writes which changes of records the viewer sees, of records that it sees: those in pipelines that it sees.
func (b *Builder) Changes(alias string) *Builder {
	return b.Workspace(alias).narrowed(alias + ".pipeline_id")
}

// Everywhere writes the choice of the workspaces that have rows in a table for which the condition holds that is added to
// it. It tells nothing else about them, and is for work that the program does for each workspace by itself.
func (b *Builder) Everywhere(table, alias string) *Builder {
	return b.Add("SELECT DISTINCT " + alias + ".workspace_id FROM " + table + " " + alias + " WHERE ")
}

// Upsert writes the statement that puts a row into a table of the workspace, or, where there is one with this key, its
// values in place of those it has. The arguments are the key's, then the values'.
func (b *Builder) Upsert(table string, key, values []string, args ...any) *Builder {
	b.orElse(table, key, values, args)
	for i, v := range values {
		b.Add(map[bool]string{true: "", false: ", "}[i == 0] + v + " = excluded." + v)
	}
	return b
}

// Hold writes the statement that puts a row into a table of the workspace, or, where there is one with this key, holds
// that as it is until the transaction ends. The arguments are the key's, then the values'.
func (b *Builder) Hold(table string, key, values []string, args ...any) *Builder {
	b.orElse(table, key, values, args)
	return b.Add(key[0] + " = excluded." + key[0])
}

// orElse begins an Insert that does something else, to be added, where there is a row with this key.
func (b *Builder) orElse(table string, key, values []string, args []any) {
	b.Insert(table, slices.Concat(key, values), args...).Add(" ON CONFLICT (workspace_id, " + strings.Join(key, ", ") + ") DO UPDATE SET ")
}
