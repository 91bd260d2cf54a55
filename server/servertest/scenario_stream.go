package servertest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// watcher is a stream with what its client holds.
type watcher struct {
	*Stream
	who      *Person
	args     string // of a board
	pipeline string
	board    boardState
	holds    bool
}

const totalFields = `stageId count amounts { currency count amount weighted }`

const boardFields = `revision columns { stage { id } totals { ` + totalFields + ` } cards(first: 100) { nodes { id title } } }`

const frameFields = `{ __typename revision ... on BoardSnapshot { board { ` + boardFields + ` } }
	... on BoardCommit { clientMutationId actor { name } source pipeline { name stages { id name } } columns { ` + totalFields + ` }
		cards { kind reason recordId stageId afterRecordId changedFields record { id title stageId } } }
	... on BoardReset { reason } }`

const logFields = `{ __typename revision ... on ChangeCommit { ` + changeFields + ` } ... on ChangesReset { reason } }`

type totals struct {
	StageID string
	Count   int
	Amounts []struct {
		Currency         string
		Count            int
		Amount, Weighted string
	}
}

type card struct{ ID, Title, StageID string }

type columnState struct {
	Stage  struct{ ID string }
	Totals totals
	Cards  struct{ Nodes []card }
}

type boardState struct {
	Revision string
	Columns  []columnState
}

type boardFrame struct {
	Typename         string `json:"__typename"`
	Revision         string
	Board            boardState
	ClientMutationID *string
	Reason           string
	Pipeline         *struct {
		Name   string
		Stages []struct{ ID, Name string }
	}
	Columns []totals
	Cards   []struct {
		Kind, RecordID                 string
		Reason, StageID, AfterRecordID *string
		ChangedFields                  []string
		Record                         *card
	}
	commit
}

var pipelineArg = regexp.MustCompile(`pipelineId: "([^"]+)"`)

// subscribe opens a stream of a board or of changes, with everything of a frame selected, or with a section's own text.
func (s *scenario) subscribe(name, arg string) {
	s.TB.Helper()
	s.before, s.mutated, s.operation = s.head(), false, s.step
	w := &watcher{who: s.who}
	doc, ok := s.sections[arg]
	switch {
	case ok:
		doc = s.filled(doc)
	case strings.HasPrefix(arg, "board("):
		arg = s.filled(arg)
		w.args = strings.TrimSuffix(strings.TrimPrefix(arg, "board("), ")")
		doc = "subscription { " + arg + frameFields + " }"
	default:
		doc = "subscription { " + s.filled(arg) + logFields + " }"
	}
	if m := pipelineArg.FindStringSubmatch(w.args); m != nil {
		w.pipeline = m[1]
	}
	w.Stream = s.who.Subscribe(s, doc, nil)
	s.streams[name] = w
}

func (s *scenario) stream(name string) *watcher {
	s.TB.Helper()
	if s.streams[name] == nil {
		s.Fatalf("no stream has that name")
	}
	return s.streams[name]
}

// next waits for the next frame of a stream that is not of a mark.
func (s *scenario) next(w *watcher) (*boardFrame, bool) {
	s.TB.Helper()
	raw := Next[map[string]json.RawMessage](s, w.Stream)
	s.answer = decoded(s, raw)
	f := &boardFrame{}
	for field, text := range raw {
		check(s, json.Unmarshal(text, f))
		if field == "board" && w.args != "" {
			s.hold(w, f)
		}
	}
	return f, marked(f.ClientMutationID) || marked(f.commit.ClientMutationID)
}

func (s *scenario) frame(name, want string) {
	s.TB.Helper()
	w := s.stream(name)
	f, mark := s.next(w)
	for mark {
		f, mark = s.next(w)
	}
	switch {
	case strings.HasPrefix(want, "{"):
		s.step.arg = want
		s.expect()
	case want != "":
		s.same(s.lines(f), want)
	}
}

// noframe marks the pipelines of streams and sees that the marks are the next frames.
func (s *scenario) noframe(names []string) {
	s.TB.Helper()
	for _, name := range names {
		w := s.stream(name)
		s.marks++
		mark := fmt.Sprintf("mark-%d", s.marks)
		Must[any](s, &s.world.Owner.Client, fmt.Sprintf(`mutation { updatePipeline(input: {id: "%s", description: "%s", clientMutationId: "%s"}) { revision } }`,
			w.pipeline, mark, mark), nil)
		for {
			f, marked := s.next(w)
			if !marked {
				s.Fatalf("a frame came to %s:\n  %s", name, s.named(strings.Join(s.lines(f), "\n  ")))
			}
			if *f.ClientMutationID == mark {
				break
			}
		}
	}
}

// lines writes a frame.
func (s *scenario) lines(f *boardFrame) []string {
	s.TB.Helper()
	switch f.Typename {
	case "BoardReady", "ChangesReady":
		return []string{"ready"}
	case "BoardReset", "ChangesReset":
		return []string{"reset " + f.Reason}
	case "BoardSnapshot":
		return append([]string{"snapshot"}, f.Board.lines()...)
	case "ChangeCommit":
		return s.rows(commit{Changes: f.Changes})
	}
	var out []string
	for _, c := range f.Cards {
		line := c.Kind + " " + c.RecordID
		if c.Reason != nil {
			line += " " + *c.Reason
		}
		if c.Kind != "LEFT" {
			line += " " + *c.StageID
			if c.AfterRecordID == nil {
				line += " top"
			} else {
				line += " below " + *c.AfterRecordID
			}
		}
		if c.Reason == nil || *c.Reason != "CREATED" {
			line += fields(c.ChangedFields)
		}
		out = append(out, line)
	}
	for _, t := range f.Columns {
		out = append(out, "total "+t.StageID+" "+strconv.Itoa(t.Count)+t.sums())
	}
	if f.Pipeline != nil {
		line := "pipeline " + f.Pipeline.Name + ":"
		for _, st := range f.Pipeline.Stages {
			line += " " + st.Name
		}
		out = append(out, line)
	}
	return out
}

func (t totals) sums() (out string) {
	for _, a := range t.Amounts {
		out += fmt.Sprintf(" | %s %d %s %s", a.Currency, a.Count, a.Amount, a.Weighted)
	}
	return out
}

// lines writes the columns that are not empty: cards, then totals.
func (b boardState) lines() (out []string) {
	for _, c := range b.Columns {
		if c.Totals.Count == 0 && len(c.Cards.Nodes) == 0 {
			continue
		}
		line := c.Stage.ID + ":"
		for _, n := range c.Cards.Nodes {
			line += " " + n.ID
		}
		out = append(out, line+c.Totals.sums())
	}
	return out
}

// board compares a board as who acts sees it.
func (s *scenario) board() {
	s.TB.Helper()
	args, want, _ := strings.Cut(s.step.arg, "\n")
	if strings.HasPrefix(args, "$") || args == "none" { // no arguments
		args, want = "", s.step.arg
	}
	got := s.query(s.who, s.filled(args))
	s.same(got.lines(), strings.TrimPrefix(want, "none"))
}

// query reads a board; $pipeline's unless the arguments name another.
func (s *scenario) query(p *Person, args string) boardState {
	s.TB.Helper()
	if !strings.Contains(args, "pipelineId:") {
		args += fmt.Sprintf(" pipelineId: %q", s.vars["pipeline"])
	}
	return Must[struct{ Board boardState }](s, &p.Client, "{ board("+args+") { "+boardFields+" } }", nil).Board
}

// hold applies a frame as a client does, and compares what it holds with the board at the frame's revision.
func (s *scenario) hold(w *watcher, f *boardFrame) {
	s.TB.Helper()
	switch {
	case f.Typename == "BoardSnapshot":
		w.board, w.holds = f.Board, true
		return
	case f.Typename != "BoardCommit":
		return
	}
	for _, c := range f.Cards {
		left := c.Kind == "LEFT"
		if left != (c.Record == nil) || left != (c.StageID == nil) || (!left && (c.Record.ID != c.RecordID || c.Record.StageID != *c.StageID)) {
			s.Fatalf("a card that contradicts itself: %s", s.json(c))
		}
	}
	gone := f.Pipeline != nil && len(f.Pipeline.Stages) == 0
	if !w.holds || gone {
		return
	}
	s.apply(w, f)
	at := s.query(w.who, afterArg.ReplaceAllString(w.args, "")+fmt.Sprintf(" at: %q", f.Revision))
	if got, want := strings.Join(w.board.lines(), "\n"), strings.Join(at.lines(), "\n"); got != want {
		s.Fatalf("after the frame of revision %s the watcher holds\n%s\nbut the board is\n%s", f.Revision, s.named(got), s.named(want))
	}
}

var afterArg = regexp.MustCompile(`,? *after: "[0-9]+"`)

func (s *scenario) apply(w *watcher, f *boardFrame) {
	s.TB.Helper()
	if f.Pipeline != nil { // the columns are the pipeline's stages, in their order
		was := w.board.Columns
		w.board.Columns = nil
		for _, st := range f.Pipeline.Stages {
			col := columnState{}
			if i := slices.IndexFunc(was, func(c columnState) bool { return c.Stage.ID == st.ID }); i >= 0 {
				col = was[i]
			}
			col.Stage.ID = st.ID
			w.board.Columns = append(w.board.Columns, col)
		}
	}
	for _, c := range f.Cards {
		for i := range w.board.Columns {
			nodes := &w.board.Columns[i].Cards.Nodes
			*nodes = slices.DeleteFunc(*nodes, func(n card) bool { return n.ID == c.RecordID })
		}
		for i := range w.board.Columns {
			if c.StageID == nil || w.board.Columns[i].Stage.ID != *c.StageID {
				continue
			}
			nodes, at := &w.board.Columns[i].Cards.Nodes, 0
			if c.AfterRecordID != nil {
				if at = 1 + slices.IndexFunc(*nodes, func(n card) bool { return n.ID == *c.AfterRecordID }); at == 0 {
					s.Fatalf("the card above %s is not held", s.named(c.RecordID))
				}
			}
			*nodes = slices.Insert(*nodes, at, *c.Record)
		}
	}
	for _, t := range f.Columns {
		for i := range w.board.Columns {
			if w.board.Columns[i].Stage.ID == t.StageID {
				w.board.Columns[i].Totals = t
			}
		}
	}
}
