package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/store"
)

// The audits of graphql-http, the specification's own: every MUST, SHOULD and MAY.
func TestAudit(t *testing.T) {
	p := serve(t, store.SQLite)
	cmd := exec.Command("node", "audit.mjs")
	cmd.Env, cmd.Stderr = append(os.Environ(), "URL="+p.url, "TOKEN="+p.demo.Members[0].Token), os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	ok, lines := 0, json.NewDecoder(bytes.NewReader(out))
	for {
		var audit struct{ ID, Name, Status, Reason string }
		if err := lines.Decode(&audit); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		if assert.Equal(t, "ok", audit.Status, "%s %s: %s", audit.ID, audit.Name, audit.Reason) {
			ok++
		}
	}
	require.Equal(t, 61, ok, "audits passed")
}
