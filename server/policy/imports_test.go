package policy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// levels are the packages from the ground up: a package imports what stands on a lower level, nothing beside it and
// nothing above (docs: web → httpd → graph → crm, board, read, watch, report → changelog → ent). A name with /... holds
// for what is below it too, and those may import each other.
var levels = [][]string{
	{"ent/viewer", "server/fault", "server/typeid", "server/rank", "server/fold", "server/gql", "server/store", "server/seal", "server/hours", "server/period", "server/tie", "graph/scalar", "graph/model"},
	{"server/money", "server/template"},
	{"server/row", "ent/..."},
	{"server/scope", "migrations/..."},
	{"server/filter", "server/store/pgtest"},
	{"server/changelog"},
	{"server/partner/...", "server/mail", "server/audit", "server/job", "server/span"},
	{"server/crm", "server/board", "server/read", "server/watch", "server/report"},
	{"server/access", "server/presence"},
	{"graph/generated"},
	{"graph", "server/rest"},
	{"server/httpd"},
	{"web"},
	{"server/app"},
	{"server/demo", "server/servertest"},
	{"server", "server/policy", "server/scenario", "server/e2e"},
}

// level finds a package's level and group.
func level(pkg string) (int, string) {
	best, group := -1, ""
	for i, names := range levels {
		for _, n := range names {
			tree, all := strings.CutSuffix(n, "/...")
			if (pkg == tree || all && strings.HasPrefix(pkg, tree+"/")) && len(tree) > len(group) {
				best, group = i, tree
			}
		}
	}
	return best, group
}

func TestImportsPointDownwards(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.dir, "bench") || strings.HasPrefix(s.dir, "tools") {
			continue
		}
		from, group := level(s.dir)
		if !assert.GreaterOrEqual(t, from, 0, "%s is a new package: say in levels where it belongs", s.dir) {
			continue
		}
		for _, to := range s.imports() {
			seen[s.dir+" "+to] = true
			below, other := level(to)
			if group == other && (group == "ent" || group == "migrations" || group == "server/partner") {
				continue
			}
			assert.Less(t, below, from, "%s must not import %s", s.path, to)
		}
	}
	// What the rest stands on is really there to be seen.
	for _, edge := range []string{"graph server/crm", "graph server/board", "server/crm server/changelog", "server/changelog ent", "server/app graph"} {
		assert.True(t, seen[edge], "the walk does not see %s", edge)
	}
}

// TestOnlyTheEdgesKnowTheWholeProgram: what puts everything together is imported by what starts it and by nothing else,
// and what serves tests is no part of the program.
func TestOnlyTheEdgesKnowTheWholeProgram(t *testing.T) {
	only := map[string][]string{
		"server/app":          {"server", "server/demo", "server/servertest"},
		"server/servertest":   {},
		"server/store/pgtest": {"server/servertest"},
		"ent/enttest":         {},
		"server/demo":         {"server"},
		"graph":               {"server/app", "server/servertest"},
		"server/httpd":        {"server/app", "server/servertest"},
	}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, to := range s.imports() {
			if by, ok := only[to]; ok {
				assert.True(t, slices.Contains(by, s.dir), "%s must not import %s", s.path, to)
			}
		}
		helps := s.dir == "server/servertest" || s.dir == "server/store/pgtest" || s.dir == "ent/enttest"
		for _, i := range s.file.Imports {
			if p := strings.Trim(i.Path.Value, `"`); p == "testing" || strings.HasPrefix(p, "github.com/stretchr/testify") {
				assert.True(t, helps, "%s brings %s into the program", s.path, p)
			}
		}
	}
}

// TestBenchesKnowOnlyTheAPI: what measures or judges the server is built without it.
func TestBenchesKnowOnlyTheAPI(t *testing.T) {
	for _, s := range sources(t) {
		tree := strings.Join(strings.SplitN(s.dir, "/", 3)[:min(2, strings.Count(s.dir, "/")+1)], "/")
		if !strings.HasPrefix(s.dir, "bench") {
			continue
		}
		for _, to := range s.imports() {
			if tree == "bench/truth" {
				assert.True(t, strings.HasPrefix(to, "bench/truth"), "%s must import nothing of the server, but imports %s", s.path, to)
				continue
			}
			assert.True(t, strings.HasPrefix(to, "bench"), "%s must import nothing of the server, but imports %s", s.path, to)
		}
	}
}
