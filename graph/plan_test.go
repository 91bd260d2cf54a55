package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/graph"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/watch"
)

// everything selects all scalar fields of a type and, of its objects, what `deeper` gives.
func everything(schema *ast.Schema, typ string, deeper map[string]string) string {
	var b strings.Builder
	for _, f := range schema.Types[typ].Fields {
		if sub, ok := deeper[f.Name]; ok {
			b.WriteString(f.Name + " " + sub + " ")
		} else if schema.Types[f.Type.Name()].IsLeafType() && !strings.HasPrefix(f.Name, "__") {
			b.WriteString(f.Name + " ")
		}
	}
	return "{ " + b.String() + "}"
}

// engines gives the server's engine twice: with plans, and without.
func engines(s *servertest.Server) (planned, plain *graph.Engine) {
	plain = graph.NewEngine(&graph.Resolver{CRM: s.CRM, Boards: s.Boards, Log: &watch.Log{DB: s.DB, Hub: s.Hub},
		Read: read.Reader{DB: s.DB}, Roster: s.Roster, Presence: s.Presence}, graph.DefaultLimits, slog.New(slog.DiscardHandler))
	plain.Unplanned = true
	return s.Engine, plain
}

func furnish(t *testing.T, w *servertest.World) {
	ctx := viewer.NewContext(context.Background(), w.Owner.Viewer)
	text := func(s string) *string { return &s }
	c, err := w.CRM.CreateContact(ctx, crm.CreateContactInput{FirstName: text(`Zoë "Z"`), Emails: []string{"z@x.example"}, Phones: []string{"+4930123456"}})
	require.NoError(t, err)
	o, err := w.CRM.CreateCompany(ctx, crm.CreateCompanyInput{Name: `"Q" & Co`, Domain: text("q.example"), Phones: []string{"+4930123456"}, Tags: []string{"t"}})
	require.NoError(t, err)
	for i, in := range []crm.CreateRecordInput{
		{Title: "a\\b \"c\" <d> & \u2028 é 漢字 🎈", Description: text("line\nbreak\ttab"), Tags: []string{`q"uote`, "x"}},
		{Value: &crm.MoneyInput{Amount: "99999999999999.99"}, ContactID: &c.Contact.ID, OwnerID: &w.Ben.ID, CustomFields: []byte(`{"a":[1,{"b":null}]}`), CompanyID: &o.Company.ID},
		{Value: &crm.MoneyInput{Amount: "12345", Currency: text("JPY")}, StageID: &w.Lost, LostReason: text("price"), ExternalID: text("x-1")},
		{Value: &crm.MoneyInput{Amount: "0.05"}, StageID: &w.Won, Channel: text("EMAIL"), ChatURL: text("https://x.example/a?b=c"), LineItems: []*crm.LineItemInput{{Name: `"x"`, Quantity: "2.5", UnitPrice: "0.01"}, {Name: "y", Quantity: "1", UnitPrice: "3"}}, ExpectedCloseDate: text("2020-01-02")},
	} {
		in.Priority = []string{"LOW", "URGENT"}[i%2]
		if in.Title == "" {
			in.Title = "deal"
		}
		_, err := w.CRM.CreateRecord(ctx, in)
		require.NoError(t, err)
	}
}

func TestPlansWriteWhatTheExecutorWrites(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "plans")
		furnish(t, w)
		planned, plain := engines(w.Server)
		schema := planned.Schema()
		actor := map[string]string{"createdBy": "{ kind id name }", "updatedBy": "{ __typename name }"}
		card := everything(schema, "Record", map[string]string{"value": "{ amount currency }", "weightedValue": "{ amount }",
			"stage": everything(schema, "Stage", nil), "pipeline": everything(schema, "Pipeline", map[string]string{"stages": "{ id name }", "createdBy": "{ kind id name }", "updatedBy": "{ __typename name }"}),
			"contact": everything(schema, "Contact", nil), "company": everything(schema, "Company", nil), "lineItems": "{ __typename name quantity unitPrice total }", "owner": everything(schema, "Member", nil), "createdBy": actor["createdBy"], "updatedBy": actor["updatedBy"]})
		card = strings.Replace(card, "timeInStageSeconds ", "", 1)
		for _, q := range []string{
			`query($p: ID!) { board(pipelineId: $p) { revision } }`,
			`query($p: ID!) { b: board(pipelineId: $p) { __typename r: revision pipeline ` + everything(schema, "Pipeline", map[string]string{"stages": everything(schema, "Stage", nil)}) +
				` columns { stage { id } totals { stageId count amounts { currency count amount weighted } } cards { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes ` + card + ` edges { cursor node { id title } } } } } }`,
			`query($p: ID!) { board(pipelineId: $p) { columns { cards(first: 1) { nodes { id } pageInfo { hasNextPage } } ...F } } } fragment F on BoardColumn { stage { name } cards(first: 1) { nodes { rank contact { fullName } } } }`,
			`query($p: ID!) { board(pipelineId: $p, filter: {priority: {eq: URGENT}}) { columns { a: cards(first: 2) { nodes { ... on Node { id } ... on Record { title owner { name } } } } } } }`,
			`query($p: ID!) { board(pipelineId: $p, at: "6") { columns { cards { nodes ` + card + ` } } } }`,
			`query($p: ID!) { board(pipelineId: $p) { columns { cards(first: 0) { nodes { id } } } } }`,
			`query($p: ID!) { board(pipelineId: $p, at: "999") { revision } }`,
			`query($p: ID!) { board(pipelineId: $p) { columns { cards { nodes { id tasks { id } } } } } }`,
			`query($p: ID!) { board(pipelineId: $p) { columns { cards { nodes { company { name } participants { role } links { label } } } } } }`,
			`query($p: ID!, $s: Boolean! = true) { board(pipelineId: $p) { revision @skip(if: $s) columns { stage { id } } } }`,
		} {
			require.Equal(t, answer(t, plain, w, q), answer(t, planned, w, q), q)
		}
	})
}

// answer gives a response with its errors in a fixed order: the executor meets them in any.
func answer(t *testing.T, e *graph.Engine, w *servertest.World, query string) map[string]any {
	var out map[string]any
	require.NoError(t, json.Unmarshal(respond(t, e, w, query), &out))
	if errs, ok := out["errors"].([]any); ok {
		slices.SortFunc(errs, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	return out
}

func respond(t *testing.T, e *graph.Engine, w *servertest.World, query string) []byte {
	ctx := viewer.NewContext(t.Context(), w.Owner.Viewer)
	op, refused := e.Prepare(ctx, gql.Request{Query: query, Variables: map[string]any{"p": w.Pipeline}})
	if refused != nil {
		return refused.Body
	}
	return e.Execute(ctx, op).Body
}

func TestPlansWriteFramesAsTheExecutorDoes(t *testing.T) {
	w := servertest.Found(t, servertest.Start(t, servertest.Dialects[0]), "frames")
	planned, plain := engines(w.Server)
	const q = `subscription($p: ID!) { board(pipelineId: $p) { __typename revision
		... on BoardSnapshot { board { revision columns { stage { id } cards { nodes { id title contact { fullName } } } } } }
		... on BoardCommit { at source clientMutationId actor { kind id name } pipeline { name stages { name } } columns { stageId count amounts { amount } }
			cards { kind reason recordId stageId afterRecordId changedFields record { id title tags value { amount } contact { fullName emails } owner { name } isStale } } }
		... on BoardReset { reason } } }`
	ctx := viewer.NewContext(t.Context(), w.Owner.Viewer)
	wake := make(chan struct{}, 1)
	ring := func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
	var streams []gql.Stream
	for _, e := range []*graph.Engine{planned, plain} {
		// a blank more keeps the two from sharing bytes
		op, refused := e.Prepare(ctx, gql.Request{Query: q + strings.Repeat(" ", len(streams)), Variables: map[string]any{"p": w.Pipeline}})
		require.Nil(t, refused)
		s, refused := e.Subscribe(ctx, op, ring)
		require.Nil(t, refused)
		defer s.Close()
		streams = append(streams, s)
	}
	furnish(t, w)
	next := func(s gql.Stream) string {
		for {
			body, state := s.Next(ctx)
			if state == gql.Ready {
				return string(body)
			}
			require.Equal(t, gql.Empty, state)
			<-wake
			ring()
		}
	}
	for range 5 { // the snapshot and four new cards
		a, b := next(streams[0]), next(streams[1])
		require.JSONEq(t, b, a)
		require.True(t, json.Valid([]byte(a)))
	}
}
