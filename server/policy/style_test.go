package policy_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryPackageSaysWhatItPromises: one package comment each, and more than a name.
func TestEveryPackageSaysWhatItPromises(t *testing.T) {
	comments, packages := map[string][]string{}, map[string]string{}
	for _, s := range sources(t) {
		if s.test || s.generated {
			continue
		}
		packages[s.dir] = s.file.Name.Name
		if s.file.Doc == nil {
			continue
		}
		text := s.file.Doc.Text()
		comments[s.dir] = append(comments[s.dir], s.path)
		start := "Package " + s.file.Name.Name + " "
		if s.file.Name.Name == "main" {
			start = "Command " + filepath.Base(s.dir) + " "
		}
		assert.True(t, strings.HasPrefix(text, start), "%s: its comment begins with %q, not with %q", s.path, text[:min(len(text), 40)], start)
		assert.Greater(t, len(text), 80, "%s: say what it promises", s.path)
	}
	for dir, name := range packages {
		if dir == "ent" && name == "ent" {
			continue // generated but for the line that generates it
		}
		assert.Len(t, comments[dir], 1, "package %s (%s) has one comment", dir, name)
	}
}

// maxLines is the hard look of the house style.
const maxLines = 500

func TestNoFileIsTwoFiles(t *testing.T) {
	for _, s := range sources(t) {
		if !s.generated {
			assert.LessOrEqual(t, s.lines, maxLines, "%s is two files", s.path)
		}
	}
	for _, path := range files(t, ".graphql", ".ts", ".tsx", ".css") {
		text, err := os.ReadFile(filepath.Join(root, path))
		require.NoError(t, err)
		if !strings.Contains(string(text[:min(len(text), 400)]), "enerated") {
			assert.LessOrEqual(t, strings.Count(string(text), "\n"), maxLines, "%s is two files", path)
		}
	}
}

// TestResolversOnlyTranslate: at most ten lines each.
func TestResolversOnlyTranslate(t *testing.T) {
	n := 0
	for _, s := range sources(t) {
		if s.dir != "graph" || !strings.HasSuffix(s.path, ".resolvers.go") {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				n++
				lines := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
				assert.LessOrEqual(t, lines, 10, "%s: %s has %d lines", s.at(f), f.Name.Name, lines)
			}
		}
	}
	assert.Greater(t, n, 30, "this does not see the resolvers")
}

// TestTestsNeitherSleepNorSkip: a sleep is a guess about time, a skip a test that is not there.
func TestTestsNeitherSleepNorSkip(t *testing.T) {
	for _, s := range sources(t) {
		if !s.test && s.dir != "server/servertest" && s.dir != "server/store/pgtest" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch sel.Sel.Name {
			case "Sleep":
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
					t.Errorf("%s sleeps", s.at(n))
				}
			case "Skip", "Skipf", "SkipNow":
				if x, ok := sel.X.(*ast.Ident); ok && (x.Name == "t" || x.Name == "b" || x.Name == "tb" || x.Name == "f") {
					t.Errorf("%s skips", s.at(n))
				}
			}
			return true
		})
	}
}
