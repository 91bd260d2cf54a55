// Package migrations holds the database's schema as versioned SQL, one directory per dialect, and applies it.
//
// It promises that a database is only ever changed by the files in order, each whole or not at all and by one process
// at a time; that a file is never changed after it was applied anywhere, which its checksum proves; and that the files
// together make exactly what [State] describes, which [Drift] proves.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"ariga.io/atlas/sql/migrate"

	"github.com/rapidbott/tideboard/server/store"
)

// The reasons for which a database is refused. Nothing is changed then.
var (
	// ErrNewer means that the database has been migrated by a newer program.
	ErrNewer = errors.New("the database is newer than this program")
	// ErrChanged means that a file is not what it was when it was written, or applied.
	ErrChanged = errors.New("a migration was changed after it was written")
)

//go:embed sqlite postgres
var embedded embed.FS

// Directory is the name of a dialect's directory.
func Directory(dialect string) string {
	if dialect == store.Postgres {
		return "postgres"
	}
	return "sqlite"
}

// Apply brings the database to the program's version, from whatever older one it has. Any number of processes may do so
// at once: one works, the others wait and find it done. It fails with [ErrNewer], with [ErrChanged], or with the
// database's error; the files before the one that failed stay applied.
func Apply(ctx context.Context, db *store.DB) error {
	return apply(ctx, db, embedded)
}

// Checksum names the schema that the files make: it changes when, and only when, a file does or one is added.
func Checksum(dialect string) (string, error) {
	s, err := load(embedded, dialect)
	if err != nil {
		return "", err
	}
	return s.sums.Sum(), nil
}

func apply(ctx context.Context, db *store.DB, files fs.FS) error {
	s, err := load(files, db.Dialect)
	if err != nil {
		return err
	}
	conn, err := db.Write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	defer conn.Close()
	for {
		done, err := s.step(ctx, db.Dialect, conn)
		if err != nil {
			return fmt.Errorf("migrations: %w", err)
		}
		if done {
			return nil
		}
	}
}

// set is a dialect's files and their checksums. A file's checksum covers the files before it.
type set struct {
	files []migrate.File
	sums  migrate.HashFile
}

func load(files fs.FS, dialect string) (*set, error) {
	sub, err := fs.Sub(files, Directory(dialect))
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	dir := &migrate.MemDir{}
	err = fs.WalkDir(sub, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(sub, path)
		if err != nil {
			return err
		}
		return dir.WriteFile(path, text)
	})
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	if err := migrate.Validate(dir); err != nil {
		return nil, fmt.Errorf("migrations: %s: %w: %w", Directory(dialect), ErrChanged, err)
	}
	s := &set{}
	if s.files, err = dir.Files(); err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	if s.sums, err = dir.Checksum(); err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return s, nil
}

// step applies the first file that is not applied yet, and tells whether there was none.
func (s *set) step(ctx context.Context, dialect string, conn *sql.Conn) (done bool, err error) {
	if dialect == store.SQLite {
		restore, err := looseForeignKeys(ctx, conn)
		if err != nil {
			return false, err
		}
		defer restore()
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback() // after a commit it does nothing
	if err := lock(ctx, dialect, tx); err != nil {
		return false, err
	}
	applied, err := history(ctx, tx)
	if err != nil {
		return false, err
	}
	file, err := s.next(applied)
	if file == nil || err != nil {
		return true, err
	}
	if err := s.run(ctx, dialect, tx, file); err != nil {
		return false, fmt.Errorf("%s: %w", file.Name(), err)
	}
	return false, tx.Commit()
}

// next gives the first file after those that are applied, nil when all are.
func (s *set) next(applied []entry) (migrate.File, error) {
	for i, a := range applied {
		if i >= len(s.files) {
			return nil, fmt.Errorf("%w: it has %s", ErrNewer, a.version)
		}
		file := s.files[i]
		if sum, err := s.sums.SumByName(file.Name()); err != nil || a.version != file.Version() || a.hash != sum {
			return nil, fmt.Errorf("%w: the database has applied another %s than %s", ErrChanged, a.version, file.Name())
		}
	}
	if len(applied) == len(s.files) {
		return nil, nil
	}
	return s.files[len(applied)], nil
}
