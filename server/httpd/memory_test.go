package httpd_test

import (
	"bufio"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/httpd"
)

// maxIdle is what an idle watcher may cost, in bytes.
const maxIdle = 40 << 10

// Two thousand sockets, each let in and watching, say nothing. The figure holds both ends, the test's being a bare
// net.Conn.
func TestIdleMemory(t *testing.T) {
	const sockets = 2000
	h := open(t, limits(httpd.Limits{Sockets: sockets, Ping: time.Hour, Idle: time.Hour}))
	h.enter("ann").silence() // what is made once is no socket's cost
	before := inUse()
	conns := make([]net.Conn, sockets)
	in := bufio.NewReader(nil)
	for i := range conns {
		conns[i] = h.watch(in)
	}
	h.eventually(func() bool { return h.engine.streams.Load() == sockets }, "all watch")
	h.eventually(func() bool { return goroutines() <= sockets+2 }, "one goroutine each, the first one's and the tender")
	each := (int64(inUse()) - int64(before)) / sockets
	t.Logf("%d bytes an idle watcher", each)
	require.Less(t, each, int64(maxIdle))
	h.engine.publish([]byte(`{"data":{"live":1}}`))
	for _, conn := range conns {
		in.Reset(conn)
		frame(t, in, "next")
		require.NoError(t, conn.Close())
	}
	h.eventually(func() bool { return h.engine.streams.Load() == 0 }, "all left")
}

// watch opens a socket by hand and subscribes.
func (h *house) watch(in *bufio.Reader) net.Conn {
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.listen.URL, "http://"))
	require.NoError(h.t, err)
	h.t.Cleanup(func() { _ = conn.Close() })
	require.NoError(h.t, conn.SetDeadline(time.Now().Add(5*patience)))
	_, err = fmt.Fprint(conn, "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n")
	require.NoError(h.t, err)
	in.Reset(conn)
	for line := ""; line != "\r\n"; {
		line, err = in.ReadString('\n')
		require.NoError(h.t, err)
	}
	say(h.t, conn, `{"type":"connection_init","payload":{"X-API-Key":"key"}}`)
	frame(h.t, in, "connection_ack")
	say(h.t, conn, `{"id":"1","type":"subscribe","payload":{"query":"subscription { live }"}}`)
	return conn
}

// say writes a masked text frame of less than 126 bytes.
func say(t *testing.T, conn net.Conn, text string) {
	require.Less(t, len(text), 126)
	_, err := conn.Write(append([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...))
	require.NoError(t, err)
}

// frame reads an unmasked frame of less than 126 bytes.
func frame(t *testing.T, in *bufio.Reader, want string) {
	head := make([]byte, 2)
	for i := range head {
		b, err := in.ReadByte()
		require.NoError(t, err)
		head[i] = b
	}
	body, err := in.Peek(int(head[1]))
	require.NoError(t, err)
	require.Contains(t, string(body), want)
	_, _ = in.Discard(len(body))
}

func inUse() uint64 {
	var m runtime.MemStats
	for range 3 { // pools are emptied by the second collection, stacks shrink by the third
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
