// Package servertest gives tests a real server: a fresh database, the whole program behind a listener on loopback, and
// clients that speak HTTP and websocket as anybody's would. It promises that nothing is shared between tests and that a
// test fails when the server leaves a goroutine behind.
package servertest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/store/pgtest"
)

// Dialects are the databases every behaviour is tested on.
var Dialects = []string{store.SQLite, store.Postgres}

// Each runs a test on every database.
func Each(t *testing.T, fn func(t *testing.T, dialect string)) {
	t.Helper()
	for _, d := range Dialects {
		t.Run(d, func(t *testing.T) { fn(t, d) })
	}
}

// Database makes a fresh database and gives its URL.
func Database(t testing.TB, dialect string) string {
	t.Helper()
	if dialect == store.Postgres {
		return pgtest.NewDatabase(t)
	}
	return "file:" + filepath.Join(t.TempDir(), "test.db")
}

// Server is a running program.
type Server struct {
	*app.App
	URL      string
	Database string

	http   *http.Server
	closed bool
}

// Start runs a server on a fresh database; it ends with the test.
func Start(t testing.TB, dialect string) *Server {
	t.Helper()
	return StartOn(t, Database(t, dialect), nil)
}

// StartOn runs a server on a database, configured further by `configure` if that is not nil.
func StartOn(t testing.TB, databaseURL string, configure func(*app.Config)) *Server {
	t.Helper()
	cfg := app.Config{DatabaseURL: databaseURL, Logger: slog.New(slog.NewTextHandler(logTo{t}, nil)), Box: box(t), Mailbox: true}
	cfg.PresenceTick = -1            // commits come from what tests do
	cfg.HTTP.Idle = 10 * time.Minute // a test that is busy elsewhere does not answer pings
	if configure != nil {
		configure(&cfg)
	}
	a, err := app.New(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{App: a, URL: "http://" + l.Addr().String(), Database: databaseURL, http: &http.Server{Handler: a.Handler()}}
	go s.http.Serve(l)
	t.Cleanup(func() { s.Stop(t) })
	return s
}

// box has the same key in all tests, so that a server started anew reads what the one before wrote.
func box(t testing.TB) *seal.Box {
	b, err := seal.New(bytes.Repeat([]byte("k"), seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Stop ends the server and checks that nothing of it goes on. It may be called more than once.
func (s *Server) Stop(t testing.TB) {
	if s.closed {
		return
	}
	s.closed = true
	if err := s.App.Close(); err != nil {
		t.Errorf("close the server: %v", err)
	}
	s.http.Close()
}

// Leaked names the program's goroutines that are still there after everything was stopped; it waits for those that are
// about to end.
func Leaked() string {
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		buf := make([]byte, 1<<22)
		var left []string
		for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if strings.Contains(g, "tideboard/server/") && !strings.Contains(g, "testing.tRunner") && !strings.Contains(g, "testing.(*M)") {
				left = append(left, g)
			}
		}
		if len(left) == 0 {
			return ""
		}
		if time.Now().After(end) {
			return strings.Join(left, "\n\n")
		}
	}
}

// logTo writes the server's log into the test's, as long as that runs.
type logTo struct{ t testing.TB }

func (l logTo) Write(p []byte) (int, error) {
	if l.t.Context().Err() != nil {
		return io.Discard.Write(p)
	}
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
