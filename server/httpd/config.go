package httpd

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/rapidbott/tideboard/server/gql"
)

// Config is what a Server is made of. Engine and Access are required.
type Config struct {
	Engine gql.Engine
	Access Access
	// Rest answers under /api; nil means that nothing does.
	Rest http.Handler
	// Pages is the web application.
	Pages Pages
	// Ready tells whether the server can do its work now; nil means always. Its error is logged, never shown.
	Ready func(ctx context.Context) error
	// Mailbox answers under /dev/mailbox; nil means that nothing does.
	Mailbox http.Handler
	// FrameAncestors gives the sources that may hold a page in a frame, for the workspace that its address names by the
	// partner's id; empty when it names none. Nil means that nobody may.
	FrameAncestors func(ctx context.Context, workspaceID string) (string, error)
	// Origins are the sites whose pages may open a socket, written as a browser sends them
	// ("https://app.example.com"); their HTTP requests are not held for forgeries either, but get no CORS headers.
	// Empty: only pages served by the same host. Programs send no origin and pass.
	Origins []string
	// Proxies are the networks whose X-Forwarded-For is believed; nil means nobody's.
	Proxies []netip.Prefix
	// Logger takes what operators need to see; nil is silence.
	Logger *slog.Logger
	Limits Limits
}

// Limits bound what one client can hold. Zero takes the default.
type Limits struct {
	// Body is the size of an HTTP request's body in bytes: 5 MB.
	Body int64
	// Message is the size of a websocket message from a client in bytes: 1 MiB.
	Message int64
	// Init is how long a socket may take from the upgrade to its acknowledgement: 10 s.
	Init time.Duration
	// Ping is the time between pings to a socket: 15 s.
	Ping time.Duration
	// Idle is how long a socket may be silent, answers to pings included: 60 s.
	Idle time.Duration
	// Write is how long one message may take to be accepted by the network: 10 s.
	Write time.Duration
	// Operations is how many operations may be live on one socket: 20.
	Operations int
	// Sockets is how many sockets one viewer may hold: 100.
	Sockets int
}

func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	l := &c.Limits
	l.Body = cmp.Or(l.Body, 5_000_000)
	l.Message = cmp.Or(l.Message, 1<<20)
	l.Init = cmp.Or(l.Init, 10*time.Second)
	l.Ping = cmp.Or(l.Ping, 15*time.Second)
	l.Idle = cmp.Or(l.Idle, 60*time.Second)
	l.Write = cmp.Or(l.Write, 10*time.Second)
	l.Operations = cmp.Or(l.Operations, 20)
	l.Sockets = cmp.Or(l.Sockets, 100)
	return c
}

// pulse is how often the sockets are looked after: often enough that every limit is kept to a tenth of itself.
func (l Limits) pulse() time.Duration {
	return min(time.Second, max(time.Millisecond, min(l.Init, l.Ping, l.Idle)/10))
}
