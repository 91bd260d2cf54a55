package scenario_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// reader reads past the API.
func reader(w *servertest.World) read.Reader { return read.Reader{DB: w.DB} }

// dumpAll is the text of every row of every table.
func dumpAll(t *testing.T, w *servertest.World) string {
	t.Helper()
	names := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if w.DB.Dialect == store.Postgres {
		names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	var out strings.Builder
	for _, table := range cells(t, w, names) {
		out.WriteString(strings.Join(cells(t, w, "SELECT * FROM "+table), "\n") + "\n")
	}
	return out.String()
}

// count is the number that a statement gives.
func count(t *testing.T, w *servertest.World, query string) string {
	t.Helper()
	return cells(t, w, query)[0]
}

// cells gives the values of a statement, row by row.
func cells(t *testing.T, w *servertest.World, query string) (out []string) {
	t.Helper()
	rows, err := w.DB.Read.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	names, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		row, dest := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			dest[i] = &row[i]
		}
		require.NoError(t, rows.Scan(dest...))
		for _, v := range row {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			out = append(out, fmt.Sprint(v))
		}
	}
	require.NoError(t, rows.Err())
	return out
}
