package ledger

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

func staged(id, stage string) wire.Change {
	c := recordChange(id)
	c.After["stage_id"], c.Changed = stage, []string{"stage_id", "rank"}
	return c
}

func TestBlock(t *testing.T) {
	rows := func(codes ...string) map[string]string {
		out := map[string]string{}
		for i, id := range []string{"c", "a", "x"} {
			out[id] = codes[i]
		}
		return out
	}
	all := rows("", "", "NOT_FOUND")
	for name, test := range map[string]struct {
		place  Place
		answer Answer
		want   []string // of s1, or nil: an error
	}{
		"on top":                {Place{StageID: "s1"}, Answer{Rows: all}, []string{"a", "c", "b"}},
		"after":                 {Place{StageID: "s1", After: "b"}, Answer{Rows: all}, []string{"b", "a", "c"}},
		"before":                {Place{StageID: "s1", Before: "b"}, Answer{Rows: all}, []string{"a", "c", "b"}},
		"bottom":                {Place{StageID: "s1", Bottom: true}, Answer{Rows: all}, []string{"b", "a", "c"}},
		"to another stage":      {Place{StageID: "s2"}, Answer{Rows: all}, []string{"b"}},
		"the neighbour is gone": {Place{StageID: "s1", After: "y"}, Answer{Rows: all, FellBack: true, PlacedBy: "TOP"}, []string{"a", "c", "b"}},
		"gone, but not told":    {Place{StageID: "s1", After: "y"}, Answer{Rows: all}, nil},
		"a row is untold":       {Place{StageID: "s1"}, Answer{Rows: map[string]string{"c": "", "a": ""}}, nil},
		"a row is denied":       {Place{StageID: "s1"}, Answer{Rows: rows("", "NOT_FOUND", "NOT_FOUND")}, nil},
		"a row is made up":      {Place{StageID: "s1"}, Answer{Rows: rows("", "", "")}, nil},
		"a needless refusal":    {Place{StageID: "s1"}, Answer{Rows: rows("", "VALIDATION_FAILED", "NOT_FOUND")}, nil},
		"a stage that is none":  {Place{StageID: "s9"}, Answer{Rows: all}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			op := &Op{Mark: "m", Kind: MoveMany, IDs: []string{"c", "a", "x"}, Place: test.place, Outcome: Acknowledged, Revision: 11, Began: 10, Answer: test.answer}
			l, err := settle([]*Op{op}, commit(11, "m", staged("c", test.place.StageID)))
			if test.want == nil {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, l.World.Columns["s1"])
		})
	}
}

// TestLostBlock has a block whose answer was lost: the order comes from the server, what may be in it does not.
func TestLostBlock(t *testing.T) {
	op := &Op{Mark: "m", Kind: MoveMany, IDs: []string{"a", "c"}, Place: Place{StageID: "s2"}, Outcome: Unknown, Began: 10}
	for _, test := range []struct {
		seen []string
		ok   bool
	}{{[]string{"c", "a"}, true}, {[]string{"c"}, false}, {[]string{"c", "a", "b"}, false}} {
		l := New(world())
		l.Add(op)
		err := l.Settle(&wire.Log{Commits: []wire.Commit{commit(11, "m", staged("a", "s2"), staged("c", "s2"))}, Head: 11},
			func(string, wire.Commit) (map[string][]string, error) {
				return map[string][]string{"s2": test.seen}, nil
			})
		require.Equal(t, test.ok, err == nil, "%v: %v", test.seen, err)
	}
}

func restoration(id, rank string) wire.Change {
	return wire.Change{Entity: "record", EntityID: id, Before: map[string]any{"deleted_at": "2026-11-21T00:00:00Z", "rank": rank},
		After: map[string]any{"rank": "0"}, Changed: []string{"deleted_at"}}
}

func TestRestore(t *testing.T) {
	drop := &Op{Mark: "m1", Kind: DeleteMany, IDs: []string{"a", "b"}, Outcome: Acknowledged, Revision: 11, Began: 10, Answer: Answer{Rows: map[string]string{"a": "", "b": ""}}}
	gone := commit(11, "m1", deletion("a"), deletion("b"))
	back := func(rows map[string]string) *Op {
		return &Op{Mark: "m2", Kind: RestoreMany, IDs: []string{"b", "a"}, Outcome: Acknowledged, Revision: 12, Began: 11, Answer: Answer{Rows: rows}}
	}
	l, err := settle([]*Op{drop, back(map[string]string{"a": "", "b": ""})}, gone, commit(12, "m2", restoration("b", "n"), restoration("a", "m")))
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "c"}, l.World.Columns["s1"], "in the order they had, on top")
	require.Empty(t, l.World.Deleted)

	_, err = settle([]*Op{drop, back(map[string]string{"a": "", "b": "NOT_FOUND"})}, gone, commit(12, "m2", restoration("a", "m")))
	require.ErrorContains(t, err, "record b: refused with NOT_FOUND")
	_, err = settle([]*Op{drop, back(map[string]string{"a": "", "b": ""})}, gone, commit(12, "m2", restoration("a", "m")))
	require.ErrorContains(t, err, "record b was deleted: true")

	one := &Op{Mark: "m2", Kind: Restore, RecordID: "b", Outcome: Acknowledged, Revision: 12,
		Answer: Answer{Record: &Record{ID: "b", PipelineID: "pip", StageID: "s2", Title: "b", Priority: "MEDIUM"}}}
	away := &Line{PipelineID: "pip", Stages: []Stage{{"s3", "Won", "WON"}, {"s2", "Old", "OPEN"}}, Moves: map[string]string{"s1": "s2"}}
	l = New(world())
	for _, op := range []*Op{drop, {Mark: "m3", Kind: Pipeline, Line: away, Outcome: Unknown}, one} {
		l.Add(op)
	}
	one.Revision = 13
	seen := func(string, wire.Commit) (map[string][]string, error) { return map[string][]string{"s2": {"c"}}, nil }
	require.NoError(t, l.Settle(&wire.Log{Commits: []wire.Commit{gone, commit(12, "m3"), commit(13, "m2", restoration("b", "m"))}, Head: 13}, seen))
	require.Equal(t, []string{"b", "c"}, l.World.Columns["s2"], "its stage is gone: the first open one")
}

func TestMany(t *testing.T) {
	title := "same"
	set := &Op{Mark: "m", Kind: UpdateMany, IDs: []string{"a", "b"}, Fields: Fields{Title: &title}, Outcome: Unknown, Began: 10}
	_, err := settle([]*Op{set}, commit(11, "m", recordChange("a")))
	require.ErrorContains(t, err, "record b is not as asked", "half of it is not carried out")
	l, err := settle([]*Op{set}, commit(11, "m", recordChange("a"), recordChange("b")))
	require.NoError(t, err)
	require.Equal(t, "same", l.World.Records["b"].Title)
	_, err = settle([]*Op{set}, commit(11, "m", recordChange("a"), recordChange("b"), recordChange("c")))
	require.ErrorContains(t, err, "record c, which nobody named")

	idle := &Op{Mark: "m", Kind: TagMany, IDs: []string{"a"}, Fields: Fields{AddTags: []string{"hot"}}, Outcome: Acknowledged, Revision: 11, Answer: Answer{Rows: map[string]string{"a": ""}}}
	_, err = settle([]*Op{idle}, commit(11, ""))
	require.ErrorContains(t, err, "without a commit", "it had something to do")
}

func TestPermit(t *testing.T) {
	permit := func(told bool) *Op {
		return &Op{Mark: "m", Kind: Permit, MemberID: "mem", Sees: true, Outcome: Acknowledged, Revision: 11, Answer: Answer{Sees: told}}
	}
	change := wire.Change{Entity: "member", EntityID: "mem", Changed: []string{"permissions"}}
	l, err := settle([]*Op{permit(true)}, commit(11, "m", change))
	require.NoError(t, err)
	require.True(t, l.World.Sees["mem"])
	_, err = settle([]*Op{permit(false)}, commit(11, "m", change))
	require.Error(t, err)
	_, err = settle(nil, commit(11, "", change))
	require.ErrorContains(t, err, "no writer asked for that")
	_, err = settle([]*Op{permit(true)}, commit(11, ""))
	require.Error(t, err, "acknowledged, but not so")
}

func TestForget(t *testing.T) {
	w := world()
	for i := range mostDeleted + 1 {
		id := board.Revision(i).String()
		w.Deleted[id] = &Record{ID: id, Since: board.Revision(i)}
	}
	w.forget()
	require.Len(t, w.Deleted, mostDeleted/2)
	require.Contains(t, w.Deleted, board.Revision(mostDeleted).String())
}
