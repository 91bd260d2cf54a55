package policy_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/rapidbott/tideboard"

// source is one Go file of the repository.
type source struct {
	path      string // from the root
	dir       string
	test      bool
	generated bool
	lines     int
	set       *token.FileSet
	file      *ast.File
}

var generatedMark = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// sources gives every Go file of the repository, parsed, whatever its build constraints.
func sources(t *testing.T) []source {
	t.Helper()
	out, err := parsed()
	require.NoError(t, err)
	require.Greater(t, len(out), 200, "this does not see the repository")
	return out
}

var parsed = sync.OnceValues(func() (out []source, err error) {
	paths, err := listed(".go")
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return nil, err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		out = append(out, source{path: path, dir: filepath.ToSlash(filepath.Dir(path)), test: strings.HasSuffix(path, "_test.go"),
			generated: generatedMark.Match(text), lines: strings.Count(string(text), "\n"), set: set, file: f})
	}
	return out, nil
})

// files lists the files with these endings that belong to the repository.
func files(t *testing.T, endings ...string) []string {
	t.Helper()
	out, err := listed(endings...)
	require.NoError(t, err)
	return out
}

func listed(endings ...string) (out []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (name == "node_modules" || name == "dist" || name == "var" || name == "bin" || name == "testdata" || strings.HasPrefix(name, ".")) {
			return fs.SkipDir
		}
		for _, e := range endings {
			if !d.IsDir() && strings.HasSuffix(name, e) {
				rel, err := filepath.Rel(root, path)
				if err != nil {
					return err
				}
				out = append(out, filepath.ToSlash(rel))
			}
		}
		return nil
	})
	return out, err
}

// imports are the packages of the module that a file imports, from the root.
func (s source) imports() (out []string) {
	for _, i := range s.file.Imports {
		if rest, ok := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), module+"/"); ok {
			out = append(out, rest)
		}
	}
	return out
}

// at names a place in the file.
func (s source) at(n ast.Node) string { return s.set.Position(n.Pos()).String() }
