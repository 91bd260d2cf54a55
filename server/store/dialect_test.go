package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/store/pgtest"
)

func TestContainsIsBinary(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE texts (s text)")
		exec(t, db, "INSERT INTO texts VALUES ('100% of Ärger_x'), (NULL), ('')")
		text := "SELECT count(*) FROM texts WHERE " + db.SQL.Contains("s", db.SQL.Placeholder(1))
		for part, want := range map[string]int{
			"%": 1, "_": 1, "Ä": 1, "ä": 0, "of Ä": 1, "0%": 1, "1%f": 0, "X": 0, "": 2,
		} {
			var got int
			require.NoError(t, db.QueryRow(t.Context(), text, part).Scan(&got))
			require.Equal(t, want, got, "%q", part)
		}
	})
}

func TestMembersOfJSONAreTexts(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE objects (o "+map[string]string{store.SQLite: "json", store.Postgres: "jsonb"}[db.Dialect]+")")
		exec(t, db, `INSERT INTO objects VALUES ('{"t:a": "x", "t:A": "Z"}'), ('{}'), (NULL)`)
		for name, want := range map[string]string{"t:a": "x", "t:A": "Z", "t:b": "", "a": "", "0": ""} {
			var got string
			require.NoError(t, db.QueryRow(t.Context(), "SELECT COALESCE(MAX("+db.SQL.Member("o", db.SQL.Placeholder(1))+"), '') FROM objects", name).Scan(&got))
			require.Equal(t, want, got, name)
		}
		var above int
		require.NoError(t, db.QueryRow(t.Context(), "SELECT COUNT(*) FROM objects WHERE "+db.SQL.Member("o", db.SQL.Placeholder(1))+" > 'a'", "t:A").Scan(&above))
		require.Zero(t, above, "capitals come before small letters, byte by byte")
	})
}

func TestHoursEarlier(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE moments (at "+map[string]string{store.SQLite: "datetime", store.Postgres: "timestamptz"}[db.Dialect]+", hours int)")
		now := time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC)
		for off, want := range map[time.Duration]int{0: 1, time.Microsecond: 0, -time.Microsecond: 1, 999 * time.Millisecond: 0, -time.Second: 1, time.Second: 0} {
			exec(t, db, "DELETE FROM moments")
			_, err := db.Write.ExecContext(t.Context(), "INSERT INTO moments VALUES ("+db.SQL.Placeholder(1)+", 49)", now.Add(off-49*time.Hour))
			require.NoError(t, err)
			var got int
			require.NoError(t, db.QueryRow(t.Context(), "SELECT COUNT(*) FROM moments WHERE at <= "+db.SQL.Earlier(db.SQL.Placeholder(1), "hours"), now).Scan(&got))
			require.Equal(t, want, got, "%s", off)
		}
	})
}

func TestConstraintsAreNamedAlike(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE things (w text, id text, name text, up text, PRIMARY KEY (w, id), "+
			"FOREIGN KEY (w, up) REFERENCES things (w, id))")
		exec(t, db, "CREATE UNIQUE INDEX thing_name ON things (w, name)")
		exec(t, db, "INSERT INTO things VALUES ('a', '1', 'x', NULL)")
		for insert, want := range map[string]string{
			"('a', '1', 'y', NULL)": "things(w, id)",
			"('a', '2', 'x', NULL)": "things(w, name)",
			"('b', '3', 'z', '1')":  "",
		} {
			_, err := db.Write.ExecContext(t.Context(), "INSERT INTO things VALUES "+insert)
			got, unique := db.SQL.IsUnique(fmt.Errorf("insert: %w", err))
			require.Equal(t, want, got)
			require.Equal(t, want != "", unique)
			require.Equal(t, want == "", db.SQL.IsForeignKey(err))
			require.False(t, db.SQL.IsRetryable(err))
		}
		for _, err := range []error{nil, errors.New("other")} {
			_, unique := db.SQL.IsUnique(err)
			require.False(t, unique || db.SQL.IsForeignKey(err) || db.SQL.IsRetryable(err))
		}
	})
}

func TestLockedRowsAreTheTransactions(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE t (n int)")
		exec(t, db, "INSERT INTO t VALUES (1)")
		tx, err := db.Write.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		defer tx.Rollback()
		var n int
		require.NoError(t, tx.QueryRowContext(t.Context(), "SELECT n FROM t"+db.SQL.Lock()).Scan(&n))
		_, err = tx.ExecContext(t.Context(), "UPDATE t SET n = n + 1")
		require.NoError(t, err)
		require.NoError(t, db.QueryRow(t.Context(), "SELECT n FROM t").Scan(&n))
		require.Equal(t, 1, n, "readers neither wait nor see it")
		require.NoError(t, tx.Commit())
		require.NoError(t, db.QueryRow(t.Context(), "SELECT n FROM t").Scan(&n))
		require.Equal(t, 2, n)
	})
}

func TestADeadlockIsRetryable(t *testing.T) {
	db := open(t, pgtest.NewEmptyDatabase(t), store.Options{})
	exec(t, db, "CREATE TABLE t (id int, n int)")
	exec(t, db, "INSERT INTO t VALUES (1, 0), (2, 0)")
	update := func(tx *sql.Tx, id int) error {
		_, err := tx.ExecContext(t.Context(), "UPDATE t SET n = n + 1 WHERE id = $1", id)
		return err
	}
	one, err := db.Write.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	two, err := db.Write.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	require.NoError(t, update(one, 1))
	require.NoError(t, update(two, 2))
	crossed := make(chan error, 1) // the goroutine ends when the server has chosen a victim
	go func() { crossed <- errors.Join(update(one, 2), one.Rollback()) }()
	err = errors.Join(update(two, 1), two.Rollback())
	err = errors.Join(err, <-crossed)
	require.True(t, db.SQL.IsRetryable(err), "%v", err)
}
