package e2e_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
)

// frame is what these tests select of a board's stream.
type frame struct {
	Typename string `json:"__typename"`
	Revision int    `json:",string"`
	Board    struct {
		Columns []struct{ Cards struct{ Nodes []card } }
	}
	Cards []change
}

type card struct{ ID, Title, OwnerID string }

type change struct {
	Kind, Reason, RecordID string
	Record                 *card
}

const watchBoard = `subscription ($id: ID!, $after: Revision) { board(pipelineId: $id, after: $after) {
	__typename revision
	... on BoardSnapshot { board { columns { cards(first: 200) { nodes { id title ownerId } } } } }
	... on BoardCommit { cards { kind reason recordId record { id title ownerId } } } } }`

// frame waits for the next frame of a board.
func (c *npmClient) frame() frame {
	c.t.Helper()
	return decodeFrame(c.t, c.next("next"))
}

func decodeFrame(t *testing.T, e event) frame {
	t.Helper()
	require.Empty(t, e.Payload.Errors)
	var data struct{ Board frame }
	require.NoError(t, json.Unmarshal(e.Payload.Data, &data))
	return data.Board
}

// asMember prepares a client that comes as the demo's nth member.
func (p *process) asMember(member int, query string, vars servertest.Vars) settings {
	return settings{URL: p.url, Token: p.demo.Members[member].Token, Operation: operation{query, vars}}
}

// makeCard puts a card on the demo's first board and gives its id and revision.
func (p *process) makeCard(title string, more servertest.Vars) (id string, revision int) {
	p.t.Helper()
	input := servertest.Vars{"pipelineId": p.demo.Pipelines[0].ID, "title": title}
	for name, value := range more {
		input[name] = value
	}
	a := servertest.Must[struct {
		CreateRecord struct {
			Record   struct{ ID string }
			Revision int `json:",string"`
		}
	}](p.t, p.client(0), `mutation ($in: CreateRecordInput!) { createRecord(input: $in) { record { id } revision } }`, servertest.Vars{"in": input})
	return a.CreateRecord.Record.ID, a.CreateRecord.Revision
}
