package servertest

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
)

// World is a workspace with people in it and one pipeline: Lead, Offer, Won, Lost.
type World struct {
	*Server
	WorkspaceID string
	// Owner may do everything; Ben is an agent who sees all; Chloe one who sees her own records only; Key is a program
	// with every scope.
	Owner, Ben, Chloe, Key *Person

	Pipeline string
	Lead     string
	Offer    string
	Won      string
	Lost     string
}

// Person is a caller with the id of its member.
type Person struct {
	Client
	ID     string
	Viewer *viewer.Viewer
}

// Found makes a world on a server; `name` must differ between worlds of one server.
func Found(t testing.TB, s *Server, name string) *World {
	t.Helper()
	ctx := context.Background()
	ws, owner, err := s.CRM.Found(ctx, crm.FoundWorkspace{PartnerWorkspaceID: name, Name: name, Slug: name, Timezone: "UTC",
		DefaultCurrency: "EUR", Owner: crm.NewMember{FirstName: "Olivia", LastName: "Owner", Email: "owner@" + name + ".example"}})
	check(t, err)
	w := &World{Server: s, WorkspaceID: ws.ID}
	w.Owner = w.person(t, owner)
	inside := viewer.NewContext(ctx, w.Owner.Viewer)
	ben, err := s.CRM.AddMember(inside, crm.NewMember{FirstName: "Ben", LastName: "Agent", Email: "ben@" + name + ".example", Role: viewer.AgentRole})
	check(t, err)
	w.Ben = w.person(t, ben)
	chloe, err := s.CRM.AddMember(inside, crm.NewMember{FirstName: "Chloe", LastName: "Agent", Email: "chloe@" + name + ".example",
		Role: viewer.AgentRole, Permissions: map[string]bool{"can_see_all_records": false, "can_see_all_tasks": false}})
	check(t, err)
	w.Chloe = w.person(t, chloe)
	secret, err := s.Gate.IssueKey(ctx, ws.ID, access.NewKey{Name: "key", CreatedBy: owner.ID,
		Scopes: []string{"records:write", "contacts:write", "companies:write", "tasks:write", "pipelines:write", "members:read"}})
	check(t, err)
	v, err := s.Gate.Key(ctx, secret)
	check(t, err)
	w.Key = &Person{Client{s.URL, secret}, v.ID, v}
	w.stages(t)
	return w
}

func (w *World) person(t testing.TB, m *row.Member) *Person {
	t.Helper()
	token, err := w.Gate.IssueSession(context.Background(), w.WorkspaceID, m.ID)
	check(t, err)
	v, err := w.Gate.Session(context.Background(), token)
	check(t, err)
	return &Person{Client{w.URL, token}, m.ID, v}
}

func (w *World) stages(t testing.TB) {
	t.Helper()
	made, err := w.CRM.CreatePipeline(viewer.NewContext(context.Background(), w.Owner.Viewer), crm.CreatePipelineInput{
		Name: "Sales", Category: "SALES", Stages: []*crm.StageInput{
			{Name: "Lead", Color: graphql.OmittableOf(new("#3B82F6")), DefaultProbability: graphql.OmittableOf(new(10))},
			{Name: "Offer", Color: graphql.OmittableOf(new("#F59E0B")), DefaultProbability: graphql.OmittableOf(new(50))},
			{Name: "Won", Color: graphql.OmittableOf(new("#22C55E")), Kind: graphql.OmittableOf(new("WON"))},
			{Name: "Lost", Kind: graphql.OmittableOf(new("LOST"))}}})
	check(t, err)
	w.Pipeline = made.Pipeline.ID
	ids := made.Pipeline.Stages
	w.Lead, w.Offer, w.Won, w.Lost = ids[0].ID, ids[1].ID, ids[2].ID, ids[3].ID
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
