// Package read answers questions about single rows and lists of rows, in flat read models. Lists are keyset pages:
// a cursor stays valid while rows come and go. It promises that every statement is begun by the scope of the viewer,
// that a hidden row and a missing one give the same answer, and that the links of any number of rows are read in one
// statement per kind.
package read

import (
	"context"
	"database/sql"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
)

// Reader reads for the viewer in the context.
type Reader struct {
	DB *store.DB
	// dated has pages tell the revision they were read at, where they can.
	dated bool
}

// begin begins a statement for the viewer, who needs these rights.
func (r Reader) begin(ctx context.Context, p viewer.Perms) (*scope.Builder, error) {
	v := viewer.FromContext(ctx)
	if err := scope.Permit(v, p); err != nil {
		return nil, err
	}
	return scope.New(v, r.DB.SQL), nil
}

func env(ctx context.Context) filter.Env {
	return filter.EnvOf(viewer.FromContext(ctx), row.Now(ctx))
}

func (r Reader) query(ctx context.Context, b *scope.Builder) (*sql.Rows, error) {
	text, args := b.SQL()
	return r.DB.Query(ctx, text, args...)
}

// rows reads all rows of a statement.
func rows[T any](ctx context.Context, r Reader, b *scope.Builder, dest func(*T) []any) (out []*T, err error) {
	found, err := r.query(ctx, b)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		t := new(T)
		if err := found.Scan(dest(t)...); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, found.Err()
}

// one reads the only row of a statement; nil when there is none.
func one[T any](ctx context.Context, r Reader, b *scope.Builder, dest func(*T) []any) (*T, error) {
	found, err := rows(ctx, r, b, dest)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}
