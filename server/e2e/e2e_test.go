package e2e_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience bounds every wait for what must happen.
const patience = 2 * time.Minute

// root is the checkout.
const root = "../.."

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if _, err := exec.LookPath("node"); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: node is missing: install version 20 or newer:", err)
		return 1
	}
	if _, err := os.Stat("node_modules/.package-lock.json"); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: node_modules is missing: run `npm ci --prefix server/e2e`, as `make test` does:", err)
		return 1
	}
	dir, err := os.MkdirTemp("", "tideboard-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	clone.dir = dir
	return m.Run()
}

// clone is a copy of the checkout as a stranger would get it, in which the README's setup has been executed.
var clone struct {
	dir  string
	once sync.Once
	err  error
}

// house gives the clone's directory; the first call makes it. Every server of these tests is its bin/tideboard.
func house(t *testing.T) string {
	t.Helper()
	clone.once.Do(func() {
		if clone.err = copyCheckout(clone.dir); clone.err != nil {
			return
		}
		setup := exec.Command("bash", "-euo", "pipefail", "-c", readTour(t).setup)
		// What `make test` has just downloaded need not be asked for again.
		setup.Dir, setup.Env = clone.dir, append(os.Environ(), "npm_config_prefer_offline=true")
		if out, err := setup.CombinedOutput(); err != nil {
			clone.err = fmt.Errorf("the setup of the README: %w\n%s", err, out)
		}
	})
	require.NoError(t, clone.err)
	return clone.dir
}

// copyCheckout leaves out what git ignores, but for the web application as it was built.
func copyCheckout(to string) error {
	ignored := map[string]bool{".git": true, "bin": true, "var": true, "node_modules": true}
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && ignored[e.Name()] {
			return fs.SkipDir
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		}
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), b, info.Mode().Perm())
	})
}
