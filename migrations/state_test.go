package migrations_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/migrations"
	"github.com/rapidbott/tideboard/server/store"
)

// before are the tables of what happens before a workspace is known, by the column their rows begin with, and the indexes
// by which a process finds work of all workspaces.
var before = map[string]string{"login_codes": "tenant", "embed_tokens": "tenant", "limits": "name", "mails": "tenant",
	"job_state": "state", "idempotency_age": "created_at", "mail_state_next_at": "state", "mail_id": "id"}

// first is the column that a table or an index has to begin with.
func first(names ...string) string {
	for _, n := range names {
		if c := before[n]; c != "" {
			return c
		}
	}
	return "workspace_id"
}

func TestEveryTenantTableBeginsWithItsWorkspace(t *testing.T) {
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		for _, table := range migrations.State(dialect) {
			if table.Name == "workspaces" {
				continue
			}
			require.Equal(t, first(table.Name), table.PrimaryKey[0].Name, table.Name)
			require.Greater(t, len(table.PrimaryKey), 1, table.Name)
			for _, index := range table.Indexes {
				require.Equal(t, first(index.Name, table.Name), index.Columns[0].Name, index.Name)
			}
			for _, fk := range table.ForeignKeys {
				require.Equal(t, "workspace_id", fk.Columns[0].Name, fk.Symbol)
				require.Equal(t, schema.NoAction, fk.OnDelete, fk.Symbol)
				require.Len(t, fk.RefColumns, len(fk.RefTable.PrimaryKey), fk.Symbol)
			}
		}
	}
}

func TestOnlySecretsAreUniqueAcrossWorkspaces(t *testing.T) {
	var unique []string
	for _, table := range migrations.State(store.Postgres) {
		for _, c := range table.Columns {
			if c.Unique {
				unique = append(unique, table.Name+"."+c.Name)
			}
		}
	}
	require.ElementsMatch(t, []string{"api_keys.key_hash", "api_keys.previous_key_hash", "invitations.token_hash", "sessions.token_hash", "workspaces.partner_workspace_id"}, unique)
}

func TestTheDatabaseRefusesLinksAcrossWorkspaces(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		require.NoError(t, migrations.Apply(t.Context(), db))
		tables := migrations.State(db.Dialect)
		for _, workspace := range []string{"a", "b"} {
			made := map[string]bool{}
			for _, table := range tables {
				insert(t, db, table, workspace, made)
			}
		}
		links := 0
		for _, table := range tables {
			for _, fk := range table.ForeignKeys {
				if len(fk.Columns) == 1 {
					continue
				}
				links++
				text := fmt.Sprintf("UPDATE %s SET %s = $1 WHERE workspace_id = $2", table.Name, fk.Columns[1].Name)
				_, err := db.Write.ExecContext(t.Context(), text, "id-a", "b")
				require.True(t, db.SQL.IsForeignKey(err), "%s: %v", fk.Symbol, err)
				_, err = db.Write.ExecContext(t.Context(), text, "id-a", "a")
				require.NoError(t, err, fk.Symbol)
				_, err = db.Write.ExecContext(t.Context(), "DELETE FROM "+fk.RefTable.Name+" WHERE id = $1", "id-a")
				require.True(t, db.SQL.IsForeignKey(err), "%s: %v", fk.RefTable.Name, err)
			}
		}
		require.Greater(t, links, 8)
	})
}

// insert makes one row of a table in a workspace, linked to that workspace's rows wherever it can link.
func insert(t *testing.T, db *store.DB, table *schema.Table, workspace string, made map[string]bool) {
	t.Helper()
	if made[table.Name] {
		return
	}
	made[table.Name] = true
	links := map[string]bool{}
	for _, fk := range table.ForeignKeys {
		insert(t, db, fk.RefTable, workspace, made)
		links[fk.Columns[len(fk.Columns)-1].Name] = true
	}
	var names, places []string
	var args []any
	for _, c := range table.Columns {
		names = append(names, c.Name)
		args = append(args, value(table, c, workspace, links[c.Name]))
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	exec(t, db, "INSERT INTO "+table.Name+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(places, ", ")+")", args...)
}

func value(table *schema.Table, c *schema.Column, workspace string, link bool) any {
	switch {
	case c.Name == "workspace_id", table.Name == "workspaces" && c.Name == "id":
		return workspace
	case c.Name == "id", link:
		return "id-" + workspace
	case slices.Contains([]field.Type{field.TypeString, field.TypeEnum}, c.Type):
		return c.Name + "-" + workspace
	case c.Type == field.TypeJSON:
		return "{}"
	case c.Type == field.TypeBytes:
		return []byte(c.Name)
	case c.Type == field.TypeTime:
		return time.Unix(0, 0)
	case c.Type == field.TypeBool:
		return false
	default:
		return 1
	}
}

func TestImagesAreKeptAsBytes(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		require.NoError(t, migrations.Apply(t.Context(), db))
		image := `{"b": 1.50,  "a":10000000000000000000001, "a": null}`
		exec(t, db, `INSERT INTO changes (workspace_id, revision, ordinal, at, actor, source, kind, entity, entity_id, after)
			VALUES ('w', 1, 0, $1, '{}', 'api', 'x', 'y', 'z', $2)`, time.Unix(0, 0), image)
		var got string
		require.NoError(t, db.QueryRow(t.Context(), "SELECT after FROM changes").Scan(&got))
		require.Equal(t, image, got)
	})
}

func TestTextComparesByteByByte(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		require.NoError(t, migrations.Apply(t.Context(), db))
		want := []string{"A", "Z", "_", "a", "z", "Ä"}
		for _, name := range []string{"z", "Ä", "_", "A", "a", "Z"} {
			exec(t, db, "INSERT INTO counters VALUES ('w', $1, 1)", name)
		}
		rows, err := db.Query(t.Context(), "SELECT name FROM counters ORDER BY name")
		require.NoError(t, err)
		defer rows.Close()
		var got []string
		for rows.Next() {
			var name string
			require.NoError(t, rows.Scan(&name))
			got = append(got, name)
		}
		require.Equal(t, want, got)
	})
}
