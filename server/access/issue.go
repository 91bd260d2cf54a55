package access

import (
	"context"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/session"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/typeid"
)

// SessionLife is how long a session lasts at most (spec access, section 5).
const SessionLife = 30 * 24 * time.Hour

func (g *Gate) client() *ent.Client {
	return changelog.Attach(ent.NewClient(ent.Driver(entsql.OpenDB(g.DB.Dialect, g.DB.Write))))
}

// IssueSession makes a session for a member and returns its token, which is not kept.
func (g *Gate) IssueSession(ctx context.Context, workspaceID, memberID string) (string, error) {
	token, now := NewSecret(SessionPrefix), g.Now().UTC().Truncate(time.Microsecond)
	err := g.client().Session.Create().SetID(typeid.New(typeid.Session)).SetWorkspaceID(workspaceID).SetMemberID(memberID).
		SetKind(session.KindPROGRAM).SetIdleSeconds(int(SessionLife / time.Second)).SetAuthenticatedAt(now).SetLastSeenAt(now).
		SetTokenHash(Hash(token)).SetCreatedAt(now).SetExpiresAt(now.Add(SessionLife)).
		Exec(viewer.NewContext(ctx, viewer.ForSystem(workspaceID)))
	return token, err
}

// NewKey is an API key to be made. No scope gives no right; no pipeline means all.
type NewKey struct {
	Name        string
	Scopes      []string
	PipelineIDs []string
	CreatedBy   string
	ExpiresAt   *time.Time
}

// IssueKey makes an API key and returns its secret, which is not kept.
func (g *Gate) IssueKey(ctx context.Context, workspaceID string, in NewKey) (string, error) {
	secret, now := NewSecret(KeyPrefix), g.Now().UTC().Truncate(time.Microsecond)
	err := g.client().APIKey.Create().SetID(typeid.New(typeid.APIKey)).SetWorkspaceID(workspaceID).SetName(in.Name).
		SetKeyHash(Hash(secret)).SetKeyPrefix(secret[len(KeyPrefix):][:8]).SetScopes(in.Scopes).SetPipelineIds(in.PipelineIDs).
		SetCreatedBy(in.CreatedBy).SetCreatedAt(now).SetNillableExpiresAt(in.ExpiresAt).
		Exec(viewer.NewContext(ctx, viewer.ForSystem(workspaceID)))
	return secret, err
}
