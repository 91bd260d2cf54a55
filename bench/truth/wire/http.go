package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// answerTime is how long an answer may take before its outcome counts as unknown.
const answerTime = 30 * time.Second

// Client asks over HTTP. Its connections are its own, so that clients do not wait for each other.
type Client struct{ http *http.Client }

// NewClient makes a client.
func NewClient() *Client {
	return &Client{http: &http.Client{Timeout: answerTime, Transport: &http.Transport{MaxIdleConnsPerHost: 8}}}
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

type answer struct {
	Data   json.RawMessage
	Errors []wireError
}

// Do carries out an operation at a server ("http://host:port") and reads its data into out. The error is *Broken, *Refused
// or *Odd, or says that the data could not be read.
func (c *Client) Do(ctx context.Context, base string, who Credential, operation string, variables map[string]any, out any) error {
	body, err := json.Marshal(map[string]any{"query": operation, "variables": variables})
	if err != nil {
		return fmt.Errorf("encode the request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/graphql", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json, application/json;q=0.9")
	who.apply(req.Header)
	res, err := c.http.Do(req)
	if err != nil {
		return &Broken{err}
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return &Broken{err}
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil || (a.Data == nil && a.Errors == nil) {
		return &Odd{res.StatusCode, string(text)}
	}
	if len(a.Errors) > 0 {
		return refusal(a.Errors)
	}
	if err := json.Unmarshal(a.Data, out); err != nil {
		return fmt.Errorf("read the answer: %w: %.300s", err, a.Data)
	}
	return nil
}
