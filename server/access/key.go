package access

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// Key lets a program in by an API key, also by the secret before a rotation as long as that is good. INVALID_API_KEY
// when it is not known, over or revoked; WORKSPACE_NOT_ELIGIBLE when the workspace may not use the product now.
func (g *Gate) Key(ctx context.Context, secret string) (*viewer.Viewer, error) {
	if !strings.HasPrefix(secret, KeyPrefix) {
		return nil, keyInvalid()
	}
	v, err := g.keyByHash(ctx, Hash(secret))
	if err == nil && g.Used != nil {
		g.Used(v.ID)
	}
	return v, err
}

func keyInvalid() error { return fault.New(fault.InvalidAPIKey, "the API key is not valid") }

// keyByHash finds the key whose secret has this hash, the one before a rotation as long as it is good.
func (g *Gate) keyByHash(ctx context.Context, hash string) (*viewer.Viewer, error) {
	v := &viewer.Viewer{Kind: viewer.APIKey, Source: viewer.API, SecretHash: hash}
	var scopes, pipelines row.Strings
	var t premises
	var current string
	var expires, revoked, previous sql.Null[time.Time]
	ph := g.DB.SQL.Placeholder
	dest := append([]any{&v.ID, &v.Name, &scopes, &pipelines, &current, &expires, &revoked, &previous}, t.dest()...)
	err := g.DB.QueryRow(ctx, `SELECT k.id, k.name, k.scopes, k.pipeline_ids, k.key_hash, k.expires_at, k.revoked_at, k.previous_expires_at, `+premisesColumns+`
		FROM api_keys k JOIN workspaces w ON w.id = k.workspace_id WHERE k.key_hash = `+ph(1)+` OR k.previous_key_hash = `+ph(2), hash, hash).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, keyInvalid()
	}
	if err != nil {
		return nil, err
	}
	if current != hash && (!expires.Valid || previous.V.Before(expires.V)) {
		expires = sql.Null[time.Time]{V: previous.V, Valid: true}
	}
	if revoked.Valid || expires.Valid && !g.Now().Before(expires.V) {
		return nil, keyInvalid()
	}
	v.CredentialID, v.Perms, v.ExpiresAt = v.ID, viewer.PermsOfScopes(scopes), expires.V.UTC()
	if !expires.Valid {
		v.ExpiresAt = time.Time{}
	}
	if len(pipelines) > 0 {
		v.PipelineIDs = pipelines
	}
	return g.enter(ctx, v, t)
}
