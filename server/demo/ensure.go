package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/ent/workspace"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
)

// partnerID is what the demo workspace is known by.
const partnerID = "demo"

// span is how long the workspace's past is.
const span = 120 * 24 * time.Hour

var errTouched = errors.New("a demo workspace was left half-loaded in this database and was changed since; delete the database and start again")

// reader is an ent client for looking.
func reader(a *app.App) *ent.Client {
	return changelog.Attach(ent.NewClient(ent.Driver(entsql.OpenDB(a.DB.Dialect, a.DB.Read))))
}

// ensure gives the id of a demo workspace that is loaded whole: the one that is there, completed if need be, else a
// new one whose past ends at the anchor.
func ensure(ctx context.Context, a *app.App, out io.Writer, anchor time.Time) (workspaceID string, err error) {
	client := reader(a)
	w, err := client.Workspace.Query().Where(workspace.PartnerWorkspaceID(partnerID)).Only(viewer.NewContext(ctx, viewer.ForOperator()))
	l := &loader{}
	service := *a.CRM
	service.Now = func() time.Time { return l.clock }
	l.crm = &service
	switch {
	case ent.IsNotFound(err):
		fmt.Fprintln(out, "Loading the demo workspace: some 1,800 writes, a few seconds …")
		err = l.found(ctx, anchor.Add(-span))
	case err == nil:
		var whole bool
		if whole, err = complete(ctx, client, w.ID); err != nil || whole {
			return w.ID, err
		}
		fmt.Fprintln(out, "The demo workspace was left half-loaded; going on …")
		anchor = w.CreatedAt.Add(span)
	}
	if err != nil {
		return "", err
	}
	p, err := newPlan(anchor)
	if err != nil {
		return "", err
	}
	if w != nil {
		if err := l.resume(ctx, client, w, p); err != nil {
			return "", err
		}
	}
	if err := l.play(ctx, p); err != nil {
		if errors.Is(err, errTouched) {
			return "", err
		}
		return "", fmt.Errorf("loading stopped after %d of %d commits; start again and it goes on, or, if that fails too, delete the database: %w",
			l.revision, len(p.steps)+1, err)
	}
	return l.workspace.ID, nil
}

// complete tells whether a workspace was loaded to its end. The first pipeline's description says "loading" until then.
func complete(ctx context.Context, client *ent.Client, workspaceID string) (bool, error) {
	ps, err := client.Pipeline.Query().All(viewer.NewContext(ctx, viewer.ForSystem(workspaceID)))
	for _, p := range ps {
		if p.Description != nil && *p.Description == loading {
			return false, nil
		}
	}
	return len(ps) > 0, err
}

// founding is the workspace and its owner.
func founding() crm.FoundWorkspace {
	country := "DE"
	return crm.FoundWorkspace{PartnerWorkspaceID: partnerID, Name: "Harbour & Co", Slug: "harbour-and-co", Timezone: zoneName,
		DefaultCurrency: "EUR", DefaultCountry: &country, Owner: staff[olivia]}
}
