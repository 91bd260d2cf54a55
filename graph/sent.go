package graph

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/server/row"
)

// sent gives a field of the input of the mutation at hand as its caller wrote it, with variables filled in: what was
// bound to a type of ours is checked, but no longer in the words of the API.
func sent(ctx context.Context, name string) row.JSON {
	args := graphql.GetFieldContext(ctx).Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	input, _ := args["input"].(map[string]any)
	if input[name] == nil {
		return nil
	}
	text, _ := json.Marshal(input[name])
	return text
}
