package e2e_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
)

// npmClient is client.mjs in a process of its own.
type npmClient struct {
	t      *testing.T
	input  io.Writer
	events <-chan event
}

// event is one thing that happened to it.
type event struct {
	Event   string
	Code    int
	Reason  string
	Payload servertest.Frame
	Errors  []servertest.Error
	// Raw is the whole line.
	Raw string `json:"-"`
}

// settings are what client.mjs reads.
type settings struct {
	URL         string    `json:"url"`
	Token       string    `json:"token,omitempty"`
	Attempts    int       `json:"attempts,omitempty"`
	Subprotocol string    `json:"subprotocol,omitempty"`
	Operation   operation `json:"operation"`
}

type operation struct {
	Query     string          `json:"query"`
	Variables servertest.Vars `json:"variables"`
}

// run starts the client; it ends with the test at the latest.
func (s settings) run(t *testing.T) *npmClient {
	t.Helper()
	config, err := json.Marshal(s)
	require.NoError(t, err)
	cmd := exec.Command("node", "client.mjs")
	cmd.Env, cmd.Stderr = append(os.Environ(), "CLIENT="+string(config)), os.Stderr
	input, err := cmd.StdinPipe()
	require.NoError(t, err)
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	events := make(chan event, 1024) // more than any test makes happen
	go func() {
		defer close(events)
		lines := bufio.NewScanner(output)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			e := event{Raw: lines.Text()}
			if json.Unmarshal(lines.Bytes(), &e) != nil {
				e.Event = "not JSON"
			}
			events <- e
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		for range events { // the pipe is read to its end before Wait closes it
		}
		_ = cmd.Wait()
	})
	return &npmClient{t, input, events}
}

// next waits for the next event, which must be of this name.
func (c *npmClient) next(name string) event {
	c.t.Helper()
	select {
	case e, ok := <-c.events:
		require.True(c.t, ok, "the client ended without %q", name)
		require.Equal(c.t, name, e.Event, "%s", e.Raw)
		return e
	case <-time.After(patience):
		require.FailNow(c.t, "nothing happened", "not %q", name)
		return event{}
	}
}

// closed waits until the socket is closed with a code.
func (c *npmClient) closed(code int) event {
	c.t.Helper()
	e := c.next("closed")
	require.Equal(c.t, code, e.Code, "%s", e.Raw)
	return e
}

// ended waits until the process is gone: the client holds nothing any more.
func (c *npmClient) ended() {
	c.t.Helper()
	select {
	case e, more := <-c.events:
		require.False(c.t, more, "not the end but %s", e.Raw)
	case <-time.After(patience):
		require.FailNow(c.t, "the client does not end")
	}
}

// comeBack lets a client that waits reconnect.
func (c *npmClient) comeBack() {
	c.t.Helper()
	c.next("waits")
	_, err := io.WriteString(c.input, "\n")
	require.NoError(c.t, err)
}
