package migrations_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/migrations"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/store/pgtest"
)

// eachURL runs a test with the URL of an empty database of each kind.
func eachURL(t *testing.T, fn func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, "file:"+filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) { fn(t, pgtest.NewEmptyDatabase(t)) })
}

func each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	eachURL(t, func(t *testing.T, url string) { fn(t, open(t, url)) })
}

func open(t *testing.T, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func exec(t *testing.T, db *store.DB, text string, args ...any) {
	t.Helper()
	_, err := db.Write.ExecContext(t.Context(), text, args...)
	require.NoError(t, err)
}

func tables(t *testing.T, db *store.DB) []string {
	t.Helper()
	names, err := migrations.Tables(t.Context(), db)
	require.NoError(t, err)
	return names
}
