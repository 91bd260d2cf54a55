package migrations_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"ariga.io/atlas/sql/migrate"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/migrations"
	"github.com/rapidbott/tideboard/server/store"
)

// newest is a file that only a newer program has.
const newest = "99990101000000_newest.sql"

func TestApplyFromEmptyLeavesNoDrift(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		drift, err := migrations.Drift(t.Context(), db)
		require.NoError(t, err)
		require.NotEmpty(t, drift, "an empty database lacks everything")
		for range 2 { // the second time there is nothing to do
			require.NoError(t, migrations.Apply(t.Context(), db))
			drift, err = migrations.Drift(t.Context(), db)
			require.NoError(t, err)
			require.Empty(t, drift)
		}
	})
}

func TestDriftSeesWhatIsTooMuchOrMissing(t *testing.T) {
	for change, sign := range map[string]string{
		"DROP INDEX record_workspace_id_number":              "record_workspace_id_number",
		"CREATE TABLE extra (id text PRIMARY KEY)":           "extra",
		"ALTER TABLE tasks ADD COLUMN extra text":            "tasks",
		"CREATE INDEX extra ON changes (client_mutation_id)": "extra",
		"DROP TABLE counters":                                "counters",
	} {
		each(t, func(t *testing.T, db *store.DB) {
			require.NoError(t, migrations.Apply(t.Context(), db))
			exec(t, db, change)
			drift, err := migrations.Drift(t.Context(), db)
			require.NoError(t, err)
			require.Contains(t, strings.Join(drift, "\n"), sign)
		})
	}
}

func TestApplyByManyProcessesAtOnce(t *testing.T) {
	eachURL(t, func(t *testing.T, url string) {
		failures := make(chan error, 4) // one for each process
		for range cap(failures) {
			go func() {
				db, err := store.Open(t.Context(), url, store.Options{})
				if err == nil {
					defer db.Close()
					err = migrations.Apply(t.Context(), db)
				}
				failures <- err
			}()
		}
		for range cap(failures) {
			require.NoError(t, <-failures)
		}
	})
}

func TestATamperedFileIsRefused(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		files := copyFiles(t)
		for name, file := range files {
			if strings.HasSuffix(name, ".sql") {
				file.Data = append(file.Data, "\n-- harmless?\n"...)
			}
		}
		require.ErrorIs(t, migrations.ApplyFiles(t.Context(), db, files), migrations.ErrChanged)
		require.Empty(t, tables(t, db), "nothing was run")
	})
}

func TestAFileChangedAfterItWasAppliedIsRefused(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		require.NoError(t, migrations.Apply(t.Context(), db))
		exec(t, db, "UPDATE schema_migrations SET hash = 'h1:other'")
		require.ErrorIs(t, migrations.Apply(t.Context(), db), migrations.ErrChanged)
	})
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		require.NoError(t, migrations.ApplyFiles(t.Context(), db, withFile(t, "CREATE TABLE newest (id text);")))
		require.ErrorIs(t, migrations.Apply(t.Context(), db), migrations.ErrNewer)
	})
}

func TestAFileThatFailsLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		files := withFile(t, "CREATE TABLE newest (id text);\nINSERT INTO nowhere VALUES (1);")
		require.ErrorContains(t, migrations.ApplyFiles(t.Context(), db, files), newest)
		require.NotContains(t, tables(t, db), "newest")
		require.NoError(t, migrations.Apply(t.Context(), db), "the files before it stay applied")
	})
}

func TestSQLiteKeepsItsForeignKeysWhenATableIsMadeAnew(t *testing.T) {
	db := open(t, "file:"+filepath.Join(t.TempDir(), "test.db"))
	exec(t, db, "CREATE TABLE parents (id text PRIMARY KEY)")
	exec(t, db, "CREATE TABLE children (id text, parent text REFERENCES parents (id))")
	exec(t, db, "INSERT INTO parents VALUES ('p')")
	exec(t, db, "INSERT INTO children VALUES ('c', 'p')")
	renew := "PRAGMA foreign_keys = off;\nCREATE TABLE new_parents (id text PRIMARY KEY, name text);\n" +
		"INSERT INTO new_parents (id) SELECT id FROM parents;\nDROP TABLE parents;\n" +
		"ALTER TABLE new_parents RENAME TO parents;\nPRAGMA foreign_keys = on;"
	require.NoError(t, migrations.ApplyFiles(t.Context(), db, withFile(t, renew)))
	_, err := db.Write.ExecContext(t.Context(), "INSERT INTO children VALUES ('d', 'nobody')")
	require.True(t, db.SQL.IsForeignKey(err), "%v", err)

	lossy := open(t, "file:"+filepath.Join(t.TempDir(), "lossy.db"))
	exec(t, lossy, "CREATE TABLE parents (id text PRIMARY KEY)")
	exec(t, lossy, "CREATE TABLE children (id text, parent text REFERENCES parents (id))")
	exec(t, lossy, "INSERT INTO parents VALUES ('p')")
	exec(t, lossy, "INSERT INTO children VALUES ('c', 'p')")
	require.ErrorContains(t, migrations.ApplyFiles(t.Context(), lossy, withFile(t, "DELETE FROM parents;")), "links to one that is not there")
}

// copyFiles gives the embedded files, to be changed.
func copyFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(migrations.Embedded, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations.Embedded, path)
		files[path] = &fstest.MapFile{Data: text}
		return err
	}))
	return files
}

// withFile gives the files of a newer program, which has one more.
func withFile(t *testing.T, text string) fstest.MapFS {
	t.Helper()
	files := copyFiles(t)
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		own, err := migrations.Files(files, dialect)
		require.NoError(t, err)
		sums, err := migrate.NewHashFile(append(own, migrate.NewLocalFile(newest, []byte(text))))
		require.NoError(t, err)
		sum, err := sums.MarshalText()
		require.NoError(t, err)
		files[migrations.Directory(dialect)+"/"+newest] = &fstest.MapFile{Data: []byte(text)}
		files[migrations.Directory(dialect)+"/atlas.sum"] = &fstest.MapFile{Data: sum}
	}
	return files
}
