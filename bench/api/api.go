// Package api is what a front end says to Tideboard: the texts of its operations, the requests with them, and a
// workspace filled through the same mutations as everybody's.
package api

import (
	"encoding/json"
	"fmt"

	"github.com/rapidbott/tideboard/bench/load"
)

// card is all that a front end shows of a card.
const card = `id number title value { amount currency } probability priority tags expectedCloseDate stageEnteredAt
	lastActivityAt source channel version rank contact { id fullName } owner { id name avatarUrl }`

// PageSize is how many cards of a column are asked for.
const PageSize = 50

var (
	// Board asks for a board, whole; with $filter it can leave cards out.
	Board = fmt.Sprintf(`query Board($pipelineId: ID!, $filter: RecordFilter) { board(pipelineId: $pipelineId, filter: $filter) {
	revision pipeline { id name } columns { stage { id name color kind position }
	totals { stageId count amounts { currency count amount weighted } } cards(first: %d) { nodes { %s } } } } }`, PageSize, card)
	// Record asks for one card.
	Record = fmt.Sprintf(`query Record($id: ID!) { record(id: $id) { %s } }`, card)
	// Move drags a card.
	Move = `mutation Move($input: MoveRecordInput!) { moveRecord(input: $input) { revision record { id stageId rank version } } }`
	// Watch is a front end's subscription to a board.
	Watch = fmt.Sprintf(`subscription Watch($pipelineId: ID!, $after: Revision) { board(pipelineId: $pipelineId, after: $after) {
	__typename revision
	... on BoardSnapshot { board { pipeline { id name } columns { stage { id name color kind position }
		totals { stageId count amounts { currency count amount weighted } } cards(first: %d) { nodes { %s } } } } }
	... on BoardCommit { clientMutationId cards { kind reason recordId stageId afterRecordId changedFields record { %s } }
		columns { stageId count amounts { currency count amount weighted } } }
	... on BoardReset { reason } } }`, PageSize, card, card)
)

// Request is the body of a request.
func Request(query string, variables map[string]any) []byte {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // texts and maps of texts can be encoded
	}
	return body
}

// Ask sends one request and decodes the only field of its data into out.
func Ask(p *load.Pool, query string, variables map[string]any, out any) error {
	body, err := p.Once(Request(query, variables))
	if err != nil {
		return err
	}
	var answer struct{ Data map[string]json.RawMessage }
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("%w in %.300s", err, body)
	}
	for _, field := range answer.Data {
		if err := json.Unmarshal(field, out); err != nil {
			return fmt.Errorf("%w in %.300s", err, body)
		}
	}
	return nil
}
