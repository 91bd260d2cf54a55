package policy_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/servertest"
)

// reply is what came back for an operation of any kind: the body of a response, or a stream's first message.
type reply struct {
	body string
	errs []servertest.Error
}

// ask sends a query or mutation over HTTP and opens a subscription over a socket.
func ask(t *testing.T, c *servertest.Client, kind ast.Operation, query string, vars servertest.Vars) reply {
	t.Helper()
	if kind == ast.Subscription {
		return first(t, c, query, vars)
	}
	a := c.Do(t, query, vars)
	errs, err := json.Marshal(a.Errors)
	require.NoError(t, err)
	return reply{string(a.Data) + string(errs), a.Errors}
}

// first opens a stream, gives its first message and closes it.
func first(t *testing.T, c *servertest.Client, query string, vars servertest.Vars) (r reply) {
	t.Helper()
	d := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	conn, _, err := d.Dial("ws"+strings.TrimPrefix(c.URL, "http")+"/graphql", nil)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(120*time.Second)))
	require.NoError(t, conn.WriteJSON(map[string]any{"type": "connection_init", "payload": map[string]any{"Authorization": "Bearer " + c.Token}}))
	var m struct {
		Type    string
		Payload json.RawMessage
	}
	require.NoError(t, conn.ReadJSON(&m))
	require.Equal(t, "connection_ack", m.Type)
	require.NoError(t, conn.WriteJSON(map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{"query": query, "variables": vars}}))
	for m.Type != "next" && m.Type != "error" {
		require.NoError(t, conn.ReadJSON(&m))
	}
	if m.Type == "error" {
		require.NoError(t, json.Unmarshal(m.Payload, &r.errs))
		errs, err := json.Marshal(r.errs)
		require.NoError(t, err)
		return reply{string(errs), r.errs}
	}
	return reply{body: string(m.Payload)}
}

var masks = []struct {
	find *regexp.Regexp
	put  string
}{
	{regexp.MustCompile(`\b([a-z]{3})_[0-7][0-9a-hjkmnp-tv-z]{25}\b`), "${1}_"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`), "TIME"},
	{regexp.MustCompile(`"RequestID":"[^"]*"`), "REQUEST"},
	{regexp.MustCompile(`"(cursor|startCursor|endCursor)":"[^"]*"`), "CURSOR"},
	{regexp.MustCompile(`alpha\d+`), "alpha"},
	{regexp.MustCompile(`"(timeInStageSeconds|ageDays|durationSeconds)":\d+`), "AGE"},
}

// masked makes the answers of two requests comparable that differ in ids and moments alone.
func masked(body string) string {
	for _, m := range masks {
		body = m.find.ReplaceAllString(body, m.put)
	}
	return body
}
