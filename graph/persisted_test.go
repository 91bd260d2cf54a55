package graph_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/servertest"
)

// TestPersistedQueries: a text is sent once with its hash, then the hash alone stands for it; what the engine knows
// beforehand need not be sent at all.
func TestPersistedQueries(t *testing.T) {
	s := servertest.StartOn(t, servertest.Database(t, "sqlite"), func(*app.Config) {})
	w := servertest.Found(t, s, "persisted")
	ctx := viewer.NewContext(t.Context(), w.Owner.Viewer)
	digest := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	ask := func(query, hash string) string {
		op, refused := s.Engine.Prepare(ctx, gql.Request{Query: query, Extensions: map[string]json.RawMessage{
			"persistedQuery": json.RawMessage(fmt.Sprintf(`{"version":1,"sha256Hash":%q}`, hash))}})
		if refused != nil {
			return refused.Code
		}
		return string(s.Engine.Execute(ctx, op).Body)
	}
	const text, other, broken = `{ viewer { kind } }`, `{ viewer { workspace { name } } }`, `{ viewer { nothing } }`
	const answer = `{"data":{"viewer":{"kind":"MEMBER"}}`

	assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", ask("", digest(text)))
	assert.Equal(t, "VALIDATION_FAILED", ask(text, digest(other)), "the hash of something else")
	assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", ask("", digest(text)), "what was refused is not learned")
	assert.Equal(t, "VALIDATION_FAILED", ask("", "x"))
	assert.Contains(t, ask(text, digest(text)), answer)
	assert.Contains(t, ask("", digest(text)), answer)

	assert.Equal(t, "UNKNOWN_FIELD", ask(broken, digest(broken)))
	assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", ask("", digest(broken)), "what is not valid is not learned")

	s.Engine.Know([]string{other})
	assert.Contains(t, ask("", digest(other)), `"name":"persisted"`)
}
