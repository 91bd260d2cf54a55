// Package crowd is many websockets held by one program: a thousand people in front of the same board. Sockets are opened
// the ordinary way; from then on one goroutine reads them all, looks at the frames' headers and counts, so that the
// crowd takes as little as possible of the processors it shares with what is measured.
//
// It promises that a moment is complete only when every socket got exactly one message, and that a socket which is
// closed, or gets a message that nobody expects, is an error.
package crowd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Crowd is a number of open sockets.
type Crowd struct {
	sockets []*socket
	stop    func()

	mu      sync.Mutex
	round   int
	missing int
	arrived chan time.Time // 1: one moment is awaited at a time
	err     error
	failed  chan struct{} // closed, never sent to, with the first error
}

type socket struct {
	conn   *websocket.Conn
	net    net.Conn
	parser parser
	round  int
}

// dialers is how many sockets are opened at a time.
const dialers = 8

// Gather opens n sockets with `open` and begins to read them. When open returns, what was sent to the socket until then
// must have been read.
func Gather(ctx context.Context, n int, open func(ctx context.Context, i int) (*websocket.Conn, error)) (*Crowd, error) {
	c := &Crowd{sockets: make([]*socket, n), arrived: make(chan time.Time, 1), failed: make(chan struct{})}
	errs := make([]error, dialers)
	var all sync.WaitGroup
	for d := range dialers {
		all.Go(func() {
			for i := d; i < n && errs[d] == nil; i += dialers {
				var conn *websocket.Conn
				if conn, errs[d] = open(ctx, i); errs[d] == nil {
					c.sockets[i] = &socket{conn: conn, net: conn.NetConn()}
				}
			}
		})
	}
	all.Wait()
	err := errors.Join(errs...)
	if err == nil {
		c.stop, err = poll(c.sockets, c.take, c.lost)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Moment runs `cause`, which makes every socket get one message, and gives the time until the last one had it, and
// until cause returned.
func (c *Crowd) Moment(ctx context.Context, cause func() error) (last, caused time.Duration, err error) {
	c.mu.Lock()
	c.round++
	c.missing = len(c.sockets)
	c.mu.Unlock()
	start := time.Now()
	if err := cause(); err != nil {
		return 0, 0, err
	}
	caused = time.Since(start)
	select {
	case at := <-c.arrived:
		return at.Sub(start), caused, nil
	case <-c.failed:
		return 0, 0, c.err
	case <-ctx.Done():
		return 0, 0, ctx.Err()
	case <-time.After(patience):
		c.mu.Lock()
		defer c.mu.Unlock()
		return 0, 0, fmt.Errorf("%d of %d sockets got nothing within %s", c.missing, len(c.sockets), patience)
	}
}

// patience bounds the wait for a message that must come.
const patience = 20 * time.Second

// Err tells whether the crowd is still whole.
func (c *Crowd) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Close closes all sockets.
func (c *Crowd) Close() {
	if c.stop != nil {
		c.stop()
	}
	for _, s := range c.sockets {
		if s != nil {
			_ = s.conn.Close()
		}
	}
}

// take is given what came on a socket.
func (c *Crowd) take(s *socket, b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.parser.feed(b, func(opcode byte) {
		switch opcode {
		case websocket.TextMessage:
			c.message(s)
		case websocket.PingMessage:
			c.fail(s.pong())
		case websocket.CloseMessage:
			c.fail(errors.New("the server closed a socket"))
		}
	})
}

func (c *Crowd) message(s *socket) {
	if s.round++; s.round != c.round {
		c.fail(fmt.Errorf("a socket got its message %d in round %d", s.round, c.round))
		return
	}
	if c.missing--; c.missing == 0 {
		c.arrived <- time.Now()
	}
}

func (c *Crowd) lost(_ *socket, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail(fmt.Errorf("a socket broke: %w", err))
}

func (c *Crowd) fail(err error) {
	if err != nil && c.err == nil {
		c.err = err
		close(c.failed)
	}
}
