package mail

import (
	"context"
	"crypto/tls"
	"net"
)

// line is the connection of one conversation. It ends with the conversation's context, whatever deadlines are set on it,
// and is closed however the conversation began.
type line struct {
	// secure is how TLS begins with the first byte; nil when it does not.
	secure *tls.Config
	conn   net.Conn
	stop   func() bool
}

// dialer gives what connects the line. whole is the conversation's context, of which that of the dialling is a part.
func (l *line) dialer(whole context.Context) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		l.conn = conn
		l.stop = context.AfterFunc(whole, func() { _ = conn.Close() }) // who waits on it learns why from the context
		if l.secure == nil {
			return conn, nil
		}
		secured := tls.Client(conn, l.secure)
		return secured, secured.HandshakeContext(ctx)
	}
}

func (l *line) close() {
	if l.conn != nil {
		l.stop()
		_ = l.conn.Close() // nothing more is said on it
	}
}
