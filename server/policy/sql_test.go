package policy_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// mayNameWorkspaces are the trees whose SQL names a workspace itself: the one builder, the log, what looks up a
// credential before there is a viewer, and what makes the tables.
var mayNameWorkspaces = []string{"server/scope", "server/changelog", "server/access", "server/audit", "server/mail", "server/job", "server/presence", "migrations", "server/store/pgtest", "ent"}

// tenantTable finds a statement that reads or writes a tenant's rows.
var tenantTable = regexp.MustCompile(`(?is)\b(FROM|JOIN|UPDATE|INTO)\s+(workspaces|members|pipelines|stages|records|contacts|companies|tasks|sessions|api_keys|changes|counters|teams|invitations|login_codes|limits|embed_tokens|secrets|audit_log|jobs|presence|preferences|mails|idempotency|stage_spans|owner_spans|targets|saved_views|rotations|daily_runs|batches)\b`)

// tenantColumn finds the tenant's column in a text that is more than its name.
var tenantColumn = regexp.MustCompile(`.{2}\bworkspace_id\b|\bworkspace_id\b.{2}`)

// inMessages finds the name where it is no column but a field of a message: in JSON, in an address, in prose.
var inMessages = regexp.MustCompile(`(\\?"|` + "`" + `)workspace_id(\\?"|` + "`" + `)|[?&]workspace_id=`)

// TestSQLNamesItsTenantInOnePlace is law 3: hand-written SQL gets the workspace from the scope and never writes it, and
// a statement over a tenant's rows is written into a scope's builder, nowhere else.
func TestSQLNamesItsTenantInOnePlace(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		if s.test || s.generated || strings.HasPrefix(s.dir, "bench") || inTrees(s.dir, mayNameWorkspaces) {
			continue
		}
		var stack []ast.Node
		ast.Inspect(s.file, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			text, ok := n.(*ast.BasicLit)
			if !ok || text.Kind != token.STRING || isTag(stack) {
				return true
			}
			assert.NotRegexp(t, tenantColumn, inMessages.ReplaceAllString(text.Value, ""), "%s: only the scope writes the tenant into SQL", s.at(n))
			if tenantTable.MatchString(text.Value) {
				seen++
				assert.True(t, inBuilder(stack), "%s: a statement over tenants' rows that no scope began", s.at(n))
			}
			return true
		})
	}
	assert.Greater(t, seen, 20, "this does not see the statements")
}

func inTrees(dir string, trees []string) bool {
	for _, tree := range trees {
		if dir == tree || strings.HasPrefix(dir, tree+"/") {
			return true
		}
	}
	return false
}

// isTag tells whether a text is a struct tag.
func isTag(stack []ast.Node) bool {
	f, ok := stack[len(stack)-2].(*ast.Field)
	return ok && f.Tag == stack[len(stack)-1]
}

// inBuilder tells whether a text is an argument of a builder's Add, or part of an expression that scope.Same binds to
// the row of the statement around it.
func inBuilder(stack []ast.Node) bool {
	for i := len(stack) - 2; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.CallExpr:
			return called(n, "Add")
		case *ast.BinaryExpr:
			bound := false
			ast.Inspect(n, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				bound = bound || ok && called(call, "Same")
				return true
			})
			if bound {
				return true
			}
		}
	}
	return false
}

func called(call *ast.CallExpr, name string) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == name
}
