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

// tables names every table of the database.
func tables(t *testing.T, s *servertest.Server) (names []string) {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if s.DB.Dialect == store.Postgres {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	rows, err := s.DB.Read.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		names = append(names, name)
	}
	require.NoError(t, rows.Err())
	require.Contains(t, names, "changes")
	return names
}

// ofUse are the columns that tell when and how often a credential was used: they are written when it suits the server.
var ofUse = []string{"last_used_at", "use_count", "last_seen_at"}

// dump gives every row of every table that names a workspace, in a fixed order, but for the columns ofUse.
func dump(t *testing.T, s *servertest.Server, workspaceID string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, table := range tables(t, s) {
		rows, err := s.DB.Read.QueryContext(t.Context(), "SELECT * FROM "+table)
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		var lines []string
		for rows.Next() {
			values, dest := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				dest[i] = &values[i]
			}
			require.NoError(t, rows.Scan(dest...))
			line, named := "", false
			for i, v := range values {
				if b, ok := v.([]byte); ok {
					v = string(b)
				}
				if slices.Contains(ofUse, columns[i]) {
					continue
				}
				named = named || v == workspaceID
				line += fmt.Sprintf("%s=%v ", columns[i], v)
			}
			if named {
				lines = append(lines, line)
			}
		}
		require.NoError(t, rows.Err())
		rows.Close()
		slices.Sort(lines)
		out[table] = strings.Join(lines, "\n")
	}
	return out
}
