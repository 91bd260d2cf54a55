// Package graph is the API: it translates arguments into questions and commands, and answers and refusals into
// responses. It promises that a request is refused before it costs anything (tokens, structure, validation, cost), that
// no inner error text leaves the house, and that frames asked for alike are executed once and their bytes shared.
package graph

import (
	"context"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/presence"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/watch"
)

// Resolver holds what resolvers answer from.
type Resolver struct {
	CRM      *crm.Service
	Boards   *board.Boards
	Log      *watch.Log
	Read     read.Reader
	Roster   *crm.Roster
	Presence *presence.Tracker
	// Sessions are the logins of members.
	Sessions *access.Sessions
}

// presence tells how members stand.
func (r *Resolver) presence(ctx context.Context, members []*row.Member) ([]presence.State, error) {
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	return r.Presence.Of(ctx, ids)
}

// reader is a dated one where the revision of a page is asked for.
func (r *Resolver) reader(ctx context.Context) read.Reader {
	if selected(ctx, "revision") {
		return r.Read.Dated()
	}
	return r.Read
}

// fresh reads members from a copy of the partner's list that is not too old, if that can be had.
func (r *Resolver) fresh(ctx context.Context, read func() (*row.MemberConnection, error)) (*row.MemberConnection, error) {
	copied, err := r.Roster.Fresh(ctx)
	if err != nil {
		return nil, err
	}
	c, err := read()
	if err == nil {
		c.Stale, c.SyncedAt = copied.Stale, copied.SyncedAt
	}
	return c, err
}
