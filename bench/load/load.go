// Package load puts load on an HTTP server over a fixed number of keep-alive connections, each with one request at a
// time. It writes prepared bytes and reads answers into a buffer of the connection, so that the client takes as little
// as possible of the processors it shares with what is measured. It promises that an answer that is not as it should
// be ends the run with an error: nothing is measured that did not work.
package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Pool is the connections to one server.
type Pool struct {
	conns []*conn
	path  string
	token string
}

// Dial opens n connections for POST requests to a path; the token, if any, goes along as a bearer.
func Dial(ctx context.Context, addr, path, token string, n int) (*Pool, error) {
	p := &Pool{path: path, token: token}
	for range n {
		c, err := dial(ctx, addr)
		if err != nil {
			p.Close()
			return nil, err
		}
		p.conns = append(p.conns, c)
	}
	return p, nil
}

// Close closes the connections.
func (p *Pool) Close() {
	for _, c := range p.conns {
		_ = c.net.Close()
	}
}

// Result is what a run measured.
type Result struct {
	Requests int
	Elapsed  time.Duration
	// Bytes is the size of the last answer's body.
	Bytes     int
	latencies []time.Duration // sorted
}

// PerSecond is the rate of requests answered.
func (r Result) PerSecond() float64 { return float64(r.Requests) / r.Elapsed.Seconds() }

// Percentile is the latency that p of 100 requests stay within.
func (r Result) Percentile(p int) time.Duration {
	if len(r.latencies) == 0 {
		return 0
	}
	return r.latencies[min(len(r.latencies)*p/100, len(r.latencies)-1)]
}

// Merge puts results of several rounds together.
func Merge(rounds ...Result) (all Result) {
	for _, r := range rounds {
		all.Requests += r.Requests
		all.Elapsed += r.Elapsed
		all.Bytes = r.Bytes
		all.latencies = append(all.latencies, r.latencies...)
	}
	slices.Sort(all.latencies)
	return all
}

// Run keeps every connection busy for a while with the bodies that `next` makes; it is called by many goroutines.
func (p *Pool) Run(ctx context.Context, d time.Duration, next func() []byte) (Result, error) {
	start := time.Now()
	end := start.Add(d)
	results, errs := make([]Result, len(p.conns)), make([]error, len(p.conns))
	var all sync.WaitGroup
	for i, c := range p.conns {
		all.Go(func() {
			for time.Now().Before(end) && ctx.Err() == nil && errs[i] == nil {
				begun := time.Now()
				var body []byte
				body, errs[i] = c.post(p.path, p.token, next())
				results[i].latencies = append(results[i].latencies, time.Since(begun))
				results[i].Bytes = len(body)
			}
		})
	}
	all.Wait()
	out := Merge(results...)
	out.Requests, out.Elapsed = len(out.latencies), time.Since(start)
	return out, errors.Join(append(errs, ctx.Err())...)
}

// Once sends one request and gives a copy of the answer's body.
func (p *Pool) Once(body []byte) ([]byte, error) {
	got, err := p.conns[0].post(p.path, p.token, body)
	return slices.Clone(got), err
}

// request is a POST as it goes over the wire.
func request(into []byte, host, path, token string, body []byte) []byte {
	into = fmt.Appendf(into[:0], "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: application/graphql-response+json\r\n", path, host)
	if token != "" {
		into = append(append(append(into, "Authorization: Bearer "...), token...), "\r\n"...)
	}
	into = append(strconv.AppendInt(append(into, "Content-Length: "...), int64(len(body)), 10), "\r\n\r\n"...)
	return append(into, body...)
}
