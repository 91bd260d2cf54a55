package scenario_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// capped is a world on a plan with caps.
func capped(t *testing.T, dialect, plans string) *servertest.World {
	t.Helper()
	caps, err := crm.ParsePlans(plans)
	require.NoError(t, err)
	w := servertest.Found(t, servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) { c.Caps = caps }), "alpha")
	_, err = w.DB.Write.ExecContext(t.Context(), "UPDATE workspaces SET plan_code = 'pro'")
	require.NoError(t, err)
	return w
}

// create makes a row of a kind.
func create(ctx context.Context, w *servertest.World, kind crm.Kind, name string) error {
	ctx = viewer.NewContext(ctx, w.Owner.Viewer)
	switch kind {
	case crm.Contacts:
		_, err := w.CRM.CreateContact(ctx, crm.CreateContactInput{FirstName: &name})
		return err
	case crm.Records:
		_, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: name, Priority: "LOW"})
		return err
	}
	_, err := w.CRM.AddMember(ctx, crm.NewMember{FirstName: name, Email: name + "@new.example", Role: viewer.AgentRole})
	return err
}

// TestAPlanIsFullAtItsCap: exactly so many fit, also when many come at once; what is there can be read and changed.
func TestAPlanIsFullAtItsCap(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := capped(t, dialect, `{"pro": {"contacts": 3, "records": 3, "members": 6}, "free": {"contacts": 0}}`)
		for kind, room := range map[crm.Kind]int{crm.Contacts: 3, crm.Records: 3, crm.Members: 3} { // 3 members are there
			var wg sync.WaitGroup
			errs := make([]error, 8)
			for i := range errs {
				wg.Go(func() { errs[i] = create(t.Context(), w, kind, fmt.Sprint(strings.ToLower(string(kind)), i)) })
			}
			wg.Wait()
			made := 0
			for _, err := range errs {
				if err == nil {
					made++
				} else {
					assert.True(t, fault.Is(err, fault.LimitExceeded), "%s: %v", kind, err)
				}
			}
			require.Equal(t, room, made, kind)
		}
		shown := servertest.Must[struct {
			Usage []struct {
				Kind, Used string
				Limit      *string
				Percent    *float64
			}
		}](t, &w.Ben.Client, `{ usage { kind used limit percent } }`, nil).Usage
		require.Len(t, shown, 4)
		for i, have := range []string{"3", "3", "6"} {
			require.Equal(t, have, shown[i].Used, shown[i].Kind)
			require.Equal(t, have, *shown[i].Limit)
			require.InDelta(t, 100, *shown[i].Percent, 0)
		}
		require.Nil(t, shown[3].Limit)
		require.Nil(t, shown[3].Percent)
		require.NotEqual(t, "0", shown[3].Used)

		page := servertest.Must[struct {
			Records struct{ Nodes []struct{ ID string } }
		}](t, &w.Owner.Client, `{ records { nodes { id } } }`, nil).Records.Nodes
		servertest.Must[any](t, &w.Owner.Client, `mutation($id: ID!) { updateRecord(input: {id: $id, title: "edited"}) { revision } }`, servertest.Vars{"id": page[0].ID})
		w.Owner.Refused(t, "LIMIT_EXCEEDED", `mutation { createRecord(input: {title: "x"}) { revision } }`, nil)
		servertest.Must[any](t, &w.Owner.Client, `mutation($id: ID!) { deleteRecord(input: {id: $id}) { revision } }`, servertest.Vars{"id": page[0].ID})
		servertest.Must[any](t, &w.Owner.Client, `mutation { createRecord(input: {title: "x"}) { revision } }`, nil)
		w.Owner.Refused(t, "LIMIT_EXCEEDED", `mutation { createRecord(input: {title: "x"}) { revision } }`, nil)

		_, err := w.DB.Write.ExecContext(t.Context(), "UPDATE workspaces SET plan_code = 'unlimited'")
		require.NoError(t, err)
		require.NoError(t, create(t.Context(), w, crm.Records, "a plan without caps"))
	})
}

// TestStorageIsBytesOfTexts: a text that fits is taken, one that does not is refused.
func TestStorageIsBytesOfTexts(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := capped(t, dialect, `{"pro": {"storage": 5000}}`)
		long := strings.Repeat("é", 1000)
		ctx := viewer.NewContext(t.Context(), w.Owner.Viewer)
		_, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "a", Priority: "LOW", Description: &long})
		require.NoError(t, err)
		title := strings.Repeat("x", 200)
		for err == nil {
			_, err = w.CRM.CreateTask(ctx, crm.CreateTaskInput{Title: title, Priority: "LOW"})
		}
		require.True(t, fault.Is(err, fault.LimitExceeded), "%v", err)
		used, err := w.CRM.Usage(ctx)
		require.NoError(t, err)
		require.LessOrEqual(t, used[3].Have, int64(5000))
		require.Greater(t, used[3].Have, int64(4000))
	})
}

// TestNoCapCostsNothing: the same statements with no caps at all as with caps on something else; a plan's cap that is far
// costs one.
func TestNoCapCostsNothing(t *testing.T) {
	statements := func(plans string) int {
		w := capped(t, store.SQLite, plans)
		require.NoError(t, create(t.Context(), w, crm.Contacts, "first"))
		ctx, n := store.Count(t.Context())
		require.NoError(t, create(ctx, w, crm.Contacts, "second"))
		return len(n.Texts())
	}
	none := statements("")
	require.Positive(t, none)
	require.Equal(t, none, statements(`{"pro": {"records": 5, "members": 50}}`))
	require.Equal(t, none+1, statements(`{"pro": {"contacts": 5}}`))
}

func TestCapsAreReadStrictly(t *testing.T) {
	for _, bad := range []string{"x", "[]", `{"pro": 5}`, `{"pro": {"deals": 5}}`, `{"pro": {"contacts": -1}}`, `{"pro": {"contacts": "5"}}`, `{"pro": {"contacts": 1.5}}`, `{} {}`} {
		_, err := crm.ParsePlans(bad)
		require.Error(t, err, bad)
	}
	plans, err := crm.ParsePlans(`{"pro": {"contacts": 5, "storage": null}, "free": {}}`)
	require.NoError(t, err)
	require.Equal(t, crm.Plans{"pro": {crm.Contacts: 5}, "free": {}}, plans)
	plans, err = crm.ParsePlans("")
	require.NoError(t, err)
	require.Nil(t, plans)
}
