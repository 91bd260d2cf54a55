package demo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// after does something after a commit, until it is restored.
func after(a *app.App, revision int, do func()) (restore func()) {
	before := a.CRM.Announce
	a.CRM.Announce = func(c *changelog.Commit) {
		before(c)
		if int(c.Revision) == revision {
			do()
		}
	}
	return func() { a.CRM.Announce = before }
}

func numberOf(t *testing.T, a *app.App, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, a.DB.QueryRow(t.Context(), query, args...).Scan(&n))
	return n
}

// texts reads a column of texts.
func texts(t *testing.T, a *app.App, query string) []string {
	return column(t, a, query, func(s *string) any { return s })
}

// times reads a column of instants.
func times(t *testing.T, a *app.App, query string) []time.Time {
	return column(t, a, query, func(s *time.Time) any { return row.UTC(s) })
}

// lists reads a column of lists of texts.
func lists(t *testing.T, a *app.App, query string) []row.Strings {
	return column(t, a, query, func(s *row.Strings) any { return s })
}

func column[T any](t *testing.T, a *app.App, query string, dest func(*T) any) (out []T) {
	t.Helper()
	rows, err := a.DB.Query(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var v T
		require.NoError(t, rows.Scan(dest(&v)))
		out = append(out, v)
	}
	require.NoError(t, rows.Err())
	return out
}
