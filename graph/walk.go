package graph

import "github.com/vektah/gqlparser/v2/ast"

// eachField shows every field of an operation, also those in fragments, each fragment once, and whether the field stands at
// the root.
func eachField(op *ast.OperationDefinition, show func(f *ast.Field, root bool)) {
	seen := map[string]bool{}
	var walk func(set ast.SelectionSet, root bool)
	walk = func(set ast.SelectionSet, root bool) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				show(s, root)
				walk(s.SelectionSet, false)
			case *ast.InlineFragment:
				walk(s.SelectionSet, root)
			case *ast.FragmentSpread:
				if !seen[s.Name] {
					seen[s.Name] = true
					walk(s.Definition.SelectionSet, root)
				}
			}
		}
	}
	walk(op.SelectionSet, true)
}
