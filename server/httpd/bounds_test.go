package httpd_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/httpd"
)

func TestInitTimeout(t *testing.T) {
	h := open(t, limits(httpd.Limits{Init: 50 * time.Millisecond}))
	h.access.gate = make(chan struct{})
	h.dial().expectClose(4408)
	k := h.dial()
	k.init("gated") // access that hangs is no excuse
	k.expectClose(4408)
	h.enter("ann").silence()
}

func TestExpiry(t *testing.T) {
	h := open(t, limits(httpd.Limits{Init: time.Second, Ping: time.Second, Idle: time.Second}))
	h.access.ttl = 300 * time.Millisecond
	k := h.enter("brief")
	k.subscribe("1", "subscription { live }")
	require.Contains(t, k.expectClose(4403), "SESSION_EXPIRED")
	h.eventually(func() bool { return h.engine.streams.Load() == 0 }, "its stream is closed")
}

// A socket is pinged; one that answers stays, however little it says, and one that does not is closed.
func TestIdle(t *testing.T) {
	h := open(t, limits(httpd.Limits{Ping: 100 * time.Millisecond, Idle: 500 * time.Millisecond}))
	deaf := h.enter("ann")
	deaf.SetPingHandler(func(string) error { return nil })
	polite := h.enter("ann")
	pings := 0
	polite.SetPingHandler(func(data string) error {
		if pings++; pings == 15 { // three times the idle limit
			return fmt.Errorf("enough")
		}
		return polite.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(patience))
	})
	require.NoError(t, polite.SetReadDeadline(time.Now().Add(patience)))
	_, _, err := polite.ReadMessage()
	require.EqualError(t, err, "enough")
	deaf.expectClose(1013)
}

// Too many operations: the one too many is refused alone, and a place that is free again can be taken.
func TestFlood(t *testing.T) {
	h := open(t, limits(httpd.Limits{Operations: 3}))
	k := h.enter("ann")
	for i := range 3 {
		k.subscribe(fmt.Sprint(i), "subscription { live }")
	}
	h.eventually(func() bool { return h.engine.streams.Load() == 3 }, "three watch")
	for range 100 {
		k.subscribe("more", "subscription { live }")
		k.expectError("more", "RATE_LIMITED")
	}
	k.send(`{"id":"1","type":"complete"}`)
	k.subscribe("more", "{ hello }")
	k.expect(`{"id":"more","type":"next","payload":{"data":{"hello":"Hello, world!"}}}`)
	k.expect(`{"id":"more","type":"complete"}`)
	k.silence()
}

// A client that subscribes and completes in a loop gathers no goroutines, even if the engine does not heed its context.
func TestFloodOfStarts(t *testing.T) {
	h := open(t, limits(httpd.Limits{Operations: 3}))
	k := h.enter("ann")
	for range 3 {
		k.subscribe("1", "subscription { stubborn }")
		k.send(`{"id":"1","type":"complete"}`)
	}
	k.silence()
	for range 100 {
		k.subscribe("1", "subscription { stubborn }")
		k.expectError("1", "RATE_LIMITED")
	}
	require.LessOrEqual(t, h.engine.waiting.Load(), int64(3))
	close(h.engine.let)
	h.eventually(func() bool { return h.engine.waiting.Load() == 0 }, "all went on")
	h.eventually(func() bool {
		k.subscribe("1", "{ hello }")
		return strings.Contains(k.read(), "next")
	}, "there is room again")
}

func TestSocketsPerViewer(t *testing.T) {
	h := open(t, limits(httpd.Limits{Sockets: 2}))
	first := h.enter("ann")
	h.enter("ann")
	third := h.dial()
	third.init("ann")
	third.expectClose(1013)
	h.enter("bob").silence()
	require.NoError(t, first.Close())
	h.eventually(func() bool {
		k := h.dial()
		k.init("ann")
		_, raw, err := k.ReadMessage()
		return err == nil && string(raw) == `{"type":"connection_ack"}`
	}, "a place that is free again can be taken")
}

// narrow dials with small network buffers, so that a client that does not read is felt soon.
func (h *house) narrow() *client {
	d := h.dialer()
	d.NetDialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err == nil {
			err = conn.(*net.TCPConn).SetReadBuffer(4096)
		}
		return conn, err
	}
	conn, _, err := d.Dial(h.wsURL(), nil)
	require.NoError(h.t, err)
	k := h.client(conn)
	k.init("ann")
	k.expect(`{"type":"connection_ack"}`)
	return k
}

// A client that never reads loses its socket by the write deadline; its streams are closed, and nobody else feels it.
func TestSlowReader(t *testing.T) {
	h := open(t, limits(httpd.Limits{Write: 200 * time.Millisecond}))
	other := h.enter("bob")
	other.subscribe("1", "subscription { live }")
	slow := h.narrow()
	slow.subscribe("1", "subscription { endless(bytes: 65536) }")
	slow.subscribe("2", "subscription { live }")
	h.eventually(func() bool { return h.engine.streams.Load() == 3 }, "all watch")
	h.engine.publish([]byte(`{"data":{"live":1}}`))
	other.expect(`{"id":"1","type":"next","payload":{"data":{"live":1}}}`)
	h.eventually(func() bool { return h.engine.streams.Load() == 1 }, "the slow reader's streams are closed")
	other.silence()
}

// A client that asks and never listens fills its own network buffers, and then loses its socket.
func TestAskerThatDoesNotListen(t *testing.T) {
	h := open(t, limits(httpd.Limits{Write: 200 * time.Millisecond}))
	k := h.narrow()
	ping := []byte(`{"type":"ping","payload":{"x":"` + strings.Repeat("x", 4000) + `"}}`)
	require.NoError(t, k.SetWriteDeadline(time.Now().Add(patience)))
	started := time.Now()
	for {
		if err := k.WriteMessage(websocket.TextMessage, ping); err != nil {
			require.Less(t, time.Since(started), patience, "closed by the server")
			return
		}
	}
}

func TestShutdown(t *testing.T) {
	h := open(t)
	watching, fresh := h.enter("ann"), h.dial()
	watching.subscribe("1", "subscription { live }")
	watching.subscribe("2", "{ wait }")
	h.eventually(func() bool { return h.engine.streams.Load() == 1 && h.engine.waiting.Load() == 1 }, "it works")
	down := make(chan error, 1) // the one result
	go func() { down <- h.server.Shutdown(context.Background()) }()
	watching.expectClose(1012)
	fresh.expectClose(1012)
	require.NoError(t, <-down)
	require.Zero(t, h.engine.streams.Load())
	require.Zero(t, h.engine.waiting.Load())
	_, res := h.attempt(nil)
	require.NotNil(t, res)
	require.Equal(t, 503, res.StatusCode)
}

// A shutdown that may not wait cuts what does not go.
func TestShutdownInAHurry(t *testing.T) {
	h := open(t, limits(httpd.Limits{Write: time.Hour}))
	k := h.narrow()
	k.subscribe("1", "subscription { endless(bytes: 65536) }")
	h.eventually(func() bool { return h.engine.streams.Load() == 1 }, "it works")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, h.server.Shutdown(ctx), context.DeadlineExceeded)
}

func TestAccessThatEnds(t *testing.T) {
	h := open(t)
	for i, code := range []fault.Code{fault.SessionExpired, fault.InvalidAPIKey, fault.Forbidden, fault.NotEligible, fault.OutsideSchedule} {
		h.access.now.Delete("ann")
		ann, bob, fresh := h.enter("ann"), h.enter("bob"), h.dial()
		ann.subscribe("1", "subscription { live }")
		bob.subscribe("1", "subscription { live }")
		h.eventually(func() bool { return int(h.engine.streams.Load()) == i+2 }, "both watch")
		h.access.now.Store("ann", code)
		h.server.Renew(t.Context(), func(v *viewer.Viewer) bool { return true })
		ann.expectClose(4403)
		h.eventually(func() bool { return int(h.engine.streams.Load()) == i+1 }, "her stream is closed")
		bob.silence()
		fresh.init("ann")
		fresh.expect(`{"type":"connection_ack"}`)
	}
	require.Zero(t, h.log.count("secret: why"))
}

// A holder whose rights changed keeps the socket: what is asked from then on is asked with the rights of now. When Access
// fails, nothing changes.
func TestAccessThatChanges(t *testing.T) {
	h := open(t)
	ann := h.enter("ann")
	ann.subscribe("1", "subscription { live }")
	h.eventually(func() bool { return h.engine.streams.Load() == 1 }, "she watches")
	h.access.now.Store("ann", " the second")
	h.server.Renew(t.Context(), func(v *viewer.Viewer) bool { return v.ID == "ann" })
	ann.subscribe("2", "{ who }")
	ann.expect(`{"id":"2","type":"next","payload":{"data":{"who":"ann the second"}}}`)
	ann.expect(`{"id":"2","type":"complete"}`)
	h.access.now.Store("ann", fault.Upstream)
	h.server.Renew(t.Context(), func(*viewer.Viewer) bool { return true })
	ann.silence()
	require.EqualValues(t, 1, h.engine.streams.Load())
}

// A credential that changes while its socket is let in is looked up again; so is one whose workspace nobody watched yet.
func TestAccessThatChangesMeanwhile(t *testing.T) {
	h := open(t)
	h.access.gate = make(chan struct{})
	k := h.dial()
	k.init("gated")
	h.eventually(func() bool { return h.access.calls.Load() == 1 }, "access was asked")
	h.server.Renew(t.Context(), func(*viewer.Viewer) bool { return true })
	close(h.access.gate)
	k.expect(`{"type":"connection_ack"}`)
	require.EqualValues(t, 2, h.access.calls.Load())
	k.NetConn().Close()
	h.eventually(func() bool { return h.access.opened.Load() == 0 }, "what was opened is closed")

	h.access.anew = true
	calls := h.access.calls.Load()
	h.enter("ann")
	require.EqualValues(t, calls+2, h.access.calls.Load())
	h.enter("bob")
	require.EqualValues(t, calls+3, h.access.calls.Load())
	unwatched := h.dial()
	unwatched.init("unwatched")
	unwatched.expectClose(1013)
	require.EqualValues(t, 2, h.access.opened.Load())
}

// However a client leaves, nothing of it stays.
func TestLeaving(t *testing.T) {
	h := open(t)
	leave := []func(*client){
		func(k *client) { _ = k.NetConn().Close() },
		func(k *client) { _ = k.NetConn().(*net.TCPConn).SetLinger(0); _ = k.NetConn().Close() },
		func(k *client) {
			_ = k.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(patience))
			k.expectClose(1000)
		},
		func(k *client) { _, _ = k.NetConn().Write([]byte("\xff\xff no frame")); _ = k.NetConn().Close() },
	}
	for i := range 40 {
		k := h.enter("ann")
		k.subscribe("1", "subscription { live }")
		k.subscribe("2", "subscription { endless(bytes: 1000) }")
		k.subscribe("3", "subscription { slow }")
		k.subscribe("4", "{ wait }")
		h.eventually(func() bool { return h.engine.streams.Load() == 2 && h.engine.waiting.Load() == 2 }, "it works")
		leave[i%len(leave)](k)
		h.eventually(func() bool { return h.engine.streams.Load() == 0 && h.engine.waiting.Load() == 0 }, "all is free")
	}
	h.eventually(func() bool { return goroutines() == 0 }, "no goroutine without a socket")
}

// How many there may be when nobody says otherwise: 20 operations on a socket, 100 sockets of a viewer.
func TestTheBoundsThereAre(t *testing.T) {
	h := open(t)
	k := h.enter("ann")
	for i := range 20 {
		k.subscribe(fmt.Sprint(i), "subscription { live }")
	}
	h.eventually(func() bool { return h.engine.streams.Load() == 20 }, "twenty watch")
	k.subscribe("more", "subscription { live }")
	k.expectError("more", "RATE_LIMITED")
	for range 99 {
		h.enter("ann")
	}
	one := h.dial()
	one.init("ann")
	one.expectClose(1013)
}
