package graph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/row"
)

// rowsOf says how many rows a field without `first` is taken to give, by type and field.
var rowsOf = map[string]int{
	"Query.pipelines": 20, "Query.deletedPipelines": 20, "ReorderPipelinesPayload.pipelines": 20, "Pipeline.summary": 5, "Pipeline.stages": 8, "Board.columns": 8, "Record.tasks": 5, "Contact.records": 5,
	"BoardCommit.cards": 10, "BoardCommit.columns": 8, "ChangeCommit.changes": 2, "Query.sessions": 10, "Query.usage": 4,
	"Forecast.groups": 10, "Query.targets": 20, "Query.savedViews": 20,

	"__Schema.types": 100, "__Schema.directives": 5, "__Type.fields": 10, "__Type.inputFields": 10, "__Type.enumValues": 10,
	"__Type.possibleTypes": 5, "__Type.interfaces": 2, "__Field.args": 2, "__Directive.args": 2,
}

// introspected is how many rows of introspection cost as much as one of the database: they are at hand, but an answer
// that repeats the schema over and over is no smaller for that.
const introspected = 20

// pages are fields that show rows their parent has asked for already.
var pages = map[string]bool{"nodes": true, "edges": true, "node": true, "pageInfo": true, "commits": true}

// cost counts the rows an operation asks for, multiplied along nesting; a page of a list counts as its `first`. Each
// fragment is priced once and multiplied where it is spread.
func (e *Engine) cost(doc *ast.QueryDocument, op *ast.OperationDefinition, vars map[string]any) int {
	p := &pricer{schema: e.schema, doc: doc, vars: vars, priced: map[string]int{}}
	return p.set(op.SelectionSet)
}

// ceiling keeps prices from overflowing.
const ceiling = 1 << 30

type pricer struct {
	schema *ast.Schema
	doc    *ast.QueryDocument
	vars   map[string]any
	priced map[string]int
}

// set prices one row's selections.
func (p *pricer) set(set ast.SelectionSet) (sum int) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			sum += p.field(s)
		case *ast.InlineFragment:
			sum += p.set(s.SelectionSet)
		case *ast.FragmentSpread:
			price, ok := p.priced[s.Name]
			if !ok {
				price = p.set(s.Definition.SelectionSet)
				p.priced[s.Name] = price
			}
			sum += price
		}
		sum = min(sum, ceiling)
	}
	return sum
}

func (p *pricer) field(f *ast.Field) int {
	if len(f.SelectionSet) == 0 || f.ObjectDefinition == nil {
		return 0
	}
	if strings.HasPrefix(f.Name, "__") {
		return p.set(f.SelectionSet) / introspected
	}
	inner := p.set(f.SelectionSet)
	if pages[f.Name] && f.ObjectDefinition != p.schema.Query {
		return inner
	}
	n := 1
	if !p.row(f) && len(f.Definition.Arguments) == 0 && rowsOf[f.ObjectDefinition.Name+"."+f.Name] == 0 {
		return inner // a part of its parent's row
	}
	if f.Definition.Arguments.ForName("first") != nil {
		n = row.MaxPage
		if first, ok := whole(f.ArgumentMap(p.vars)["first"]); ok && first < n {
			n = max(first, 1)
		}
	} else if rows, ok := rowsOf[f.ObjectDefinition.Name+"."+f.Name]; ok {
		n = rows
	}
	return min(n*(1+inner), ceiling)
}

// row tells whether a field shows a row of its own.
func (p *pricer) row(f *ast.Field) bool {
	t := p.schema.Types[f.Definition.Type.Name()]
	return t != nil && (t.Name == "Node" || slices.Contains(t.Interfaces, "Node"))
}
