package demo

import (
	"context"
	"errors"
	"strings"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/read"
)

// keyScopes are all reading and writing of what a board shows.
var keyScopes = []string{"records:read", "records:write", "contacts:read", "contacts:write", "tasks:read", "tasks:write",
	"pipelines:read", "pipelines:write", "members:read"}

// welcome gathers what one needs to come in. Secrets of an earlier start that are still good are kept.
func welcome(ctx context.Context, a *app.App, varDir, url, workspaceID string) (f File, name string, err error) {
	inside, client := viewer.NewContext(ctx, viewer.ForSystem(workspaceID)), reader(a)
	old := former(varDir, workspaceID)
	f = File{URL: strings.TrimRight(url, "/"), WorkspaceID: workspaceID}
	w, err := client.Workspace.Get(inside, workspaceID)
	if err != nil {
		return f, "", err
	}
	members, err := client.Member.Query().Where(member.IsActive(true)).Order(member.ByCreatedAt(), member.ByID()).All(inside)
	if err != nil {
		return f, "", err
	}
	for _, m := range members {
		v := viewerOf(w, m)
		token, err := session(ctx, a.Gate, old, v)
		if err != nil {
			return f, "", err
		}
		f.Members = append(f.Members, Member{m.ID, v.Name, string(v.Role), token, v.Can(viewer.SeeAllRecords)})
	}
	if f.APIKey, err = key(ctx, a.Gate, old, w, members); err != nil {
		return f, "", err
	}
	f.Pipelines, err = boards(inside, read.Reader{DB: a.DB})
	return f, w.Name, err
}

// session gives a member's token: the one of the file where it still lets that member in, else a new one.
func session(ctx context.Context, g *access.Gate, old File, m *viewer.Viewer) (string, error) {
	for _, o := range old.Members {
		if o.ID != m.ID {
			continue
		}
		v, err := g.Session(ctx, o.Token)
		if err == nil && v.ID == m.ID && v.WorkspaceID == m.WorkspaceID {
			return o.Token, nil
		}
		if err != nil && !refused(err) {
			return "", err
		}
	}
	return g.IssueSession(ctx, m.WorkspaceID, m.ID)
}

// key gives the API key: the one of the file where it still lets in, else a new one of the first member's.
func key(ctx context.Context, g *access.Gate, old File, w *ent.Workspace, members []*ent.Member) (string, error) {
	v, err := g.Key(ctx, old.APIKey)
	if err == nil && v.WorkspaceID == w.ID {
		return old.APIKey, nil
	}
	if err != nil && !refused(err) {
		return "", err
	}
	if len(members) == 0 {
		return "", errors.New("the demo workspace has no active member left; delete the database and start again")
	}
	return g.IssueKey(ctx, w.ID, access.NewKey{Name: "demo", Scopes: keyScopes, CreatedBy: members[0].ID})
}

// refused tells a credential that is not good from a database that cannot be reached.
func refused(err error) bool {
	return fault.Is(err, fault.SessionExpired) || fault.Is(err, fault.InvalidAPIKey)
}

func boards(ctx context.Context, r read.Reader) ([]Pipeline, error) {
	found, err := r.Pipelines(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(found))
	for i, p := range found {
		ids[i] = p.ID
	}
	stages, err := r.StagesOf(ctx, ids)
	out := make([]Pipeline, len(found))
	for i, p := range found {
		out[i] = Pipeline{ID: p.ID, Name: p.Name}
		for _, s := range stages[p.ID] {
			out[i].Stages = append(out[i].Stages, Stage{s.ID, s.Name, s.Kind})
		}
	}
	return out, err
}
