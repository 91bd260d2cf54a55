package changelog

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	gen "github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/row"
)

// TestEveryEntityIsLoggedOrSaysWhyNot: a new entity is decided about, it is not forgotten.
func TestEveryEntityIsLoggedOrSaysWhyNot(t *testing.T) {
	n := 0
	c := reflect.TypeOf(gen.Client{})
	for i := range c.NumField() {
		f := c.Field(i)
		if _, writes := f.Type.MethodByName("UpdateOneID"); !f.IsExported() || !writes {
			continue // no entity, or a view
		}
		n++
		_, logged := entities[f.Name]
		assert.NotEqual(t, logged, slices.Contains(unlogged, f.Name), "%s is neither logged nor named as one that is not", f.Name)
	}
	assert.Equal(t, n, len(entities)+len(unlogged))
}

// rowsOf are the logged entities as ent has them.
var rowsOf = map[string]any{gen.TypeWorkspace: &gen.Workspace{}, gen.TypeMember: &gen.Member{}, gen.TypePipeline: &gen.Pipeline{},
	gen.TypeStage: &gen.Stage{}, gen.TypeRecord: &gen.Record{}, gen.TypeContact: &gen.Contact{}, gen.TypeCompany: &gen.Company{}, gen.TypeTask: &gen.Task{},
	gen.TypeTeam: &gen.Team{}, gen.TypeInvitation: &gen.Invitation{}}

// TestKindsAreNamed: whatever changes in a row, the kind that tells of it is one that a filter can ask for, and no
// changed field goes untold.
func TestKindsAreNamed(t *testing.T) {
	for typ, e := range entities {
		for _, created := range []bool{true, false} {
			all := columns(reflect.TypeOf(rowsOf[typ]).Elem())
			var names []string
			for _, c := range all {
				names = append(names, c.name)
			}
			for _, changed := range append(singles(names), names) {
				for _, after := range []string{`{"status":"OPEN"}`, `{"status":"WON"}`, `{"status":"LOST"}`, `{"status":"DONE"}`, `{"state":"ACCEPTED"}`, `{"state":"EXPIRED"}`, `{"state":"CANCELLED"}`, `{"is_active":true}`, `{"deleted_at":"2026-11-21T12:00:00Z"}`} {
					told := []string{}
					for _, k := range kinds(e.name, created, changed, row.JSON(`{"status":"OPEN"}`), row.JSON(after)) {
						assert.True(t, IsKind(k.name), "%s is no kind of change that IsKind knows", k.name)
						told = append(told, k.changed...)
					}
					for _, c := range changed {
						assert.Contains(t, told, c, "a change of %s.%s is not told of", e.name, c)
					}
				}
			}
		}
	}
}

func singles(names []string) (out [][]string) {
	for _, n := range names {
		out = append(out, []string{n})
	}
	return out
}

func TestFamiliesOfKinds(t *testing.T) {
	for name, want := range map[string]bool{"record.*": true, "record.stage.*": true, "record.won": true, "task.completed": true, "member.updated": true,
		"record": false, "record.": false, "*": false, "": false, "record.wo*": false, "record.exploded": false, "deal.won": false, "record.stage": false,
		"record.exploded.*": false, "record*": false, "RECORD.won": false, "record.**": false} {
		assert.Equal(t, want, IsKind(name), strings.ToValidUTF8(name, "?"))
	}
}
