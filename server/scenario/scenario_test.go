// Package scenario_test runs the scenarios of testdata: what the API does, told as scripts, on every database.
package scenario_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
)

func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	t.Run("each", func(t *testing.T) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				t.Parallel()
				servertest.Each(t, func(t *testing.T, dialect string) { servertest.Scenario(t, dialect, file) })
			})
		}
	})
	require.Empty(t, servertest.Leaked())
}
