package policy_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

// seeds are the inputs that make an operation look at the id in question, where the schema alone does not tell; by path
// from the operation's name, given the path of the leaf that is asked about. nil leaves the input out.
var seeds = map[string]func(c *cast, leaf string) any{
	"deleteAllData.input.phrase": func(*cast, string) any { return "DELETE ALL DATA" },
	"createApiKey.input.scopes":  func(*cast, string) any { return []any{"records:read"} },
	"removeMember.input.unassign": func(_ *cast, leaf string) any { // one or the other
		if strings.HasSuffix(leaf, ".reassignTo") {
			return nil
		}
		return true
	},
	"removeMember.input.reassignTo":         func(c *cast, _ string) any { return c.Chloe.ID },
	"reassignWork.input.toMemberId":         func(c *cast, _ string) any { return c.Chloe.ID },
	"setMemberRole.input.role":              func(*cast, string) any { return "AGENT" },
	"inviteMembers.input.role":              func(*cast, string) any { return "AGENT" },
	"inviteMembers.input.emails":            func(*cast, string) any { return []any{"more@example.org"} },
	"createContact.input.firstName":         func(*cast, string) any { return "Ada" },
	"createRecords.input.records.contactId": func(c *cast, _ string) any { return c.id[typeid.Contact] },
	"updatePipeline.input.stages": func(c *cast, leaf string) any {
		if strings.Contains(leaf, ".moveRecords.") { // Lead goes, which holds the record
			return []any{map[string]any{"id": c.Offer, "name": "Offer"}}
		}
		return nil
	},
	"updatePipeline.input.moveRecords.fromStageId": func(c *cast, _ string) any { return c.Lead },
	"updatePipeline.input.moveRecords.toStageId":   func(c *cast, _ string) any { return c.Offer },
	"moveRecord.input.toStageId": func(c *cast, leaf string) any {
		if strings.HasSuffix(leaf, ".toPipelineId") {
			return nil
		}
		return c.Offer
	},
	"moveRecord.input.afterRecordId":         above,
	"createRecord.input.place.afterRecordId": above,
	"moveRecords.input.place.afterRecordId":  above,
	"moveRecords.input.place.beforeRecordId": func(c *cast, _ string) any { return c.spareRecord },
	"moveRecords.input.ids":                  rows,
	"moveRecords.input.toStageId": func(c *cast, leaf string) any {
		if strings.HasSuffix(leaf, ".toPipelineId") {
			return nil
		}
		return c.Offer
	},
	"assignRecord.input.ownerId":  somebody,
	"assignRecords.input.ownerId": somebody,
	"updateRecords.input.ids":     rows,
	"updateRecords.input.set":     func(*cast, string) any { return map[string]any{"priority": "URGENT"} },
	"assignRecords.input.ids":     rows,
	"assignRecords.input.onError": func(*cast, string) any { return "REJECT_ALL" }, // the refusal of its one row is that of the command
	"tagRecords.input.ids":        rows,
	"tagRecords.input.add":        func(*cast, string) any { return []any{"seed"} },
	"deleteRecords.input.ids":     rows,
	"restoreRecords.input.ids": func(c *cast, leaf string) any {
		if leaf == "restoreRecords.input.ids" {
			return c.goneRecord
		}
		return []any{c.goneRecord}
	},
	"moveRecord.input.beforeRecordId":         func(c *cast, _ string) any { return c.spareRecord },
	"linkRecords.input.toRecordId":            func(c *cast, _ string) any { return c.spareRecord },
	"unlinkRecords.input.toRecordId":          func(c *cast, _ string) any { return c.spareRecord },
	"createRecord.input.newContact.firstName": func(*cast, string) any { return "Ada" },
	"updateRecord.input.newContact.firstName": func(*cast, string) any { return "Ada" },
	"deletePipeline.input.id": func(c *cast, leaf string) any {
		if strings.HasSuffix(leaf, ".newDefaultId") { // only the default needs a new one
			return c.Pipeline
		}
		return c.sparePipeline
	},
	"deletePipeline.input.moveTo": func(c *cast, leaf string) any {
		if strings.HasSuffix(leaf, ".newDefaultId") {
			return map[string]any{"pipelineId": c.sparePipeline}
		}
		return map[string]any{"pipelineId": c.Pipeline}
	},
	"createPipelineFromTemplate.input.templateKey":     func(*cast, string) any { return "sales_standard" },
	"deletePipeline.input.newDefaultId":                func(c *cast, _ string) any { return c.sparePipeline },
	"deletePipeline.input.moveTo.stageMap.fromStageId": func(c *cast, _ string) any { return c.inbox },
	"deletePipeline.input.moveTo.stageMap.toStageId":   func(c *cast, _ string) any { return c.Offer },
}

// somebody is who gets what is assigned.
func somebody(c *cast, _ string) any { return c.Chloe.ID }

// rows are those of a bulk command, where the leaf names none.
func rows(c *cast, leaf string) any {
	switch {
	case strings.HasSuffix(leaf, "Records.input.ids"):
		return c.id[typeid.Record]
	case strings.Contains(leaf, ".items."):
		return nil
	}
	return []any{c.id[typeid.Record]}
}

// above is the card above, where one is asked about.
func above(c *cast, leaf string) any {
	if strings.HasSuffix(leaf, ".afterRecordId") || strings.HasSuffix(leaf, ".nearRecordIds") {
		return c.spareRecord
	}
	return nil
}

// beside are the further elements of lists that must be whole, by path.
var beside = map[string]func(c *cast) []any{
	"reorderPipelines.input.pipelineIds": func(c *cast) []any { return []any{c.sparePipeline} },
	"reorderStages.input.stageIds":       func(c *cast) []any { return []any{c.Offer, c.Won, c.Lost} },
}

// optional seeds fill only what is asked about; the others are always given.
var optional = []string{"removeMember.input.reassignTo", "deletePipeline.input.newDefaultId", "moveRecord.input.beforeRecordId", "moveRecords.input.place.beforeRecordId"}

// filler makes the variables of an operation.
type filler struct {
	schema *ast.Schema
	cast   *cast
	leaf   leaf
	// id stands at the leaf; empty for the cast's own.
	id string
}

// request writes the operation with everything valid but what stands at the leaf.
func (f filler) request() (string, servertest.Vars) { return f.asking("") }

// rehearsal is the same request, which does nothing: the one who asks finds the next time what it found this time.
func (f filler) rehearsal() (string, servertest.Vars) {
	if f.leaf.kind != ast.Mutation {
		return f.asking("")
	}
	return f.asking(" @dryRun")
}

func (f filler) asking(directive string) (string, servertest.Vars) {
	vars, declared, given := f.arguments()
	text := string(f.leaf.kind) + declared + " { " + f.leaf.field.Name + given + directive
	depth := 3
	if f.leaf.field.Name == "node" { // of every kind at once: deeper would be more than a request can have
		depth = 2
	}
	return text + selection(f.schema, f.schema.Types[f.leaf.field.Type.Name()], depth) + " }", vars
}

// arguments makes the variables, how they are declared, and how they are given.
func (f filler) arguments() (vars servertest.Vars, declare, give string) {
	vars = servertest.Vars{}
	var declared, given []string
	for _, a := range f.leaf.field.Arguments {
		rest := f.down(f.leaf.path, a.Name)
		if v := f.value(f.leaf.field.Name+"."+a.Name, a.Name, a.Type, a.DefaultValue, rest); v != nil {
			vars[a.Name] = v
			declared = append(declared, "$"+a.Name+": "+a.Type.String())
			given = append(given, a.Name+": $"+a.Name)
		}
	}
	if len(given) == 0 {
		return vars, "", ""
	}
	return vars, "(" + strings.Join(declared, ", ") + ")", "(" + strings.Join(given, ", ") + ")"
}

// down gives the rest of a path below a name; nil when it leads elsewhere, empty at its end.
func (f filler) down(path []string, name string) []string {
	if len(path) == 0 || path[0] != name {
		return nil
	}
	return append([]string{}, path[1:]...)
}

// value makes what stands at a path; nil leaves it out.
func (f filler) value(path, name string, t *ast.Type, byDefault *ast.Value, rest []string) any {
	seed := seeds[path]
	switch {
	case rest == nil && seed != nil && !slices.Contains(optional, path):
		return seed(f.cast, f.leaf.name())
	case rest == nil && (!t.NonNull || byDefault != nil):
		return nil
	case t.Elem != nil:
		list := []any{f.value(path, name, t.Elem, nil, orRequired(rest))}
		if more := beside[path]; more != nil {
			list = append(list, more(f.cast)...)
		}
		return list
	}
	def := f.schema.Types[t.NamedType]
	if def.Kind == ast.InputObject {
		out := map[string]any{}
		for _, in := range def.Fields {
			if v := f.value(path+"."+in.Name, in.Name, in.Type, in.DefaultValue, f.down(rest, in.Name)); v != nil {
				out[in.Name] = v
			}
		}
		return out
	}
	if def.Name == "ID" {
		return f.idAt(path, rest)
	}
	return plain(def)
}

// orRequired makes an element of a list required.
func orRequired(rest []string) []string {
	if rest == nil {
		return []string{""}
	}
	return rest
}

func (f filler) idAt(path string, rest []string) any {
	want := meant(strings.ToUpper(path[:1])+path[1:strings.LastIndex(path, ".")], path[strings.LastIndex(path, ".")+1:])
	if rest != nil && len(rest) == 0 {
		if f.id != "" {
			return f.id
		}
		want = f.leaf.want
	}
	if seed := seeds[path]; seed != nil {
		return seed(f.cast, f.leaf.name())
	}
	if want == anything || path == "node.id" {
		want = typeid.Record
	}
	return f.cast.id[want]
}

// plain is a valid value of a scalar or enum.
func plain(def *ast.Definition) any {
	if def.Kind == ast.Enum {
		return def.EnumValues[0].Name
	}
	v, ok := map[string]any{"String": "text", "Int": 1, "Boolean": true, "Float": 1.5, "Decimal": "1", "CurrencyCode": "EUR", "Date": "2026-11-21",
		"Time": "2026-11-21T12:00:00Z", "Revision": "1", "JSON": map[string]any{}}[def.Name]
	if !ok {
		panic(fmt.Sprintf("no value is known for the scalar %s: add one to plain", def.Name))
	}
	return v
}

// selection selects everything of a type that needs no argument, `depth` objects deep.
func selection(s *ast.Schema, def *ast.Definition, depth int) string {
	if def.Kind == ast.Scalar || def.Kind == ast.Enum {
		return ""
	}
	var b strings.Builder
	b.WriteString(" { __typename")
	if def.IsAbstractType() {
		for _, t := range s.PossibleTypes[def.Name] {
			b.WriteString(" ... on " + t.Name + fields(s, t, depth, s.PossibleTypes[def.Name]))
		}
	} else {
		b.WriteString(strings.TrimPrefix(strings.TrimSuffix(fields(s, def, depth, nil), " }"), " { __typename"))
	}
	b.WriteString(" }")
	return b.String()
}

// fields selects the fields of an object; those that another type beside it has with another type are left out.
func fields(s *ast.Schema, def *ast.Definition, depth int, beside []*ast.Definition) string {
	out := " { __typename"
	for _, f := range def.Fields {
		sub := s.Types[f.Type.Name()]
		clash := slices.ContainsFunc(beside, func(o *ast.Definition) bool {
			other := o.Fields.ForName(f.Name)
			return other != nil && other.Type.String() != f.Type.String()
		})
		demands := slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })
		if clash || demands || strings.HasPrefix(f.Name, "__") || (sub.IsCompositeType() && depth == 0) {
			continue
		}
		out += " " + f.Name
		if f.Arguments.ForName("first") != nil {
			out += "(first: 3)"
		}
		out += selection(s, sub, depth-1)
	}
	return out + " }"
}
