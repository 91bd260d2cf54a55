// Package demo makes a workspace that looks like the real thing: deterministic, and loaded through the same commands as
// everybody's writes. It exists for trying out; nothing else knows of it.
//
// It promises: the same hour gives the same workspace; a loading that was interrupted goes on where it stopped; what is
// there already is never changed, and the secrets handed out before stay good.
package demo

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/rapidbott/tideboard/server/app"
)

// Prepare makes the demo workspace when there is none, writes VAR_DIR/demo.json, and tells how to come in. The
// workspace's past is the 120 days before the present hour.
func Prepare(ctx context.Context, a *app.App, varDir, url string, out io.Writer) error {
	return prepare(ctx, a, varDir, url, out, time.Now().UTC().Truncate(time.Hour))
}

func prepare(ctx context.Context, a *app.App, varDir, url string, out io.Writer, anchor time.Time) error {
	workspaceID, err := ensure(ctx, a, out, anchor)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	f, name, err := welcome(ctx, a, varDir, url, workspaceID)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	path, err := f.write(varDir)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return greet(out, f, name, path, a.KeepsMails())
}
