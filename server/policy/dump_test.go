package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// tables gives for every table of the database its columns that hold text: the name of a workspace may be in each.
func tables(t *testing.T, s *servertest.Server) map[string][]string {
	t.Helper()
	query := `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND lower(c.type) IN ('text', 'varchar')`
	if s.DB.Dialect == store.Postgres {
		query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
	}
	rows, err := s.DB.Read.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var table, column string
		require.NoError(t, rows.Scan(&table, &column))
		out[table] = append(out[table], column)
	}
	require.NoError(t, rows.Err())
	require.Contains(t, out["changes"], "workspace_id")
	return out
}

// ofUse are the columns that tell when and how often a credential was used: they are written when it suits the server.
var ofUse = []string{"last_used_at", "use_count", "last_seen_at"}

// dumper gives what dumps a workspace: every row of every table that names it, in a fixed order, but for the columns ofUse.
func dumper(t *testing.T, s *servertest.Server) func(t *testing.T, workspaceID string) map[string][]string {
	t.Helper()
	queries := map[string]string{}
	for table, columns := range tables(t, s) {
		queries[table] = fmt.Sprintf("SELECT * FROM %s WHERE $1 IN (%s)", table, strings.Join(columns, ", "))
	}
	return func(t *testing.T, workspaceID string) map[string][]string {
		t.Helper()
		out := map[string][]string{}
		for table, query := range queries {
			out[table] = rowsOf(t, s, query, workspaceID)
		}
		require.NotEmpty(t, out["changes"])
		return out
	}
}

func rowsOf(t *testing.T, s *servertest.Server, query, workspaceID string) (out []string) {
	t.Helper()
	rows, err := s.DB.Read.QueryContext(t.Context(), query, workspaceID)
	require.NoError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	for rows.Next() {
		require.NoError(t, rows.Scan(dest...))
		var line strings.Builder
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			if !slices.Contains(ofUse, columns[i]) {
				fmt.Fprintf(&line, "%s=%v ", columns[i], v)
			}
		}
		out = append(out, line.String())
	}
	require.NoError(t, rows.Err())
	slices.Sort(out)
	return out
}
