package e2e_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// What the npm client and a server say to each other in every way it can go.
func TestSocket(t *testing.T) {
	p := serve(t, store.SQLite)
	for name, test := range map[string]func(*testing.T, *process){
		"query and mutation": queryAndMutation, "refusal": refusal, "wrong token": wrongToken, "subprotocol": otherSubprotocol,
	} {
		t.Run(name, func(t *testing.T) { test(t, p) })
	}
}

// Queries and mutations work over the socket too, and the client lets go of it after each.
func queryAndMutation(t *testing.T, p *process) {
	c := p.asMember(0, `{ viewer { name } }`, nil).run(t)
	c.next("connected")
	require.JSONEq(t, `{"viewer":{"name":"Olivia Hart"}}`, string(c.next("next").Payload.Data))
	c.next("complete")
	c.closed(1000)
	c.ended()

	c = p.asMember(0, `mutation ($in: CreateRecordInput!) { createRecord(input: $in) { record { title } } }`,
		servertest.Vars{"in": servertest.Vars{"title": "By socket"}}).run(t)
	c.next("connected")
	require.JSONEq(t, `{"createRecord":{"record":{"title":"By socket"}}}`, string(c.next("next").Payload.Data))
	c.next("complete")
	c.closed(1000)
	c.ended()
}

// A refused operation ends with our codes, and ends alone: the client closes the socket because nothing else is on it.
func refusal(t *testing.T, p *process) {
	board := p.demo.Pipelines[0].ID
	for _, c := range []struct {
		code, query string
		vars        servertest.Vars
	}{
		{"NOT_FOUND", watchBoard, servertest.Vars{"id": board[:len(board)-1] + "0"}},
		{"VALIDATION_FAILED", watchBoard, servertest.Vars{"id": board, "after": "999999999"}},
		{"VALIDATION_FAILED", watchBoard, nil},
		{"UNKNOWN_FIELD", `subscription { boards { revision } }`, nil},
	} {
		client := p.asMember(0, c.query, c.vars).run(t)
		client.next("connected")
		e := client.next("refused")
		require.Equal(t, c.code, e.Errors[0].Extensions.Code, "%s", e.Raw)
		require.NotEmpty(t, e.Errors[0].Extensions.RequestID, "%s", e.Raw)
		client.closed(1000)
		client.ended()
	}
}

// A deployment: the server ends on SIGTERM and says 1012, which makes clients come back by themselves. They go on
// behind the last frame they had.
func TestSocketServiceRestart(t *testing.T) {
	p := serve(t, store.SQLite)
	s := p.asMember(0, watchBoard, servertest.Vars{"id": p.demo.Pipelines[0].ID})
	s.Attempts = 5
	c := s.run(t)
	c.next("connected")
	snapshot := c.frame()
	require.Equal(t, "BoardSnapshot", snapshot.Typename)

	p.terminate()
	c.closed(1012)
	p.await()
	p.start()
	missed, revision := p.makeCard("Missed", nil)
	c.comeBack()
	c.next("connected")
	f := c.frame()
	require.Equal(t, snapshot.Revision+1, revision)
	require.Equal(t, frame{Typename: "BoardCommit", Revision: revision, Cards: []change{{"ENTERED", "CREATED", missed, f.Cards[0].Record}}}, f)
	require.Equal(t, frame{Typename: "BoardReady", Revision: revision}, c.frame())
	live, revision := p.makeCard("Live", nil)
	f = c.frame()
	require.Equal(t, revision, f.Revision)
	require.Equal(t, live, f.Cards[0].RecordID)
}

// A credential that is no good closes with 4403. graphql-ws asks again as often as it may, because access can come
// back, and gives up; by default it would try five times.
func wrongToken(t *testing.T, p *process) {
	for token, reason := range map[string]string{
		"tbs_nobody": "Forbidden: SESSION_EXPIRED", "tbk_nobody": "Forbidden: INVALID_API_KEY", "": "Forbidden: UNAUTHENTICATED",
	} {
		c := settings{URL: p.url, Token: token, Attempts: 2, Operation: operation{`{ viewer { name } }`, nil}}.run(t)
		for range 2 {
			require.Equal(t, reason, c.closed(4403).Reason)
			c.comeBack()
		}
		c.closed(4403)
		require.Equal(t, 4403, c.next("gave up").Code)
		c.ended()
	}
}

// A client of another protocol is told so by 4406, and does not come back however often it may.
func otherSubprotocol(t *testing.T, p *process) {
	s := p.asMember(0, `{ viewer { name } }`, nil)
	s.Attempts, s.Subprotocol = 5, "graphql-ws"
	c := s.run(t)
	require.Equal(t, "Subprotocol not acceptable", c.closed(4406).Reason)
	require.Equal(t, 4406, c.next("gave up").Code)
	c.ended()
}
