package servertest

import (
	"testing"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/invitation"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Gather puts a team and an open invitation into the workspace, past the log: rows for tests that want one of each kind.
func (w *World) Gather(t testing.TB) {
	t.Helper()
	c := ent.NewClient(ent.Driver(entsql.OpenDB(w.DB.Dialect, w.DB.Write)))
	ctx, by, now := viewer.NewContext(t.Context(), w.Owner.Viewer), w.Owner.Viewer.Actor(), time.Now().UTC()
	err := c.Team.Create().SetID(typeid.New(typeid.Team)).SetWorkspaceID(w.WorkspaceID).SetName("Harbour").SetNameKey("harbour").
		SetCreatedBy(by).SetUpdatedBy(by).SetCreatedAt(now).SetUpdatedAt(now).Exec(ctx)
	if err == nil {
		err = c.Invitation.Create().SetID(typeid.New(typeid.Invitation)).SetWorkspaceID(w.WorkspaceID).SetEmail("guest@example.com").
			SetRole(invitation.RoleAGENT).SetTokenHash(access.Hash(w.WorkspaceID)).SetExpiresAt(now.Add(time.Hour)).SetInvitedBy(by).
			SetCreatedAt(now).SetUpdatedAt(now).Exec(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
}
