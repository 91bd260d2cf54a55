package watcher

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// recorded is a stream as a server sent it: a snapshot of revision 1, then the commits 2 to 9, in which cards enter, move,
// change and leave.
type recorded struct {
	frames []string
	cut    int // after how many frames the first connection breaks; 0: never

	mu     sync.Mutex                // guards what follows: a watcher asks while a test rewrites
	states map[board.Revision]string // the answer of board(at:)
	asOf   map[string]board.Revision // what board(asOf:) takes a time for
	dialed int
}

// rewrite changes the answer of board(at:) for a revision.
func (r *recorded) rewrite(revision board.Revision, state string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.states[revision] = state
}

// retime has board(asOf:) take a time for another revision.
func (r *recorded) retime(at string, revision board.Revision) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asOf[at] = revision
}

// record writes the stream from a list of columns per revision: titles tell versions apart.
func record() *recorded {
	states := []string{"a b c |", "a b c d |", "b a c d |", "b c d | a", "b2 c d | a", "b2 d c | a", "b2 d | a", "d b2 | a", "d b2 | ", "d b3 | "}
	changes := []string{
		"", enter("d", "s1", "c"), move("b", "s1", ""), move("a", "s2", ""), move("b2", "s1", ""), move("d", "s1", "b"),
		leave("c"), move("d", "s1", ""), leave("a"), move("b3", "s1", "d"),
	}
	r := &recorded{states: map[board.Revision]string{}}
	for i, state := range states {
		revision := board.Revision(i + 1)
		r.states[revision] = answer(revision, state)
		frame := fmt.Sprintf(`{"__typename":"BoardSnapshot","revision":"1","board":%s}`, r.states[1])
		if i > 0 {
			columns := strings.Split(state, "|")
			frame = fmt.Sprintf(`{"__typename":"BoardCommit","revision":"%s","cards":[%s],"columns":[%s,%s]}`, revision, changes[i],
				totals("s1", len(strings.Fields(columns[0]))), totals("s2", len(strings.Fields(columns[1]))))
		}
		r.frames = append(r.frames, frame)
	}
	return r
}

func card(title, stage string) string {
	return fmt.Sprintf(`{"id":%q,"stageId":%q,"title":%q,"ownerId":"ada"}`, title[:1], stage, title)
}

func totals(stage string, count int) string {
	return fmt.Sprintf(`{"stageId":%q,"count":%d,"amounts":[]}`, stage, count)
}

func answer(revision board.Revision, state string) string {
	var columns []string
	for i, part := range strings.Split(state, "|") {
		stage := fmt.Sprintf("s%d", i+1)
		var cards []string
		for _, title := range strings.Fields(part) {
			cards = append(cards, card(title, stage))
		}
		columns = append(columns, fmt.Sprintf(`{"stage":{"id":%q},"totals":%s,"cards":{"nodes":[%s],"pageInfo":{}}}`,
			stage, totals(stage, len(cards)), strings.Join(cards, ",")))
	}
	return fmt.Sprintf(`{"revision":"%s","pipeline":{"id":"p","stages":[{"id":"s1"},{"id":"s2"}]},"columns":[%s]}`, revision, strings.Join(columns, ","))
}

func move(title, stage, after string) string { return change("MOVED", "null", title, stage, after) }

func enter(title, stage, after string) string {
	return change("ENTERED", `"CREATED"`, title, stage, after)
}

func leave(id string) string {
	return fmt.Sprintf(`{"kind":"LEFT","reason":"DELETED","recordId":%q,"changedFields":[]}`, id)
}

func change(kind, reason, title, stage, after string) string {
	return fmt.Sprintf(`{"kind":%q,"reason":%s,"recordId":%q,"record":%s,"stageId":%q,"afterRecordId":%q,"changedFields":[]}`,
		kind, reason, title[:1], card(title, stage), stage, after)
}

// serve plays the stream to whoever subscribes and answers board(at:).
func (r *recorded) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if websocket.IsWebSocketUpgrade(req) {
			r.stream(w, req)
			return
		}
		var body struct {
			Variables struct {
				At   board.Revision
				AsOf string
			}
		}
		if err := json.NewDecoder(req.Body).Decode(&body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		state := r.states[max(body.Variables.At, r.asOf[body.Variables.AsOf])]
		r.mu.Unlock()
		_, _ = fmt.Fprintf(w, `{"data":{"board":%s}}`, state)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func (r *recorded) stream(w http.ResponseWriter, req *http.Request) {
	upgrader := websocket.Upgrader{Subprotocols: []string{"graphql-transport-ws"}}
	conn, err := upgrader.Upgrade(w, req, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	var m struct {
		Payload struct {
			Variables struct{ After *board.Revision }
		}
	}
	_ = conn.ReadJSON(&m)
	_ = conn.WriteJSON(map[string]string{"type": "connection_ack"})
	_ = conn.ReadJSON(&m)
	r.mu.Lock()
	r.dialed++
	first := r.dialed == 1
	r.mu.Unlock()
	send := func(frame string) error {
		return conn.WriteMessage(websocket.TextMessage, []byte(`{"id":"1","type":"next","payload":{"data":{"board":`+frame+`}}}`))
	}
	from := 0
	if after := m.Payload.Variables.After; after != nil {
		from = int(*after)
	}
	for i, frame := range r.frames[from:] {
		if first && r.cut > 0 && i == r.cut {
			return
		}
		if send(frame) != nil {
			return
		}
	}
	if from > 0 {
		_ = send(fmt.Sprintf(`{"__typename":"BoardReady","revision":"%d"}`, len(r.frames)))
	}
	_, _, _ = conn.ReadMessage() // until the client goes
}
