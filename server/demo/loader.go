package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
)

// loader plays a plan's steps through the commands. A plan names things by their index; the loader knows their ids.
type loader struct {
	crm *crm.Service
	// clock is the instant of the present step.
	clock     time.Time
	workspace *row.Workspace
	// revision is that of the last step.
	revision row.Revision
	// actors act by who they are: the members in the order of staff, then the others.
	actors map[who]*viewer.Viewer

	stages                     [][]string
	pipelines                  []string
	contacts, records, persons []string
	tasks                      []string
}

// found makes the workspace and its owner: revision 1.
func (l *loader) found(ctx context.Context, at time.Time) error {
	l.clock = at
	w, owner, err := l.crm.Found(ctx, founding())
	if err != nil {
		return err
	}
	l.revision = 1
	l.enter(w)
	l.join(owner.ID)
	return nil
}

// enter makes the actors who are no members.
func (l *loader) enter(w *row.Workspace) {
	l.workspace = w
	robot := l.actor(viewer.Viewer{Kind: viewer.Partner, Name: "Rapidbott", Perms: viewer.AllPerms, Source: viewer.FromPartner})
	l.actors = map[who]*viewer.Viewer{chatbot: robot}
}

// join makes a member act: the next of the staff.
func (l *loader) join(id string) {
	n := who(len(l.persons))
	m := staff[n]
	l.persons = append(l.persons, id)
	l.actors[n] = l.actor(viewer.Viewer{Kind: viewer.Member, ID: id, Name: m.FirstName + " " + m.LastName, Role: m.Role,
		Perms: viewer.PermsOf(m.Role, m.Permissions), Source: viewer.UI})
	if n == amara {
		importing := *l.actors[n]
		importing.Source = viewer.Import
		l.actors[importer] = &importing
	}
}

func (l *loader) actor(v viewer.Viewer) *viewer.Viewer {
	v.WorkspaceID, v.Timezone, v.Currency, v.Country = l.workspace.ID, l.workspace.Timezone, l.workspace.DefaultCurrency, *l.workspace.DefaultCountry
	return &v
}

// play does the steps that are not done yet. Each is one commit: another number means that somebody else writes here.
func (l *loader) play(ctx context.Context, p *plan) error {
	for int(l.revision) <= len(p.steps) {
		s := p.steps[l.revision-1]
		l.clock = s.at
		rev, err := s.do(viewer.NewContext(ctx, l.actors[s.by]), l)
		if err != nil {
			return fmt.Errorf("%s: %w", s.makes, err)
		}
		if rev != l.revision+1 {
			return fmt.Errorf("%s: revision %d where %d was due: %w", s.makes, rev, l.revision+1, errTouched)
		}
		l.revision = rev
	}
	return nil
}

// viewerOf is a member as a credential would let it in.
func viewerOf(w *ent.Workspace, m *ent.Member) *viewer.Viewer {
	return &viewer.Viewer{Kind: viewer.Member, WorkspaceID: w.ID, ID: m.ID, Name: strings.TrimSpace(m.FirstName + " " + m.LastName),
		Role: viewer.Role(m.Role), Perms: viewer.PermsOf(viewer.Role(m.Role), m.Permissions)}
}
