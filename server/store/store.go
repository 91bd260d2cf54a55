// Package store opens the database and knows what differs between SQLite and PostgreSQL.
//
// It promises:
//   - one writer: on SQLite all writes share one connection, whose transactions take the write lock when they begin,
//     so that a transaction never fails half-way because another one wrote; readers have a pool of their own that
//     cannot write and never wait for the writer;
//   - times read back are UTC instants of whole microseconds, on both databases, and compare as they are stored;
//   - a statement run through [DB.Query] is prepared once per connection and kept;
//   - a test can count every statement made within a context, see [Count].
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The names of the two databases, the same as ent's.
const (
	SQLite   = "sqlite3"
	Postgres = "postgres"
)

// Options set what the database's URL does not say. The zero value is right for a server of one process.
type Options struct {
	// VarDir is where the SQLite file lives when the URL is empty, as tideboard.db. Empty means "var".
	VarDir string
	// Conns bounds the connections to PostgreSQL and the readers of SQLite. Zero means 24 and 8.
	Conns int
	// Busy bounds the wait for SQLite's write lock while another process holds it. Zero means 10 s.
	Busy time.Duration
}

// DB is an open database. On PostgreSQL Write and Read are one pool. It is safe for concurrent use.
type DB struct {
	// Dialect is [SQLite] or [Postgres], as ent names them.
	Dialect string
	// SQL holds what must be written differently for the two databases.
	SQL Dialect
	// Write is for transactions that write, and for reads that belong to one.
	Write *sql.DB
	// Read is for everything else. On SQLite a write through it fails.
	Read *sql.DB

	statements *statements
}

// Open opens the database named by a URL and reaches it once. An empty URL, file:PATH and sqlite:PATH name an SQLite
// file, made with its directory if it is missing; postgres:// and postgresql:// name a PostgreSQL database, version 15
// or newer. Any other URL is refused, as are an SQLite database in memory, which a second connection could not see,
// and parameters on an SQLite path, which are this package's to set. The text of an error never holds the password.
func Open(ctx context.Context, url string, opts Options) (*DB, error) {
	var (
		db  *DB
		err error
	)
	switch scheme, _, _ := strings.Cut(url, ":"); {
	case url == "", scheme == "file", scheme == "sqlite":
		db, err = openSQLite(ctx, url, opts)
	case scheme == "postgres", scheme == "postgresql":
		db, err = openPostgres(ctx, url, opts)
	default:
		return nil, errors.New("store: the database URL must be empty, file:PATH, sqlite:PATH or postgres://…")
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db.statements = newStatements(db.Read, maxStatements)
	return db, nil
}

// Close closes the kept statements and every connection. Rows that are still open become unusable.
func (db *DB) Close() error {
	db.statements.close()
	err := db.Read.Close()
	if db.Write != db.Read {
		// The writer goes last: the connection that closes last folds the write-ahead log into the file.
		err = errors.Join(err, db.Write.Close())
	}
	return err
}
