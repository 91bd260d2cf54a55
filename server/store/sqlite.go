package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	sqliteFile    = "tideboard.db"
	sqliteReaders = 8
	sqliteBusy    = 10 * time.Second
	sqliteReach   = 10 * time.Second // bounds the wait for another process that opens the same new file
	sqliteRetry   = 20 * time.Millisecond
)

func openSQLite(ctx context.Context, rawURL string, opts Options) (*DB, error) {
	path, err := sqlitePath(rawURL, opts)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	busy := opts.Busy
	if busy == 0 {
		busy = sqliteBusy
	}
	readers := opts.Conns
	if readers == 0 {
		readers = sqliteReaders
	}
	common := []string{
		"_time_format=sqlite", "_timezone=UTC",
		fmt.Sprintf("_pragma=busy_timeout(%d)", busy.Milliseconds()), "_pragma=foreign_keys(1)", "_pragma=temp_store(memory)",
	}
	write := pool(sqliteURL(path, common, "_txlock=immediate", "_pragma=journal_mode(wal)", "_pragma=synchronous(normal)",
		"_pragma=journal_size_limit(67108864)"))
	write.SetMaxOpenConns(1)
	write.SetMaxIdleConns(1)
	// The writer comes first: it makes the file, which a reader cannot.
	if err := reachSQLite(ctx, write); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), write.Close())
	}
	read := pool(sqliteURL(path, common, "mode=ro", "_txlock=deferred", "_pragma=query_only(1)"))
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	if err := reachSQLite(ctx, read); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s for reading: %w", path, err), read.Close(), write.Close())
	}
	return &DB{Dialect: SQLite, SQL: sqliteDialect{}, Write: write, Read: read}, nil
}

func pool(dsn string) *sql.DB {
	return sql.OpenDB(&connector{open: sqliteConnector{dsn: dsn}})
}

// reachSQLite makes the first connection. Turning the write-ahead log on does not wait for another process that does
// the same, whatever the busy timeout, so the waiting is done here.
func reachSQLite(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, sqliteReach)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if !(sqliteDialect{}).IsRetryable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(sqliteRetry):
		}
	}
}

// sqlitePath reads the path out of a URL: file:var/x.db, sqlite:var/x.db and file:///var/x.db are all understood.
func sqlitePath(rawURL string, opts Options) (string, error) {
	if rawURL == "" {
		dir := opts.VarDir
		if dir == "" {
			dir = "var"
		}
		return filepath.Join(dir, sqliteFile), nil
	}
	_, path, _ := strings.Cut(rawURL, ":")
	if strings.Contains(path, "?") {
		return "", errors.New("the URL of an SQLite file takes no parameters")
	}
	path, err := url.PathUnescape(strings.TrimPrefix(path, "//"))
	if err != nil {
		return "", err
	}
	if path == "" || path == "/" || strings.Contains(path, ":memory:") {
		return "", errors.New("SQLite needs a file: a database in memory is not shared between connections")
	}
	return path, nil
}

func sqliteURL(path string, common []string, own ...string) string {
	name := (&url.URL{Path: path}).EscapedPath()
	return "file:" + name + "?" + strings.Join(append(own, common...), "&")
}

// sqliteDialect is SQLite.
type sqliteDialect struct{}

func (sqliteDialect) Name() string { return SQLite }

func (sqliteDialect) Placeholder(int) string { return "?" }

func (sqliteDialect) Contains(column, arg string) string {
	return "instr(" + column + ", " + arg + ") > 0"
}

func (sqliteDialect) Member(column, arg string) string { return "(" + column + " ->> " + arg + ")" }

// Earlier writes the instant as texts of instants begin, which is how they are compared.
func (sqliteDialect) Earlier(arg, hours string) string {
	return "strftime('%Y-%m-%d %H:%M:%f', " + arg + ", '-' || " + hours + " || ' hours')"
}

func (sqliteDialect) Lock() string { return "" }

func (sqliteDialect) Share(string) string { return "" }

// IsUnique reads the columns out of the message, the only place that has them:
// "constraint failed: UNIQUE constraint failed: contacts.workspace_id, contacts.external_id (2067)".
func (sqliteDialect) IsUnique(err error) (string, bool) {
	code, text := sqliteError(err)
	if code != sqlite3.SQLITE_CONSTRAINT_UNIQUE && code != sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
		return "", false
	}
	_, columns, _ := strings.Cut(text, "UNIQUE constraint failed: ")
	columns, _, _ = strings.Cut(columns, " (")
	table, _, _ := strings.Cut(columns, ".")
	return table + "(" + strings.ReplaceAll(columns, table+".", "") + ")", true
}

func (sqliteDialect) IsForeignKey(err error) bool {
	code, _ := sqliteError(err)
	return code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

func (sqliteDialect) IsRetryable(err error) bool {
	code, _ := sqliteError(err)
	return code&0xff == sqlite3.SQLITE_BUSY
}

func sqliteError(err error) (code int, text string) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0, ""
	}
	return e.Code(), e.Error()
}
