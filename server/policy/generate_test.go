package policy_test

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/typeid"
)

// leaf is one place in an operation where an id can be given, however deep.
type leaf struct {
	kind  ast.Operation
	field *ast.FieldDefinition
	// path leads from the operation's arguments through input objects to the id.
	path []string
	// want is the prefix of the ids that belong here, anything where every kind does, unknown where nobody can tell.
	want string
}

const (
	anything = "*"
	unknown  = ""
)

// name is the leaf's path from its operation on, as updateRecord.input.expect.stageId.
func (l leaf) name() string { return l.field.Name + "." + strings.Join(l.path, ".") }

// byField tells what an id means by the name of the field that holds it.
var byField = map[string]string{
	"pipelineId": typeid.Pipeline, "toPipelineId": typeid.Pipeline, "newDefaultId": typeid.Pipeline, "defaultPipelineId": typeid.Pipeline, "defaultStageId": typeid.Stage,
	"stageId": typeid.Stage, "toStageId": typeid.Stage, "fromStageId": typeid.Stage,
	"recordId": typeid.Record, "afterRecordId": typeid.Record, "beforeRecordId": typeid.Record,
	"nearRecordIds": typeid.Record, "contactId": typeid.Contact, "companyId": typeid.Company, "toRecordId": typeid.Record, "ownerId": typeid.Member, "assigneeId": typeid.Member, "memberId": typeid.Member,
	"taskId": typeid.Task, "owner": typeid.Member, "assignee": typeid.Member,
	"leadId": typeid.Member, "memberIds": typeid.Member, "addMemberIds": typeid.Member, "removeMemberIds": typeid.Member,
	"fromMemberId": typeid.Member, "toMemberId": typeid.Member, "reassignTo": typeid.Member,
	"teamIds": typeid.Team, "team": typeid.Team, "lastPipelineId": typeid.Pipeline,
	"entityId": anything, "actorId": anything, "pipelineIds": typeid.Pipeline, "stageIds": typeid.Stage,
	"autoReassignPipelineIds": typeid.Pipeline,
}

// kinds are the prefixes by the kind's name in the API.
var kinds = map[string]string{"Record": typeid.Record, "Contact": typeid.Contact, "Company": typeid.Company, "Task": typeid.Task, "Pipeline": typeid.Pipeline,
	"Stage": typeid.Stage, "Member": typeid.Member,
	"Session": typeid.Session, "Team": typeid.Team, "Invitation": typeid.Invitation, "ApiKey": typeid.APIKey, "Job": typeid.Job,
	"Target": typeid.Target, "SavedView": typeid.SavedView}

// meant tells what an id in a field of a type means. `id` and `ids` are those of the thing the type is about: the last
// of the kinds its name contains, as Contact in UpdateContactInput.
func meant(container, field string) string {
	if want, ok := byField[field]; ok {
		return want
	}
	if field == "node" {
		return anything
	}
	best, at := unknown, -1
	if field == "id" || field == "ids" {
		for name, prefix := range kinds {
			if i := strings.LastIndex(container, name); i > at {
				best, at = prefix, i
			}
		}
	}
	return best
}

// leaves finds every id that an operation can be given.
func leaves(s *ast.Schema) (out []leaf) {
	for _, root := range []struct {
		kind ast.Operation
		def  *ast.Definition
	}{{ast.Query, s.Query}, {ast.Mutation, s.Mutation}, {ast.Subscription, s.Subscription}} {
		for _, f := range root.def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			for _, a := range f.Arguments {
				about := strings.ToUpper(f.Name[:1]) + f.Name[1:]
				if f.Name == "node" && a.Name == "id" {
					out = append(out, leaf{root.kind, f, []string{a.Name}, anything})
					continue
				}
				for _, found := range within(s, a.Type, a.Name, about, nil, nil) {
					if a.Type.Name() == "RecordFilter" && f.Name != "records" && !slices.Equal(found.path, []string{a.Name, "id", "eq"}) {
						continue // it is compiled by the same code as that of records
					}
					out = append(out, leaf{root.kind, f, found.path, found.want})
				}
			}
		}
	}
	return out
}

// within finds the ids in a type. A filter that holds itself is entered once.
func within(s *ast.Schema, t *ast.Type, name, container string, path, seen []string) (out []leaf) {
	path = append(append([]string(nil), path...), name)
	def := s.Types[t.Name()]
	if def.Name == "ID" {
		return []leaf{{path: path, want: meant(container, name)}}
	}
	again := 0
	for _, have := range seen {
		if have == def.Name {
			again++
		}
	}
	if def.Kind != ast.InputObject || again > 1 {
		return nil
	}
	seen = append(append([]string(nil), seen...), def.Name)
	for _, f := range def.Fields {
		if def.Name == "RecordFilter" && (f.Name == "or" || f.Name == "not") {
			continue // they nest as "and" does
		}
		if f.Type.Name() == "RecordFilter" && def.Name != "RecordFilter" {
			continue // an input's filter is that of lists and boards, which are tried; here it is a hundred ids more to write with
		}
		found := within(s, f.Type, f.Name, def.Name, path, seen)
		if strings.HasSuffix(def.Name, "Comparator") { // it is about what the field that holds it is about
			for i := range found {
				found[i].want = meant(container, name)
			}
		}
		out = append(out, found...)
	}
	return out
}
