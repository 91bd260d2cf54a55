package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/rapidbott/tideboard/bench/api"
	"github.com/rapidbott/tideboard/bench/load"
	"github.com/rapidbott/tideboard/bench/rig"
)

// bench is everything that was put up.
type bench struct {
	config
	dir    string
	db     *rig.Database
	server *rig.Process
	peer   *rig.Process
	token  string
	world  *api.World
}

// setUp puts everything up; on an error it has taken everything down.
func setUp(ctx context.Context, cfg config) (*bench, error) {
	b := &bench{config: cfg}
	if err := b.putUp(ctx); err != nil {
		b.tearDown()
		return nil, err
	}
	return b, nil
}

func (b *bench) putUp(ctx context.Context) (err error) {
	if b.dir, err = os.MkdirTemp("", "tideboard-bench-"); err != nil {
		return err
	}
	if b.binary == "" {
		b.binary = filepath.Join(b.dir, "tideboard")
		if err := rig.Build(ctx, "server", b.binary); err != nil {
			return err
		}
	}
	if err := rig.Build(ctx, "bench/peer", filepath.Join(b.dir, "peer")); err != nil {
		return err
	}
	if b.db, err = rig.NewDatabase(ctx, b.postgres); err != nil {
		return err
	}
	if err := b.startServer(ctx, "--demo"); err != nil {
		return err
	}
	if err := b.fill(ctx); err != nil {
		return fmt.Errorf("fill the board: %w", err)
	}
	return b.startPeer(ctx)
}

// startPeer starts the peer, or starts it anew.
func (b *bench) startPeer(ctx context.Context) (err error) {
	if b.peer != nil {
		b.peer.Stop()
	}
	b.peer, err = rig.Start(ctx, filepath.Join(b.dir, "peer"), filepath.Join(b.dir, "peer.log"), func(port string) []string {
		return []string{"-listen", "127.0.0.1:" + port, "-pg", b.db.URL, "-workspace", b.world.WorkspaceID}
	}, func(string) []string { return nil })
	return err
}

// startServer starts the server, or starts it anew.
func (b *bench) startServer(ctx context.Context, flags ...string) (err error) {
	if b.server != nil {
		b.server.Stop()
	}
	b.server, err = rig.Start(ctx, b.binary, filepath.Join(b.dir, "server.log"),
		func(string) []string { return append([]string{"serve"}, flags...) },
		func(port string) []string {
			return []string{"HOST=127.0.0.1", "PORT=" + port, "DATABASE_URL=" + b.db.URL, "VAR_DIR=" + b.dir, "MAX_SOCKETS_PER_VIEWER=100000"}
		})
	return err
}

// fill makes the board that is measured, in the demo workspace.
func (b *bench) fill(ctx context.Context) error {
	demo, err := rig.ReadDemo(filepath.Join(b.dir, "demo.json"))
	if err != nil {
		return err
	}
	if b.token, err = demo.Owner(); err != nil {
		return err
	}
	pool, err := load.Dial(ctx, b.server.Addr, "/graphql", b.token, 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	if b.world, err = api.Seed(pool, demo.WorkspaceID, demo.MemberIDs()); err != nil {
		return err
	}
	_, err = b.db.ExecContext(ctx, "VACUUM ANALYZE")
	return err
}

// tearDown stops the processes and drops the database.
func (b *bench) tearDown() {
	var errs []error
	for _, p := range []*rig.Process{b.peer, b.server} {
		if p != nil {
			p.Stop()
		}
	}
	if b.db != nil {
		errs = append(errs, b.db.Drop(context.Background())) // also after an interrupt
	}
	if err := errors.Join(append(errs, os.RemoveAll(b.dir))...); err != nil {
		fmt.Fprintln(os.Stderr, "bench: tear down:", err)
	}
}

func (b *bench) heading(ctx context.Context) error {
	version, err := b.db.Version(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("Tideboard beside its peers, on the same PostgreSQL %s and the same %d processors, medians of turns\n",
		version, runtime.NumCPU())
	return nil
}
