package graph

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/board"
)

// A plan is a selection compiled into a list of writers over flat rows. Boards and their frames are written by plans:
// one pass, no goroutine per element, no value per field. What a plan cannot write (a link to many, a directive, several
// root fields) is left to gqlgen's executor, which gives the same JSON; a test compares the two.

// step writes one field of a T, with its key.
type step[T any] struct {
	key   string
	write func(b []byte, v *T, e *env) []byte
}

// env is what writers need besides their row. A writer that finds it cannot write sets `gave`.
type env struct {
	ctx  context.Context
	oc   *graphql.OperationContext
	gave error
}

// errUnplanned leaves a value to gqlgen's executor.
var errUnplanned = errors.New("graph: not in the plan")

// object writes a row's fields.
func object[T any](b []byte, steps []step[T], v *T, e *env) []byte {
	if v == nil {
		return append(b, "null"...)
	}
	b = append(b, '{')
	for i := range steps {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, steps[i].key...)
		b = steps[i].write(b, v, e)
	}
	return append(b, '}')
}

// objects writes a list of rows.
func objects[T any](b []byte, steps []step[T], list []*T, e *env) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = object(b, steps, v, e)
	}
	return append(b, ']')
}

// leaf is a field without a selection: the columns it shows, and how.
type leaf[T any] struct {
	columns []string
	write   func(b []byte, v *T, e *env) []byte
}

// compiler compiles selections; it fails when it meets what plans do not know.
type compiler struct {
	oc     *graphql.OperationContext
	failed bool
	// what is shown of cards decides what is read of them
	columns, contact, company, member map[string]bool
}

// fields compiles a selection on an object of a type, by its leaves and its other fields.
func fields[T any](c *compiler, set ast.SelectionSet, types []string, leaves map[string]leaf[T], used map[string]bool,
	other func(f graphql.CollectedField) func(b []byte, v *T, e *env) []byte) (steps []step[T]) {
	for _, f := range graphql.CollectFields(c.oc, set, types) {
		s := step[T]{key: string(appendString(nil, f.Alias)) + ":"}
		if l, ok := leaves[f.Name]; ok {
			s.write = l.write
			for _, col := range l.columns {
				if used != nil {
					used[col] = true
				}
			}
		} else if f.Name == "__typename" {
			name := string(appendString(nil, types[0]))
			s.write = func(b []byte, _ *T, _ *env) []byte { return append(b, name...) }
		} else if other != nil {
			s.write = other(f)
		}
		if s.write == nil || len(f.Directives) > 0 {
			c.failed = true
			return nil
		}
		steps = append(steps, s)
	}
	return steps
}

// plan compiles an operation whose one root field is a board or its stream; nil for any other.
func (e *Engine) plan(oc *graphql.OperationContext) *planned {
	root := map[ast.Operation]string{ast.Query: "Query", ast.Subscription: "Subscription"}[oc.Operation.Operation]
	if root == "" || len(oc.Operation.Directives) > 0 || conditional(oc.Doc) {
		return nil
	}
	fs := graphql.CollectFields(oc, oc.Operation.SelectionSet, []string{root})
	if len(fs) != 1 || fs[0].Name != "board" {
		return nil
	}
	c := &compiler{oc: oc, columns: map[string]bool{}, contact: map[string]bool{}, company: map[string]bool{}, member: map[string]bool{}}
	p := &planned{key: string(appendString(nil, fs[0].Alias)) + ":"}
	if root == "Query" {
		p.board = c.board(fs[0].Selections)
	} else {
		p.frames = c.frames(fs[0].Selections)
	}
	if c.failed {
		return nil
	}
	p.needs = &board.Needs{Record: slices.Collect(maps.Keys(c.columns)), Contact: slices.Collect(maps.Keys(c.contact)),
		Company: slices.Collect(maps.Keys(c.company)), Member: slices.Collect(maps.Keys(c.member))}
	return p
}

// planned is a compiled operation.
type planned struct {
	key    string
	board  []step[board.Board]
	frames *framePlans
	needs  *board.Needs
	// size is about how long the last answer was, so that the next finds room.
	size atomic.Int64
}

// conditional tells whether a document has directives, which a plan does not look at.
func conditional(doc *ast.QueryDocument) bool {
	m := &measurer{doc: doc, depths: map[string]int{}, open: map[string]bool{}}
	for _, op := range doc.Operations {
		m.depth(op.SelectionSet)
	}
	return m.directives > 0
}
