package rig

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// Memory is what a process holds, in KiB, as Linux tells it in /proc.
type Memory struct {
	// RSS is all that is resident; Anon the part that is no file: Go's heap, stacks and the runtime's own.
	RSS, Anon int64
	// Threads of the operating system.
	Threads int64
}

// Memory reads what the process holds now.
func (p *Process) Memory() (m Memory, err error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.PID()))
	if err != nil {
		return m, fmt.Errorf("memory is measured on Linux only: %w", err)
	}
	defer f.Close()
	fields := map[string]*int64{"VmRSS": &m.RSS, "RssAnon": &m.Anon, "Threads": &m.Threads}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name, rest, _ := strings.Cut(lines.Text(), ":")
		if into := fields[name]; into != nil {
			if _, err := fmt.Sscan(rest, into); err != nil {
				return m, fmt.Errorf("/proc: %s: %w", lines.Text(), err)
			}
		}
	}
	return m, lines.Err()
}

// Rest waits until the process's memory stands still, within 1 % for a while, and gives what it holds then; at most
// `patience`, because a runtime gives memory back slowly.
func (p *Process) Rest(ctx context.Context, still, patience time.Duration) (Memory, error) {
	end, since := time.Now().Add(patience), time.Now()
	base, err := p.Memory()
	for err == nil && time.Now().Before(end) && time.Since(since) < still {
		select {
		case <-ctx.Done():
			return base, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
		var now Memory
		if now, err = p.Memory(); err == nil && abs(now.RSS-base.RSS)*100 > base.RSS {
			base, since = now, time.Now()
		}
	}
	if err != nil {
		return base, err
	}
	return p.Memory()
}

func abs(n int64) int64 { return max(n, -n) }
