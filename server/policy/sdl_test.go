package policy_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	gql "github.com/vektah/gqlparser/v2/ast"
)

// TestTheContractIsDescribed: every definition and every operation says what it is. Fields that say so by their name may
// do without.
func TestTheContractIsDescribed(t *testing.T) {
	s := schema(t)
	n := 0
	for _, def := range s.Types {
		if def.BuiltIn {
			continue
		}
		n++
		assert.NotEmpty(t, strings.TrimSpace(def.Description), "%s %s has no description", strings.ToLower(string(def.Kind)), def.Name)
	}
	for _, root := range []*gql.Definition{s.Query, s.Mutation, s.Subscription} {
		for _, f := range root.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				n++
				assert.NotEmpty(t, strings.TrimSpace(f.Description), "%s.%s has no description", root.Name, f.Name)
			}
		}
	}
	assert.Greater(t, n, 100, "this does not see the schema")
}

// TestMutationsAreIntentions: one XInput!, one XPayload! that tells the revision and gives the caller's mark back.
func TestMutationsAreIntentions(t *testing.T) {
	s := schema(t)
	for _, f := range s.Mutation.Fields {
		name := strings.ToUpper(f.Name[:1]) + f.Name[1:]
		if assert.Len(t, f.Arguments, 1, f.Name) {
			assert.Equal(t, "input: "+name+"Input!", f.Arguments[0].Name+": "+f.Arguments[0].Type.String())
			assert.NotNil(t, s.Types[name+"Input"].Fields.ForName("clientMutationId"), "%sInput takes no clientMutationId", name)
		}
		assert.Equal(t, name+"Payload!", f.Type.String())
		payload := s.Types[f.Type.Name()]
		for field, want := range map[string]string{"revision": "Revision!", "clientMutationId": "String"} {
			if have := payload.Fields.ForName(field); assert.NotNil(t, have, "%s has no %s", payload.Name, field) {
				assert.Equal(t, want, have.Type.String())
			}
		}
	}
}

// TestListsAreConnections: a list of unbounded length comes in pages of a known size.
func TestListsAreConnections(t *testing.T) {
	s := schema(t)
	for _, def := range s.Types {
		for _, f := range def.Fields {
			if !strings.HasSuffix(f.Type.Name(), "Connection") {
				continue
			}
			if first := f.Arguments.ForName("first"); assert.NotNil(t, first, "%s.%s has no first", def.Name, f.Name) {
				assert.Equal(t, "Int! = 50", first.Type.String()+" = "+first.DefaultValue.String(), "%s.%s", def.Name, f.Name)
			}
			assert.NotNil(t, f.Arguments.ForName("after"), "%s.%s has no after", def.Name, f.Name)
		}
	}
}

// codes are the error codes of the contract.
func codes(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, v := range schema(t).Types["ErrorCode"].EnumValues {
		out[v.Name] = true
	}
	return out
}

// TestEveryCodeIsInTheContract: what the program can answer with and what the SDL lists are the same.
func TestEveryCodeIsInTheContract(t *testing.T) {
	declared, listed := map[string]bool{}, codes(t)
	for _, s := range sources(t) {
		if s.path != "server/fault/fault.go" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Code" {
					for _, v := range spec.Values {
						if text, ok := v.(*ast.BasicLit); ok && text.Kind == token.STRING {
							declared[strings.Trim(text.Value, `"`)] = true
						}
					}
				}
			}
			return true
		})
	}
	assert.Equal(t, listed, declared)
}
