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
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
)

// The prefixes of secrets.
const (
	SessionPrefix = "tbs_"
	KeyPrefix     = crm.KeyPrefix
)

// Gate lets callers in. It asks the database at every call, so that what ends or changes in one process is true in all.
type Gate struct {
	DB  *store.DB
	Now func() time.Time
	// Standing refuses a workspace that may not use the product now, asking the partner when what is known is old; nil
	// goes by what is known.
	Standing func(context.Context, Workspace) error
	// Used is told each use of an API key; nil tells nobody.
	Used func(keyID string)
}

// New makes a gate with the real clock.
func New(db *store.DB) *Gate { return &Gate{DB: db, Now: time.Now} }

// Workspace is what is known of the workspace behind a credential.
type Workspace struct {
	ID          string
	PartnerID   string
	Eligibility string
	CheckedAt   time.Time // zero when the partner was never asked

	timezone, currency string
	country            *string
}

// workspaceColumns are what dest scans.
const workspaceColumns = "w.id, w.partner_workspace_id, w.eligibility, w.checked_at, w.timezone, w.default_currency, w.default_country"

func (w *Workspace) dest(checked *sql.Null[time.Time]) []any {
	return []any{&w.ID, &w.PartnerID, &w.Eligibility, checked, &w.timezone, &w.currency, &w.country}
}

// enter puts the workspace into a viewer, when it may use the product.
func (g *Gate) enter(ctx context.Context, v *viewer.Viewer, w Workspace) (*viewer.Viewer, error) {
	if g.Standing != nil {
		if err := g.Standing(ctx, w); err != nil {
			return nil, err
		}
	} else if w.Eligibility != Eligible {
		return nil, notEligible(w.Eligibility)
	}
	v.WorkspaceID, v.Timezone, v.Currency = w.ID, w.timezone, w.currency
	if w.country != nil {
		v.Country = *w.country
	}
	return v, nil
}

// Eligible is the answer to whether a workspace may use the product when it may.
const Eligible = "ELIGIBLE"

func notEligible(reason string) error {
	f := fault.New(fault.NotEligible, "the workspace may not use the product now")
	f.Reason = reason
	return f
}

// Refresh asks again who a viewer is, by its credential: with the rights of now, or with the refusal of now.
func (g *Gate) Refresh(ctx context.Context, v *viewer.Viewer) (*viewer.Viewer, error) {
	if v.Kind == viewer.APIKey {
		now, err := g.keyBy(ctx, "k.id", v.CredentialID)
		if err == nil && !v.ExpiresAt.IsZero() && (now.ExpiresAt.IsZero() || v.ExpiresAt.Before(now.ExpiresAt)) {
			now.ExpiresAt = v.ExpiresAt // it came by a secret that was replaced since
		}
		return now, err
	}
	return g.sessionBy(ctx, "s.id", v.CredentialID)
}

// NewSecret makes a secret of 43 characters in base 62, behind a prefix.
func NewSecret(prefix string) string { return seal.Token(prefix) }

// Hash is what is stored of a secret.
func Hash(secret string) string { return seal.Hash(secret) }
