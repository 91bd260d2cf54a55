package migrations

import (
	"context"
	"io/fs"

	"ariga.io/atlas/sql/migrate"

	"github.com/rapidbott/tideboard/server/store"
)

// Embedded are the program's own files.
var Embedded fs.FS = embedded

// ApplyFiles is Apply with other files than the program's own.
func ApplyFiles(ctx context.Context, db *store.DB, files fs.FS) error { return apply(ctx, db, files) }

// Files are a dialect's files in order.
func Files(files fs.FS, dialect string) ([]migrate.File, error) {
	s, err := load(files, dialect)
	if err != nil {
		return nil, err
	}
	return s.files, nil
}

// Tables names the tables there are.
func Tables(ctx context.Context, db *store.DB) ([]string, error) {
	b, err := newBench(db.Dialect, db.Write)
	if err != nil {
		return nil, err
	}
	s, err := b.inspect(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(s.Tables))
	for i, t := range s.Tables {
		names[i] = t.Name
	}
	return names, nil
}
