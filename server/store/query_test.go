package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/store/pgtest"
)

func TestSnapshotIsOneState(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE t (n int)")
		exec(t, db, "INSERT INTO t VALUES (1)")
		for range 2 { // unprepared, then prepared
			err := db.Snapshot(t.Context(), func(q store.Queryer) error {
				var before, after, outside int
				require.NoError(t, q.QueryRow(t.Context(), "SELECT count(*) FROM t").Scan(&before))
				exec(t, db, "INSERT INTO t VALUES (2)")
				require.NoError(t, q.QueryRow(t.Context(), "SELECT count(*) FROM t").Scan(&after))
				require.NoError(t, db.QueryRow(t.Context(), "SELECT count(*) FROM t").Scan(&outside))
				require.Equal(t, before, after)
				require.Equal(t, before+1, outside)
				return nil
			})
			require.NoError(t, err)
		}
	})
}

func TestSnapshotCannotWrite(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE t (n int)")
		err := db.Snapshot(t.Context(), func(q store.Queryer) error {
			var n int
			return q.QueryRow(t.Context(), "INSERT INTO t VALUES (1) RETURNING n").Scan(&n)
		})
		require.Error(t, err)
		own := errors.New("own")
		require.ErrorIs(t, db.Snapshot(t.Context(), func(store.Queryer) error { return own }), own)
	})
}

// With as many snapshots as connections, one that needed a second connection would wait for ever.
func TestSnapshotsNeedOneConnectionEach(t *testing.T) {
	const conns = 3
	check := func(t *testing.T, db *store.DB) {
		var inside, done sync.WaitGroup
		inside.Add(conns)
		errs := make([]error, conns)
		for i := range conns {
			done.Go(func() {
				errs[i] = db.Snapshot(t.Context(), func(q store.Queryer) error {
					inside.Done()
					inside.Wait()
					var got int
					return q.QueryRow(t.Context(), fmt.Sprintf("SELECT %d", i)).Scan(&got)
				})
			})
		}
		done.Wait()
		require.NoError(t, errors.Join(errs...))
	}
	opts := store.Options{Conns: conns}
	t.Run("sqlite", func(t *testing.T) { check(t, open(t, "file:"+filepath.Join(t.TempDir(), "test.db"), opts)) })
	t.Run("postgres", func(t *testing.T) { check(t, open(t, pgtest.NewEmptyDatabase(t), opts)) })
}

func TestAKeptStatementOutlivesAChangeOfItsTable(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE t (n int)")
		exec(t, db, "INSERT INTO t VALUES (7)")
		read := func() (columns int, err error) {
			rows, err := db.Query(t.Context(), "SELECT * FROM t")
			if err != nil {
				return 0, err
			}
			defer rows.Close()
			names, err := rows.Columns()
			return len(names), err
		}
		n, err := read()
		require.NoError(t, err)
		require.Equal(t, 1, n)
		exec(t, db, "ALTER TABLE t ADD COLUMN m int")
		if _, err = read(); err != nil {
			require.Equal(t, store.Postgres, db.Dialect, "%v", err)
		}
		n, err = read()
		require.NoError(t, err, "the statement that failed is not kept")
		require.Equal(t, 2, n)
	})
}
