// Package rig puts up what is measured: a database of its own on a real PostgreSQL, and real processes on loopback. It
// promises to stop every process it started and to drop the database it made.
package rig

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// Build compiles a command of this module, the way the server is released: one static file.
func Build(ctx context.Context, pkg, to string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", to, "github.com/rapidbott/tideboard/"+pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return nil
}
