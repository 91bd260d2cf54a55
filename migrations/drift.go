package migrations

import (
	"context"
	"fmt"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/schema"

	"github.com/rapidbott/tideboard/server/store"
)

// Drift gives the statements that would make the database what [State] describes: none when it is. It changes nothing.
// The state is first built beside the database and read back, so that both are compared in the database's own words;
// on PostgreSQL that takes the right to make a schema.
func Drift(ctx context.Context, db *store.DB) ([]string, error) {
	b, err := newBench(db.Dialect, db.Write)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	current, err := b.inspect(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	wanted, err := desired(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("migrations: build the state: %w", err)
	}
	plan, err := b.diff(ctx, "drift", current, wanted)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	statements := make([]string, len(plan.Changes))
	for i, c := range plan.Changes {
		statements[i] = c.Cmd
	}
	return statements, nil
}

// Generate adds a file to a dialect's directory that leads from what its files make to what [State] describes, with
// the given version and name, and renews the directory's checksums. It writes nothing when there is no difference.
// It works beside the database's tables and changes nothing there. It fails when the directory's checksums are wrong.
func Generate(ctx context.Context, db *store.DB, directory, version, name string) (written bool, err error) {
	dir, err := migrate.NewLocalDir(directory)
	if err != nil {
		return false, err
	}
	if err := migrate.Validate(dir); err != nil {
		return false, fmt.Errorf("%s: %w", directory, err)
	}
	files, err := dir.Files()
	if err != nil {
		return false, err
	}
	wanted, err := desired(ctx, db)
	if err != nil {
		return false, fmt.Errorf("build the state: %w", err)
	}
	var plan *migrate.Plan
	err = scratch(ctx, db, func(b *bench) error {
		current, err := b.replay(ctx, files)
		if err != nil {
			return err
		}
		plan, err = b.diff(ctx, name, current, wanted)
		return err
	})
	if err != nil || len(plan.Changes) == 0 {
		return false, err
	}
	plan.Version = version
	return true, migrate.NewPlanner(nil, dir, migrate.PlanFormat(migrate.DefaultFormatter)).WritePlan(plan)
}

func desired(ctx context.Context, db *store.DB) (wanted *schema.Schema, err error) {
	err = scratch(ctx, db, func(b *bench) error {
		wanted, err = b.build(ctx)
		return err
	})
	return wanted, err
}
