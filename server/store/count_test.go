package store_test

import (
	"context"
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/store"
)

func TestCountSeesEveryStatement(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE t (n int)")
		ctx, n := store.Count(t.Context())

		_, err := db.Write.ExecContext(ctx, "INSERT INTO t VALUES ($1)", 1)
		require.NoError(t, err)
		for range 2 {
			var got int
			require.NoError(t, db.QueryRow(ctx, "SELECT n FROM t WHERE n = $1", 1).Scan(&got))
		}
		require.Equal(t, 3, n.Statements(), "preparing does not count")
		require.Zero(t, n.Edges())

		tx, err := db.Write.BeginTx(ctx, nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(ctx, "DELETE FROM t")
		require.NoError(t, err)
		require.NoError(t, tx.Rollback())
		require.Equal(t, 4, n.Statements())
		require.Equal(t, 2, n.Edges())
		require.Equal(t, []string{
			"INSERT INTO t VALUES ($1)", "SELECT n FROM t WHERE n = $1", "SELECT n FROM t WHERE n = $1",
			"BEGIN", "DELETE FROM t", "ROLLBACK",
		}, n.Texts())
	})
}

func TestCountSeesEnt(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		exec(t, db, "CREATE TABLE t (n int)")
		ctx, n := store.Count(t.Context())
		tx, err := entsql.OpenDB(db.Dialect, db.Write).Tx(ctx)
		require.NoError(t, err)
		require.NoError(t, tx.Exec(ctx, "INSERT INTO t VALUES (1)", []any{}, nil))
		require.NoError(t, tx.Commit())
		require.Equal(t, []string{"BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"}, n.Texts())
		require.Contains(t, []string{dialect.SQLite, dialect.Postgres}, db.Dialect, "ent's own names")
	})
}

func TestCountIsOfItsContextOnly(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx, n := store.Count(t.Context())
		inner, m := store.Count(ctx)
		for _, c := range []context.Context{t.Context(), ctx, inner, context.WithoutCancel(inner)} {
			var one int
			require.NoError(t, db.QueryRow(c, "SELECT 1").Scan(&one))
		}
		require.Equal(t, 1, n.Statements())
		require.Equal(t, 2, m.Statements())
	})
}
