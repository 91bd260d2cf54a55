package store

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func openForStatements(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), "", Options{VarDir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestStatementsAreKeptOncePerText(t *testing.T) {
	db := openForStatements(t)
	s := newStatements(db.Read, 2)
	a, err := s.take(t.Context(), "SELECT 1")
	require.NoError(t, err)
	s.give(a, false)
	again, err := s.take(t.Context(), "SELECT 1")
	require.NoError(t, err)
	require.Same(t, a, again)
	s.give(again, false)
	s.close()
}

func TestAStatementInUseIsNotClosed(t *testing.T) {
	db := openForStatements(t)
	s := newStatements(db.Read, 2)
	used, err := s.take(t.Context(), "SELECT 0")
	require.NoError(t, err)
	for i := 1; i <= 3; i++ {
		st, err := s.take(t.Context(), fmt.Sprintf("SELECT %d", i))
		require.NoError(t, err)
		s.give(st, false)
	}
	require.Len(t, s.byText, 2)
	require.True(t, used.out)
	var got int
	require.NoError(t, used.QueryRowContext(t.Context()).Scan(&got))
	s.give(used, false)
	require.ErrorContains(t, used.QueryRowContext(t.Context()).Scan(&got), "closed", "the last user closes it")
	s.close()
	require.Empty(t, s.byText)
}

func TestAFailedStatementIsNotKept(t *testing.T) {
	db := openForStatements(t)
	s := newStatements(db.Read, 2)
	st, err := s.take(t.Context(), "SELECT 1")
	require.NoError(t, err)
	s.give(st, true)
	require.Empty(t, s.byText)
	_, err = s.take(t.Context(), "SELECT FROM WHERE")
	require.Error(t, err)
	require.Empty(t, s.byText)
}

func TestManyGoroutinesAndMoreTextsThanAreKept(t *testing.T) {
	db := openForStatements(t)
	db.statements = newStatements(db.Read, 4)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				want := rand.IntN(12)
				var got int
				err := db.QueryRow(t.Context(), fmt.Sprintf("SELECT %d", want)).Scan(&got)
				if err != nil || got != want {
					t.Errorf("got %d, %v, want %d", got, err, want)
				}
			}
		})
	}
	wg.Wait()
	require.Len(t, db.statements.byText, 4)
}
