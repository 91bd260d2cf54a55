package e2e_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/demo"
	"github.com/rapidbott/tideboard/server/servertest"
)

// process is the program with demo data, run by the operating system. It keeps port, database and files when it is
// started again.
type process struct {
	t    *testing.T
	url  string
	dir  string
	env  []string
	cmd  *exec.Cmd
	demo demo.File
}

// serve starts a server on a fresh database of the dialect; it ends with the test.
func serve(t *testing.T, dialect string) *process {
	t.Helper()
	port := freePort(t)
	p := &process{t: t, url: "http://127.0.0.1:" + port, dir: t.TempDir()}
	p.env = append(os.Environ(), "HOST=127.0.0.1", "PORT="+port, "VAR_DIR="+p.dir, "DATABASE_URL="+servertest.Database(t, dialect))
	t.Cleanup(func() {
		if p.cmd != nil {
			p.kill()
		}
		if t.Failed() {
			log, _ := os.ReadFile(p.dir + "/server.log")
			t.Logf("the server said:\n%s", log)
		}
	})
	p.start()
	b, err := os.ReadFile(filepath.Join(p.dir, demo.FileName))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &p.demo))
	return p
}

func (p *process) start() {
	p.t.Helper()
	log, err := os.OpenFile(p.dir+"/server.log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(p.t, err)
	defer log.Close()
	p.cmd = exec.Command(filepath.Join(house(p.t), "bin/tideboard"), "serve", "--demo")
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = p.env, log, log
	require.NoError(p.t, p.cmd.Start())
	awaitHealth(p.t, p.url)
}

// kill ends the server in the middle of whatever it does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	p.cmd = nil
}

// terminate asks the server to end, as an operator would; await waits until it did.
func (p *process) terminate() {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
}

func (p *process) await() {
	p.t.Helper()
	late := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	require.NoError(p.t, p.cmd.Wait(), "a server that is asked to end ends with success")
	p.cmd = nil
}

// client calls the server as the demo's nth member: Olivia, the owner, is the first.
func (p *process) client(member int) *servertest.Client {
	return &servertest.Client{URL: p.url, Token: p.demo.Members[member].Token}
}

// restricted is the place of the member who sees only what is hers.
func (p *process) restricted() int {
	for i, m := range p.demo.Members {
		if !m.SeesAll {
			return i
		}
	}
	p.t.Fatal("everybody in the demo workspace sees everything")
	return 0
}

// awaitHealth waits until somebody answers at the address and is well.
func awaitHealth(t *testing.T, url string) {
	t.Helper()
	require.Eventually(t, func() bool {
		res, err := http.Get(url + "/health")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	}, patience, 20*time.Millisecond, "no server at %s", url)
}

// freePort gives a port on which nobody listens, outside of the range from which systems give out ports by themselves,
// so that it is still free when a server is started on it again.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		port := fmt.Sprint(10000 + rand.IntN(10000))
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err == nil {
			require.NoError(t, l.Close())
			return port
		}
	}
	t.Fatal("no free port found on 127.0.0.1")
	return ""
}
