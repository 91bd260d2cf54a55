package graph

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// persisted are the texts of operations by their sha256 in hex, so that a client sends the hash in the place of the text
// (automatic persisted queries: `extensions.persistedQuery {version: 1, sha256Hash}`).
type persisted struct {
	// known are those of the web application; they are never forgotten.
	known map[string]string
	// learned are those that clients sent with their text; the least used are forgotten first.
	learned *lru.Cache[string, string]
}

func newPersisted() persisted {
	learned, _ := lru.New[string, string](documents) // fails only for a size below 1
	return persisted{map[string]string{}, learned}
}

// Know keeps texts of operations that clients will name by their hash. It is called before the first request.
func (e *Engine) Know(texts []string) {
	for _, text := range texts {
		e.persisted.known[hashOf(text)] = text
	}
}

// text finds the text a request means. PERSISTED_QUERY_NOT_FOUND asks for it: the client sends it along with its hash.
func (p persisted) text(req gql.Request) (string, error) {
	raw, ok := req.Extensions["persistedQuery"]
	if !ok {
		return req.Query, nil
	}
	var ask struct {
		Version int    `json:"version"`
		Hash    string `json:"sha256Hash"`
	}
	if json.Unmarshal(raw, &ask) != nil || ask.Version != 1 || len(ask.Hash) != 2*sha256.Size {
		return "", fault.At("extensions.persistedQuery", fault.ValidationFailed, "must be {version: 1, sha256Hash: 64 hex digits}")
	}
	if req.Query == "" {
		if text, ok := p.known[ask.Hash]; ok {
			return text, nil
		}
		if text, ok := p.learned.Get(ask.Hash); ok {
			return text, nil
		}
		return "", fault.New(fault.PersistedNotFound, "this server does not know the operation; send its text along with the hash")
	}
	if hashOf(req.Query) != ask.Hash {
		return "", fault.At("extensions.persistedQuery.sha256Hash", fault.ValidationFailed, "is not the sha256 of the query")
	}
	return req.Query, nil
}

// learn keeps the text of a valid operation that came with its hash.
func (p persisted) learn(req gql.Request) {
	if _, ok := req.Extensions["persistedQuery"]; ok && req.Query != "" && len(req.Query) <= maxKept {
		p.learned.Add(hashOf(req.Query), req.Query)
	}
}

func hashOf(text string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
}
