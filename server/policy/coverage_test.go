package policy_test

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCoverageNamesTestsThatExist: docs/coverage.md has every section, and each of its rules a test that is there, or a
// word on why it has none.
func TestCoverageNamesTestsThatExist(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs/coverage.md"))
	require.NoError(t, err)
	tests := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && s.test && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				tests[f.Name.Name] = true
			}
		}
	}
	scripts, err := filepath.Glob(filepath.Join(root, "server/scenario/testdata/*.txtar"))
	require.NoError(t, err)
	for _, path := range scripts {
		tests["scenario "+strings.TrimSuffix(filepath.Base(path), ".txtar")] = true
	}
	section, rules := "", map[string]int{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "## "); ok {
			section, _, _ = strings.Cut(name, ":")
		}
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| Rule |") || strings.HasPrefix(line, "|---") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if !assert.Len(t, cells, 3, line) {
			continue
		}
		rules[section]++
		if named := strings.TrimSpace(cells[1]); named == "–" {
			assert.NotEmpty(t, strings.TrimSpace(cells[2]), "%s: say why it has no test", line)
		} else {
			for name := range strings.SplitSeq(named, ", ") {
				assert.True(t, tests[name], "%s: there is no %q", line, name)
			}
		}
	}
	for part, sections := range map[string]int{"Pipelines": 8, "Records": 14} {
		for i := range sections {
			assert.Positive(t, rules[fmt.Sprint(part, " ", i+1)], "%s %d", part, i+1)
		}
	}
}
