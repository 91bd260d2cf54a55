package read

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// APIKeys reads a page of keys, newest first; only revoked ones, or only others, when asked. Needs ManageSettings, which
// no key has.
func (r Reader) APIKeys(ctx context.Context, first int, after *string, revoked *bool) (*row.APIKeyConnection, error) {
	if _, err := r.begin(ctx, viewer.ManageSettings); err != nil {
		return nil, err
	}
	l := list[row.APIKey]{name: "keys", from: "api_keys k", alias: "k", columns: row.APIKeyColumns, dest: (*row.APIKey).Dest,
		keys: []key{{expr: "k.created_at", desc: true, kind: instant}}, where: func(b *scope.Builder) {
			b.Workspace("k")
			if revoked != nil {
				b.Add(map[bool]string{true: " AND k.revoked_at IS NOT NULL", false: " AND k.revoked_at IS NULL"}[*revoked])
			}
		}}
	c, err := page(ctx, r, r.again(ctx), l, first, after)
	return &row.APIKeyConnection{Connection: c}, err
}
