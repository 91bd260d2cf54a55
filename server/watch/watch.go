package watch

import (
	"context"
	"errors"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
)

// Frame is one step of the stream of changes.
type Frame interface {
	IsChangeFrame()
	// Memo remembers what was encoded of this frame, so that watchers who ask the same share the bytes.
	Memo() *changelog.Memo
}

type shared struct{ memo changelog.Memo }

func (*shared) IsChangeFrame()          {}
func (s *shared) Memo() *changelog.Memo { return &s.memo }

// Commit is one commit with those of its changes that the watcher may see and asked for.
type Commit struct {
	shared
	Revision         row.Revision
	At               time.Time
	Actor            row.Actor
	Source           viewer.Source
	ClientMutationID *string
	Changes          []*changelog.Change
}

// Ready says that from here on commits come as they happen.
type Ready struct {
	shared
	Revision row.Revision
}

// Reset says that commits are missing.
type Reset struct {
	shared
	Revision row.Revision
	Reason   string
}

// Page is a piece of the log.
type Page struct {
	Commits     []*Commit
	Revision    row.Revision
	HasNextPage bool
	Head        row.Revision
}

// Log shows the change log of a process's workspaces.
type Log struct {
	DB  *store.DB
	Hub *changelog.Hub
	// Refresh gives a viewer as it is now, or the refusal of now; nil leaves it as it was.
	Refresh func(context.Context, *viewer.Viewer) (*viewer.Viewer, error)
}

// view is a log seen by a viewer through a filter; views with the same key show the same.
type view struct {
	key    string
	viewer *viewer.Viewer
	filter *Filter
}

func newView(v *viewer.Viewer, f *Filter) (view, error) {
	if v.Perms&(viewer.ReadRecords|viewer.ReadContacts|viewer.ReadTasks|viewer.ReadMembers|viewer.ReadPipelines) == 0 {
		return view{}, scope.Refused(v, "this needs access to the CRM")
	}
	return view{"log " + keyOf(v) + "\x00" + f.key(), v, f}, f.validate()
}

// keyOf names what a viewer can see of the log: of jobs, those that it asked for.
func keyOf(v *viewer.Viewer) string {
	if v.Can(viewer.ManageSettings) {
		return scope.Key(v)
	}
	return scope.Key(v) + " " + v.ID
}

// frame gives a commit as this view shows it, nil when it shows nothing; made once for all watchers of the view.
func (v view) frame(c *changelog.Commit) *Commit {
	f, _ := c.Memo(v.key, func() any {
		var out []*changelog.Change
		for _, ch := range c.Changes {
			if !v.filter.match(ch) {
				continue
			}
			if shown := Show(v.viewer, ch); shown != nil {
				out = append(out, shown)
			}
		}
		if out == nil {
			return (*Commit)(nil)
		}
		return &Commit{Revision: c.Revision, At: c.At, Actor: c.Actor, Source: c.Source, ClientMutationID: c.ClientMutationID, Changes: out}
	}).(*Commit)
	return f
}

// scanned is how many commits one page considers at most: a rare kind of change may need several pages.
const scanned = 2000

// Page gives the commits after a revision. CURSOR_EXPIRED when the log no longer reaches back so far.
func (l *Log) Page(ctx context.Context, after *row.Revision, first int, f *Filter) (*Page, error) {
	if err := row.CheckFirst(first); err != nil {
		return nil, err
	}
	v, err := newView(viewer.FromContext(ctx), f)
	if err != nil {
		return nil, err
	}
	log := changelog.Log{DB: l.DB}
	head, floor, err := log.Head(ctx, l.DB, v.viewer.WorkspaceID)
	if err != nil {
		return nil, err
	}
	page := &Page{Commits: []*Commit{}, Head: head, Revision: floor}
	if after != nil {
		page.Revision = *after
	}
	switch {
	case page.Revision > head:
		return nil, fault.At("after", fault.ValidationFailed, "revision %d lies in the future; the newest is %d", page.Revision, head)
	case page.Revision < floor:
		return nil, expired(floor)
	}
	for start := page.Revision; page.Revision < head && page.Revision-start < scanned && len(page.Commits) < first; {
		commits, err := log.Read(ctx, l.DB, v.viewer.WorkspaceID, page.Revision, min(head, page.Revision+row.MaxPage))
		if errors.Is(err, changelog.ErrTooOld) {
			return nil, expired(floor)
		}
		if err != nil {
			return nil, err
		}
		for _, c := range commits {
			if len(page.Commits) == first {
				break
			}
			if shown := v.frame(c); shown != nil {
				page.Commits = append(page.Commits, shown)
			}
			page.Revision = c.Revision
		}
	}
	page.HasNextPage = page.Revision < head
	return page, nil
}

func expired(floor row.Revision) error {
	return fault.At("after", fault.CursorExpired, "the log is kept from revision %d on", floor)
}
