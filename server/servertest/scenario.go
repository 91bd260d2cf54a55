package servertest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Scenario runs a script, the comment of a txtar archive, on a fresh world of a database. A command is one line; indented
// lines below it belong to it; # begins a line of comment. $name stands for a value that was saved, written as JSON;
// pipeline, lead, offer, won, lost, owner, ben and chloe are known from the beginning, and the same of the stranger's
// workspace as their_pipeline and so on, long is a text of 1,000 characters and many a list of 501 ids. GraphQL is written in place, or stands in a section named by the command.
//
//	as owner|ben|chloe|key|stranger    who acts from here on; solo and solo2 cannot assign others, manager reads,
//	                                   reader, writer, tasker and staffer are keys with only the scopes to read, to write
//	                                   records, tasks, members
//	mutate FIELDS, query FIELDS        runs an operation; its errors fail the test unless `refused` follows
//	wall NAME FIELDS                   a mutation with $NAME and with an id that nobody has must be refused alike
//	refused CODE [FIELD…]              the operation was refused with these details, and nothing was written
//	save NAME PATH                     keeps a value of the answer, or of the refusal
//	fresh NAME PREFIX                  makes an id that nobody has
//	expect PATH OP VALUE               compares: == != < <= > >= contains null set; or the whole answer: expect {JSON}
//	changes [none | LINES]             the rows in the log since the last such command: kind, entity, fields
//	sql <= N                           the statements of the operation before, credential and transaction included
//	subscribe NAME board(…)|changes…   opens a stream for who acts
//	frame NAME [LINES]                 waits for the stream's next frame; ready, snapshot, reset REASON, or what happened
//	noframe NAME…                      proves that no frame is under way: the next one is of a mark made now
//	ended NAME, dropped NAME CODE, close NAME
//	board [ARGUMENTS] LINES            the board as who acts sees it
//	restart, trim N                    a new server on the same database; a log of only N changes
//
// Beyond what a script says, the runner checks that a mutation makes at most one commit and a refused one none, and that
// whoever applies the frames of a board holds after each the board at its revision.
func Scenario(t *testing.T, dialect, file string) {
	t.Helper()
	archive := parse(t, file)
	common := parse(t, filepath.Join(filepath.Dir(file), "common.txt"))
	s := &scenario{file: filepath.Base(file), sections: map[string]string{}, vars: map[string]any{}, names: map[string]string{},
		people: map[string]*Person{}, streams: map[string]*watcher{}}
	for _, f := range append(common.Files, archive.Files...) {
		s.sections[f.Name] = string(f.Data)
	}
	s.TB = t
	s.world = Found(t, Start(t, dialect), "alpha")
	s.stranger = Found(t, s.world.Server, "omega")
	s.know("", s.world)
	s.know("their_", s.stranger)
	s.save("long", strings.Repeat("long ", 200))
	s.save("many", slices.Repeat([]string{typeid.New(typeid.Record)}, 501))
	s.mark = s.head()
	steps := script(string(archive.Comment))
	for i, step := range steps {
		s.step = step
		s.counted = i+1 < len(steps) && steps[i+1].name == "sql"
		s.run()
	}
	s.answered()
}

// scenario is a script under way. It is the testing.TB of what it calls, so that failures name the line.
type scenario struct {
	testing.TB
	file     string
	sections map[string]string
	step     step

	world, stranger *World
	people          map[string]*Person
	who             *Person
	vars            map[string]any
	names           map[string]string // of ids
	streams         map[string]*watcher
	mark            row.Revision // where the last `changes` ended
	marks           int

	answer     any // of the last operation: its data, or its refusal
	refusal    *Error
	operation  step
	mutated    bool
	before     row.Revision
	counted    bool
	statements []string
}

type step struct {
	line      int
	name, arg string
}

func (s *scenario) Fatalf(format string, args ...any) {
	s.TB.Helper()
	s.TB.Fatalf("%s:%d: %s %s\n%s", s.file, s.step.line, s.step.name, s.step.arg, fmt.Sprintf(format, args...))
}

func (s *scenario) Fatal(args ...any) {
	s.TB.Helper()
	s.Fatalf("%s", fmt.Sprint(args...))
}

func parse(t testing.TB, file string) *txtar.Archive {
	t.Helper()
	a, err := txtar.ParseFile(file)
	check(t, err)
	return a
}

// script splits a text into its commands.
func script(text string) (steps []step) {
	for i, line := range strings.Split(text, "\n") {
		switch trimmed := strings.TrimSpace(line); {
		case trimmed == "" || trimmed[0] == '#':
		case line[0] == ' ' || line[0] == '\t':
			last := &steps[len(steps)-1]
			last.arg = strings.TrimPrefix(last.arg+"\n"+trimmed, "\n")
		default:
			name, arg, _ := strings.Cut(trimmed, " ")
			steps = append(steps, step{i + 1, name, strings.TrimSpace(arg)})
		}
	}
	return steps
}

func (s *scenario) run() {
	s.TB.Helper()
	words := strings.Fields(s.step.arg)
	first, rest := s.step.arg, ""
	if i := strings.IndexAny(s.step.arg, " \n"); i >= 0 {
		first, rest = s.step.arg[:i], strings.TrimSpace(s.step.arg[i:])
	}
	if s.step.name == "refused" {
		s.refused(words)
		return
	}
	s.answered()
	switch s.step.name {
	case "as":
		s.as(first)
	case "mutate":
		s.operate("mutation", s.step.arg)
	case "query":
		s.operate("query", s.step.arg)
	case "wall":
		s.wall(first, rest)
	case "save":
		s.save(first, s.at(rest))
	case "fresh":
		s.save(first, typeid.New(rest))
	case "expect":
		s.expect()
	case "changes":
		s.changes()
	case "sql":
		s.sql(words)
	case "subscribe":
		s.subscribe(first, rest)
	case "frame":
		s.frame(first, rest)
	case "noframe":
		s.noframe(words)
	case "ended":
		s.stream(first).Ended(s)
	case "dropped":
		if e := s.stream(first).Refused(s); e.Extensions.Code != rest {
			s.Fatalf("refused with %s (%s)", e.Extensions.Code, e.Message)
		}
	case "close":
		s.stream(first).Close()
		delete(s.streams, first)
	case "board":
		s.board()
	case "restart":
		s.restart()
	case "trim":
		s.trim(first)
	default:
		s.Fatalf("there is no such command")
	}
}

// know saves what a world begins with.
func (s *scenario) know(prefix string, w *World) {
	for name, id := range map[string]string{"pipeline": w.Pipeline, "lead": w.Lead, "offer": w.Offer, "won": w.Won, "lost": w.Lost,
		"owner": w.Owner.ID, "ben": w.Ben.ID, "chloe": w.Chloe.ID, "workspace": w.WorkspaceID} {
		s.save(prefix+name, id)
	}
	if prefix == "" {
		s.people = map[string]*Person{"owner": w.Owner, "ben": w.Ben, "chloe": w.Chloe, "key": w.Key, "stranger": s.stranger.Owner}
		s.who = w.Owner
	}
}

func (s *scenario) save(name string, v any) {
	s.vars[name] = v
	if id, ok := v.(string); ok && typeid.Kind(id) != "" && s.names[id] == "" {
		s.names[id] = "$" + name
	}
}

var variable = regexp.MustCompile(`\$[a-z_][a-zA-Z0-9_]*`)

// filled puts saved values into a text.
func (s *scenario) filled(text string) string {
	s.TB.Helper()
	return variable.ReplaceAllStringFunc(text, func(name string) string {
		v, ok := s.vars[name[1:]]
		if !ok {
			s.Fatalf("nothing was saved as %s", name)
		}
		b, err := json.Marshal(v)
		check(s, err)
		return string(b)
	})
}

// named puts names in the place of the ids they were saved under.
func (s *scenario) named(text string) string {
	return ids.ReplaceAllStringFunc(text, func(id string) string {
		if name := s.names[id]; name != "" {
			return name
		}
		return id
	})
}

var ids = regexp.MustCompile(`[a-z]{3}_[0-9a-z]{26}`)

// restart ends the server and starts another on its database. The clients hang up: none here answers a server that
// closes, and it would wait for them.
func (s *scenario) restart() {
	s.TB.Helper()
	for name, w := range s.streams {
		w.Close()
		delete(s.streams, name)
	}
	s.world.Stop(s)
	s.world.Server = StartOn(s.TB, s.world.Database, nil)
	s.stranger.Server = s.world.Server
	for _, p := range s.people {
		p.URL = s.world.URL
	}
}
