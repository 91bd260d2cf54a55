package partner

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config says where the partner is and how patient to be. Only BaseURL must be given.
type Config struct {
	// BaseURL is an http or https address, with or without a path, without user, query and fragment.
	BaseURL string
	// Token is the deployment's own credential, sent as Bearer; empty sends none.
	Token string
	// Logger hears when the circuit opens and closes; nil is silent.
	Logger *slog.Logger
	// Connect is how long a connection may take (0 = 3 s), Attempt how long one attempt from its start to the last
	// byte (0 = 5 s).
	Connect, Attempt time.Duration
	// Failures in a row open the circuit (0 = 5); after CoolDown (0 = 30 s) one attempt tries again.
	Failures int
	CoolDown time.Duration
	// Now tells the time, Jitter picks a duration below the given one, Sleep waits or ends with its context; nil are
	// the real ones.
	Now    func() time.Time
	Jitter func(below time.Duration) time.Duration
	Sleep  func(ctx context.Context, d time.Duration) error
}

// Client asks the partner over HTTP. It implements API; Close it at the end.
type Client struct {
	base, token string
	attempt     time.Duration
	transport   *http.Transport
	circuit     *circuit
	now         func() time.Time
	jitter      func(time.Duration) time.Duration
	sleep       func(context.Context, time.Duration) error
}

var _ API = (*Client)(nil)

// New makes a client. It asks nothing yet; the error says what is wrong with the address or the token, without its
// text.
func New(c Config) (*Client, error) {
	u, err := url.Parse(strings.TrimSpace(c.BaseURL))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the partner's address must begin with http:// or https:// and a host")
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, errors.New("the partner's address must have no user, no query and no fragment")
	}
	if c.Token != "" && strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the partner's token must consist of visible ASCII characters")
	}
	out := &Client{base: strings.TrimRight(u.String(), "/"), token: c.Token, attempt: orElse(c.Attempt, 5*time.Second),
		now: c.Now, jitter: c.Jitter, sleep: c.Sleep}
	if out.now == nil {
		out.now = time.Now
	}
	if out.jitter == nil {
		out.jitter = rand.N[time.Duration]
	}
	if out.sleep == nil {
		out.sleep = sleep
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	out.circuit = &circuit{now: out.now, limit: orElse(c.Failures, 5), coolDown: orElse(c.CoolDown, 30*time.Second), log: c.Logger}
	connect := orElse(c.Connect, 3*time.Second)
	out.transport = &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: connect}).DialContext,
		TLSHandshakeTimeout:    connect,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
	return out, nil
}

// Close ends the idle connections. Calls that are under way end with their own context.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Reached tells when the partner last answered in a way that shows it is well; false when it never did.
func (c *Client) Reached() (at time.Time, ok bool) { return c.circuit.lastWell() }

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unavailable says why there is no answer that can be used.
func unavailable(cause error) error { return fmt.Errorf("%w: %w", ErrUnavailable, cause) }

// gaveUp is the error of a call whose own context ended.
func gaveUp(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return unavailable(ctx.Err())
	}
	return fmt.Errorf("partner: %w", ctx.Err())
}

// broken is what became of an exchange that ended without an answer. The text of an error of net/http may quote what
// the partner sent, or the address with its query, so that only what is known to be harmless is passed on.
func (c *Client) broken(ctx context.Context, err error) outcome {
	if ctx.Err() != nil {
		return outcome{err: gaveUp(ctx), verdict: silent}
	}
	cause := errors.New("the connection broke")
	var op *net.OpError
	var wait net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &wait) && wait.Timeout():
		cause = errors.New("no answer in time")
	case errors.As(err, &op) && op.Op == "dial":
		cause = op
	case errors.As(err, &certificate):
		cause = errors.New("the certificate is not valid")
	case errors.Is(err, io.ErrUnexpectedEOF):
		cause = errors.New("the answer was cut off")
	}
	return outcome{err: unavailable(cause), verdict: ill, again: true}
}
