package scope

import "strings"

// InsertRows writes rows, at least one, of a tenant's table that is no part of the graph: the workspace, and these columns.
func (b *Builder) InsertRows(table string, columns []string, rows [][]any) *Builder {
	b.Add("INSERT INTO " + table + " (workspace_id, " + strings.Join(columns, ", ") + ") VALUES ")
	for i, values := range rows {
		b.Add(map[bool]string{true: "(", false: ", ("}[i == 0]).Add("?", b.Viewer.WorkspaceID)
		for _, v := range values {
			b.Add(", ?", v)
		}
		b.Add(")")
	}
	return b
}
