package servertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

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
	"reader":  {"records:read", "contacts:read", "tasks:read", "pipelines:read", "members:read"},
	"writer":  {"records:write"},
	"tasker":  {"tasks:write"},
	"staffer": {"members:write"},
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
		case name == "manager" || name == "solo" || name == "solo2":
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
		return
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
