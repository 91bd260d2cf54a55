package fleet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// Fleet is the servers of a run, all on one database.
type Fleet struct {
	Servers []*Server

	mu   sync.Mutex
	down map[*Server]bool
}

// Start runs n servers; the first one makes the demo workspace.
func Start(ctx context.Context, binary, dir string, db *Database, n int) (*Fleet, *Demo, error) {
	f := &Fleet{down: map[*Server]bool{}}
	for i := range n {
		s, err := newServer(binary, filepath.Join(dir, "server-"+strconv.Itoa(i)), db.URL)
		if err != nil {
			f.Stop()
			return nil, nil, err
		}
		f.Servers = append(f.Servers, s)
		args := []string{"serve"}
		if i == 0 {
			args = append(args, "--demo")
		}
		if err := s.start(ctx, args...); err != nil {
			f.Stop()
			return nil, nil, err
		}
	}
	demo, err := readDemo(filepath.Join(f.Servers[0].dir, "demo.json"))
	if err != nil {
		f.Stop()
		return nil, nil, err
	}
	return f, demo, nil
}

// Pick gives the address of a server that is up; when none is, of any.
func (f *Fleet) Pick(random *rand.Rand) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var up []*Server
	for _, s := range f.Servers {
		if !f.down[s] {
			up = append(up, s)
		}
	}
	if len(up) == 0 {
		up = f.Servers
	}
	return up[random.IntN(len(up))].Base
}

// Addresses are the addresses of all servers.
func (f *Fleet) Addresses() (out []string) {
	for _, s := range f.Servers {
		out = append(out, s.Base)
	}
	return out
}

// KillOne ends a server with SIGKILL, leaves it dead for a while, starts it again and says which it was. Clients learn of
// the death from their broken connections, as they would in life.
func (f *Fleet) KillOne(ctx context.Context, random *rand.Rand, dead time.Duration) (string, error) {
	s := f.Servers[random.IntN(len(f.Servers))]
	if err := s.kill(); err != nil {
		return s.Base, err
	}
	f.mark(s, true)
	defer f.mark(s, false)
	select {
	case <-ctx.Done():
		return s.Base, ctx.Err()
	case <-time.After(dead):
	}
	if err := s.start(ctx, "serve"); err != nil {
		return s.Base, fmt.Errorf("after a kill: %w", err)
	}
	return s.Base, nil
}

func (f *Fleet) mark(s *Server, down bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down[s] = down
}

// Died says whether a server ended without being told to.
func (f *Fleet) Died() error {
	for _, s := range f.Servers {
		if err := s.Died(); err != nil {
			return err
		}
	}
	return nil
}

// Stop kills all servers and returns when they are gone.
func (f *Fleet) Stop() {
	for _, s := range f.Servers {
		_ = s.kill()
		_ = s.log.Close()
	}
}
