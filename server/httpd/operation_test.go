package httpd_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOperations(t *testing.T) {
	h := open(t)
	k := h.enter("ann")

	k.subscribe("q", "{ hello }")
	k.expect(`{"id":"q","type":"next","payload":{"data":{"hello":"Hello, world!"}}}`)
	k.expect(`{"id":"q","type":"complete"}`)
	k.send(`{"id":"q","type":"subscribe","payload":{"query":"query($n: Long!) { number(n: $n) }","variables":{"n":9007199254740993}}}`)
	require.Contains(t, k.read(), "9007199254740993", "an id is free again, and a number keeps its digits")
	k.expect(`{"id":"q","type":"complete"}`)
	k.subscribe("m", "mutation { add(n: 2) }")
	k.expect(`{"id":"m","type":"next","payload":{"data":{"add":2}}}`)
	k.expect(`{"id":"m","type":"complete"}`)
	k.subscribe("f", "{ fail }")
	k.expect(`{"id":"f","type":"next","payload":{"data":{"fail":null},"errors":[{"message":"no luck","path":["fail"]}]}}`)
	k.expect(`{"id":"f","type":"complete"}`)

	k.subscribe(`"<é>"`, "subscription { count(to: 2) }")
	k.expect(`{"id":"\"<é>\"","type":"next","payload":{"data":{"count":1}}}`)
	k.expect(`{"id":"\"<é>\"","type":"next","payload":{"data":{"count":2}}}`)
	k.expect(`{"id":"\"<é>\"","type":"complete"}`)
	k.silence()
}

// What fails is said in one `error`, without `complete`, and its id is free again.
func TestErrors(t *testing.T) {
	h := open(t)
	k := h.enter("ann")
	for range 2 {
		for query, code := range map[string]string{
			"{":           "VALIDATION_FAILED",
			"{ nothing }": "VALIDATION_FAILED",
			`{ refuse(code: "QUERY_TOO_EXPENSIVE") }`:    "QUERY_TOO_EXPENSIVE",
			`subscription { refuse(code: "NOT_FOUND") }`: "NOT_FOUND",
			"{ panics }":                   "INTERNAL",
			"subscription { panics }":      "INTERNAL",
			"subscription { panicsLater }": "INTERNAL",
		} {
			k.subscribe("1", query)
			k.expectError("1", code)
			k.silence()
		}
	}
	require.Equal(t, 6, h.log.count("engine panicked"), "each panic is logged once")
	k.subscribe("1", "subscription { fails }")
	k.expect(`{"id":"1","type":"next","payload":{"data":{"fails":1}}}`)
	k.expect(`{"id":"1","type":"error","payload":[{"message":"broke"}]}`)
	k.silence()
}

// After the client's complete nothing more is said about the id, complete is not echoed, and the id may be used again.
func TestComplete(t *testing.T) {
	h := open(t)
	k := h.enter("ann")
	k.send(`{"id":"nobody","type":"complete"}`)
	for i := range 50 {
		k.subscribe("1", "subscription { endless(bytes: 10) }")
		for range i % 3 {
			k.read()
		}
		k.send(`{"id":"1","type":"complete"}`)
		k.send(`{"type":"ping"}`)
		for k.read() != `{"type":"pong"}` {
			continue // said before the complete was heard
		}
		k.silence()
	}
	k.subscribe("1", "subscription { live }")
	h.eventually(func() bool { return h.engine.streams.Load() == 1 }, "the stream opens")
	k.send(`{"id":"1","type":"complete"}`)
	h.eventually(func() bool { return h.engine.streams.Load() == 0 }, "the stream closes")
	h.engine.publish([]byte(`{}`))
	k.silence()
}

// An operation that starts slowly holds up nothing, and complete cancels it.
func TestCompleteWhileStarting(t *testing.T) {
	h := open(t)
	k := h.enter("ann")
	for _, query := range []string{"subscription { slow }", "{ wait }"} {
		k.subscribe("1", query)
		h.eventually(func() bool { return h.engine.waiting.Load() == 1 }, "it waits")
		k.silence()
		k.send(`{"id":"1","type":"complete"}`)
		h.eventually(func() bool { return h.engine.waiting.Load() == 0 }, "it is cancelled")
		k.silence()
	}
}

// A subscription that starts after the client lost interest is closed at once.
func TestStreamThatComesTooLate(t *testing.T) {
	h := open(t)
	k := h.enter("ann")
	k.subscribe("1", "subscription { stubborn }")
	h.eventually(func() bool { return h.engine.waiting.Load() == 1 }, "it waits")
	k.send(`{"id":"1","type":"complete"}`)
	k.silence()
	close(h.engine.let)
	h.eventually(func() bool { return h.engine.waiting.Load() == 0 && h.engine.streams.Load() == 0 }, "it is closed")
	k.silence()
}

// What is published reaches every watcher, whole, in order, from the same bytes.
func TestLive(t *testing.T) {
	h := open(t)
	const sockets, rounds = 10, 40
	var payloads [][]byte
	var copies []string
	for i := range rounds {
		p := fmt.Appendf(nil, `{"data":{"live":%d,"pad":%q}}`, i, strings.Repeat("x", i*700))
		payloads, copies = append(payloads, p), append(copies, string(p))
	}
	var clients []*client
	for i := range sockets {
		k := h.enter("ann")
		k.subscribe(fmt.Sprint("id", i), "subscription { live }")
		clients = append(clients, k)
	}
	h.eventually(func() bool { return h.engine.streams.Load() == sockets }, "all watch")
	for i := range payloads {
		h.engine.publish(payloads[i])
	}
	for i, k := range clients {
		for _, want := range copies {
			var m struct {
				ID, Type string
				Payload  json.RawMessage
			}
			require.NoError(t, json.Unmarshal([]byte(k.read()), &m))
			require.Equal(t, fmt.Sprint("id", i), m.ID)
			require.Equal(t, "next", m.Type)
			require.Equal(t, want, string(m.Payload))
		}
		k.silence()
	}
	for i := range payloads {
		require.Equal(t, copies[i], string(payloads[i]), "the engine's bytes are untouched")
	}
}

// Operations take turns: one that always has something does not silence another.
func TestTurns(t *testing.T) {
	h := open(t)
	k := h.enter("ann")
	k.subscribe("fast", "subscription { endless(bytes: 100) }")
	k.subscribe("also", "subscription { endless(bytes: 100) }")
	seen := map[string]int{}
	next := func() string {
		var m struct{ ID, Type string }
		require.NoError(t, json.Unmarshal([]byte(k.read()), &m))
		return m.ID + " " + m.Type
	}
	for seen["fast next"] == 0 || seen["also next"] == 0 { // either may start first
		seen[next()]++
	}
	clear(seen)
	for range 200 {
		seen[next()]++
	}
	require.InDelta(t, seen["fast next"], seen["also next"], 1)
	k.subscribe("small", "subscription { count(to: 3) }")
	k.send(`{"type":"ping"}`)
	for seen["small complete"] == 0 || seen[" pong"] == 0 {
		seen[next()]++
	}
	require.Equal(t, 3, seen["small next"])
}
