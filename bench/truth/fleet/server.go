package fleet

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// startTime is how long a server may take until it answers, migrations and demo data included.
const startTime = 60 * time.Second

// Server is one server process on a port of its own; killed and started again it stays the same Server.
type Server struct {
	// Base is "http://host:port".
	Base string

	binary, dir string
	env         []string
	log         *os.File

	mu      sync.Mutex
	process *os.Process
	exited  chan struct{} // closed when the process is gone
	died    error         // how it ended without being told to
	told    bool          // it was told to end
}

// newServer prepares a server; dir takes its files and its log.
func newServer(binary, dir, databaseURL string) (*Server, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("server directory: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(dir, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("server log: %w", err)
	}
	return &Server{
		Base: "http://127.0.0.1:" + strconv.Itoa(port), binary: binary, dir: dir, log: log,
		env: append(os.Environ(), "PORT="+strconv.Itoa(port), "DATABASE_URL="+databaseURL, "VAR_DIR="+dir),
	}, nil
}

// start runs the process and returns when it answers.
func (s *Server) start(ctx context.Context, args ...string) error {
	cmd := exec.Command(s.binary, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = s.env, s.log, s.log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", s.binary, err)
	}
	exited := make(chan struct{})
	s.mu.Lock()
	s.process, s.exited, s.told = cmd.Process, exited, false
	s.mu.Unlock()
	go func() { // ends with the process
		err := cmd.Wait()
		s.mu.Lock()
		if !s.told {
			s.died = fmt.Errorf("the server at %s ended by itself: %v; its log is %s", s.Base, err, s.log.Name())
		}
		s.process = nil
		s.mu.Unlock()
		close(exited)
	}()
	return s.await(ctx, exited)
}

func (s *Server) await(ctx context.Context, exited chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server at %s did not answer /health within %s; its log is %s", s.Base, startTime, s.log.Name())
		case <-exited:
			return s.Died()
		case <-tick.C:
			if healthy(ctx, s.Base) {
				return nil
			}
		}
	}
}

func healthy(ctx context.Context, base string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/health", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// kill ends the process with SIGKILL and returns when it is gone.
func (s *Server) kill() error {
	s.mu.Lock()
	process, exited := s.process, s.exited
	s.told = true
	s.mu.Unlock()
	if process == nil {
		return nil
	}
	if err := process.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill: %w", err)
	}
	<-exited
	return nil
}

// Died says how the process ended without being told to; nil when it did not.
func (s *Server) Died() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.died
}

// freePort finds a port below the range that outgoing connections use, so that it is still free after a kill.
func freePort() (int, error) {
	var err error
	for range 100 {
		port := 20000 + rand.IntN(12000)
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("a free port: %w", err)
}
