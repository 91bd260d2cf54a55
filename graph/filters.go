package graph

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/fault"
)

// filters refuses what a filter would take for no condition, all places at once: null, of which only the caller knows
// whether it stands for nothing or for what has no value, and a comparator without an operator. An input is part of a
// filter when its type is called so.
func (e *Engine) filters(op *ast.OperationDefinition, vars map[string]any) *fault.Fault {
	s := &sifter{schema: e.schema}
	eachField(op, func(f *ast.Field, _ bool) {
		if len(f.Arguments) == 0 {
			return
		}
		args := f.ArgumentMap(vars)
		for _, a := range f.Definition.Arguments {
			s.value(a.Name, s.schema.Types[a.Type.Name()], args[a.Name])
		}
	})
	return fault.Of(s.Err())
}

type sifter struct {
	schema *ast.Schema
	fault.Problems
}

func (s *sifter) value(path string, def *ast.Definition, v any) {
	if def.Kind != ast.InputObject {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		s.object(path, def, v)
	case []map[string]any: // a variable that holds one value in the place of a list
		for i, v := range v {
			s.object(path+"["+strconv.Itoa(i)+"]", def, v)
		}
	case []any:
		for i, v := range v {
			s.value(path+"["+strconv.Itoa(i)+"]", def, v)
		}
	}
}

func (s *sifter) object(path string, def *ast.Definition, fields map[string]any) {
	compares := strings.HasSuffix(def.Name, "Comparator")
	asks := compares || strings.HasSuffix(def.Name, "Filter")
	operators := 0
	for _, f := range def.Fields {
		v, given := fields[f.Name]
		if !given {
			continue
		}
		if operator(f) {
			operators++
		}
		of := s.schema.Types[f.Type.Name()]
		switch {
		case v != nil:
			s.value(path+"."+f.Name, of, v)
		case asks && (def.Fields.ForName("isNull") != nil || of.Fields.ForName("isNull") != nil):
			s.Add(path+"."+f.Name, "must not be null: leave it out, or ask with isNull for what has no value")
		case asks:
			s.Add(path+"."+f.Name, "must not be null: leave it out")
		}
	}
	if compares && operators == 0 {
		s.Add(path, "has no operator: it would let everything pass")
	}
}

// operator tells whether a field of a comparator compares, and does not say alone of what kind the others are.
func operator(f *ast.FieldDefinition) bool { return !f.Type.NonNull && f.Name != "currency" }
