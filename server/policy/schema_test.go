package policy_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// root is the repository's root from here.
const root = "../.."

// schema reads the SDL.
func schema(t *testing.T) *ast.Schema {
	t.Helper()
	s, err := loaded()
	require.NoError(t, err)
	return s
}

var loaded = sync.OnceValues(func() (*ast.Schema, error) {
	files, err := filepath.Glob(root + "/schema/*.graphql")
	if err != nil {
		return nil, err
	}
	var sources []*ast.Source
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		sources = append(sources, &ast.Source{Name: f, Input: string(text)})
	}
	return gqlparser.LoadSchema(sources...)
})
