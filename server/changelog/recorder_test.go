package changelog_test

import (
	"context"
	"reflect"
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/servertest"
)

// unlogged entities are no part of a workspace's history.
var unlogged = map[string]bool{"Session": true, "APIKey": true}

// furnished is a world with one row of every logged entity at least, and the id of its record.
func furnished(t *testing.T, dialect string) (w *servertest.World, ctx context.Context, recordID string) {
	t.Helper()
	w, name := servertest.Found(t, servertest.Start(t, dialect), "alpha"), "x"
	w.Gather(t)
	ctx = viewer.NewContext(t.Context(), w.Owner.Viewer)
	_, err := w.CRM.CreateContact(ctx, crm.CreateContactInput{LastName: &name})
	require.NoError(t, err)
	_, err = w.CRM.CreateCompany(ctx, crm.CreateCompanyInput{Name: name})
	require.NoError(t, err)
	made, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "x", Priority: "LOW"})
	require.NoError(t, err)
	_, err = w.CRM.CreateTask(ctx, crm.CreateTaskInput{Title: "x", Priority: "LOW"})
	require.NoError(t, err)
	return w, ctx, made.Record.ID
}

// client gives a client that logs.
func client(w *servertest.World) *ent.Client {
	return changelog.Attach(ent.NewClient(ent.Driver(entsql.OpenDB(w.DB.Dialect, w.DB.Write))))
}

// entities gives the client of every entity that can be written, by its name.
func entities(c *ent.Client) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if _, writes := f.Type.MethodByName("UpdateOneID"); f.IsExported() && writes {
			out[f.Name] = v.Field(i)
		}
	}
	return out
}

// call calls a method and gives its first result, and its last one as an error.
func call(v reflect.Value, method string, args ...any) (reflect.Value, error) {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = reflect.ValueOf(a)
	}
	out := v.MethodByName(method).Call(in)
	err, _ := out[len(out)-1].Interface().(error)
	return out[0], err
}

func made(v reflect.Value, method string, args ...any) reflect.Value {
	out, _ := call(v, method, args...)
	return out
}

// changed gives a row another name.
func changed(t *testing.T, update reflect.Value, to string) reflect.Value {
	t.Helper()
	for _, method := range []string{"SetName", "SetTitle", "SetLastName", "SetMemberID"} {
		if update.MethodByName(method).IsValid() {
			update = made(update, method, to)
			if update.MethodByName("AddVersion").IsValid() {
				update = made(update, "AddVersion", 1)
			}
			return update
		}
	}
	t.Fatalf("no field of a %s is known that can be changed: name one", update.Type())
	return update
}

// writes are all the ways to write an entity, but for making one.
func writes(t *testing.T, c reflect.Value, id string) map[string]reflect.Value {
	return map[string]reflect.Value{"Update": changed(t, made(c, "Update"), "other"), "UpdateOne": changed(t, made(c, "UpdateOneID", id), "another"),
		"Delete": made(c, "Delete"), "DeleteOne": made(c, "DeleteOneID", id)}
}

func firstID(t *testing.T, c reflect.Value, ctx context.Context) string {
	t.Helper()
	id, err := call(made(c, "Query"), "FirstID", ctx)
	require.NoError(t, err)
	return id.String()
}

// TestNothingIsWrittenPastTheLog: without a recorder no row of a logged entity is written, in no way.
func TestNothingIsWrittenPastTheLog(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, ctx, _ := furnished(t, dialect)
		before := revision(t, w)
		for name, c := range entities(client(w)) {
			if unlogged[name] {
				continue
			}
			as, create := ctx, made(c, "Create")
			if create.MethodByName("SetWorkspaceID").IsValid() {
				create = made(create, "SetWorkspaceID", w.WorkspaceID)
			} else {
				as = viewer.NewContext(ctx, viewer.ForOperator())
			}
			_, err := call(create, "Exec", as)
			assert.ErrorIs(t, err, changelog.ErrOutsideRecorder, "a %s is made", name)
			for how, b := range writes(t, c, firstID(t, c, ctx)) {
				_, err := call(b, "Exec", ctx)
				assert.ErrorIs(t, err, changelog.ErrOutsideRecorder, "%s of a %s", how, name)
			}
		}
		require.Equal(t, before, revision(t, w))
	})
}

// TestEveryWriteIsRecorded: inside of a recorder every changed row of a logged entity gives a change with the row before
// and after; and nothing is deleted for good.
func TestEveryWriteIsRecorded(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, ctx, _ := furnished(t, dialect)
		for name, c := range entities(client(w)) {
			if unlogged[name] {
				continue
			}
			id := firstID(t, c, ctx)
			for how, b := range writes(t, c, id) {
				recording, rec := changelog.WithRecorder(ctx)
				_, err := call(b, "Exec", recording)
				if how == "Delete" || how == "DeleteOne" {
					assert.ErrorContains(t, err, "deleted_at", "%s of a %s", how, name)
					assert.Empty(t, rec.Changes())
					continue
				}
				require.NoError(t, err, "%s of a %s", how, name)
				assert.NotEmpty(t, rec.Changes(), "%s of a %s", how, name)
				for _, ch := range rec.Changes() {
					assert.NotEmpty(t, ch.Before, name)
					assert.NotEmpty(t, ch.After, name)
				}
			}
		}
	})
}

// TestALostUpdateIsFound: a row that somebody changed since it was loaded is not written over, however it is written.
func TestALostUpdateIsFound(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		for how, write := range map[string]func(ctx context.Context, c *ent.Client, r *ent.Record) error{
			"one row, its version counted on": func(ctx context.Context, c *ent.Client, r *ent.Record) error {
				return c.Record.UpdateOneID(r.ID).SetTitle("mine").AddVersion(1).Exec(ctx)
			},
			"one row, its version set": func(ctx context.Context, c *ent.Client, r *ent.Record) error {
				return c.Record.UpdateOneID(r.ID).SetTitle("mine").SetVersion(r.Version + 1).Exec(ctx)
			},
			"many rows": func(ctx context.Context, c *ent.Client, r *ent.Record) error {
				return c.Record.Update().Where(record.ID(r.ID)).SetTitle("mine").AddVersion(1).Exec(ctx)
			},
		} {
			t.Run(how, func(t *testing.T) {
				w, ctx, id := furnished(t, dialect)
				tx, err := w.DB.Write.BeginTx(ctx, nil)
				require.NoError(t, err)
				defer tx.Rollback()
				c := changelog.Attach(ent.NewClient(ent.Driver(inside{entsql.Conn{ExecQuerier: tx}, w.DB.Dialect})))
				recording, rec := changelog.WithRecorder(ctx)
				loaded, err := c.Record.Get(recording, id)
				require.NoError(t, err)
				_, err = tx.ExecContext(ctx, "UPDATE records SET title = 'theirs', version = version + 1 WHERE id = "+w.DB.SQL.Placeholder(1), id)
				require.NoError(t, err)
				require.ErrorIs(t, write(recording, c, loaded), changelog.ErrLost)
				require.Empty(t, rec.Changes())
			})
		}
	})
}

// inside lets ent work inside of a transaction that is not its own.
type inside struct {
	entsql.Conn
	name string
}

func (d inside) Dialect() string { return d.name }

func (d inside) Tx(context.Context) (dialect.Tx, error) { return dialect.NopTx(d), nil }

func (inside) Close() error { return nil }

func revision(t *testing.T, w *servertest.World) int64 {
	t.Helper()
	head, _, err := changelog.Log{DB: w.DB}.Head(t.Context(), w.DB, w.WorkspaceID)
	require.NoError(t, err)
	return int64(head)
}
