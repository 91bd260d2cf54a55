package presence

import (
	"context"
	"errors"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/scope"
)

// Step writes down what changed since the last one, tells who came and went, and now and then speaks for processes that
// died. What failed is tried again with the next step.
func (t *Tracker) Step(ctx context.Context) error {
	now := t.now()
	var all error
	for workspace, notes := range t.due(now) {
		if err := t.write(ctx, workspace, notes, now); err != nil {
			all = errors.Join(all, err)
			continue
		}
		t.written(workspace, notes, now)
	}
	t.mu.Lock()
	sweep := now.Sub(t.swept) >= Beat
	if sweep {
		t.swept = now
	}
	t.mu.Unlock()
	if sweep {
		all = errors.Join(all, t.sweep(ctx, now))
	}
	return all
}

// note is what is to be written of a member, and told.
type note struct {
	member  string
	online  bool
	sockets int
	seen    time.Time
	write   bool
	tell    bool
}

// due decides what is to be done, by workspace.
func (t *Tracker) due(now time.Time) map[string][]note {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[string][]note{}
	for k, s := range t.members {
		n := note{member: k.member, online: s.online(now), sockets: s.sockets, seen: s.seen}
		switch {
		case !n.online:
			n.sockets = gone
		case s.sockets > 0:
			n.seen = now
		}
		switch {
		case n.online == s.told:
			s.turned = time.Time{}
		case s.turned.IsZero():
			s.turned = now
		case now.Sub(s.turned) >= Settle:
			n.tell = true
		}
		n.write = s.wrote.IsZero() || min(n.sockets, 1) != min(s.kept, 1) || n.online && now.Sub(s.wrote) >= Beat && n.seen.After(s.wrote)
		switch {
		case n.write || n.tell:
			if len(out[k.workspace]) < batch {
				out[k.workspace] = append(out[k.workspace], n)
			}
		case !n.online && !s.told:
			delete(t.members, k)
		}
	}
	return out
}

// written notes what is done.
func (t *Tracker) written(workspace string, notes []note, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range notes {
		s := t.members[key{workspace, n.member}]
		if n.write {
			s.wrote, s.kept = now, n.sockets
		}
		if n.tell {
			s.told, s.turned = n.online, time.Time{}
		}
	}
}

// write writes rows and tells the log, in one transaction of a workspace.
func (t *Tracker) write(ctx context.Context, workspace string, notes []note, now time.Time) error {
	_, err := t.crm.Do(viewer.NewContext(ctx, viewer.ForSystem(workspace)), nil, func(tx *crm.Tx) error {
		tx.Keep()
		for _, n := range notes {
			if n.write {
				if err := t.keep(tx, n); err != nil {
					return err
				}
			}
			if !n.tell {
				continue
			}
			elsewhere, err := t.elsewhere(tx, n.member, now)
			if err != nil {
				return err
			}
			if !elsewhere {
				if err := tell(tx, n.member, n.online, n.seen); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return err
}

// keep writes the row of a member at this process. Of those that hold a member nowhere only the newest stays.
func (t *Tracker) keep(tx *crm.Tx, n note) error {
	b := scope.New(tx.Viewer(), tx.DB.SQL).Upsert("presence", []string{"member_id", "process"}, []string{"sockets", "seen_at"},
		n.member, t.process, n.sockets, n.seen)
	if err := run(tx, b); err != nil || n.sockets != gone {
		return err
	}
	return run(tx, scope.New(tx.Viewer(), tx.DB.SQL).Add("DELETE FROM presence WHERE ").Workspace("presence").
		Add(" AND member_id = ? AND sockets < 0 AND seen_at < ?", n.member, n.seen))
}

func run(tx *crm.Tx, b *scope.Builder) error {
	text, args := b.SQL()
	_, err := tx.SQL().ExecContext(tx.Ctx(), text, args...)
	return err
}

// elsewhere tells whether a member is online on another process.
func (t *Tracker) elsewhere(tx *crm.Tx, member string, now time.Time) (bool, error) {
	text, args := scope.New(tx.Viewer(), tx.DB.SQL).Add("SELECT COUNT(*) FROM presence p WHERE ").Workspace("p").
		Add(" AND p.member_id = ? AND p.process <> ? AND p.sockets >= 0 AND p.seen_at > ?", member, t.process, now.Add(-Life)).SQL()
	var n int
	err := tx.SQL().QueryRowContext(tx.Ctx(), text, args...).Scan(&n)
	return n > 0, err
}

// told is what the log says of a member who came or went.
type told struct {
	IsOnline   bool      `json:"is_online"`
	LastSeenAt time.Time `json:"last_seen_at"`
}

func tell(tx *crm.Tx, member string, online bool, seen time.Time) error {
	return tx.Say("member.presence.changed", "member", member, told{online, seen})
}
