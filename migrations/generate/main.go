// Command generate writes the next migration of both dialects: what leads from the files there are to the state that
// ent's schema and the plain tables describe. It needs a PostgreSQL, named by TEST_POSTGRES_URL, and changes nothing
// in it. Run it as `make migrate NAME=what_changes`.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/rapidbott/tideboard/migrations"
	"github.com/rapidbott/tideboard/server/store"
)

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 || !validName.MatchString(args[0]) {
		return errors.New("give the migration one name of small letters, digits and underscores: make migrate NAME=what_changes")
	}
	postgres := os.Getenv("TEST_POSTGRES_URL")
	if postgres == "" {
		return errors.New("TEST_POSTGRES_URL must name a PostgreSQL; `make migrate` provides one")
	}
	temp, err := os.MkdirTemp("", "tideboard-generate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	version := time.Now().UTC().Format("20060102150405")
	for _, url := range []string{"file:" + filepath.Join(temp, "generate.db"), postgres} {
		if err := generate(ctx, url, version, args[0]); err != nil {
			return err
		}
	}
	return nil
}

func generate(ctx context.Context, url, version, name string) error {
	db, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	dir := filepath.Join("migrations", migrations.Directory(db.Dialect))
	written, err := migrations.Generate(ctx, db, dir, version, name)
	if err == nil && written {
		fmt.Printf("%s: wrote %s_%s.sql\n", dir, version, name)
	} else if err == nil {
		fmt.Printf("%s: nothing to do\n", dir)
	}
	return errors.Join(err, db.Close())
}
