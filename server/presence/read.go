package presence

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// State is how a member stands now.
type State struct {
	Online bool
	// LastSeenAt is the last sign of life; nil when there never was one.
	LastSeenAt *time.Time
	// Watching are the ids of the boards whose live streams the member has open, in order.
	Watching []string
}

// Of reads how members of the viewer's workspace stand, on all processes, in one statement and in the order of the ids.
func (t *Tracker) Of(ctx context.Context, ids []string) ([]State, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	b := scope.New(viewer.FromContext(ctx), t.crm.DB.SQL).
		Add("SELECT p.member_id, p.seen_at, CASE WHEN p.sockets >= 0 AND p.seen_at > ? THEN 1 ELSE 0 END, p.boards FROM presence p WHERE ", t.now().Add(-Life)).
		Workspace("p").Add(" AND p.process <> ? AND ", ledger).In("p.member_id", ids)
	text, args := b.SQL()
	rows, err := t.crm.DB.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]State{}
	for rows.Next() {
		var id, boards string
		var seen time.Time
		var online int
		if err := rows.Scan(&id, row.UTC(&seen), &online, &boards); err != nil {
			return nil, err
		}
		s := found[id]
		if s.LastSeenAt == nil || seen.After(*s.LastSeenAt) {
			s.LastSeenAt = &seen
		}
		if online == 1 {
			s.Online, s.Watching = true, union(s.Watching, boards)
		}
		found[id] = s
	}
	out := make([]State, len(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, rows.Err()
}

// union adds boards, as a row has them, to others; each once and in order.
func union(have []string, boards string) []string {
	all := append(have, strings.Fields(boards)...)
	slices.Sort(all)
	return slices.Compact(all)
}
