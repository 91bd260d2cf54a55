package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/demo"
	"github.com/rapidbott/tideboard/server/store/pgtest"
)

// anchor is a Tuesday morning.
var anchor = time.Date(2026, 3, 17, 10, 0, 0, 0, time.UTC)

const address = "http://127.0.0.1:8000"

// TestDemo loads a workspace on either database, on PostgreSQL with interruptions, and looks at what came out. The two
// must be the same: neither the database nor an interruption makes a difference.
func TestDemo(t *testing.T) {
	plain, stopped := open(t, sqlite(t)), open(t, pgtest.NewDatabase(t))
	dir := filepath.Join(t.TempDir(), "var")
	for _, at := range []int{1, 3, 6, 40, 700} {
		require.ErrorContains(t, interrupted(t, stopped, dir, at), "start again and it goes on")
		require.NoFileExists(t, filepath.Join(dir, demo.FileName))
	}
	// The hour has passed meanwhile; the plan is that of the first start.
	require.NoError(t, demo.PrepareAt(t.Context(), stopped, dir, address, &bytes.Buffer{}, anchor.Add(5*time.Hour)))
	for name, a := range map[string]*app.App{"sqlite": plain, "postgres": stopped} {
		t.Run(name, func(t *testing.T) {
			f, said := load(t, a, dir+name)
			t.Run("looks lived in", func(t *testing.T) { looksLivedIn(t, a, f) })
			t.Run("its past is in order", func(t *testing.T) { pastInOrder(t, a) })
			t.Run("addresses are examples", func(t *testing.T) { addressesAreExamples(t, a) })
			t.Run("says how to come in", func(t *testing.T) {
				for _, want := range []string{address + "/graphql", f.APIKey, filepath.Join(dir+name, demo.FileName), "curl",
					f.Pipelines[0].ID, f.Members[0].Token, f.Members[1].Name, f.Members[3].Role} {
					require.Contains(t, said, want)
				}
			})
			t.Run("every secret lets its owner in", func(t *testing.T) { secretsLetIn(t, a, f) })
			t.Run("a second start keeps everything", func(t *testing.T) { secondStart(t, a, f, dir+name) })
			t.Run("secrets that are no good are replaced", func(t *testing.T) { replaced(t, a, dir+name) })
		})
	}
	want, got := picture(t, plain), picture(t, stopped)
	for part := range want {
		require.Equal(t, want[part], got[part], part)
	}
}

func TestAHalfLoadedWorkspaceThatChangedIsRefused(t *testing.T) {
	a, dir := open(t, sqlite(t)), t.TempDir()
	require.Error(t, interrupted(t, a, dir, 60))
	_, err := a.DB.Write.ExecContext(t.Context(), "UPDATE workspaces SET revision = revision + 300")
	require.NoError(t, err)
	require.ErrorContains(t, demo.PrepareAt(t.Context(), a, dir, address, &bytes.Buffer{}, anchor), "delete the database")
}

func secretsLetIn(t *testing.T, a *app.App, f demo.File) {
	for _, m := range f.Members {
		v, err := a.Gate.Session(t.Context(), m.Token)
		require.NoError(t, err)
		require.Equal(t, []string{m.ID, m.Name, m.Role, f.WorkspaceID}, []string{v.ID, v.Name, string(v.Role), v.WorkspaceID})
	}
	v, err := a.Gate.Key(t.Context(), f.APIKey)
	require.NoError(t, err)
	require.Equal(t, f.WorkspaceID, v.WorkspaceID)
}

func secondStart(t *testing.T, a *app.App, first demo.File, dir string) {
	revision, sessions := numberOf(t, a, "SELECT revision FROM workspaces"), numberOf(t, a, "SELECT count(*) FROM sessions")
	again, _ := load(t, a, dir)
	require.Equal(t, first, again)
	require.Equal(t, revision, numberOf(t, a, "SELECT revision FROM workspaces"))
	require.Equal(t, 1, numberOf(t, a, "SELECT count(*) FROM workspaces"))
	require.Equal(t, sessions, numberOf(t, a, "SELECT count(*) FROM sessions"))
	info, err := os.Stat(filepath.Join(dir, demo.FileName))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.NoError(t, demo.PrepareAt(t.Context(), a, dir, "http://example.org:9000/", &bytes.Buffer{}, anchor))
	require.Equal(t, "http://example.org:9000", fileIn(t, dir).URL)
	require.Equal(t, first.Members, fileIn(t, dir).Members)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "no temporary file stays")
}

func replaced(t *testing.T, a *app.App, dir string) {
	first := fileIn(t, dir)
	_, err := a.DB.Write.ExecContext(t.Context(), "UPDATE sessions SET revoked_at = created_at WHERE member_id = "+a.DB.SQL.Placeholder(1), first.Members[0].ID)
	require.NoError(t, err)
	second, _ := load(t, a, dir)
	require.NotEqual(t, first.Members[0].Token, second.Members[0].Token)
	require.Equal(t, first.Members[1:], second.Members[1:])
	require.Equal(t, first.APIKey, second.APIKey)

	for _, damage := range []string{"", "{", `{"workspaceId":"wsp_other"}`} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, demo.FileName), []byte(damage), 0o600))
		third, _ := load(t, a, dir)
		secretsLetIn(t, a, third)
		require.NotEqual(t, first.APIKey, third.APIKey)
	}
}

func sqlite(t *testing.T) string { return "file:" + filepath.Join(t.TempDir(), "demo.db") }

func open(t *testing.T, url string) *app.App {
	t.Helper()
	a, err := app.New(t.Context(), app.Config{DatabaseURL: url, VarDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return anchor }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}

// load prepares the demo and gives what the file says and what was printed.
func load(t *testing.T, a *app.App, dir string) (demo.File, string) {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, demo.PrepareAt(t.Context(), a, dir, address, &out, anchor))
	return fileIn(t, dir), out.String()
}

func fileIn(t *testing.T, dir string) (f demo.File) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, demo.FileName))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &f))
	return f
}

// interrupted loads until a commit, and gives what Prepare says to that.
func interrupted(t *testing.T, a *app.App, dir string, at int) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	restore := after(a, at, cancel)
	defer restore()
	err := demo.PrepareAt(ctx, a, dir, address, &bytes.Buffer{}, anchor)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, at, numberOf(t, a, "SELECT revision FROM workspaces"))
	return err
}
