package policy_test

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// matrix is what docs/roles.md says, which is where people read it.
type matrix struct {
	// flag → role → yes, no, team, never
	defaults map[string]map[viewer.Role]string
	roles    []viewer.Role
	rules    map[string]rule
}

// rule is what an operation takes: of each group of flags one.
type rule struct {
	flags [][]string
	scope string
	// members says that no key may, though every member may.
	members bool
}

func readMatrix(t *testing.T) matrix {
	t.Helper()
	text, err := os.ReadFile("../../docs/roles.md")
	require.NoError(t, err)
	m := matrix{defaults: map[string]map[viewer.Role]string{}, rules: map[string]rule{}}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case len(cells) == 6 && cells[0] == "Flag":
			for _, r := range cells[1:] {
				m.roles = append(m.roles, viewer.Role(r))
			}
		case len(cells) == 6 && !strings.HasPrefix(cells[0], "-"):
			m.defaults[cells[0]] = map[viewer.Role]string{}
			for i, r := range m.roles {
				m.defaults[cells[0]][r] = cells[i+1]
			}
		case len(cells) == 3 && cells[0] != "Operation" && !strings.HasPrefix(cells[0], "-"):
			r := rule{scope: strings.Trim(cells[2], "–"), members: cells[2] == "none"}
			if r.members {
				r.scope = ""
			}
			if flags := strings.Trim(cells[1], "–"); flags != "" {
				for group := range strings.SplitSeq(flags, ", ") {
					r.flags = append(r.flags, strings.Split(group, " or "))
				}
			}
			m.rules[cells[0]] = r
		}
	}
	require.Len(t, m.roles, 5)
	require.Len(t, m.defaults, 16, "the rows of spec access, section 7")
	return m
}

// holds tells whether a member has a flag everywhere; own, whether in its own teams at least.
func (m matrix) holds(role viewer.Role, flag string, overrides map[string]bool) (everywhere, own bool) {
	if slices.Contains(m.roles, viewer.Role(flag)) { // a role that nothing stands in for
		return role == viewer.Role(flag), role == viewer.Role(flag)
	}
	d := m.defaults[flag][role]
	if on, overridden := overrides[flag]; overridden && d != "never" {
		return on, on
	}
	return d == "yes", d == "yes" || d == "team"
}

// operations are all of the API, each with a request that is right for the owner.
func operations(s *ast.Schema) (out []leaf) {
	for _, root := range []struct {
		kind ast.Operation
		def  *ast.Definition
	}{{ast.Query, s.Query}, {ast.Mutation, s.Mutation}, {ast.Subscription, s.Subscription}} {
		for _, f := range root.def.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				out = append(out, leaf{kind: root.kind, field: f})
			}
		}
	}
	return out
}

// TestTheMatrixNamesEveryOperation: nothing can be done that nobody thought of.
func TestTheMatrixNamesEveryOperation(t *testing.T) {
	m, named := readMatrix(t), map[string]bool{}
	for _, o := range operations(schema(t)) {
		named[o.field.Name] = true
		assert.Contains(t, m.rules, o.field.Name, "say in docs/roles.md what it takes")
	}
	for name, r := range m.rules {
		assert.True(t, named[name], "there is no operation %s", name)
		for _, f := range slices.Concat(r.flags...) {
			assert.True(t, m.defaults[f] != nil || slices.Contains(m.roles, viewer.Role(f)), "%s: %s is neither flag nor role", name, f)
		}
		assert.True(t, r.scope == "" || r.scope == "none" || !slices.ContainsFunc(strings.Split(r.scope, " + "), func(s string) bool { return !slices.Contains(viewer.Scopes(), s) }), name)
	}
}

// trial is a workspace in which operations are tried, all as rehearsals: they ask the same rights, and each finds the
// workspace as the one before it did.
type trial struct {
	*house
	schema *ast.Schema
	cast   *cast
}

// try rehearses an operation as somebody.
func (tr *trial) try(t *testing.T, c *cast, o leaf, as *servertest.Client) reply {
	t.Helper()
	f := filler{tr.schema, c, o, ""}
	vars, declared, given := f.arguments()
	if o.kind == ast.Mutation {
		given += " @dryRun"
	}
	return ask(t, as, o.kind, string(o.kind)+declared+" { "+o.field.Name+given+selection(tr.schema, tr.schema.Types[o.field.Type.Name()], 0)+" }", vars)
}

func tryOn(t *testing.T, dialect string) *trial {
	h := open(t, dialect)
	return &trial{h, schema(t), people(t, h.Server, "trial")}
}

// stand gives a member a role, flags of its own, and teams, as the program would.
func stand(t *testing.T, c *cast, id string, role viewer.Role, overrides map[string]bool, teams ...string) {
	t.Helper()
	_, err := c.CRM.Do(viewer.NewContext(t.Context(), viewer.ForSystem(c.WorkspaceID)), nil, func(tx *crm.Tx) error {
		return tx.Ent().Member.UpdateOneID(id).SetRole(member.Role(role)).SetPermissions(overrides).SetTeamIds(teams).
			SetUpdatedAt(tx.Time()).AddVersion(1).Exec(tx.Ctx())
	})
	require.NoError(t, err)
}

// TestRolesAndFlags tries every operation with every role, and with every flag that it takes overridden both ways.
func TestRolesAndFlags(t *testing.T) {
	t.Parallel()
	m := readMatrix(t)
	servertest.Each(t, func(t *testing.T, dialect string) {
		tr := tryOn(t, dialect)
		for _, o := range operations(tr.schema) {
			need := m.rules[o.field.Name].flags
			for _, role := range m.roles {
				const sight = "can_see_all_tasks" // what is done is done to somebody else's task
				tries := []map[string]bool{{sight: true}}
				if role != viewer.Owner {
					none := map[string]bool{sight: true}
					for _, f := range slices.Concat(need...) {
						if m.defaults[f] == nil {
							continue
						}
						tries = append(tries, map[string]bool{sight: true, f: true}, map[string]bool{sight: true, f: false})
						none[f] = false
					}
					tries = append(tries, none)
				}
				if dialect == store.Postgres { // what overrides do does not depend on the database
					tries = tries[:1]
				}
				for _, overrides := range tries {
					for _, together := range []bool{false, true} {
						if together && role != viewer.TeamAdmin {
							continue
						}
						c := tr.cast
						who := c.Chloe
						if role == viewer.Owner {
							who = c.Owner
							stand(t, c, c.Chloe.ID, viewer.AgentRole, nil) // she may be given work again
							c.id[typeid.SavedView] = c.ownersView
						} else {
							stand(t, c, who.ID, role, overrides, c.team)
							c.id[typeid.SavedView] = c.chloesView
						}
						if together {
							stand(t, c, c.Ben.ID, viewer.AgentRole, nil, c.team)
						} else if role == viewer.TeamAdmin {
							stand(t, c, c.Ben.ID, viewer.AgentRole, nil)
						}
						c.id[typeid.Session] = who.Viewer.CredentialID
						may := true
						for _, group := range need {
							may = may && slices.ContainsFunc(group, func(f string) bool {
								everywhere, own := m.holds(role, f, overrides)
								return everywhere || own && (together && teamwork[o.field.Name] || ownTeam[o.field.Name] || len(group) > 1)
							})
						}
						got := tr.try(t, c, o, &who.Client)
						if role == viewer.TeamAdmin && !may && len(got.errs) > 0 && got.errs[0].Extensions.Code == "NOT_FOUND" && strings.HasSuffix(o.field.Name, "Invitation") {
							continue // an invitation into other teams is hidden from it
						}
						expect(t, may, cmp.Or(refusedAs[o.field.Name], "FORBIDDEN"), got, "%s %s as %s with %v, in a team: %v", o.kind, o.field.Name, role, overrides, together)
					}
				}
			}
		}
	})
}

// refusedAs are operations on what is hidden from whoever may not: to them it is not there.
var refusedAs = map[string]string{"cancelJob": "NOT_FOUND"}

// teamwork are the operations that a TEAM_ADMIN may within its own teams.
var teamwork = map[string]bool{"assignRecord": true, "assignRecords": true, "updateMember": true, "setMemberPermissions": true, "deactivateMember": true,
	"activateMember": true, "endMemberSessions": true, "removeMember": true, "reassignWork": true}

// ownTeam are the operations that a TEAM_ADMIN may on its own teams.
var ownTeam = map[string]bool{"updateTeam": true, "invitations": true}

func expect(t *testing.T, may bool, code string, got reply, what string, args ...any) {
	t.Helper()
	if may {
		assert.Empty(t, got.errs, append([]any{what}, args...)...)
	} else if assert.NotEmpty(t, got.errs, append([]any{what}, args...)...) {
		assert.Equal(t, code, got.errs[0].Extensions.Code, append([]any{what}, args...)...)
	}
}

// TestScopes tries every operation with a key of each scope alone.
func TestScopes(t *testing.T) {
	t.Parallel()
	m := readMatrix(t)
	tr := tryOn(t, servertest.Dialects[0])
	for _, o := range operations(tr.schema) {
		r := m.rules[o.field.Name]
		scopes := append(viewer.Scopes(), "")
		if strings.Contains(r.scope, "+") {
			scopes = append(scopes, r.scope)
		}
		for _, scope := range scopes {
			c := tr.cast
			secret, err := c.Gate.IssueKey(t.Context(), c.WorkspaceID, access.NewKey{Name: "k", CreatedBy: c.Owner.ID, Scopes: strings.Split(scope, " + ")})
			require.NoError(t, err)
			base, write := strings.CutSuffix(scope, ":write")
			may := scope == r.scope && scope != "" || write && r.scope == base+":read" || r.scope == "" && len(r.flags) == 0 && !r.members ||
				slices.Contains(alike[o.field.Name], scope)
			got := tr.try(t, c, o, &servertest.Client{URL: c.URL, Token: secret})
			code := cmp.Or(refusedAs[o.field.Name], "SCOPE_MISSING")
			if r.members && len(got.errs) > 0 && got.errs[0].Extensions.Code == "FORBIDDEN" { // no scope would help
				code = "FORBIDDEN"
			}
			expect(t, may, code, got, "%s %s with the scope %q", o.kind, o.field.Name, scope)
		}
	}
}

// alike are further scopes that let an operation pass.
var alike = map[string][]string{
	// A record stands in a pipeline: whoever sees the one sees the other.
	"pipeline": {"records:read", "records:write"}, "pipelines": {"records:read", "records:write"},
	"templates": {"records:read", "records:write"},
	// The log shows what each scope may see.
	"changes": {"contacts:read", "contacts:write", "tasks:read", "tasks:write", "members:read", "members:write", "pipelines:read", "pipelines:write"},
}
