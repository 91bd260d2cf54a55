package crm

import (
	"context"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/apikey"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/typeid"
)

// KeyPrefix begins the secret of an API key.
const KeyPrefix = "tbk_"

// MaxKeys is how many live keys a workspace has at most: neither revoked nor over.
const MaxKeys = 20

// maxKeyDays is the longest term of a key that has one.
const maxKeyDays = 3650

// CreateAPIKeyInput is a new key; see the SDL.
type CreateAPIKeyInput struct {
	Name             string
	Scopes           []string
	PipelineIDs      []string
	ExpiresInDays    *int
	ExpiresAt        *time.Time
	ClientMutationID *string
}

// CreateAPIKeyPayload is the key made, with its secret, which is shown nowhere else.
type CreateAPIKeyPayload struct {
	APIKey           *row.APIKey
	Secret           string
	Revision         row.Revision
	ClientMutationID *string
}

// CreateAPIKey makes a key. Needs a member's session with ManageSettings. LIMIT_EXCEEDED when the workspace has MaxKeys
// live ones.
func (s *Service) CreateAPIKey(ctx context.Context, in CreateAPIKeyInput) (*CreateAPIKeyPayload, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	k, err := newKey(in, s.Now().UTC().Truncate(time.Microsecond))
	if err != nil {
		return nil, err
	}
	out := &CreateAPIKeyPayload{Secret: s.NewSecret(KeyPrefix), ClientMutationID: in.ClientMutationID}
	out.Revision, err = s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		for i, id := range k.PipelineIds {
			if _, err := tx.pipeline(pathOf("input.pipelineIds", i), id, false); err != nil {
				return err
			}
		}
		made, err := tx.ent.APIKey.Create().SetID(tx.NewID(typeid.APIKey)).SetWorkspaceID(tx.viewer.WorkspaceID).SetName(k.Name).
			SetScopes(k.Scopes).SetPipelineIds(k.PipelineIds).SetKeyHash(seal.Hash(out.Secret)).SetKeyPrefix(shownOf(out.Secret)).
			SetCreatedBy(tx.viewer.ID).SetCreatedAt(tx.now).SetNillableExpiresAt(k.ExpiresAt).Save(tx.ctx)
		if err != nil {
			return err
		}
		out.APIKey = showKey(made)
		tx.settle(tx.fewKeys)
		return tx.keyed("api_key.created", made)
	})
	return out, err
}

// newKey checks an input as far as it can be without looking anything up.
func newKey(in CreateAPIKeyInput, now time.Time) (*ent.APIKey, error) {
	c := &checker{}
	k := &ent.APIKey{Name: c.required("input.name", in.Name, 100), Scopes: c.scopes("input.scopes", in.Scopes), ExpiresAt: in.ExpiresAt}
	for i, id := range in.PipelineIDs {
		c.kind(pathOf("input.pipelineIds", i), typeid.Pipeline, &id)
		if !slices.Contains(k.PipelineIds, id) {
			k.PipelineIds = append(k.PipelineIds, id)
		}
	}
	if len(k.PipelineIds) > MaxPipelines {
		c.Add("input.pipelineIds", "has %d pipelines, at most %d are possible", len(k.PipelineIds), MaxPipelines)
	}
	switch {
	case in.ExpiresInDays != nil && in.ExpiresAt != nil:
		c.Add("input.expiresAt", "cannot stand beside expiresInDays")
	case in.ExpiresInDays != nil && (*in.ExpiresInDays < 1 || *in.ExpiresInDays > maxKeyDays):
		c.Add("input.expiresInDays", "is not between 1 and %d", maxKeyDays)
	case in.ExpiresInDays != nil:
		at := now.AddDate(0, 0, *in.ExpiresInDays)
		k.ExpiresAt = &at
	case in.ExpiresAt != nil && !in.ExpiresAt.After(now):
		c.Add("input.expiresAt", "is not ahead")
	case in.ExpiresAt != nil && in.ExpiresAt.After(now.AddDate(0, 0, maxKeyDays)):
		c.Add("input.expiresAt", "is more than %d days ahead", maxKeyDays)
	}
	return k, c.Err()
}

// scopes reads a list of scopes, doubles dropped. None is one too many mistakes to be meant: such a key could do nothing.
func (c *checker) scopes(field string, list []string) (out []string) {
	if len(list) == 0 {
		c.Add(field, "a key without a scope can do nothing")
	}
	known := viewer.Scopes()
	for i, s := range list {
		if !slices.Contains(known, s) {
			c.Add(pathOf(field, i), "%q is not a scope", s)
		} else if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// fewKeys refuses one live key too many.
func (tx *Tx) fewKeys() (err error) {
	n := 0
	err = tx.one(tx.begin().Add("SELECT COUNT(*) FROM api_keys k WHERE ").Workspace("k").
		Add(" AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)", tx.now), &n)
	if err == nil && n > MaxKeys {
		err = fault.New(fault.LimitExceeded, "the workspace has %d API keys, at most %d can be live; revoke one first", MaxKeys, MaxKeys)
	}
	return err
}

// shownOf are the characters of a secret by which people recognise the key.
func shownOf(secret string) string { return secret[len(KeyPrefix):][:8] }

// keyed tells the log and the audit log what happened to a key: what can be shown of it, never its hash.
func (tx *Tx) keyed(kind string, k *ent.APIKey) error {
	shown := map[string]any{"name": k.Name, "scopes": k.Scopes, "key_prefix": k.KeyPrefix}
	if err := tx.Audit(kind, k.ID, shown); err != nil {
		return err
	}
	return tx.Say(kind, "api_key", k.ID, shown)
}

// key loads a key that was not revoked, for update. It gives an *ent.APIKey whose hash is never shown.
func (tx *Tx) key(field, id string) (*ent.APIKey, error) {
	if err := wrongKind(field, typeid.APIKey, id); err != nil {
		return nil, err
	}
	k, err := tx.ent.APIKey.Query().Where(apikey.ID(id), apikey.RevokedAtIsNil(), tx.lock).Only(tx.seen)
	return k, missing(err, field, typeid.APIKey, id)
}

func showKey(k *ent.APIKey) *row.APIKey {
	return &row.APIKey{ID: k.ID, Name: k.Name, Scopes: k.Scopes, PipelineIDs: k.PipelineIds, KeyPrefix: k.KeyPrefix, CreatedByID: k.CreatedBy,
		CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt, RevokedAt: k.RevokedAt, PreviousExpiresAt: k.PreviousExpiresAt,
		LastUsedAt: k.LastUsedAt, UseCount: int(k.UseCount)}
}

// over tells whether a key's term has passed.
func over(k *ent.APIKey, now time.Time) bool { return k.ExpiresAt != nil && !k.ExpiresAt.After(now) }
