// Package pgtest gives tests databases of their own on a real PostgreSQL. It promises that a database is fresh, holds
// nothing of another test, and is gone when the test ends. The server is the one that TEST_POSTGRES_URL names, as
// `make test` sets it; without it a test fails, it is never skipped.
package pgtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/rapidbott/tideboard/migrations"
	"github.com/rapidbott/tideboard/server/store"
)

// templateLock is the advisory lock under which the template is made.
const templateLock = 0x7469_6466

// URL is the address of the maintenance database, whose user may make databases. The test fails when it is not set.
func URL(t testing.TB) string {
	t.Helper()
	address := os.Getenv("TEST_POSTGRES_URL")
	if address == "" {
		t.Fatal("TEST_POSTGRES_URL is not set: this test needs a real PostgreSQL. Run `make test`, " +
			"or `export TEST_POSTGRES_URL=$(tools/postgres.sh start)` before `go test`.")
	}
	return address
}

// NewDatabase makes a database with the program's schema and no rows, and gives its URL. It takes about 50 ms: the
// migrations run once per server and version of the schema, in a template that stays there, and are copied from it.
// Connections that are still open when the test ends are cut.
func NewDatabase(t testing.TB) string {
	t.Helper()
	maintenance := URL(t)
	template, err := ensureTemplate(t.Context(), maintenance)
	if err != nil {
		t.Fatalf("make the template database: %v", err)
	}
	return create(t, maintenance, " TEMPLATE "+pq.QuoteIdentifier(template))
}

// NewEmptyDatabase makes a database without tables, and gives its URL.
func NewEmptyDatabase(t testing.TB) string {
	t.Helper()
	return create(t, URL(t), " TEMPLATE template0")
}

func create(t testing.TB, maintenance, options string) string {
	t.Helper()
	name := "tb_" + strings.ToLower(rand.Text())
	if err := run(t.Context(), maintenance, "CREATE DATABASE "+name+options); err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if err := run(context.Background(), maintenance, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	address, err := named(maintenance, name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// ensureTemplate gives the name of a migrated database to which nobody is connected. It gets its name when it is
// complete, so that one that was left half-made is never used.
func ensureTemplate(ctx context.Context, maintenance string) (name string, err error) {
	sum, err := migrations.Checksum(store.Postgres)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256([]byte(sum))
	name = "tb_template_" + hex.EncodeToString(digest[:8])
	return name, with(ctx, maintenance, func(conn *sql.Conn) error {
		// The lock ends with the connection.
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
			return err
		}
		var exists bool
		err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
		if err != nil || exists {
			return err
		}
		draft := "tb_draft_" + strings.ToLower(rand.Text())
		if _, err := conn.ExecContext(ctx, "CREATE DATABASE "+draft+" TEMPLATE template0"); err != nil {
			return err
		}
		if err := migrate(ctx, maintenance, draft); err != nil {
			_, dropErr := conn.ExecContext(ctx, "DROP DATABASE "+draft+" WITH (FORCE)")
			return errors.Join(err, dropErr)
		}
		_, err = conn.ExecContext(ctx, "ALTER DATABASE "+draft+" RENAME TO "+name)
		return err
	})
}

func migrate(ctx context.Context, maintenance, name string) error {
	address, err := named(maintenance, name)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, address, store.Options{Conns: 1})
	if err != nil {
		return err
	}
	return errors.Join(migrations.Apply(ctx, db), db.Close())
}

// named gives the URL of another database on the same server.
func named(maintenance, name string) (string, error) {
	u, err := url.Parse(maintenance)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return "", errors.New("TEST_POSTGRES_URL must be written as postgres://user:password@host:port/database")
	}
	u.Path = "/" + name
	return u.String(), nil
}

func run(ctx context.Context, address, statement string) error {
	return with(ctx, address, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, statement)
		return err
	})
}

// with runs fn on a connection of its own: a pool kept between tests would look like a leak to them.
func with(ctx context.Context, address string, fn func(*sql.Conn) error) error {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("reach the PostgreSQL of TEST_POSTGRES_URL: %w", err), db.Close())
	}
	return errors.Join(fn(conn), conn.Close(), db.Close())
}
