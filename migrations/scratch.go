package migrations

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
	entsql "entgo.io/ent/dialect/sql"
	entschema "entgo.io/ent/dialect/sql/schema"

	"github.com/rapidbott/tideboard/server/store"
)

// scratch runs fn where there are no tables, and leaves nothing behind: on PostgreSQL in a schema of its own within a
// transaction that is rolled back, on SQLite in a file of its own.
func scratch(ctx context.Context, db *store.DB, fn func(*bench) error) error {
	if db.Dialect == store.SQLite {
		return scratchFile(ctx, fn)
	}
	tx, err := db.Write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // always: that is the point
	name := "scratch_" + rand.Text()
	for _, text := range []string{`CREATE SCHEMA "` + name + `"`, `SET LOCAL search_path TO "` + name + `"`} {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	b, err := newBench(db.Dialect, tx)
	if err != nil {
		return err
	}
	return fn(b)
}

func scratchFile(ctx context.Context, fn func(*bench) error) error {
	dir, err := os.MkdirTemp("", "tideboard-migrations-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(ctx, "file:"+filepath.Join(dir, "scratch.db"), store.Options{})
	if err != nil {
		return err
	}
	b, err := newBench(db.Dialect, db.Write)
	if err == nil {
		err = fn(b)
	}
	return errors.Join(err, db.Close())
}

// bench is a database's current schema, to look at and to work on.
type bench struct {
	dialect string
	db      executor
	atlas   migrate.Driver
}

type executor interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

func newBench(dialect string, db executor) (*bench, error) {
	open := sqlite.Open
	if dialect == store.Postgres {
		open = postgres.Open
	}
	drv, err := open(db)
	if err != nil {
		return nil, err
	}
	return &bench{dialect, db, drv}, nil
}

// inspect reads the tables as the database describes them, without the one that records the migrations.
func (b *bench) inspect(ctx context.Context) (*schema.Schema, error) {
	s, err := b.atlas.InspectSchema(ctx, "", &schema.InspectOptions{Mode: schema.InspectSchemas | schema.InspectTables})
	if err != nil {
		return nil, err
	}
	s.Tables = slices.DeleteFunc(s.Tables, func(t *schema.Table) bool { return t.Name == historyTable })
	if b.dialect == store.SQLite {
		for _, t := range s.Tables {
			if err := b.orderKey(ctx, t); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// orderKey puts the columns of a primary key into the key's own order: atlas reads them from SQLite in the table's.
func (b *bench) orderKey(ctx context.Context, t *schema.Table) error {
	if t.PrimaryKey == nil {
		return nil
	}
	rows, err := b.db.QueryContext(ctx, "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", t.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		names = append(names, name)
	}
	for _, part := range t.PrimaryKey.Parts {
		part.SeqNo = slices.Index(names, part.C.Name)
	}
	slices.SortFunc(t.PrimaryKey.Parts, func(a, b *schema.IndexPart) int { return a.SeqNo - b.SeqNo })
	return rows.Err()
}

// build makes the tables of the state, and reads them back.
func (b *bench) build(ctx context.Context) (*schema.Schema, error) {
	m, err := entschema.NewMigrate(entsql.NewDriver(b.dialect, entsql.Conn{ExecQuerier: b.db}))
	if err != nil {
		return nil, err
	}
	realm, err := m.StateReader(State(b.dialect)...).ReadState(ctx)
	if err != nil {
		return nil, err
	}
	if len(realm.Schemas) != 1 {
		return nil, fmt.Errorf("the state has %d schemas, not one", len(realm.Schemas))
	}
	empty, err := b.inspect(ctx)
	if err != nil {
		return nil, err
	}
	plan, err := b.diff(ctx, "build", empty, realm.Schemas[0])
	if err != nil {
		return nil, err
	}
	for _, c := range plan.Changes {
		if _, err := b.db.ExecContext(ctx, c.Cmd, c.Args...); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Comment, err)
		}
	}
	return b.inspect(ctx)
}

// replay runs the files, and reads back what they made.
func (b *bench) replay(ctx context.Context, files []migrate.File) (*schema.Schema, error) {
	for _, f := range files {
		statements, err := f.Stmts()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		for _, text := range statements {
			if _, err := b.db.ExecContext(ctx, text); err != nil {
				return nil, fmt.Errorf("%s: %w", f.Name(), err)
			}
		}
	}
	return b.inspect(ctx)
}

// diff plans the way from one schema to another. Statements do not name the schema: tables are found by search_path.
func (b *bench) diff(ctx context.Context, name string, from, to *schema.Schema) (*migrate.Plan, error) {
	to.Name, to.Attrs = from.Name, from.Attrs
	changes, err := b.atlas.SchemaDiff(from, to)
	if err != nil {
		return nil, err
	}
	return b.atlas.PlanChanges(ctx, name, changes, func(o *migrate.PlanOptions) {
		qualifier := ""
		o.SchemaQualifier = &qualifier
		o.Indent = "  "
	})
}
