package rig

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"

	_ "github.com/lib/pq" // the driver "postgres"
)

// Database is a database made for one run, with a connection of the bench's own.
type Database struct {
	*sql.DB
	// URL is what the processes connect to.
	URL string

	admin, name string
}

// NewDatabase makes a database on the server that a URL names.
func NewDatabase(ctx context.Context, admin string) (*Database, error) {
	u, err := url.Parse(admin)
	if err != nil {
		return nil, fmt.Errorf("the PostgreSQL URL: %w", err)
	}
	d := &Database{admin: admin, name: fmt.Sprintf("tideboard_bench_%08x", rand.Uint32())}
	if err := d.command(ctx, "CREATE DATABASE "+d.name); err != nil {
		return nil, err
	}
	u.Path = "/" + d.name
	d.URL = u.String()
	if d.DB, err = sql.Open("postgres", d.URL); err != nil {
		return nil, errors.Join(err, d.command(ctx, "DROP DATABASE "+d.name))
	}
	return d, nil
}

// Drop drops the database, whoever is connected to it.
func (d *Database) Drop(ctx context.Context) error {
	_ = d.DB.Close() // it is dropped in any case
	return d.command(ctx, "DROP DATABASE IF EXISTS "+d.name+" WITH (FORCE)")
}

// Version is the PostgreSQL server's.
func (d *Database) Version(ctx context.Context) (v string, err error) {
	return v, d.QueryRowContext(ctx, "SHOW server_version").Scan(&v)
}

// Revision is the number of commits of a workspace.
func (d *Database) Revision(ctx context.Context, workspaceID string) (n int64, err error) {
	return n, d.QueryRowContext(ctx, "SELECT revision FROM workspaces WHERE id = $1", workspaceID).Scan(&n)
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
