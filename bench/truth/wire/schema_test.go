package wire

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func loadSchema(t *testing.T) *ast.Schema {
	t.Helper()
	paths, err := filepath.Glob("../../../schema/*.graphql")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	var sources []*ast.Source
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		sources = append(sources, &ast.Source{Name: filepath.Base(path), Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	require.NoError(t, err)
	return schema
}

// TestOperationsFitTheSchema holds every operation against the contract.
func TestOperationsFitTheSchema(t *testing.T) {
	schema := loadSchema(t)
	for name, text := range map[string]string{
		"BoardQuery": BoardQuery, "BoardStream": BoardStream, "ChangesQuery": ChangesQuery, "ViewerQuery": ViewerQuery,
		"PipelineQuery": PipelineQuery, "CreateRecord": CreateRecord, "UpdateRecord": UpdateRecord,
		"AssignRecord": AssignRecord, "MoveRecord": MoveRecord, "DeleteRecord": DeleteRecord,
		"DeleteRecords": DeleteRecords, "UpdateRecords": UpdateRecords, "TagRecords": TagRecords, "MoveRecords": MoveRecords,
		"RestoreRecords": RestoreRecords, "RestoreRecord": RestoreRecord, "SetMemberPermissions": SetMemberPermissions,
		"UpdateContact": UpdateContact, "UpdatePipeline": UpdatePipeline,
	} {
		t.Run(name, func(t *testing.T) {
			_, errs := gqlparser.LoadQueryWithRules(schema, text, nil)
			require.Empty(t, errs)
		})
	}
}

// TestCardSelectionIsWhole fails when a field joins Record that a revision determines and the checker does not compare.
func TestCardSelectionIsWhole(t *testing.T) {
	leftOut := map[string]bool{
		"isOverdue": true, "isStale": true, "ageDays": true, "timeInStageSeconds": true, "timeInStages": true, "stageHistory": true, "ownerHistory": true, "history": true, "tasks": true, "participants": true, "links": true, "pipeline": true, "stage": true,
	}
	schema := loadSchema(t)
	doc, errs := gqlparser.LoadQueryWithRules(schema, BoardQuery, nil)
	require.Empty(t, errs)
	selected := map[string]bool{}
	for _, s := range doc.Fragments.ForName("Card").SelectionSet {
		selected[s.(*ast.Field).Name] = true
	}
	for _, field := range schema.Types["Record"].Fields {
		if !leftOut[field.Name] && field.Name != "__typename" {
			require.True(t, selected[field.Name], "Record.%s is not compared", field.Name)
		}
	}
}
