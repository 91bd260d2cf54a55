package graph

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/rapidbott/tideboard/graph/scalar"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// values refuses variables that are not exactly what their types say (GraphQL, section 3.5 and 6.1.2), all places at
// once. The validator of gqlparser takes enums in any case, numbers for texts and texts for numbers, and knows nothing
// of our scalars.
func (e *Engine) values(op *ast.OperationDefinition, vars map[string]any) *fault.Fault {
	c := &valuer{schema: e.schema}
	for _, v := range op.VariableDefinitions {
		if value, ok := vars[v.Variable]; ok {
			c.value(v.Variable, v.Type, value)
		}
	}
	return fault.Of(c.Err())
}

type valuer struct {
	schema *ast.Schema
	fault.Problems
}

func (c *valuer) value(path string, t *ast.Type, v any) {
	def := c.schema.Types[t.Name()]
	list, isList := v.([]any)
	switch {
	case v == nil:
		if t.NonNull {
			c.Add(path, "must not be null")
		}
	case t.Elem != nil && isList:
		for i, v := range list {
			c.value(path+"["+strconv.Itoa(i)+"]", t.Elem, v)
		}
	case t.Elem != nil: // one value stands for a list of it
		c.value(path, t.Elem, v)
	case def.Kind == ast.InputObject:
		c.object(path, def, v)
	case def.Kind == ast.Enum:
		if name, ok := v.(string); !ok || def.EnumValues.ForName(name) == nil {
			c.Add(path, "is not a %s", def.Name)
		}
	default:
		if wrong := wrongScalar(def.Name, v); wrong != "" {
			c.Add(path, "%s", wrong)
		}
	}
}

func (c *valuer) object(path string, def *ast.Definition, v any) {
	fields, ok := v.(map[string]any)
	if !ok {
		c.Add(path, "is not a %s", def.Name)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if def.Fields.ForName(name) == nil {
			c.AddCode(path+"."+name, fault.UnknownField, "%s has no such field", def.Name)
		}
	}
	for _, f := range def.Fields {
		v, given := fields[f.Name]
		switch {
		case given:
			c.value(path+"."+f.Name, f.Type, v)
		case f.Type.NonNull && f.DefaultValue == nil:
			c.Add(path+"."+f.Name, "is missing")
		}
	}
}

// wrongScalar tells what is wrong with a value of a scalar, as it came in JSON or was written in a document.
func wrongScalar(name string, v any) string {
	text, isText := v.(string)
	if !sound(v) {
		return "contains characters that cannot be stored"
	}
	var err error
	switch name {
	case "Boolean":
		if _, ok := v.(bool); !ok {
			return "is not a Boolean"
		}
	case "Int":
		if n, ok := wholeNumber(v); !ok || n != int64(int32(n)) {
			return "is not an Int: a whole number of 32 bits"
		}
	case "Float":
		switch v.(type) {
		case float64, int, int64, json.Number:
		default:
			return "is not a Float"
		}
	case "ID":
		if _, ok := wholeNumber(v); !ok && !isText {
			return "is not an ID"
		}
	case "Time":
		_, err = scalar.UnmarshalTime(v)
	case "Revision":
		err = new(row.Revision).UnmarshalGQL(v)
	case "JSON":
	default:
		if !isText {
			return "is not a " + name
		}
	}
	if err != nil {
		return fmt.Sprintf("%q is not a %s", text, name)
	}
	return ""
}

func wholeNumber(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	}
	return 0, false
}

// sound tells whether every text in a value can be stored and compared: PostgreSQL has no character NUL.
func sound(v any) bool {
	switch v := v.(type) {
	case string:
		return !strings.ContainsRune(v, 0)
	case []any:
		return !slices.ContainsFunc(v, func(v any) bool { return !sound(v) })
	case map[string]any:
		for k, v := range v {
			if !sound(k) || !sound(v) {
				return false
			}
		}
	}
	return true
}

// ruleSet is what a document must keep to: the rules of the specification, the limit of introspection left to
// structure, which looks at each fragment once, and values written into the document held to what values holds variables to.
func ruleSet() *rules.Rules {
	set := rules.NewDefaultRules()
	set.RemoveRule(rules.MaxIntrospectionDepth.Name)
	set.AddRule("Scalars", func(on *core.Events, add core.AddErrFunc) {
		on.OnValue(func(_ *core.Walker, v *ast.Value) {
			if wrong := wrongLiteral(v); wrong != "" {
				add(core.Message("%s %s", v.String(), wrong), core.At(v.Position))
			}
		})
	})
	return set
}

func wrongLiteral(v *ast.Value) string {
	if v.Kind == ast.IntValue || v.Kind == ast.FloatValue {
		if _, err := v.Value(nil); err != nil {
			return "is a number beyond 64 bits"
		}
	}
	if v.Definition == nil || v.Definition.Kind != ast.Scalar || v.Definition.Name == "JSON" && v.Kind != ast.StringValue {
		return ""
	}
	switch v.Kind {
	case ast.Variable, ast.NullValue, ast.ListValue:
		return ""
	case ast.EnumValue, ast.ObjectValue:
		return "is not a " + v.Definition.Name
	case ast.FloatValue, ast.IntValue:
		return wrongScalar(v.Definition.Name, json.Number(v.Raw))
	}
	value, err := v.Value(nil)
	if err != nil {
		return "is not a " + v.Definition.Name
	}
	return wrongScalar(v.Definition.Name, value)
}
