package rig

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

const (
	// startTime is how long a process may take until it answers, migrations and demo data included.
	startTime = 60 * time.Second
	// stopTime is how long it may take to end when asked; then it is killed.
	stopTime = 10 * time.Second
)

// Process is a running program that answers HTTP.
type Process struct {
	// Addr is "host:port".
	Addr string

	cmd    *exec.Cmd
	log    *os.File
	exited chan struct{} // closed, never sent to, when the process is gone
}

// Start runs a program and returns when it answers /health. `args` and `env` are made for the port it is to listen on;
// what it prints goes to the file `log`.
func Start(ctx context.Context, binary, log string, args, env func(port string) []string) (*Process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	p := &Process{Addr: net.JoinHostPort("127.0.0.1", port), cmd: exec.Command(binary, args(port)...), log: file,
		exited: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = append(os.Environ(), env(port)...), file, file
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	go func() { // ends with the process
		_ = p.cmd.Wait() // how it ended shows in its log
		close(p.exited)
	}()
	if err := p.await(ctx); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

// PID is the process's id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// URL is the process's address as a URL, "http://host:port".
func (p *Process) URL() string { return "http://" + p.Addr }

// Stop ends the process and returns when it is gone. It may be called more than once.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails only when it is gone
	select {
	case <-p.exited:
	case <-time.After(stopTime):
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
	_ = p.log.Close()
}

func (p *Process) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer within %s%s", p.cmd.Path, startTime, p.said())
		case <-p.exited:
			return fmt.Errorf("%s ended by itself%s", p.cmd.Path, p.said())
		case <-tick.C:
			if p.healthy(ctx) {
				return nil
			}
		}
	}
}

func (p *Process) healthy(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL()+"/health", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// said is the end of what the process printed.
func (p *Process) said() string {
	text, err := os.ReadFile(p.log.Name())
	if err != nil || len(text) == 0 {
		return ""
	}
	return "; it said:\n" + string(text[max(0, len(text)-2000):])
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}
