package migrations

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"ariga.io/atlas/sql/migrate"

	"github.com/rapidbott/tideboard/server/store"
)

// historyTable records what was applied. It is made here, not by a file, and is no part of the state.
const historyTable = "schema_migrations"

// advisoryLock is this program's key among PostgreSQL's advisory locks, which are per database.
const advisoryLock = 0x7469_6465 // "tide"

// entry is a file that was applied.
type entry struct{ version, hash string }

// lock makes the transaction the only one that migrates. On SQLite it is that from its beginning.
func lock(ctx context.Context, dialect string, tx *sql.Tx) error {
	if dialect == store.SQLite {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", advisoryLock)
	return err
}

func history(ctx context.Context, tx *sql.Tx) ([]entry, error) {
	_, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+historyTable+
		" (version text PRIMARY KEY, hash text NOT NULL, applied_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)")
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, "SELECT version, hash FROM "+historyTable+" ORDER BY version")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var applied []entry
	for rows.Next() {
		var e entry
		if err := rows.Scan(&e.version, &e.hash); err != nil {
			return nil, err
		}
		applied = append(applied, e)
	}
	return applied, rows.Err()
}

func (s *set) run(ctx context.Context, dialect string, tx *sql.Tx, file migrate.File) error {
	statements, err := file.Stmts()
	if err != nil {
		return err
	}
	for _, text := range statements {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	if dialect == store.SQLite {
		if err := checkForeignKeys(ctx, tx); err != nil {
			return err
		}
	}
	sum, err := s.sums.SumByName(file.Name())
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO "+historyTable+" (version, hash) VALUES ($1, $2)", file.Version(), sum)
	return err
}

// looseForeignKeys stops SQLite from enforcing foreign keys, so that a table can be made anew under another's links.
// It works only outside of a transaction. A connection on which they cannot be turned on again is thrown away.
func looseForeignKeys(ctx context.Context, conn *sql.Conn) (restore func(), err error) {
	if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
		return nil, err
	}
	return func() {
		ctx := context.WithoutCancel(ctx)
		if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = on"); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}, nil
}

func checkForeignKeys(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return errors.New("a row links to one that is not there")
	}
	return rows.Err()
}
