package rule_test

import (
	"context"
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/migrate"
	"github.com/rapidbott/tideboard/ent/privacy"
	_ "github.com/rapidbott/tideboard/ent/runtime" // the policies of the schema
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/servertest"
)

// clients gives the client of every entity, by its name, as the generated code has them.
func clients(c *ent.Client) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if _, queries := f.Type.MethodByName("Query"); f.IsExported() && queries {
			out[f.Name] = v.Field(i)
		}
	}
	return out
}

// call calls a method and gives its last result as an error, and the first one.
func call(v reflect.Value, method string, args ...any) (reflect.Value, error) {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = reflect.ValueOf(a)
	}
	out := v.MethodByName(method).Call(in)
	err, _ := out[len(out)-1].Interface().(error)
	return out[0], err
}

// made calls a method that cannot fail.
func made(v reflect.Value, method string, args ...any) reflect.Value {
	out, _ := call(v, method, args...)
	return out
}

func has(v reflect.Value, method string) bool { return v.MethodByName(method).IsValid() }

// rawClient is a client without the log's hook: what is tested here is the policy alone.
func rawClient(s *servertest.Server) *ent.Client {
	return ent.NewClient(ent.Driver(entsql.OpenDB(s.DB.Dialect, s.DB.Write)))
}

// TestNoEntityIsForgotten: what has a schema has a client here, and what has a table has one.
func TestNoEntityIsForgotten(t *testing.T) {
	known := clients(ent.NewClient())
	files, err := os.ReadDir("../schema")
	require.NoError(t, err)
	schemas := regexp.MustCompile(`type (\w+) struct\{ ent\.(Schema|View) \}`)
	found := 0
	for _, f := range files {
		text, err := os.ReadFile("../schema/" + f.Name())
		require.NoError(t, err)
		for _, m := range schemas.FindAllStringSubmatch(string(text), -1) {
			found++
			assert.Contains(t, known, m[1])
		}
	}
	assert.Len(t, known, found)
	assert.GreaterOrEqual(t, found, len(migrate.Tables)+1, "every table and the log")
}

// TestNobodyIsDenied: without a viewer nothing is read or written, whatever the entity.
func TestNobodyIsDenied(t *testing.T) {
	s := servertest.Start(t, servertest.Dialects[0])
	servertest.Found(t, s, "alpha")
	for what, ctx := range map[string]context.Context{"no viewer": context.Background(),
		"a viewer of no workspace": viewer.NewContext(context.Background(), &viewer.Viewer{Perms: viewer.AllPerms})} {
		for name, c := range clients(rawClient(s)) {
			denied := func(method string, err error) {
				t.Helper()
				assert.ErrorIs(t, err, privacy.Deny, "%s: %s of a %s", what, method, name)
			}
			for _, method := range []string{"All", "First", "Only", "Count", "Exist", "IDs", "FirstID", "OnlyID"} {
				if q := made(c, "Query"); has(q, method) {
					_, err := call(q, method, ctx)
					denied(method, err)
				}
			}
			if !has(c, "Create") {
				continue // a view
			}
			_, err := call(c, "Get", ctx, "x")
			denied("Get", err)
			for method, b := range map[string]reflect.Value{"Create": made(c, "Create"), "Update": made(c, "Update"), "UpdateOne": made(c, "UpdateOneID", "x"),
				"Delete": made(c, "Delete"), "DeleteOne": made(c, "DeleteOneID", "x")} {
				_, err := call(b, "Exec", ctx)
				denied(method, err)
			}
		}
	}
}

// TestAWorkspaceSeesItself: of every entity, its own rows and no others; and it writes into no other.
func TestAWorkspaceSeesItself(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := servertest.Start(t, dialect)
		alpha, bravo := servertest.Found(t, s, "alpha"), servertest.Found(t, s, "bravo")
		for _, w := range []*servertest.World{alpha, bravo} {
			furnish(t, w)
		}
		a, b := viewer.NewContext(t.Context(), alpha.Owner.Viewer), viewer.NewContext(t.Context(), bravo.Owner.Viewer)
		everybody := viewer.NewContext(t.Context(), viewer.ForOperator())
		for name, c := range clients(rawClient(s)) {
			own, theirs := rows(t, c, a), rows(t, c, b)
			assert.NotEmpty(t, own, "there is no %s to be seen", name)
			assert.Equal(t, len(own)+len(theirs), len(rows(t, c, everybody)), name)
			for _, r := range own {
				assert.Equal(t, alpha.WorkspaceID, workspaceOf(name, r), "a %s of the other workspace is seen", name)
			}
			n, err := call(made(c, "Query"), "Count", a)
			require.NoError(t, err)
			assert.EqualValues(t, len(own), n.Int(), name)
			if has(c, "Create") {
				foreign(t, name, c, a, theirs[0].Elem().FieldByName("ID").String(), bravo.WorkspaceID)
			}
			assert.Equal(t, len(theirs), len(rows(t, c, b)), "a %s of the other workspace is gone", name)
		}
	})
}

// foreign tries to read, write, delete and make a row of another workspace.
func foreign(t *testing.T, name string, c reflect.Value, ctx context.Context, id, workspaceID string) {
	t.Helper()
	_, err := call(c, "Get", ctx, id)
	assert.True(t, ent.IsNotFound(err), "a foreign %s is read by its id: %v", name, err)
	_, err = call(made(c, "UpdateOneID", id), "Save", ctx) // ent would read it back by its id alone
	assert.ErrorIs(t, err, privacy.Deny, "a foreign %s is read by an update of nothing", name)
	_, err = call(changed(t, name, made(c, "UpdateOneID", id)), "Save", ctx)
	assert.True(t, ent.IsNotFound(err), "a foreign %s is written: %v", name, err)
	_, err = call(made(c, "DeleteOneID", id), "Exec", ctx)
	assert.True(t, ent.IsNotFound(err), "a foreign %s is deleted: %v", name, err)
	assert.False(t, has(made(c, "Update"), "SetWorkspaceID"), "a %s can move to another workspace", name)
	create := made(c, "Create")
	_, err = call(create, "Exec", ctx)
	assert.ErrorIs(t, err, privacy.Deny, "a %s of no workspace is made", name)
	if has(create, "SetWorkspaceID") {
		create = made(create, "SetWorkspaceID", workspaceID)
	} else {
		create = made(create, "SetID", "wsp_x")
	}
	_, err = call(create, "Exec", ctx)
	assert.ErrorIs(t, err, privacy.Deny, "a %s of another workspace is made", name)
}

// changed sets some field of a row to a value that fits.
func changed(t *testing.T, name string, update reflect.Value) reflect.Value {
	t.Helper()
	for method, value := range map[string]any{"SetVersion": 7, "SetName": "stolen", "SetExpiresAt": time.Now().UTC()} {
		if m := update.MethodByName(method); m.IsValid() && m.Type().In(0) == reflect.TypeOf(value) {
			return made(update, method, value)
		}
	}
	t.Fatalf("no field of a %s is known that can be changed: name one", name)
	return update
}

// TestRowsAreWrittenFromTheirOwnSide: an edge to many would be written into rows that no policy looked at.
func TestRowsAreWrittenFromTheirOwnSide(t *testing.T) {
	s := servertest.Start(t, servertest.Dialects[0])
	w := servertest.Found(t, s, "alpha")
	ctx, n := viewer.NewContext(t.Context(), w.Owner.Viewer), 0
	for name, c := range clients(rawClient(s)) {
		if !has(c, "Create") {
			continue
		}
		for _, b := range []reflect.Value{made(c, "Create"), made(c, "Update"), made(c, "UpdateOneID", "x")} {
			for i := range b.NumMethod() {
				if method := b.Type().Method(i).Name; toMany.MatchString(method) {
					n++
					if has(b, "SetWorkspaceID") {
						made(b, "SetWorkspaceID", w.WorkspaceID)
					}
					_, err := call(made(b, method, "x"), "Exec", ctx)
					assert.ErrorIs(t, err, privacy.Deny, "%s.%s", name, method)
				}
			}
		}
	}
	require.Greater(t, n, 10, "this does not see the edges")
}

var toMany = regexp.MustCompile(`^(Add|Remove)\w+IDs$`)

func rows(t *testing.T, c reflect.Value, ctx context.Context) (out []reflect.Value) {
	t.Helper()
	all, err := call(made(c, "Query"), "All", ctx)
	require.NoError(t, err)
	for i := range all.Len() {
		out = append(out, all.Index(i))
	}
	return out
}

func workspaceOf(name string, row reflect.Value) string {
	if name == "Workspace" {
		return row.Elem().FieldByName("ID").String()
	}
	return row.Elem().FieldByName("WorkspaceID").String()
}

// furnish makes two records and two tasks, one of each Chloe's, and a contact.
func furnish(t *testing.T, w *servertest.World) {
	t.Helper()
	ctx := viewer.NewContext(t.Context(), w.Owner.Viewer)
	name := "x"
	w.Gather(t)
	_, err := w.CRM.CreateCompany(ctx, crm.CreateCompanyInput{Name: name})
	require.NoError(t, err)
	_, err = w.CRM.CreateContact(ctx, crm.CreateContactInput{LastName: &name})
	require.NoError(t, err)
	for _, owner := range []*string{nil, &w.Chloe.ID} {
		_, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "x", Priority: "LOW", OwnerID: owner})
		require.NoError(t, err)
		_, err = w.CRM.CreateTask(ctx, crm.CreateTaskInput{Title: "x", Priority: "LOW", AssigneeID: owner})
		require.NoError(t, err)
	}
}

// TestOwnRecordsAndTasks: who may not see all sees what is theirs.
func TestOwnRecordsAndTasks(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		furnish(t, w)
		c := rawClient(w.Server)
		all, own := viewer.NewContext(t.Context(), w.Ben.Viewer), viewer.NewContext(t.Context(), w.Chloe.Viewer)
		require.Len(t, c.Record.Query().AllX(all), 2)
		require.Len(t, c.Task.Query().AllX(all), 2)
		records, tasks := c.Record.Query().AllX(own), c.Task.Query().AllX(own)
		require.Len(t, records, 1)
		require.Equal(t, w.Chloe.ID, *records[0].OwnerID)
		require.Len(t, tasks, 1)
		require.Equal(t, w.Chloe.ID, *tasks[0].AssigneeID)
		for _, r := range c.Record.Query().AllX(all) {
			if !slices.ContainsFunc(records, func(own *ent.Record) bool { return own.ID == r.ID }) {
				require.True(t, ent.IsNotFound(c.Record.UpdateOneID(r.ID).SetTitle("y").Exec(own)))
				require.True(t, ent.IsNotFound(c.Record.DeleteOneID(r.ID).Exec(own)))
			}
		}
		// A key that is narrowed to nothing of its own sees nothing: it owns nothing.
		key := *w.Key.Viewer
		key.Perms = viewer.ReadRecords | viewer.ReadTasks
		require.Empty(t, c.Record.Query().AllX(viewer.NewContext(t.Context(), &key)))
		require.Empty(t, c.Task.Query().AllX(viewer.NewContext(t.Context(), &key)))
	})
}
