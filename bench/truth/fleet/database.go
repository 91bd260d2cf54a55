package fleet

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"

	_ "github.com/lib/pq"  // the driver "postgres"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Database is where the servers of a run keep their data: empty at first, gone when dropped.
type Database struct {
	// URL is what the servers get as DATABASE_URL.
	URL string
	// Postgres tells the dialect.
	Postgres bool
	// Name is the database's within its PostgreSQL.
	Name string

	admin string
}

// SQLite is a database file in a directory.
func SQLite(dir string) *Database {
	return &Database{URL: "file:" + filepath.Join(dir, "tideboard.db")}
}

// Postgres creates a fresh database beside the one that the URL names.
func Postgres(ctx context.Context, admin string) (*Database, error) {
	u, err := url.Parse(admin)
	if err != nil {
		return nil, fmt.Errorf("postgres URL: %w", err)
	}
	d := &Database{Postgres: true, admin: admin, Name: fmt.Sprintf("tideboard_truth_%08x", rand.Uint32())}
	if err := d.command(ctx, "CREATE DATABASE "+d.Name); err != nil {
		return nil, err
	}
	u.Path = "/" + d.Name
	d.URL = u.String()
	return d, nil
}

// Drop removes a database that Postgres made; a file stays in its directory. A run that found a violation leaves both.
func (d *Database) Drop(ctx context.Context) error {
	if !d.Postgres {
		return nil
	}
	return d.command(ctx, "DROP DATABASE IF EXISTS "+d.Name+" WITH (FORCE)")
}

// Open gives read access beside the servers.
func (d *Database) Open() (*sql.DB, error) {
	if d.Postgres {
		return sql.Open("postgres", d.URL)
	}
	return sql.Open("sqlite", d.URL+"?mode=ro&_pragma=busy_timeout(10000)")
}

func (d *Database) command(ctx context.Context, text string) error {
	db, err := sql.Open("postgres", d.admin)
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, text); err != nil {
		return fmt.Errorf("postgres: %s: %w", text, err)
	}
	return nil
}
