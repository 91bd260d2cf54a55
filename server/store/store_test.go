package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/store/pgtest"
)

// each runs a test on an empty database of each kind.
func each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Run("sqlite", func(t *testing.T) {
		fn(t, open(t, "file:"+filepath.Join(t.TempDir(), "test.db"), store.Options{}))
	})
	t.Run("postgres", func(t *testing.T) {
		fn(t, open(t, pgtest.NewEmptyDatabase(t), store.Options{}))
	})
}

func open(t *testing.T, url string, opts store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func exec(t *testing.T, db *store.DB, text string, args ...any) {
	t.Helper()
	_, err := db.Write.ExecContext(t.Context(), text, args...)
	require.NoError(t, err)
}

func TestOpenRefuses(t *testing.T) {
	for _, url := range []string{
		"var/tideboard.db", "mysql://root@localhost/x", "file::memory:", "sqlite:", "file:x.db?mode=memory",
		"postgres://user:hunter2@localhost:port/x", "postgres://user:hunter2@127.0.0.1:1/x?sslmode=disable",
	} {
		db, err := store.Open(t.Context(), url, store.Options{})
		require.Error(t, err, url)
		require.Nil(t, db)
		require.NotContains(t, err.Error(), "hunter2")
	}
}

func TestOpenUnderstandsPaths(t *testing.T) {
	dir := t.TempDir()
	for url, file := range map[string]string{
		"":                                 "tideboard.db",
		"file:" + dir + "/a.db":            "a.db",
		"sqlite:" + dir + "/deep/b.db":     "deep/b.db",
		"file://" + dir + "/c.db":          "c.db",
		"file:" + dir + "/two%20words%.db": "",
		"file:" + dir + "/two%20words.db":  "two words.db",
	} {
		db, err := store.Open(t.Context(), url, store.Options{VarDir: dir})
		if file == "" {
			require.Error(t, err, url)
			continue
		}
		require.NoError(t, err, url)
		require.NoError(t, db.Close())
		require.FileExists(t, filepath.Join(dir, file))
	}
}

func TestSQLiteIsSetUp(t *testing.T) {
	db := open(t, "", store.Options{VarDir: t.TempDir()})
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "1", "foreign_keys": "1", "busy_timeout": "10000",
	} {
		var got string
		require.NoError(t, db.Write.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		require.Equal(t, want, got, pragma)
	}
	require.Equal(t, 1, db.Write.Stats().MaxOpenConnections)
	exec(t, db, "CREATE TABLE t (n int)")
	_, err := db.Read.ExecContext(t.Context(), "INSERT INTO t VALUES (1)")
	require.ErrorContains(t, err, "readonly")
}

func TestSQLiteTransactionsTakeTheLockWhenTheyBegin(t *testing.T) {
	url := "file:" + filepath.Join(t.TempDir(), "test.db")
	one := open(t, url, store.Options{})
	two := open(t, url, store.Options{Busy: time.Millisecond})
	tx, err := one.Write.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = two.Write.BeginTx(t.Context(), nil)
	require.True(t, two.SQL.IsRetryable(err), "%v", err)
	require.NoError(t, tx.Rollback())
}

func TestManyProcessesOpenANewFileAtOnce(t *testing.T) {
	url := "file:" + filepath.Join(t.TempDir(), "test.db")
	failures := make(chan error, 8) // one for each opener
	for range cap(failures) {
		go func() {
			db, err := store.Open(t.Context(), url, store.Options{})
			if err == nil {
				err = db.Close()
			}
			failures <- err
		}()
	}
	for range cap(failures) {
		require.NoError(t, <-failures)
	}
}

func TestTimesAreUTCMicroseconds(t *testing.T) {
	east := time.FixedZone("east", 5*3600+1800)
	written := time.Date(2026, 3, 1, 2, 30, 0, 123456789, east)
	want := time.Date(2026, 2, 28, 21, 0, 0, 123456000, time.UTC)
	each(t, func(t *testing.T, db *store.DB) {
		kind := map[string]string{store.SQLite: "datetime", store.Postgres: "timestamptz"}[db.Dialect]
		exec(t, db, "CREATE TABLE moments (at "+kind+", maybe "+kind+")")
		exec(t, db, "INSERT INTO moments VALUES ($1, $2), ($3, NULL), ($4, $5)",
			written, &written, want.Add(time.Second), want.Add(500*time.Microsecond), want)
		var at time.Time
		var maybe sql.NullTime
		require.NoError(t, db.QueryRow(t.Context(), "SELECT at, maybe FROM moments WHERE at = $1", written).Scan(&at, &maybe))
		require.Equal(t, want, at)
		require.Equal(t, want, maybe.Time)
		require.Equal(t, time.UTC, at.Location())
		rows, err := db.Query(t.Context(), "SELECT at FROM moments WHERE at >= $1 ORDER BY at", want)
		require.NoError(t, err)
		defer rows.Close()
		var got []time.Time
		for rows.Next() {
			require.NoError(t, rows.Scan(&at))
			got = append(got, at)
		}
		require.Equal(t, []time.Time{want, want.Add(500 * time.Microsecond), want.Add(time.Second)}, got)
	})
}

func TestACancelledReadEnds(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := db.Query(ctx, "SELECT 1")
		require.ErrorIs(t, err, context.Canceled)
		var one int
		require.NoError(t, db.QueryRow(t.Context(), "SELECT 1").Scan(&one))
		require.ErrorIs(t, db.QueryRow(t.Context(), "SELECT 1 WHERE 1 = 0").Scan(&one), sql.ErrNoRows)
		require.Error(t, db.QueryRow(t.Context(), "SELECT nonsense FROM nowhere").Scan(&one))
		require.True(t, strings.HasPrefix(db.Dialect, db.SQL.Name()))
	})
}
