package httpd_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/httpd"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// house is a server on a port of its own.
type house struct {
	t      *testing.T
	engine *engine
	access *access
	server *httpd.Server
	listen *httptest.Server
	log    *logbook
}

// open starts a server and checks at the end of the test that nothing of it is left.
func open(t *testing.T, change ...func(*httpd.Config)) *house {
	h := &house{t: t, engine: newEngine(), access: &access{ttl: time.Hour}, log: &logbook{}}
	config := httpd.Config{
		Engine: h.engine,
		Access: h.access,
		Logger: slog.New(slog.NewTextHandler(h.log, nil)),
	}
	for _, c := range change {
		c(&config)
	}
	h.server = httpd.New(config)
	h.listen = httptest.NewServer(h.server)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, h.server.Shutdown(ctx))
		h.listen.Close()
		require.Zero(t, h.engine.streams.Load(), "streams left open")
		h.eventually(func() bool { return goroutines() == 0 }, "goroutines left")
	})
	return h
}

func limits(l httpd.Limits) func(*httpd.Config) {
	return func(c *httpd.Config) { c.Limits = l }
}

// eventually watches for a condition, on the test's own goroutine.
func (h *house) eventually(condition func() bool, what string) {
	h.t.Helper()
	deadline := time.After(patience)
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for !condition() {
		select {
		case <-deadline:
			require.FailNow(h.t, "never happened", what)
		case <-look.C:
		}
	}
}

// goroutines counts those that run code of the package under test.
func goroutines() int {
	buf := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	n := 0
	for stack := range strings.SplitSeq(string(buf), "\n\n") {
		if strings.Contains(stack, "tideboard/server/httpd.") {
			n++
		}
	}
	return n
}

// access knows a few credentials by name.
type access struct {
	ttl   time.Duration
	calls atomic.Int64
	gate  chan struct{} // when set, the bearer "gated" waits for it
	// now is what Refresh says, by id: a fault.Code, or a new name.
	now    sync.Map
	opened atomic.Int64
	active atomic.Int64
	anew   bool
}

func (a *access) Authenticate(ctx context.Context, cred httpd.Credential) (*viewer.Viewer, error) {
	a.calls.Add(1)
	v := &viewer.Viewer{WorkspaceID: "w1", Kind: viewer.Member, ID: "ann", CredentialID: "s1"}
	if cred.APIKey != "" {
		if cred.APIKey != "key" {
			return nil, fault.New(fault.InvalidAPIKey, "secret: no such key")
		}
		v.Kind, v.ID = viewer.APIKey, "key1"
		return v, nil
	}
	switch cred.Bearer {
	case "ann":
	case "bob":
		v.ID, v.CredentialID = "bob", "s2"
	case "unwatched":
		v.ID = "unwatched"
	case "brief":
		v.ExpiresAt = time.Now().Add(a.ttl)
	case "gated":
		select {
		case <-a.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	case "over":
		return nil, fault.New(fault.SessionExpired, "secret: over since noon")
	case "busy":
		return nil, fault.New(fault.RateLimited, "secret: 300 a minute")
	case "broken":
		return nil, errors.New("secret: the database is down")
	case "conflict":
		return nil, fault.New(fault.Conflict, "secret: a code callers must not see")
	case "panics":
		panic("secret: nil map")
	default:
		return nil, fault.New(fault.Unauthenticated, "secret: unknown")
	}
	return v, nil
}

// Refresh refuses whom the test ended, and gives others the name they go by now.
func (a *access) Refresh(_ context.Context, v *viewer.Viewer) (*viewer.Viewer, error) {
	if code, ok := a.now.Load(v.ID); ok {
		if code, ok := code.(fault.Code); ok {
			return nil, fault.New(code, "secret: why")
		}
		renamed := *v
		renamed.Name = code.(string)
		return &renamed, nil
	}
	return v, nil
}

func (a *access) Opened(_ context.Context, v *viewer.Viewer) (bool, error) {
	if v.ID == "unwatched" {
		return false, errors.New("secret: the log cannot be read")
	}
	return a.opened.Add(1) == 1 && a.anew, nil
}

func (a *access) Closed(*viewer.Viewer) { a.opened.Add(-1) }

func (a *access) Active(context.Context, *viewer.Viewer) { a.active.Add(1) }

// logbook is what was logged.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logbook) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), text)
}
