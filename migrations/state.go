package migrations

import (
	"slices"

	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	"github.com/rapidbott/tideboard/ent/migrate"
	"github.com/rapidbott/tideboard/server/store"
)

// tenantless is the one table whose rows are no part of a workspace: they are the workspaces.
const tenantless = "workspaces"

// State is what the database has to look like: ent's tables and the plain ones, with what ent cannot say.
//   - A tenant row is known by its workspace and its id together, and links to other rows by both, so that the database
//     refuses a link across workspaces. Deleting a row that others link to is refused too.
//   - On PostgreSQL all text compares byte by byte, as it does on SQLite and in Go, whatever the database's locale.
//
// The result is the caller's own, made anew on each call.
func State(dialect string) []*schema.Table {
	sources := append(slices.Clone(migrate.Tables), plainTables()...)
	tables := make(map[string]*schema.Table, len(sources))
	list := make([]*schema.Table, 0, len(sources))
	for _, source := range sources {
		t := copyTable(source, dialect)
		tables[t.Name] = t
		list = append(list, t)
	}
	for i, source := range sources {
		list[i].ForeignKeys = links(source, tables)
	}
	return list
}

func copyTable(source *schema.Table, dialect string) *schema.Table {
	t := schema.NewTable(source.Name)
	t.Annotation, t.Comment = source.Annotation, source.Comment
	for _, c := range source.Columns {
		t.AddColumn(copyColumn(c, dialect))
	}
	t.PrimaryKey = columns(t, source.PrimaryKey)
	if key := t.PrimaryKey; t.Name != tenantless && len(key) == 1 {
		t.PrimaryKey = append(columnsNamed(t, "workspace_id"), key...)
	}
	for _, index := range source.Indexes {
		t.Indexes = append(t.Indexes, &schema.Index{
			Name: index.Name, Unique: index.Unique, Columns: columns(t, index.Columns), Annotation: index.Annotation,
		})
	}
	return t
}

func copyColumn(c *schema.Column, dialect string) *schema.Column {
	own := &schema.Column{
		Name: c.Name, Type: c.Type, SchemaType: c.SchemaType, Attr: c.Attr, Size: c.Size, Unique: c.Unique,
		Nullable: c.Nullable, Default: c.Default, Enums: c.Enums, Collation: c.Collation, Comment: c.Comment,
	}
	if dialect == store.Postgres && (c.Type == field.TypeString || c.Type == field.TypeEnum) {
		own.Collation = "C"
	}
	return own
}

// links makes a table's foreign keys, by workspace and id but for those to a workspace itself.
func links(source *schema.Table, tables map[string]*schema.Table) []*schema.ForeignKey {
	var keys []*schema.ForeignKey
	t := tables[source.Name]
	for _, fk := range source.ForeignKeys {
		to := tables[fk.RefTable.Name]
		own := &schema.ForeignKey{
			Symbol: fk.Symbol, RefTable: to, OnDelete: schema.NoAction,
			Columns: columns(t, fk.Columns), RefColumns: columns(to, fk.RefColumns),
		}
		if to.Name != tenantless {
			own.Columns = append(columnsNamed(t, "workspace_id"), own.Columns...)
			own.RefColumns = append(columnsNamed(to, "workspace_id"), own.RefColumns...)
		}
		keys = append(keys, own)
	}
	return keys
}

// columns finds a table's own columns by the names of another's.
func columns(t *schema.Table, like []*schema.Column) []*schema.Column {
	names := make([]string, len(like))
	for i, c := range like {
		names[i] = c.Name
	}
	return columnsNamed(t, names...)
}

// columnsNamed panics when a name is missing: a tenant table without a workspace must not become a migration.
func columnsNamed(t *schema.Table, names ...string) []*schema.Column {
	list := make([]*schema.Column, len(names))
	for i, name := range names {
		at := slices.IndexFunc(t.Columns, func(c *schema.Column) bool { return c.Name == name })
		if at < 0 {
			panic("migrations: table " + t.Name + " has no column " + name)
		}
		list[i] = t.Columns[at]
	}
	return list
}
