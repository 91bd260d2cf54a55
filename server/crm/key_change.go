package crm

import (
	"context"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/seal"
)

// MaxOverlap is how long the secret before a rotation lives on at most, in hours.
const MaxOverlap = 24

// RenameAPIKeyInput gives a key another name; see the SDL.
type RenameAPIKeyInput struct {
	ID               string
	Name             string
	ClientMutationID *string
}

// RenameAPIKeyPayload is the key as it is now.
type RenameAPIKeyPayload struct {
	APIKey           *row.APIKey
	Revision         row.Revision
	ClientMutationID *string
}

// RevokeAPIKeyInput ends a key; see the SDL.
type RevokeAPIKeyInput struct {
	ID               string
	ClientMutationID *string
}

// RevokeAPIKeyPayload is the key, which is over.
type RevokeAPIKeyPayload = RenameAPIKeyPayload

// RotateAPIKeyInput gives a key a new secret; see the SDL.
type RotateAPIKeyInput struct {
	ID               string
	OverlapHours     int
	ClientMutationID *string
}

// RotateAPIKeyPayload is the key with its new secret, which is shown nowhere else.
type RotateAPIKeyPayload = CreateAPIKeyPayload

// RenameAPIKey changes a key's name. Needs a member's session with ManageSettings. Nothing is written when it has that
// name.
func (s *Service) RenameAPIKey(ctx context.Context, in RenameAPIKeyInput) (*RenameAPIKeyPayload, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	c := &checker{}
	name := c.required("input.name", in.Name, 100)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &RenameAPIKeyPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.changeKey(ctx, in.ID, in.ClientMutationID, "api_key.updated", out, &out.APIKey, func(tx *Tx, k *ent.APIKey) (*ent.APIKeyUpdateOne, error) {
		if k.Name == name {
			return nil, nil
		}
		return tx.ent.APIKey.UpdateOneID(k.ID).SetName(name), nil
	})
	out.Revision = rev
	return out, err
}

// RevokeAPIKey ends a key with all its secrets, at once and for good; whoever came in by it is out. Needs a member's
// session with ManageSettings. NOT_FOUND when it is revoked already.
func (s *Service) RevokeAPIKey(ctx context.Context, in RevokeAPIKeyInput) (*RevokeAPIKeyPayload, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	out := &RevokeAPIKeyPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.changeKey(ctx, in.ID, in.ClientMutationID, "api_key.revoked", out, &out.APIKey, func(tx *Tx, k *ent.APIKey) (*ent.APIKeyUpdateOne, error) {
		return tx.ent.APIKey.UpdateOneID(k.ID).SetRevokedAt(tx.now), nil
	})
	out.Revision = rev
	return out, err
}

// RotateAPIKey gives a key a new secret; the one it had lives on for the overlap, never beyond the key's own term, and
// one that lived on from a rotation before ends at once. Needs a member's session with ManageSettings.
func (s *Service) RotateAPIKey(ctx context.Context, in RotateAPIKeyInput) (*RotateAPIKeyPayload, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	if in.OverlapHours < 0 || in.OverlapHours > MaxOverlap {
		return nil, fault.At("input.overlapHours", fault.ValidationFailed, "is not between 0 and %d", MaxOverlap)
	}
	out := &RotateAPIKeyPayload{Secret: s.NewSecret(KeyPrefix), ClientMutationID: in.ClientMutationID}
	rev, err := s.changeKey(ctx, in.ID, in.ClientMutationID, "api_key.rotated", out, &out.APIKey, func(tx *Tx, k *ent.APIKey) (*ent.APIKeyUpdateOne, error) {
		if over(k, tx.now) {
			return nil, fault.At("input.id", fault.ValidationFailed, "the key's term has passed; make a new one")
		}
		u := tx.ent.APIKey.UpdateOneID(k.ID).SetKeyHash(seal.Hash(out.Secret)).SetKeyPrefix(shownOf(out.Secret))
		if in.OverlapHours == 0 {
			return u.ClearPreviousKeyHash().ClearPreviousExpiresAt(), nil
		}
		return u.SetPreviousKeyHash(k.KeyHash).SetPreviousExpiresAt(tx.now.Add(time.Duration(in.OverlapHours) * time.Hour)), nil
	})
	out.Revision = rev
	return out, err
}

// changeKey writes what a decision drafts for a key, shows it, and tells the logs; nothing when it drafts nothing.
func (s *Service) changeKey(ctx context.Context, id string, mark *string, kind string, out any, shown **row.APIKey,
	draft func(*Tx, *ent.APIKey) (*ent.APIKeyUpdateOne, error)) (row.Revision, error) {
	return s.Answer(ctx, mark, out, func(tx *Tx) error {
		k, err := tx.key("input.id", id)
		if err != nil {
			return err
		}
		u, err := draft(tx, k)
		if err != nil {
			return err
		}
		if u != nil {
			if k, err = u.Save(tx.ctx); err == nil {
				err = tx.keyed(kind, k)
			}
		}
		if err == nil {
			*shown = showKey(k)
		}
		return err
	})
}
