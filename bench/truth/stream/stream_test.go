package stream

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

func frame(kind string, r board.Revision) *board.Frame {
	f := &board.Frame{Type: kind, Revision: r}
	if kind == board.TypeCommit {
		f.Cards = []board.Change{{}}
	}
	return f
}

func commits(revisions ...board.Revision) (out []*board.Frame) {
	for _, r := range revisions {
		out = append(out, frame(board.TypeCommit, r))
	}
	return out
}

// note takes frames in until one breaks a rule.
func note(t *Tracker, frames ...*board.Frame) Kind {
	for _, f := range frames {
		if breach := t.Note(f); breach != nil {
			return breach.Kind
		}
	}
	return ""
}

func TestTracker(t *testing.T) {
	snapshot := func(r board.Revision) *board.Frame { return frame(board.TypeSnapshot, r) }
	ready := func(r board.Revision) *board.Frame { return frame(board.TypeReady, r) }
	reset := func(r board.Revision) *board.Frame { return frame(board.TypeReset, r) }
	for name, test := range map[string]struct {
		frames []*board.Frame
		want   Kind
	}{
		"in order":              {append([]*board.Frame{snapshot(5)}, commits(6, 9, 10)...), ""},
		"reset and snapshot":    {append([]*board.Frame{snapshot(5), reset(5), snapshot(9)}, commits(10)...), ""},
		"doubled":               {append([]*board.Frame{snapshot(5)}, commits(6, 7, 6)...), Doubled},
		"in the snapshot":       {append([]*board.Frame{snapshot(5)}, commits(5)...), Doubled},
		"out of order":          {append([]*board.Frame{snapshot(5)}, commits(8, 7)...), OutOfOrder},
		"past after ready":      {append([]*board.Frame{snapshot(5), ready(9)}, commits(8)...), OutOfOrder},
		"ready goes back":       {append(append([]*board.Frame{snapshot(5)}, commits(8)...), ready(7)), OutOfOrder},
		"commit without board":  {commits(6), Protocol},
		"snapshot unasked":      {[]*board.Frame{snapshot(5), snapshot(6)}, Protocol},
		"commit after reset":    {append([]*board.Frame{snapshot(5), reset(6)}, commits(7)...), Protocol},
		"snapshot goes back":    {append(append([]*board.Frame{snapshot(5)}, commits(8)...), reset(8), snapshot(7)), OutOfOrder},
		"ready without a board": {[]*board.Frame{ready(5)}, Protocol},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := new(Tracker)
			tracker.Connect()
			require.Equal(t, test.want, note(tracker, test.frames...))
		})
	}
}

func TestTrackerOverConnections(t *testing.T) {
	tracker := new(Tracker)
	_, resume := tracker.Connect()
	require.False(t, resume)
	require.Empty(t, note(tracker, append([]*board.Frame{frame(board.TypeSnapshot, 5)}, commits(6, 8)...)...))
	after, resume := tracker.Connect()
	require.True(t, resume)
	require.Equal(t, board.Revision(8), after)
	require.Empty(t, note(tracker, append(commits(9), frame(board.TypeReady, 11))...))
	require.Equal(t, Doubled, note(tracker, frame(board.TypeReady, 11)))
	base, received := tracker.Received()
	require.Equal(t, board.Revision(5), base)
	require.Equal(t, []board.Revision{6, 8, 9}, received)
	tracker.Forget(8)
	base, received = tracker.Received()
	require.Equal(t, board.Revision(8), base)
	require.Equal(t, []board.Revision{9}, received)
}

func TestClassify(t *testing.T) {
	type list = []board.Revision
	for name, test := range map[string]struct {
		received, want list
		kind           Kind
	}{
		"missing":      {list{1, 3}, list{1, 2, 3}, Missing},
		"doubled":      {list{1, 2, 2, 3}, list{1, 2, 3}, Doubled},
		"out of order": {list{1, 3, 2}, list{1, 2, 3}, OutOfOrder},
		"superfluous":  {list{1, 2, 3}, list{1, 3}, Superfluous},
		"nothing came": {nil, list{1}, Missing},
	} {
		t.Run(name, func(t *testing.T) {
			breach := Classify(test.received, test.want)
			require.NotNil(t, breach)
			require.Equal(t, test.kind, breach.Kind)
		})
	}
	require.Nil(t, Classify(list1(1, 2), list1(1, 2)))
}

func list1(r ...board.Revision) []board.Revision { return r }

// TestInjector breaks a stream in each way and names what it then suffers from.
func TestInjector(t *testing.T) {
	for fault, want := range map[Fault]Kind{Drop: Missing, Double: Doubled, Reorder: OutOfOrder} {
		t.Run(string(fault), func(t *testing.T) {
			warm, hit := false, board.Revision(0)
			in := Injector{Fault: fault, Armed: func() bool { return warm }, Injected: func(r board.Revision) { hit = r }}
			var got []board.Revision
			for i, f := range commits(1, 2, 3, 4, 5) {
				warm = i >= 1
				for _, f := range in.Pass(f) {
					got = append(got, f.Revision)
				}
			}
			require.Equal(t, board.Revision(2), hit)
			breach := Classify(got, list1(1, 2, 3, 4, 5))
			require.NotNil(t, breach)
			require.Equal(t, want, breach.Kind)
		})
	}
	var off Injector
	f := frame(board.TypeCommit, 1)
	require.Equal(t, []*board.Frame{f}, off.Pass(f))
}

func TestFaultsTouchWhatMatters(t *testing.T) {
	in := Injector{Fault: Drop, Armed: func() bool { return true }}
	renamed := &board.Frame{Type: board.TypeCommit, Revision: 2, Cards: []board.Change{{Kind: "UPDATED", RecordID: "a", ChangedFields: []string{"owner"}}}}
	require.Len(t, in.Pass(renamed), 1, "what a link shows may be missed unnoticed")
	edited := &board.Frame{Type: board.TypeCommit, Revision: 3, Cards: []board.Change{{Kind: "UPDATED", RecordID: "a", ChangedFields: []string{"title"}}}}
	require.Empty(t, in.Pass(edited))
}
