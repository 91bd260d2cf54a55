package pgtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/migrations"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/store/pgtest"
)

func TestADatabaseIsMigratedEmptyAndGoneAtTheEnd(t *testing.T) {
	var urls []string
	for range 2 {
		t.Run("one", func(t *testing.T) {
			urls = append(urls, pgtest.NewDatabase(t))
			db, err := store.Open(t.Context(), urls[len(urls)-1], store.Options{})
			require.NoError(t, err)
			defer db.Close()
			drift, err := migrations.Drift(t.Context(), db)
			require.NoError(t, err)
			require.Empty(t, drift)
			var rows int
			require.NoError(t, db.QueryRow(t.Context(), "SELECT count(*) FROM counters").Scan(&rows))
			require.Zero(t, rows)
			_, err = db.Write.ExecContext(t.Context(), "INSERT INTO counters VALUES ('w', 'n', 1)")
			require.NoError(t, err)
		})
	}
	require.NotEqual(t, urls[0], urls[1])
	for _, url := range urls {
		_, err := store.Open(t.Context(), url, store.Options{})
		require.ErrorContains(t, err, "does not exist")
	}
}

func TestADatabaseIsDroppedUnderOpenConnections(t *testing.T) {
	var db *store.DB
	t.Run("leaky", func(t *testing.T) {
		var err error
		db, err = store.Open(t.Context(), pgtest.NewEmptyDatabase(t), store.Options{})
		require.NoError(t, err)
	})
	require.Error(t, db.QueryRow(t.Context(), "SELECT 1").Scan(new(int)))
	require.NoError(t, db.Close())
}
