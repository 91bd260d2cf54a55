package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// structure refuses documents beyond the structural limits. It looks at each fragment once, however often it is
// spread, so that its own cost grows with the length of the text alone.
func (e *Engine) structure(doc *ast.QueryDocument) gqlerror.List {
	m := &measurer{doc: doc, depths: map[string]int{}, open: map[string]bool{}}
	for _, op := range doc.Operations {
		m.directives += len(op.Directives)
		if n := m.roots(op.SelectionSet, map[string]bool{}); n > e.limits.Roots {
			return expensive("has %d fields at its root, at most %d are possible", n, e.limits.Roots)
		}
		if d := m.depth(op.SelectionSet); d > e.limits.Depth {
			return expensive("is %d levels deep, at most %d are possible", d, e.limits.Depth)
		}
	}
	for _, f := range doc.Fragments {
		m.directives += len(f.Directives)
		m.fragment(f.Name)
	}
	switch {
	case m.lists > maxLists:
		return expensive("looks %d lists deep into the schema, at most %d are possible", m.lists, maxLists)
	case m.aliases > e.limits.Aliases:
		return expensive("has %d aliases, at most %d are possible", m.aliases, e.limits.Aliases)
	case m.directives > e.limits.Directives:
		return expensive("has %d directives, at most %d are possible", m.directives, e.limits.Directives)
	}
	return nil
}

type measurer struct {
	doc                 *ast.QueryDocument
	depths              map[string]int
	open                map[string]bool
	aliases, directives int

	// lists is how deep introspection nests lists, inner the same by fragment.
	lists int
	inner map[string]int
}

// maxLists is how many lists of introspection may nest: each multiplies the answer by what a type has of them.
const maxLists = 2

// depth measures a selection set. Introspection has a depth of its own.
func (m *measurer) depth(set ast.SelectionSet) (deepest int) {
	for _, s := range set {
		d := 0
		switch s := s.(type) {
		case *ast.Field:
			m.directives += len(s.Directives)
			if s.Alias != "" && s.Alias != s.Name {
				m.aliases++
			}
			d = 1 + m.depth(s.SelectionSet)
			if strings.HasPrefix(s.Name, "__") {
				d = 1
				m.lists = max(m.lists, m.nested(s.SelectionSet))
			}
		case *ast.InlineFragment:
			m.directives += len(s.Directives)
			d = m.depth(s.SelectionSet)
		case *ast.FragmentSpread:
			m.directives += len(s.Directives)
			d = m.fragment(s.Name)
		}
		deepest = max(deepest, d)
	}
	return deepest
}

// nested tells how deep the lists of introspection nest below a meta field.
func (m *measurer) nested(set ast.SelectionSet) (deepest int) {
	for _, s := range set {
		d := 0
		switch s := s.(type) {
		case *ast.Field:
			d = m.nested(s.SelectionSet)
			switch s.Name {
			case "fields", "interfaces", "possibleTypes", "inputFields":
				d++
			}
		case *ast.InlineFragment:
			d = m.nested(s.SelectionSet)
		case *ast.FragmentSpread:
			known, ok := m.inner[s.Name]
			if def := m.doc.Fragments.ForName(s.Name); !ok && def != nil {
				if m.inner == nil {
					m.inner = map[string]int{}
				}
				m.inner[s.Name] = 0 // what a fragment finds of itself on the way is left to validation
				known = m.nested(def.SelectionSet)
				m.inner[s.Name] = known
			}
			d = known
		}
		deepest = max(deepest, d)
	}
	return deepest
}

// fragment measures a fragment once; one that spreads itself is left to validation.
func (m *measurer) fragment(name string) int {
	if d, ok := m.depths[name]; ok || m.open[name] {
		return d
	}
	def := m.doc.Fragments.ForName(name)
	if def == nil {
		return 0
	}
	m.open[name] = true
	m.depths[name] = m.depth(def.SelectionSet)
	delete(m.open, name)
	return m.depths[name]
}

// roots counts the fields at the root, each fragment once.
func (m *measurer) roots(set ast.SelectionSet, seen map[string]bool) (n int) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			n++
		case *ast.InlineFragment:
			n += m.roots(s.SelectionSet, seen)
		case *ast.FragmentSpread:
			if def := m.doc.Fragments.ForName(s.Name); def != nil && !seen[s.Name] {
				seen[s.Name] = true
				n += m.roots(def.SelectionSet, seen)
			}
		}
	}
	return n
}
