package crowd

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// hall is a server that speaks to all its sockets at once.
type hall struct {
	came chan *websocket.Conn // holds all that a test opens
	all  []*websocket.Conn
}

func (h *hall) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	h.came <- conn
}

func (h *hall) say(kind int, text string) error {
	for _, conn := range h.all {
		if err := conn.WriteMessage(kind, []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

func gather(t *testing.T, n int) (*hall, *Crowd) {
	h := &hall{came: make(chan *websocket.Conn, n)}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := Gather(t.Context(), n, func(ctx context.Context, _ int) (*websocket.Conn, error) {
		return Dial(ctx, "ws"+strings.TrimPrefix(s.URL, "http"))
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	for range n {
		h.all = append(h.all, <-h.came)
	}
	return h, c
}

func TestMomentsEndWhenEverySocketHasItsMessage(t *testing.T) {
	h, c := gather(t, 20)
	for _, length := range []int{0, 1, 125, 126, 65535, 65536, 1 << 20} {
		require.NoError(t, h.say(websocket.PingMessage, ""))
		_, _, err := c.Moment(t.Context(), func() error { return h.say(websocket.TextMessage, strings.Repeat("x", length)) })
		require.NoError(t, err)
	}
	require.NoError(t, c.Err())
}

func TestAMessageTooManyIsAnError(t *testing.T) {
	h, c := gather(t, 2)
	_, _, err := c.Moment(t.Context(), func() error { return h.say(websocket.TextMessage, "once") })
	require.NoError(t, err)
	require.NoError(t, h.say(websocket.TextMessage, "twice"))
	<-c.failed
	require.ErrorContains(t, c.Err(), "message 2 in round 1")
}

func TestALostSocketIsAnError(t *testing.T) {
	h, c := gather(t, 2)
	_, _, err := c.Moment(t.Context(), func() error { return h.all[0].Close() })
	require.ErrorContains(t, err, "a socket broke")
}

func TestFramesMayComeInAnyPieces(t *testing.T) {
	var stream []byte
	for _, n := range []int{0, 3, 125} {
		stream = append(append(stream, 0x81, byte(n)), make([]byte, n)...)
	}
	stream = append(append(stream, 0x82, 126, 1, 0), make([]byte, 256)...)
	stream = append(append(stream, 0x89, 127, 0, 0, 0, 0, 0, 1, 0, 0), make([]byte, 1<<16)...)
	for _, piece := range []int{1, 2, 3, 7, 100, len(stream)} {
		var p parser
		var got []byte
		for rest := stream; len(rest) > 0; rest = rest[min(piece, len(rest)):] {
			p.feed(rest[:min(piece, len(rest))], func(opcode byte) { got = append(got, opcode) })
		}
		require.Equal(t, []byte{1, 1, 1, 2, 9}, got, "pieces of %d", piece)
	}
}
