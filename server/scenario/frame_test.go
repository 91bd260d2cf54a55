package scenario_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// A frame of a card's own fields, and of what it links to, is made without reading the database.
func TestFramesReadNothing(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		as := viewer.NewContext(context.Background(), w.Owner.Viewer)
		ann, err := w.CRM.CreateContact(as, crm.CreateContactInput{FirstName: text("Ann")})
		require.NoError(t, err)
		a, err := w.CRM.CreateRecord(as, crm.CreateRecordInput{Title: "A", Priority: "LOW", ContactID: &ann.Contact.ID, OwnerID: &w.Ben.ID})
		require.NoError(t, err)
		b, err := w.CRM.CreateRecord(as, crm.CreateRecordInput{Title: "B", Priority: "LOW"})
		require.NoError(t, err)

		op, refused := w.Engine.Prepare(as, gql.Request{Query: `subscription($p: ID!) { board(pipelineId: $p) { revision
			... on BoardSnapshot { board { columns { cards { nodes { id } } } } }
			... on BoardCommit { at actor { name } cards { kind reason recordId stageId afterRecordId changedFields record { id title rank value { amount } weightedValue { amount }
				probability priority tags customFields stageEnteredAt isOverdue ageDays version
				pipeline { name stages { name } } stage { name } owner { name email } contact { fullName emails phones } } }
				columns { stageId count amounts { currency count amount weighted } } pipeline { name stages { name color } } } } }`,
			Variables: map[string]any{"p": w.Pipeline}})
		require.Nil(t, refused)
		wake := make(chan struct{}, 1) // 1: a wake while one is pending adds nothing
		s, refused := w.Engine.Subscribe(as, op, func() {
			select {
			case wake <- struct{}{}:
			default:
			}
		})
		require.Nil(t, refused)
		defer s.Close()
		next := func() (string, *store.Counter) {
			t.Helper()
			ctx, count := store.Count(as)
			for {
				body, state := s.Next(ctx)
				if state == gql.Ready {
					return string(body), count
				}
				require.Equal(t, gql.Empty, state, "%s", body)
				<-wake
			}
		}
		body, count := next()
		require.Contains(t, body, a.Record.ID)
		require.Empty(t, count.Texts(), "a snapshot comes from memory")

		set := graphql.OmittableOf[*string]
		for name, act := range map[string]func() error{
			"a field": func() error {
				_, err := w.CRM.UpdateRecord(as, crm.UpdateRecordInput{ID: a.Record.ID, Title: set(text("A field"))})
				return err
			},
			"a place": func() error {
				_, err := w.CRM.MoveRecord(as, crm.MoveRecordInput{RecordID: a.Record.ID, ToStageID: &w.Won})
				return err
			},
			"an owner": func() error {
				_, err := w.CRM.AssignRecord(as, crm.AssignRecordInput{RecordID: b.Record.ID, OwnerID: graphql.OmittableOf(&w.Chloe.ID)})
				return err
			},
			"a contact's name": func() error {
				_, err := w.CRM.UpdateContact(as, crm.UpdateContactInput{ID: ann.Contact.ID, LastName: set(text("Lee"))})
				return err
			},
			"a contact known on the board": func() error {
				_, err := w.CRM.UpdateRecord(as, crm.UpdateRecordInput{ID: b.Record.ID, ContactID: set(&ann.Contact.ID)})
				return err
			},
			"a new card": func() error {
				_, err := w.CRM.CreateRecord(as, crm.CreateRecordInput{Title: "C", Priority: "LOW"})
				return err
			},
			"the pipeline": func() error {
				_, err := w.CRM.UpdatePipeline(as, crm.UpdatePipelineInput{ID: w.Pipeline, Name: set(text("Deals"))})
				return err
			},
		} {
			require.NoError(t, act(), name)
			body, count := next()
			require.True(t, json.Valid([]byte(body)), body)
			require.NotContains(t, body, `"errors"`)
			require.Empty(t, count.Texts(), "%s: %s", name, body)
		}
	})
}

func text(s string) *string { return &s }
