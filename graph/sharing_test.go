package graph_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/graph"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/servertest"
)

// watcher is one stream with the bell that wakes it.
type watcher struct {
	gql.Stream
	ctx  context.Context
	bell chan struct{}
}

func watching(t *testing.T, e *graph.Engine, v *viewer.Viewer, query string, vars map[string]any) *watcher {
	t.Helper()
	w := &watcher{ctx: viewer.NewContext(t.Context(), v), bell: make(chan struct{}, 1)} // 1: a second ring adds nothing
	op, refused := e.Prepare(w.ctx, gql.Request{Query: query, Variables: vars})
	if refused != nil {
		t.Fatalf("refused: %s", refused.Body)
	}
	s, refused := e.Subscribe(w.ctx, op, func() {
		select {
		case w.bell <- struct{}{}:
		default:
		}
	})
	if refused != nil {
		t.Fatalf("refused: %s", refused.Body)
	}
	w.Stream = s
	t.Cleanup(s.Close)
	return w
}

// next waits for the next frame.
func (w *watcher) next(t *testing.T) []byte {
	t.Helper()
	for end := time.After(2 * time.Minute); ; {
		switch body, state := w.Next(w.ctx); state {
		case gql.Ready:
			return body
		case gql.Failed, gql.Done:
			t.Fatalf("the stream ended: %s", body)
		}
		select {
		case <-w.bell:
		case <-end:
			t.Fatal("no frame came")
		}
	}
}

// drain takes what there is by now.
func (w *watcher) drain(t *testing.T) {
	t.Helper()
	for state := gql.Ready; state == gql.Ready; {
		_, state = w.Next(w.ctx)
	}
}

// sameBytes tells whether two payloads are one piece of memory: then the frame was executed once for both.
func sameBytes(a, b []byte) bool {
	return len(a) == len(b) && unsafe.SliceData(a) == unsafe.SliceData(b)
}

func TestFramesAskedForAlikeAreExecutedOnce(t *testing.T) {
	w := servertest.Found(t, servertest.Start(t, servertest.Dialects[0]), "sharing")
	planned, plain := engines(w.Server)
	for name, e := range map[string]*graph.Engine{"by plan": planned, "by the executor": plain} {
		t.Run(name, func(t *testing.T) {
			const (
				board   = "subscription($p: ID!, $after: Revision, $f: RecordFilter) { board(pipelineId: $p, after: $after, filter: $f) { revision ... on BoardCommit { cards { record { title owner { name } contact { records { id } } } } } } }"
				other   = "subscription($p: ID!, $after: Revision, $f: RecordFilter) { board(pipelineId: $p, after: $after, filter: $f) { revision ... on BoardCommit { cards { recordId } } } }"
				changes = "subscription($after: Revision) { changes(after: $after) { revision ... on ChangeCommit { changes { kind after } } } }"
			)
			since := func(commits int64) string { return strconv.FormatInt(at(t, w)-commits, 10) }
			vars := func(more map[string]any) map[string]any {
				out := map[string]any{"p": w.Pipeline}
				for k, v := range more {
					out[k] = v
				}
				return out
			}
			like := []*watcher{
				watching(t, e, w.Owner.Viewer, board, vars(nil)),
				watching(t, e, w.Owner.Viewer, board, vars(nil)),
				watching(t, e, w.Owner.Viewer, board, vars(map[string]any{"after": since(0)})),
				watching(t, e, w.Owner.Viewer, board, vars(map[string]any{"after": since(1)})),
			}
			unlike := map[string]*watcher{
				"another selection":  watching(t, e, w.Owner.Viewer, other, vars(nil)),
				"another filter":     watching(t, e, w.Owner.Viewer, board, vars(map[string]any{"f": map[string]any{"q": ""}})),
				"other rights":       watching(t, e, w.Ben.Viewer, board, vars(nil)),
				"own records only":   watching(t, e, w.Chloe.Viewer, board, vars(nil)),
				"the log":            watching(t, e, w.Owner.Viewer, changes, nil),
				"the log, less seen": watching(t, e, w.Chloe.Viewer, changes, nil),
			}
			logs := []*watcher{watching(t, e, w.Owner.Viewer, changes, map[string]any{"after": since(0)}), watching(t, e, w.Owner.Viewer, changes, map[string]any{"after": since(2)})}

			for _, all := range [][]*watcher{like, logs, slices.Collect(maps.Values(unlike))} {
				for _, w := range all {
					w.drain(t)
				}
			}
			made := create(t, w)
			first := until(t, like[0], made)
			for _, l := range like[1:] {
				require.True(t, sameBytes(first, until(t, l, made)), "a frame was executed twice for the same question")
			}
			frames := map[string][]byte{}
			for name, u := range unlike {
				frames[name] = until(t, u, made)
				require.False(t, sameBytes(first, frames[name]), "%s shares a frame with those who ask otherwise", name)
			}
			require.False(t, sameBytes(frames["the log"], frames["the log, less seen"]))
			for _, l := range logs {
				require.True(t, sameBytes(frames["the log"], until(t, l, made)), "a commit was executed twice for the same question")
			}
		})
	}
}

// at is the workspace's revision.
func at(t *testing.T, w *servertest.World) int64 {
	t.Helper()
	head, _, err := changelog.Log{DB: w.DB}.Head(t.Context(), w.DB, w.WorkspaceID)
	require.NoError(t, err)
	return int64(head)
}

// create makes a record that everybody sees, and gives the revision of that.
func create(t *testing.T, w *servertest.World) string {
	t.Helper()
	made, err := w.CRM.CreateRecord(viewer.NewContext(t.Context(), w.Owner.Viewer), crm.CreateRecordInput{Title: "shared", Priority: "LOW", OwnerID: &w.Chloe.ID})
	require.NoError(t, err)
	return strconv.FormatInt(int64(made.Revision), 10)
}

// until gives the frame of a revision.
func until(t *testing.T, w *watcher, revision string) []byte {
	t.Helper()
	for {
		body := w.next(t)
		var frame struct {
			Data map[string]struct{ Revision string }
		}
		require.NoError(t, json.Unmarshal(body, &frame))
		for _, f := range frame.Data {
			if f.Revision == revision {
				return body
			}
		}
	}
}
