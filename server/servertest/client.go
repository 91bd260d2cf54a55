package servertest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

// Client calls a server as one caller.
type Client struct {
	URL string
	// Token is a session token or an API key; both come as a bearer.
	Token string
}

// Answer is a GraphQL response.
type Answer struct {
	Data       json.RawMessage
	Errors     []Error
	Extensions struct {
		Cost   int
		DryRun map[string]struct{ Changes []map[string]any }
	}
	Status int `json:"-"`
}

// Error is one error of a response.
type Error struct {
	Message    string
	Path       []any
	Extensions struct {
		Code      string
		RequestID string
		Details   []struct{ Field, Code, Message string }
		Current   map[string]any
	}
}

// Vars are the variables of a request.
type Vars map[string]any

// Do sends a request and gives whatever comes back.
func (c *Client) Do(t testing.TB, query string, vars Vars) *Answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := &Answer{Status: resp.StatusCode}
	if err := json.Unmarshal(text, a); err != nil {
		t.Fatalf("status %d, not JSON: %s", resp.StatusCode, text)
	}
	return a
}

// Must sends a request that has to succeed, and decodes its data into T.
func Must[T any](t testing.TB, c *Client, query string, vars Vars) T {
	t.Helper()
	a := c.Do(t, query, vars)
	if len(a.Errors) > 0 {
		t.Fatalf("%s: %+v", query, a.Errors)
	}
	var out T
	if err := json.Unmarshal(a.Data, &out); err != nil {
		t.Fatalf("%v in %s", err, a.Data)
	}
	return out
}

// Refused sends a request that has to be refused, and gives its first error.
func (c *Client) Refused(t testing.TB, code, query string, vars Vars) Error {
	t.Helper()
	a := c.Do(t, query, vars)
	if len(a.Errors) == 0 {
		t.Fatalf("not refused with %s, but answered: %s", code, a.Data)
	}
	if got := a.Errors[0].Extensions.Code; got != code {
		t.Fatalf("refused with %s (%s), not with %s", got, a.Errors[0].Message, code)
	}
	return a.Errors[0]
}
