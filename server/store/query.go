package store

import (
	"context"
	"database/sql"
	"errors"
)

// Queryer reads. Statements are prepared once per text and kept, so a text must come from a bounded set: values
// belong in args.
type Queryer interface {
	// Query gives the rows of a statement; the caller closes them. It fails with the driver's error.
	Query(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	// QueryRow gives the first row of a statement. All errors come from its Scan.
	QueryRow(ctx context.Context, text string, args ...any) *Row
}

// Row is the first row of a result, or why there is none.
type Row struct {
	rows *sql.Rows
	err  error
}

// Scan copies the row into dest and closes it. It fails with [sql.ErrNoRows] when there is no row.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	return r.rows.Close()
}

// Query reads from the pool of readers: each statement sees what was committed before it began.
func (db *DB) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	st, err := db.statements.take(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	db.statements.give(st, broken(ctx, err))
	return rows, err
}

// QueryRow reads one row from the pool of readers.
func (db *DB) QueryRow(ctx context.Context, text string, args ...any) *Row {
	rows, err := db.Query(ctx, text, args...)
	return &Row{rows, err}
}

// Snapshot runs fn on one state of the database: all its statements see the same commits, and none that is made
// meanwhile. On PostgreSQL that is a repeatable-read transaction, on SQLite a read transaction; the state is that of
// the first statement. It holds one connection of the readers until fn returns, and q must not be used after that, nor
// by two goroutines at once; rows are closed before the next statement. It never waits for a writer and never fails because of one. It fails with fn's error.
func (db *DB) Snapshot(ctx context.Context, fn func(q Queryer) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if db.Dialect == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := db.Read.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	defer tx.Rollback() // nothing was written; after a commit it does nothing
	q := &snapshot{db: db, tx: tx}
	if err := fn(q); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	db.statements.want(ctx, q.missed)
	return nil
}

// snapshot reads within one transaction. A text that is not kept yet is run unprepared, and prepared when the
// transaction is over: preparing it for the pool takes a second connection, and when every connection is held by a
// snapshot that waits for a second one, none would ever end.
type snapshot struct {
	db     *DB
	tx     *sql.Tx
	missed []string
}

func (s *snapshot) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	st := s.db.statements.find(text)
	if st == nil {
		s.missed = append(s.missed, text)
		return s.tx.QueryContext(ctx, text, args...)
	}
	rows, err := s.tx.StmtContext(ctx, st.Stmt).QueryContext(ctx, args...)
	s.db.statements.give(st, broken(ctx, err))
	return rows, err
}

func (s *snapshot) QueryRow(ctx context.Context, text string, args ...any) *Row {
	rows, err := s.Query(ctx, text, args...)
	return &Row{rows, err}
}

// broken is whether an error may be the statement's fault, rather than that the caller gave up.
func broken(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() == nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}
