package ledger

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

func text(s string) *string { return &s }

// world has a, b, c in s1 of a pipeline with s1, s2 and the won stage s3.
func world() *World {
	w := &World{
		Revision: 10, Records: map[string]*Record{}, Columns: map[string][]string{"s1": {"a", "b", "c"}}, Contacts: map[string]string{},
		Deleted: map[string]*Record{}, Order: []string{"pip"}, Sees: map[string]bool{},
		Lines: map[string]*Line{"pip": {PipelineID: "pip", Name: "Sales", Stages: []Stage{{"s1", "New", "OPEN"}, {"s2", "Old", "OPEN"}, {"s3", "Won", "WON"}}}},
	}
	for _, id := range w.Columns["s1"] {
		w.Records[id] = &Record{ID: id, PipelineID: "pip", StageID: "s1", Title: id, Priority: "MEDIUM", Tags: []string{}}
	}
	return w
}

func commit(r board.Revision, mark string, changes ...wire.Change) wire.Commit {
	return wire.Commit{Revision: r, ClientMutationID: mark, Changes: changes}
}

func recordChange(id string) wire.Change {
	return wire.Change{Entity: "record", EntityID: id, Before: map[string]any{"id": id}, After: map[string]any{"id": id}, Changed: []string{"title"}}
}

func deletion(id string) wire.Change {
	c := recordChange(id)
	c.After = map[string]any{"deleted_at": "2026-11-21T00:00:00Z"}
	return c
}

func nothingToObserve(string, wire.Commit) (map[string][]string, error) { return nil, nil }

func settle(ops []*Op, commits ...wire.Commit) (*Ledger, error) {
	l := New(world())
	for _, op := range ops {
		l.Add(op)
	}
	return l, l.Settle(&wire.Log{Commits: commits, Head: board.Revision(10 + len(commits))}, nothingToObserve)
}

func TestSettle(t *testing.T) {
	rename := func(mark, title string, outcome Outcome, r board.Revision) *Op {
		return &Op{Mark: mark, Kind: Update, RecordID: "a", Fields: Fields{Title: &title}, Outcome: outcome, Revision: r,
			Answer: Answer{Record: &Record{ID: "a", PipelineID: "pip", StageID: "s1", Title: title, Priority: "MEDIUM"}}}
	}
	for name, test := range map[string]struct {
		ops     []*Op
		commits []wire.Commit
		title   string // of a
		err     string // or part of the error
	}{
		"the later revision wins":   {[]*Op{rename("m2", "two", Acknowledged, 12), rename("m1", "one", Acknowledged, 11)}, []wire.Commit{commit(11, "m1", recordChange("a")), commit(12, "m2", recordChange("a"))}, "two", ""},
		"unknown and carried out":   {[]*Op{rename("m1", "one", Unknown, 0)}, []wire.Commit{commit(11, "m1", recordChange("a"))}, "one", ""},
		"unknown and not":           {[]*Op{rename("m1", "one", Unknown, 0)}, nil, "a", ""},
		"a no-op":                   {[]*Op{rename("m1", "one", Acknowledged, 11), rename("m2", "one", Acknowledged, 11)}, []wire.Commit{commit(11, "m1", recordChange("a"))}, "one", ""},
		"lost":                      {[]*Op{rename("m1", "one", Acknowledged, 11)}, nil, "", "the log ends at 10"},
		"lost among others":         {[]*Op{rename("m1", "one", Acknowledged, 11), rename("m2", "two", Unknown, 0)}, []wire.Commit{commit(11, "m2", recordChange("a"))}, "", "not as asked"},
		"another revision":          {[]*Op{rename("m1", "one", Acknowledged, 12)}, []wire.Commit{commit(11, "m1", recordChange("a")), commit(12, "", wire.Change{Entity: "task"})}, "", "carried out at revision 11"},
		"refused and carried out":   {[]*Op{rename("m1", "one", Refused, 0)}, []wire.Commit{commit(11, "m1", recordChange("a"))}, "", "was refused, but carried out"},
		"twice":                     {[]*Op{rename("m1", "one", Acknowledged, 11)}, []wire.Commit{commit(11, "m1", recordChange("a")), commit(12, "m1", recordChange("a"))}, "", "carried out twice"},
		"nobody asked":              {nil, []wire.Commit{commit(11, "m9", recordChange("a"))}, "", "no writer asked"},
		"ranks spread by the house": {nil, []wire.Commit{commit(11, "", wire.Change{Entity: "record", Changed: []string{"rank"}})}, "a", ""},
		"a hole":                    {nil, []wire.Commit{commit(12, "")}, "", "where 11 is due"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := settle(test.ops, test.commits...)
			if test.err != "" {
				require.ErrorContains(t, err, test.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.title, l.World.Records["a"].Title)
		})
	}
}

func TestPlaces(t *testing.T) {
	move := func(to Place, answer Answer) *Op {
		stage := to.StageID
		answer.Record = &Record{ID: "a", PipelineID: "pip", StageID: stage, Title: "a", Priority: "MEDIUM"}
		return &Op{Mark: "m", Kind: Move, RecordID: "a", Place: to, Outcome: Acknowledged, Revision: 11, Answer: answer}
	}
	for name, test := range map[string]struct {
		op   *Op
		want []string // of s1, or nil: an error
	}{
		"after":            {move(Place{StageID: "s1", After: "b"}, Answer{After: "b", Before: "c"}), []string{"b", "a", "c"}},
		"before":           {move(Place{StageID: "s1", Before: "c"}, Answer{After: "b", Before: "c"}), []string{"b", "a", "c"}},
		"bottom":           {move(Place{StageID: "s1", Bottom: true}, Answer{After: "c"}), []string{"b", "c", "a"}},
		"other stage":      {move(Place{StageID: "s2"}, Answer{}), []string{"b", "c"}},
		"fell back":        {move(Place{StageID: "s1", After: "x"}, Answer{FellBack: true, Before: "b"}), []string{"a", "b", "c"}},
		"fell back, lying": {move(Place{StageID: "s1", After: "b"}, Answer{FellBack: true, Before: "b"}), nil},
		"another place":    {move(Place{StageID: "s1", After: "b"}, Answer{Before: "b"}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := settle([]*Op{test.op}, commit(11, "m", recordChange("a")))
			if test.want == nil {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, l.World.Columns["s1"])
		})
	}
}

func TestCreateAndDelete(t *testing.T) {
	made := wire.Change{Entity: "record", EntityID: "n", After: map[string]any{"id": "n"}}
	create := &Op{Mark: "m1", Kind: Create, Fields: Fields{Title: text("new"), Tags: []string{"Hot"}}, Place: Place{PipelineID: "pip", StageID: "s1", Bottom: true}}
	drop := &Op{Mark: "m2", Kind: DeleteMany, IDs: []string{"a", "c", "x"}, Outcome: Acknowledged, Revision: 12, Answer: Answer{Rows: map[string]string{"a": "", "c": "", "x": "NOT_FOUND"}}}
	l, err := settle([]*Op{create, drop}, commit(11, "m1", made), commit(12, "m2", deletion("a"), deletion("c")))
	require.NoError(t, err)
	require.Equal(t, []string{"b", "n"}, l.World.Columns["s1"])
	require.Equal(t, []string{"hot"}, l.World.Records["n"].Tags)
	lost, carriedOut := l.Unknown()
	require.Equal(t, []int{1, 1}, []int{lost, carriedOut})

	_, err = settle([]*Op{drop}, commit(11, ""), commit(12, "m2", deletion("a")))
	require.ErrorContains(t, err, "record c was there: true; its commit deleted it: false")
}

func TestReshape(t *testing.T) {
	line := &Line{PipelineID: "pip", Stages: []Stage{{"s2", "Old", "OPEN"}, {"", "Fresh", "OPEN"}, {"s3", "Won", "WON"}}, Moves: map[string]string{"s1": "s2"}}
	op := &Op{Mark: "m", Kind: Pipeline, Line: line, Outcome: Unknown}
	l := New(world())
	l.Add(op)
	made := wire.Change{Entity: "stage", EntityID: "s4", After: map[string]any{"name": "Fresh"}}
	seen := func(order ...string) Observe {
		return func(string, wire.Commit) (map[string][]string, error) { return map[string][]string{"s2": order}, nil }
	}
	require.NoError(t, l.Settle(&wire.Log{Commits: []wire.Commit{commit(11, "m", made)}, Head: 11}, seen("c", "a", "b")))
	require.Equal(t, []string{"c", "a", "b"}, l.World.Columns["s2"])
	require.Equal(t, "s4", l.World.Lines["pip"].Stages[1].ID)

	l = New(world())
	l.Add(op)
	require.Error(t, l.Settle(&wire.Log{Commits: []wire.Commit{commit(11, "m", made)}, Head: 11}, seen("c", "a")))
}
