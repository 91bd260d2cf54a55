package policy_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
)

// bad is a request that must be refused, and how.
type bad struct {
	name string
	// code is the code of the first error; empty for a request that must pass.
	code  string
	query string
	vars  servertest.Vars
	// field is the path named in the details, when the refusal is about one.
	field string
}

// inner are texts that only the inside of the server knows.
var inner = []string{"sql", "pq:", "ent:", "json:", "unmarshal", "marshal", "panic", "runtime", "goroutine", "strconv", "interface {}",
	"map[string]", "json.number", ".go:", "constraint", "syntax error at", "invalid byte sequence", "context deadline", "github.com"}

// refused sends a request and checks that its answer is one a caller may get.
func refused(t *testing.T, c *servertest.Client, b bad) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": b.query, "variables": b.vars})
	require.NoError(t, err)
	errs := send(t, c, body)
	if b.code == "" {
		assert.Empty(t, errs)
		return
	}
	if !assert.NotEmpty(t, errs, "not refused") {
		return
	}
	assert.Equal(t, b.code, errs[0].Extensions.Code, errs[0].Message)
	if b.field != "" && assert.NotEmpty(t, errs[0].Extensions.Details) {
		assert.Equal(t, b.field, errs[0].Extensions.Details[0].Field)
	}
}

// send posts a body and gives the errors of the answer, each checked for the shape that all errors have.
func send(t *testing.T, c *servertest.Client, body []byte) []servertest.Error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/graphql", bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	_, errs := exchange(t, c, req)
	return errs
}

// exchange sends a request as a caller and gives status and errors.
func exchange(t *testing.T, c *servertest.Client, req *http.Request) (int, []servertest.Error) {
	t.Helper()
	req.Header.Set("Accept", "application/graphql-response+json")
	req.Header.Set("Authorization", "Bearer "+c.Token)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.True(t, utf8.Valid(text), "the answer is not UTF-8")
	var a servertest.Answer
	require.NoError(t, json.Unmarshal(text, &a), "%d %s", resp.StatusCode, text)
	sound(t, a.Errors)
	return resp.StatusCode, a.Errors
}

// sound checks what is true of every error: a code of the contract, the request's id, and no inner text.
func sound(t *testing.T, errs []servertest.Error) {
	t.Helper()
	known := codes(t)
	for _, e := range errs {
		assert.True(t, known[e.Extensions.Code], "%q is no code of the contract", e.Extensions.Code)
		assert.NotEqual(t, "INTERNAL", e.Extensions.Code)
		assert.NotEmpty(t, e.Extensions.RequestID)
		texts := []string{e.Message}
		for _, d := range e.Extensions.Details {
			assert.True(t, known[d.Code], "%q is no code of the contract", d.Code)
			assert.NotEmpty(t, d.Field)
			texts = append(texts, d.Message)
		}
		for _, text := range texts {
			assert.NotEmpty(t, text)
			for _, word := range inner {
				assert.NotContains(t, strings.ToLower(text), word, "an inner text leaves the house")
			}
		}
	}
}

// each runs the requests, by name.
func each(t *testing.T, c *servertest.Client, list []bad) {
	for _, b := range list {
		t.Run(b.name, func(t *testing.T) { refused(t, c, b) })
	}
}

// repeat joins n copies.
func repeat(s string, n int) string { return strings.Repeat(s, n) }
