// Package access decides who comes in and as whom. Secrets are random texts of 256 bits shown once; only their SHA-256
// is stored, and that is what is looked up, so that no comparison depends on the secret itself. Whatever is wrong with
// a credential, the answer is the same.
package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// The prefixes of secrets.
const (
	SessionPrefix = "tbs_"
	KeyPrefix     = "tbk_"
	// InvitationPrefix begins the token of an invitation's link.
	InvitationPrefix = "tbi_"
)

// Gate lets callers in.
type Gate struct {
	DB  *store.DB
	Now func() time.Time
}

// New makes a gate with the real clock.
func New(db *store.DB) *Gate { return &Gate{db, time.Now} }

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// NewSecret makes a secret of 43 characters in base 62, behind a prefix.
func NewSecret(prefix string) string {
	b := []byte(prefix)
	for range 43 {
		n, err := rand.Int(rand.Reader, big.NewInt(62))
		if err != nil { // the system has no randomness: nothing may go on
			panic("access: " + err.Error())
		}
		b = append(b, base62[n.Int64()])
	}
	return string(b)
}

// Hash is what is stored of a secret.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Session lets a member in by a session token. SESSION_EXPIRED when it is not known, over or revoked, or the member
// is not active any more.
func (g *Gate) Session(ctx context.Context, token string) (*viewer.Viewer, error) {
	refused := fault.New(fault.SessionExpired, "the session is over; log in again")
	if !strings.HasPrefix(token, SessionPrefix) {
		return nil, refused
	}
	v := &viewer.Viewer{Kind: viewer.Member, Source: viewer.UI}
	var first, last string
	var overrides row.JSON
	var active bool
	var country *string
	var revoked sql.Null[any]
	err := g.DB.QueryRow(ctx, `SELECT s.id, s.expires_at, s.revoked_at, m.id, m.first_name, m.last_name, m.role, m.permissions,
		m.is_active, w.id, w.timezone, w.default_currency, w.default_country FROM sessions s
		JOIN members m ON m.workspace_id = s.workspace_id AND m.id = s.member_id JOIN workspaces w ON w.id = s.workspace_id
		WHERE s.token_hash = `+g.DB.SQL.Placeholder(1), Hash(token)).Scan(&v.CredentialID, row.UTC(&v.ExpiresAt), &revoked, &v.ID, &first,
		&last, &v.Role, &overrides, &active, &v.WorkspaceID, &v.Timezone, &v.Currency, &country)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, refused
	case err != nil:
		return nil, err
	case revoked.Valid, !active, !g.Now().Before(v.ExpiresAt):
		return nil, refused
	}
	flags := map[string]bool{}
	if len(overrides) > 0 {
		if err := json.Unmarshal(overrides, &flags); err != nil {
			return nil, err
		}
	}
	v.Name, v.Perms = strings.TrimSpace(first+" "+last), viewer.PermsOf(v.Role, flags)
	if country != nil {
		v.Country = *country
	}
	return v, nil
}

// Key lets a program in by an API key. INVALID_API_KEY when it is not known, over or revoked.
func (g *Gate) Key(ctx context.Context, secret string) (*viewer.Viewer, error) {
	refused := fault.New(fault.InvalidAPIKey, "the API key is not valid")
	if !strings.HasPrefix(secret, KeyPrefix) {
		return nil, refused
	}
	v := &viewer.Viewer{Kind: viewer.APIKey, Source: viewer.API}
	var scopes, pipelines row.Strings
	var country *string
	var expires, revoked sql.Null[time.Time]
	err := g.DB.QueryRow(ctx, `SELECT k.id, k.name, k.scopes, k.pipeline_ids, k.expires_at, k.revoked_at, w.id, w.timezone,
		w.default_currency, w.default_country FROM api_keys k JOIN workspaces w ON w.id = k.workspace_id
		WHERE k.key_hash = `+g.DB.SQL.Placeholder(1), Hash(secret)).Scan(&v.ID, &v.Name, &scopes, &pipelines, &expires, &revoked,
		&v.WorkspaceID, &v.Timezone, &v.Currency, &country)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, refused
	case err != nil:
		return nil, err
	case revoked.Valid, expires.Valid && !g.Now().Before(expires.V):
		return nil, refused
	}
	v.CredentialID, v.Perms, v.ExpiresAt = v.ID, viewer.PermsOfScopes(scopes), expires.V
	if len(pipelines) > 0 {
		v.PipelineIDs = pipelines
	}
	if country != nil {
		v.Country = *country
	}
	return v, nil
}
