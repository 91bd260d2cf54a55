package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
)

// attempt is a mutation sent under a key, and what came back before the server died; empty when nothing did.
type attempt struct{ title, key, answer string }

const createOnce = `mutation($t: String!, $k: String!) { createRecord(input: {title: $t}) @idempotent(key: $k) { record { id number title } revision } }`

// TestAKilledServerHasDoneItOnce kills the server with many mutations under way: twice at any moment of their course,
// and once when one of them is committed and none of its senders has heard of it. Repeated under their keys, all give
// one record each, and those that had been answered the same answer.
func TestAKilledServerHasDoneItOnce(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			p := serve(t, dialect)
			for round, unheard := range []bool{false, false, true} {
				tried := p.killedAmidst(fmt.Sprintf("round %d", round), unheard)
				p.start()
				lost := 0
				for _, a := range tried {
					found := p.titled(a.title)
					require.LessOrEqual(t, found, 1, a.title)
					if a.answer == "" && found == 1 {
						lost++
					}
					again := p.client(0).Do(t, createOnce, servertest.Vars{"t": a.title, "k": a.key})
					require.Empty(t, again.Errors)
					if a.answer != "" {
						require.JSONEq(t, a.answer, string(again.Data))
					}
					require.Equal(t, 1, p.titled(a.title), a.title)
				}
				t.Logf("round %d: %d tried, %d committed without an answer", round, len(tried), lost)
				if unheard {
					require.Positive(t, lost, "no answer was lost: this shows nothing")
				}
			}
		})
	}
}

// killedAmidst sends mutations from many sides, kills the server after some answers, and tells what was tried. Unheard
// means that from then on no answer is let through any more, and the server dies once a mutation without one is committed.
func (p *process) killedAmidst(name string, unheard bool) []attempt {
	line := newLine()
	defer line.CloseIdleConnections()
	var all sync.WaitGroup
	var mu sync.Mutex
	var tried []*attempt
	var answered atomic.Int64
	enough := make(chan struct{})
	for i := range 12 {
		all.Go(func() {
			for n := 0; ; n++ {
				a := &attempt{title: fmt.Sprintf("%s of %d, %d", name, i, n), key: fmt.Sprintf("%s/%d/%d", name, i, n)}
				mu.Lock()
				tried = append(tried, a)
				mu.Unlock()
				answer, alive := p.try(line, a)
				mu.Lock()
				a.answer = answer
				mu.Unlock()
				if !alive {
					return
				}
				if answered.Add(1) == 15 {
					close(enough)
				}
			}
		})
	}
	sent := func() (now []attempt) {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range tried {
			now = append(now, *a)
		}
		return now
	}
	<-enough
	if unheard {
		close(line.deaf)
		require.Eventually(p.t, func() bool {
			return slices.ContainsFunc(sent(), func(a attempt) bool { return a.answer == "" && p.titled(a.title) == 1 })
		}, patience, time.Millisecond, "nothing is committed although answers are not heard")
	} else {
		<-time.After(time.Duration(rand.IntN(4000)) * time.Microsecond)
	}
	p.kill()
	close(line.dead)
	all.Wait()
	return sent()
}

// try sends one mutation; alive is false when no whole answer came.
func (p *process) try(l *line, a *attempt) (answer string, alive bool) {
	body, err := json.Marshal(map[string]any{"query": createOnce, "variables": map[string]any{"t": a.title, "k": a.key}})
	if err != nil {
		return "", false
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return "", false
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.demo.Members[0].Token)
	res, err := l.Do(req)
	if err != nil {
		return "", false
	}
	defer res.Body.Close()
	var out struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || len(out.Errors) > 0 {
		return "", false
	}
	return string(out.Data), true
}

// line is a way to the server on which nothing comes back any more once deaf is closed; it breaks when dead is.
type line struct {
	http.Client
	deaf, dead chan struct{}
}

func newLine() *line {
	l := &line{deaf: make(chan struct{}), dead: make(chan struct{})}
	l.Transport = &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		return &wire{Conn: c, line: l}, err
	}}
	return l
}

// wire is one connection of a line.
type wire struct {
	net.Conn
	line *line
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	select {
	case <-w.line.deaf:
		<-w.line.dead
		return 0, io.ErrUnexpectedEOF
	default:
		return n, err
	}
}

// titled counts the records with a title.
func (p *process) titled(title string) (n int) {
	found := servertest.Must[struct {
		Records struct{ Nodes []struct{ Title string } }
	}](p.t, p.client(0),
		`query($q: String!) { records(filter: {q: $q}) { nodes { title } } }`, servertest.Vars{"q": title})
	for _, r := range found.Records.Nodes {
		if r.Title == title {
			n++
		}
	}
	return n
}
