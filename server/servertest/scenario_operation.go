package servertest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// scopesOf are the keys a script can act as besides the world's own.
var scopesOf = map[string][]string{
	"reader": {"records:read", "contacts:read", "tasks:read", "pipelines:read", "members:read"},
	"writer": {"records:write"},
	"tasker": {"tasks:write"},
}

// as makes somebody act, who joins the workspace when first named.
func (s *scenario) as(name string) {
	s.TB.Helper()
	if s.people[name] == nil {
		w, ctx := s.world, viewer.NewContext(context.Background(), s.world.Owner.Viewer)
		unread := s.head() - s.mark
		member := crm.NewMember{FirstName: strings.ToUpper(name[:1]) + name[1:], Email: name + "@alpha.example", Role: viewer.AgentRole}
		switch scopes := scopesOf[name]; {
		case scopes != nil:
			secret, err := w.Gate.IssueKey(ctx, w.WorkspaceID, access.NewKey{Name: name, CreatedBy: w.Owner.ID, Scopes: scopes})
			check(s, err)
			v, err := w.Gate.Key(ctx, secret)
			check(s, err)
			s.people[name] = &Person{Client{w.URL, secret}, v.ID, v}
		case name == "manager" || name == "solo":
			if name == "manager" {
				member.Role = viewer.ProjectManager
			} else {
				member.Permissions = map[string]bool{"can_assign_others": false}
			}
			m, err := w.CRM.AddMember(ctx, member)
			check(s, err)
			s.people[name] = w.person(s, m)
			s.save(name, m.ID)
		default:
			s.Fatalf("there is nobody of that name")
		}
		if unread == 0 {
			s.mark = s.head()
		}
	}
	s.who = s.people[name]
}

func (s *scenario) head() row.Revision {
	s.TB.Helper()
	r, _, err := changelog.Log{DB: s.world.DB}.Head(context.Background(), s.world.DB, s.world.WorkspaceID)
	check(s, err)
	return r
}

// document makes an operation of a section's name or of the fields of one.
func (s *scenario) document(kind, arg string) string {
	s.TB.Helper()
	text, ok := s.sections[arg]
	if !ok {
		text = kind + " { " + arg + " }"
	}
	return s.filled(text)
}

// operate runs an operation as who acts.
func (s *scenario) operate(kind, arg string) {
	s.TB.Helper()
	s.before, s.mutated, s.operation = s.head(), kind == "mutation", s.step
	doc := s.document(kind, arg)
	if !s.counted {
		s.take(s.who.Do(s, doc, nil))
		return
	}
	ctx, count := store.Count(context.Background())
	result := s.direct(ctx, doc)
	s.statements = count.Texts()
	a := &Answer{}
	check(s, json.Unmarshal(result.Body, a))
	s.take(a)
}

// direct runs an operation as the transport does, in this context.
func (s *scenario) direct(ctx context.Context, doc string) *gql.Result {
	s.TB.Helper()
	enter := s.world.Gate.Session
	if strings.HasPrefix(s.who.Token, access.KeyPrefix) {
		enter = s.world.Gate.Key
	}
	v, err := enter(ctx, s.who.Token)
	check(s, err)
	ctx = viewer.NewContext(ctx, v)
	op, refused := s.world.Engine.Prepare(ctx, gql.Request{Query: doc})
	if refused != nil {
		return refused
	}
	return s.world.Engine.Execute(ctx, op)
}

func (s *scenario) take(a *Answer) {
	s.TB.Helper()
	s.answer, s.refusal = nil, nil
	if len(a.Errors) > 0 {
		s.refusal = &a.Errors[0]
		details := []any{}
		for _, d := range s.refusal.Extensions.Details {
			details = append(details, map[string]any{"field": d.Field, "code": d.Code, "message": d.Message})
		}
		s.answer = decoded(s, map[string]any{"code": s.refusal.Extensions.Code, "message": s.refusal.Message, "details": details,
			"current": s.refusal.Extensions.Current})
		return
	}
	s.answer = decoded(s, a.Data)
	if made := s.head() - s.before; made > 1 || (made > 0 && !s.mutated) {
		s.Fatalf("made %d commits", made)
	}
}

// answered fails when the operation before was refused and the script does not say so.
func (s *scenario) answered() {
	s.TB.Helper()
	if e := s.refusal; e != nil {
		s.step = s.operation
		s.Fatalf("refused with %s: %s %+v", e.Extensions.Code, e.Message, e.Extensions.Details)
	}
}

func (s *scenario) refused(want []string) {
	s.TB.Helper()
	e := s.refusal
	s.refusal = nil
	if e == nil {
		s.Fatalf("it was not refused: %s", s.json(s.answer))
	}
	got := []string{e.Extensions.Code}
	for _, d := range e.Extensions.Details {
		got = append(got, d.Field)
	}
	sort.Strings(got[1:])
	sort.Strings(want[1:])
	if !slices.Equal(got, want) {
		s.Fatalf("refused with %s: %s %+v", strings.Join(got, " "), e.Message, e.Extensions.Details)
	}
	if s.head() != s.before {
		s.Fatalf("refused, and written all the same")
	}
}

// wall runs a mutation with an id the caller may not know of, and with one that does not exist.
func (s *scenario) wall(name, arg string) {
	s.TB.Helper()
	real, _ := s.vars[name].(string)
	alike := func(id string) (string, Error) {
		s.vars[name] = id
		s.operate("mutation", arg)
		if s.refusal == nil {
			s.Fatalf("not refused: %s", s.json(s.answer))
		}
		e := *s.refusal
		e.Extensions.RequestID = ""
		return strings.ReplaceAll(fmt.Sprintf("%+v", e), id, "ID"), *s.refusal
	}
	missing, _ := alike(typeid.New(real[:3]))
	hidden, refusal := alike(real)
	if missing != hidden {
		s.Fatalf("a hidden id shows:\n hidden  %s\n missing %s", hidden, missing)
	}
	s.refusal = &refusal
}

// at finds a value of the answer by a path; * stands for all elements of a list, # for their number.
func (s *scenario) at(path string) any {
	s.TB.Helper()
	v, ok := find(s.answer, strings.Split(path, "."))
	if !ok {
		s.Fatalf("nothing at %s in %s", path, s.json(s.answer))
	}
	return v
}

func find(v any, path []string) (any, bool) {
	if len(path) == 0 {
		return v, true
	}
	switch v := v.(type) {
	case map[string]any:
		next, ok := v[path[0]]
		if !ok {
			return nil, false
		}
		return find(next, path[1:])
	case []any:
		if path[0] == "#" {
			return json.Number(strconv.Itoa(len(v))), true
		}
		if path[0] == "*" {
			out := []any{}
			for _, e := range v {
				if x, ok := find(e, path[1:]); ok {
					out = append(out, x)
				}
			}
			return out, true
		}
		if i, err := strconv.Atoi(path[0]); err == nil && i < len(v) {
			return find(v[i], path[1:])
		}
	}
	return nil, false
}

func (s *scenario) expect() {
	s.TB.Helper()
	arg := s.step.arg
	if text, ok := s.sections[arg]; ok {
		arg = text
	}
	if strings.HasPrefix(arg, "{") {
		if want := decoded(s, json.RawMessage(s.filled(arg))); !alike(s.answer, want) {
			s.Fatalf("it is\n%s", s.json(s.answer))
		}
		return
	}
	path, op, _ := strings.Cut(arg, " ")
	op, text, _ := strings.Cut(op, " ")
	got := s.at(path)
	var want any
	if text = s.filled(text); text != "" {
		if json.Unmarshal([]byte(text), new(any)) != nil {
			text = strconv.Quote(text)
		}
		want = decoded(s, json.RawMessage(text))
	}
	if !compare(got, op, want) {
		s.Fatalf("it is %s", s.json(got))
	}
}

func compare(got any, op string, want any) bool {
	a, aNumber := new(big.Rat).SetString(fmt.Sprint(got))
	b, bNumber := new(big.Rat).SetString(fmt.Sprint(want))
	order := strings.Compare(fmt.Sprint(got), fmt.Sprint(want))
	if aNumber && bNumber {
		order = a.Cmp(b)
	}
	switch op {
	case "==":
		return alike(got, want)
	case "!=":
		return !alike(got, want)
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "contains":
		list, _ := got.([]any)
		text, isText := got.(string)
		return slices.ContainsFunc(list, func(e any) bool { return alike(e, want) }) ||
			(isText && strings.Contains(text, fmt.Sprint(want)))
	case "null":
		return got == nil
	case "set":
		return got != nil
	}
	return false
}

// alike compares an answer with what is wanted; "*" stands for anything but null.
func alike(got, want any) bool {
	switch w := want.(type) {
	case string:
		return got == any(w) || (w == "*" && got != nil)
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for k, v := range w {
			if x, ok := g[k]; !ok || !alike(x, v) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !alike(g[i], w[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(got, want)
}

// decoded turns anything into plain JSON values.
func decoded(s *scenario, v any) (out any) {
	s.TB.Helper()
	b, err := json.Marshal(v)
	check(s, err)
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	check(s, d.Decode(&out))
	return out
}

func (s *scenario) json(v any) string {
	b, err := json.MarshalIndent(v, "", "  ")
	check(s, err)
	return s.named(string(b))
}

const changeFields = `clientMutationId changes { kind entity entityId changed }`

type commit struct {
	ClientMutationID *string
	Changes          []struct {
		Kind, Entity, EntityID string
		Changed                []string
	}
}

// marked tells whether a commit was made by the runner itself.
func marked(mark *string) bool { return mark != nil && strings.HasPrefix(*mark, "mark-") }

// changes compares the rows of the log since it was last asked.
func (s *scenario) changes() {
	s.TB.Helper()
	type page struct {
		Changes struct {
			Revision    string
			HasNextPage bool
			Commits     []commit
		}
	}
	var lines []string
	for {
		p := Must[page](s, &s.world.Owner.Client, fmt.Sprintf(`{ changes(after: "%d", first: 200) { revision hasNextPage commits { %s } } }`,
			s.mark, changeFields), nil)
		for _, c := range p.Changes.Commits {
			if !marked(c.ClientMutationID) {
				lines = append(lines, s.rows(c)...)
			}
		}
		r, err := strconv.ParseInt(p.Changes.Revision, 10, 64)
		check(s, err)
		s.mark = row.Revision(r)
		if !p.Changes.HasNextPage {
			break
		}
	}
	if s.step.arg != "" {
		s.same(lines, strings.TrimPrefix(s.step.arg, "none"))
	}
}

func (s *scenario) rows(c commit) (lines []string) {
	for _, ch := range c.Changes {
		line := ch.Kind + " " + ch.EntityID
		if !strings.HasSuffix(ch.Kind, ".created") {
			line += fields(ch.Changed)
		}
		lines = append(lines, line)
	}
	return lines
}

// bookkeeping changes with every write.
var bookkeeping = []string{"version", "updated_at", "updated_by", "updatedAt", "updatedBy"}

// fields lists changed fields but for bookkeeping, and for a rank that goes with a stage: whether it differs is chance.
func fields(changed []string) string {
	moved := slices.Contains(changed, "stage_id") || slices.Contains(changed, "stageId")
	out := slices.DeleteFunc(slices.Clone(changed), func(f string) bool {
		return slices.Contains(bookkeeping, f) || (moved && f == "rank")
	})
	sort.Strings(out)
	return strings.TrimRight(" "+strings.Join(out, " "), " ")
}

// same compares lines, names standing for ids; wherever the script writes * at the end of a line, anything may follow.
func (s *scenario) same(got []string, want string) {
	s.TB.Helper()
	lines := []string{}
	if want = strings.TrimSpace(want); want != "" {
		lines = strings.Split(want, "\n")
	}
	ok := len(got) == len(lines)
	for i := range got {
		got[i] = s.named(got[i])
		if ok {
			begin, open := strings.CutSuffix(lines[i], "*")
			ok = got[i] == lines[i] || (open && strings.HasPrefix(got[i], begin))
		}
	}
	if !ok {
		s.Fatalf("it is\n  %s", strings.Join(got, "\n  "))
	}
}

func (s *scenario) sql(words []string) {
	s.TB.Helper()
	most, err := strconv.Atoi(words[len(words)-1])
	check(s, err)
	if len(s.statements) > most || (words[0] == "==" && len(s.statements) != most) {
		s.Fatalf("%d statements:\n  %s", len(s.statements), strings.Join(s.statements, "\n  "))
	}
}

// trim forgets all but the newest changes.
func (s *scenario) trim(n string) {
	s.TB.Helper()
	keep, err := strconv.Atoi(n)
	check(s, err)
	_, err = changelog.Trim(context.Background(), s.world.DB, changelog.Retention{Age: 1000 * time.Hour, Changes: keep}, time.Now())
	check(s, err)
}
