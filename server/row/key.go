package row

import "time"

// APIKey is a program's credential, as far as it can be shown: neither the secret nor its hash is here.
type APIKey struct {
	ID     string
	Name   string
	Scopes []string
	// PipelineIDs narrow the key; empty means all pipelines.
	PipelineIDs []string
	// KeyPrefix are the first 8 characters behind tbk_.
	KeyPrefix   string
	CreatedByID string
	CreatedAt   time.Time
	ExpiresAt   *time.Time
	RevokedAt   *time.Time
	// PreviousExpiresAt is until when the secret before the last rotation is good.
	PreviousExpiresAt *time.Time
	// LastUsedAt is exact to the minute.
	LastUsedAt *time.Time
	UseCount   int
}

// APIKeyColumns are the columns of Dest, in its order.
var APIKeyColumns = cols("id name scopes pipeline_ids key_prefix created_by created_at expires_at revoked_at previous_expires_at last_used_at use_count")

// Dest gives what to scan APIKeyColumns into.
func (k *APIKey) Dest() []any {
	return []any{&k.ID, &k.Name, (*Strings)(&k.Scopes), (*Strings)(&k.PipelineIDs), &k.KeyPrefix, &k.CreatedByID, utc{&k.CreatedAt}, utcPtr{&k.ExpiresAt},
		utcPtr{&k.RevokedAt}, utcPtr{&k.PreviousExpiresAt}, utcPtr{&k.LastUsedAt}, &k.UseCount}
}

// APIKeyConnection is a page of keys.
type APIKeyConnection struct{ Connection[*APIKey] }

// APIKeyEdge is a key with its cursor.
type APIKeyEdge struct{ Edge[*APIKey] }

// Edges pairs the keys with their cursors.
func (c APIKeyConnection) Edges() (out []APIKeyEdge) {
	for _, e := range edges(c.Connection) {
		out = append(out, APIKeyEdge{e})
	}
	return out
}
