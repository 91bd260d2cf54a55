package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
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

// TestAKilledServerHasDoneItOnce kills the server with many mutations under way until one of them was committed and its
// answer was lost. Repeated under their keys, all give one record each, and those that had been answered the same answer.
func TestAKilledServerHasDoneItOnce(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			p := serve(t, dialect)
			lost := 0
			for round := 0; lost == 0; round++ {
				require.Less(t, round, 100, "no answer was ever lost: this shows nothing")
				tried := p.killedAmidst(fmt.Sprintf("round %d", round))
				p.start()
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
			}
		})
	}
}

// killedAmidst sends mutations from many sides, kills the server after some answers, and tells what was tried.
func (p *process) killedAmidst(name string) (tried []attempt) {
	var all sync.WaitGroup
	var mu sync.Mutex
	var answered atomic.Int64
	enough := make(chan struct{})
	for i := range 12 {
		all.Go(func() {
			for n := 0; ; n++ {
				a := attempt{title: fmt.Sprintf("%s of %d, %d", name, i, n), key: fmt.Sprintf("%s/%d/%d", name, i, n)}
				var alive bool
				a.answer, alive = p.try(a)
				mu.Lock()
				tried = append(tried, a)
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
	<-enough
	<-time.After(time.Duration(rand.IntN(4000)) * time.Microsecond) // anywhere in the course of a commit
	p.kill()
	all.Wait()
	return tried
}

// try sends one mutation; alive is false when no whole answer came.
func (p *process) try(a attempt) (answer string, alive bool) {
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
	res, err := http.DefaultClient.Do(req)
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
