// Package access decides who comes in and as whom. Secrets are random texts of 256 bits shown once; only their SHA-256
// is stored, and that is what is looked up, so that no comparison depends on the secret itself. Whatever is wrong with
// a credential, the answer is the same.
package access

import (
	"context"
	"database/sql"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
)

// The prefixes of secrets.
const (
	SessionPrefix = "tbs_"
	KeyPrefix     = crm.KeyPrefix
	// InvitationPrefix begins the token of an invitation's link.
	InvitationPrefix = "tbi_"
)

// Gate lets callers in. It asks the database at every call, so that what ends or changes in one process is true in all.
type Gate struct {
	DB  *store.DB
	Now func() time.Time
	// Standing refuses a workspace that may not use the product now, asking the partner when what is known is old; see
	// Eligibility.Standing. Nil goes by what is known.
	Standing func(context.Context, Mirror) error
	// Used is told each use of an API key; nil tells nobody.
	Used func(keyID string)
}

// New makes a gate with the real clock.
func New(db *store.DB) *Gate { return &Gate{DB: db, Now: time.Now} }

// premises is the workspace behind a credential.
type premises struct {
	mirror             Mirror
	timezone, currency string
	country            *string
	weekStart          int
	staleHours         sql.NullInt64
}

// premisesColumns are what dest scans.
const premisesColumns = "w.id, w.partner_workspace_id, w.eligibility, w.checked_at, w.timezone, w.default_currency, w.default_country, w.week_start, w.settings ->> 'insights.stale_hours'"

func (t *premises) dest() []any {
	m := &t.mirror
	return []any{&m.WorkspaceID, &m.PartnerWorkspaceID, &m.Eligibility, row.UTCOrNull(&m.CheckedAt), &t.timezone, &t.currency, &t.country, &t.weekStart, &t.staleHours}
}

// enter puts the workspace into a viewer, when it may use the product.
func (g *Gate) enter(ctx context.Context, v *viewer.Viewer, t premises) (*viewer.Viewer, error) {
	standing := g.Standing
	if standing == nil {
		standing = func(_ context.Context, m Mirror) error { return verdict(m.Eligibility) }
	}
	if err := standing(ctx, t.mirror); err != nil {
		return nil, err
	}
	v.WorkspaceID, v.Timezone, v.Currency = t.mirror.WorkspaceID, t.timezone, t.currency
	v.WeekStart, v.StaleHours = t.weekStart, int(t.staleHours.Int64)
	if t.country != nil {
		v.Country = *t.country
	}
	return v, nil
}

// Refresh asks again who a viewer is, by its credential: with the rights of now, or with the refusal of now.
func (g *Gate) Refresh(ctx context.Context, v *viewer.Viewer) (*viewer.Viewer, error) {
	if v.Kind == viewer.APIKey {
		return g.keyByHash(ctx, v.SecretHash)
	}
	return g.sessionBy(ctx, "s.id", v.CredentialID, false)
}

// NewSecret makes a secret of 43 characters in base 62, behind a prefix.
func NewSecret(prefix string) string { return seal.Token(prefix) }

// Hash is what is stored of a secret.
func Hash(secret string) string { return seal.Hash(secret) }
