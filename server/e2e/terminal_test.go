package e2e_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// terminal is a shell somebody types into. A command that fails ends it, and the test.
type terminal struct {
	t     *testing.T
	input io.Writer
	lines <-chan string
	typed int
}

// openTerminal opens a shell in a directory; with the test everything ends that was started in it.
func openTerminal(t *testing.T, dir string, env []string) *terminal {
	t.Helper()
	shell := exec.Command("bash", "-eu", "-o", "pipefail")
	shell.Dir, shell.Env = dir, env
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := shell.StdinPipe()
	require.NoError(t, err)
	output, screen, err := os.Pipe()
	require.NoError(t, err)
	shell.Stdout, shell.Stderr = screen, screen
	require.NoError(t, shell.Start())
	require.NoError(t, screen.Close())
	lines := make(chan string, 1024) // more than any test makes it say
	go func() {
		defer close(lines)
		text := bufio.NewScanner(output)
		text.Buffer(nil, 1<<24)
		for text.Scan() {
			lines <- text.Text()
		}
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) // the shell's own process group
		_ = shell.Wait()
		for range lines { // ends when the last process of the group is gone
		}
		_ = output.Close()
	})
	return &terminal{t: t, input: input, lines: lines}
}

// enter types text as it is.
func (c *terminal) enter(text string) {
	c.t.Helper()
	_, err := io.WriteString(c.input, text)
	require.NoError(c.t, err)
}

// run types commands, waits until they have run, and gives what the terminal said meanwhile.
func (c *terminal) run(commands string) string {
	c.t.Helper()
	c.typed++
	done := fmt.Sprintf("-- done %d --", c.typed)
	c.enter(commands + "echo '" + done + "'\n")
	var said strings.Builder
	for {
		line, ok := c.line()
		if line == done {
			return said.String()
		}
		said.WriteString(line + "\n")
		require.True(c.t, ok, "a command failed:\n%s\n%s", commands, &said)
	}
}

// line waits for the next line; false when the terminal has ended.
func (c *terminal) line() (string, bool) {
	c.t.Helper()
	select {
	case line, ok := <-c.lines:
		return line, ok
	case <-time.After(patience):
		require.FailNow(c.t, "the terminal says nothing")
		return "", false
	}
}
