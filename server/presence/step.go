package presence

import (
	"context"
	"errors"
	"strings"
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
	stands  standing
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
		n := note{member: k.member, stands: standing{s.online(now), s.boards()}, sockets: s.sockets, seen: s.seen}
		switch {
		case !n.stands.online:
			n.sockets, n.stands.boards = gone, ""
		case s.held():
			n.seen = now
		}
		switch {
		case n.stands == s.told:
			s.turned = time.Time{}
		case s.turned.IsZero():
			s.turned = now
		case now.Sub(s.turned) >= Settle:
			n.tell = true
		}
		n.write = s.wrote.IsZero() || min(n.sockets, 1) != min(s.kept, 1) || n.stands.boards != s.had || n.stands.online && now.Sub(s.wrote) >= Beat && n.seen.After(s.wrote)
		switch {
		case n.write || n.tell:
			if len(out[k.workspace]) < batch {
				out[k.workspace] = append(out[k.workspace], n)
			}
		case !n.stands.online && !s.told.online:
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
			s.wrote, s.kept, s.had = now, n.sockets, n.stands.boards
		}
		if n.tell {
			s.told, s.turned = n.stands, time.Time{}
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
			if err := settle(tx, n.member, n.seen, now); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// keep writes the row of a member at this process. Of those that hold a member nowhere only the newest stays.
func (t *Tracker) keep(tx *crm.Tx, n note) error {
	b := scope.New(tx.Viewer(), tx.DB.SQL).Upsert("presence", []string{"member_id", "process"}, []string{"sockets", "boards", "seen_at"},
		n.member, t.process, n.sockets, n.stands.boards, n.seen)
	if err := run(tx, b); err != nil || n.sockets != gone {
		return err
	}
	return run(tx, scope.New(tx.Viewer(), tx.DB.SQL).Add("DELETE FROM presence WHERE ").Workspace("presence").
		Add(" AND member_id = ? AND process <> ? AND sockets < 0 AND seen_at < ?", n.member, ledger, n.seen))
}

func run(tx *crm.Tx, b *scope.Builder) error {
	text, args := b.SQL()
	_, err := tx.SQL().ExecContext(tx.Ctx(), text, args...)
	return err
}

// ledger stands in the place of a process in the row that keeps what the log was last told of a member: its boards, and
// sockets that are gone when that was "offline".
const ledger = "told"

// told is what the log says of a member who came or went, or turned to other boards.
type told struct {
	IsOnline   bool      `json:"is_online"`
	LastSeenAt time.Time `json:"last_seen_at"`
	Watching   []string  `json:"watching"`
}

// settle tells the log how a member stands on all processes, if that is not what it was told last. Whoever holds the
// ledger's row decides: of several processes that see the same, one tells.
func settle(tx *crm.Tx, member string, seen, now time.Time) error {
	begin := func() *scope.Builder { return scope.New(tx.Viewer(), tx.DB.SQL) }
	text, args := begin().Hold("presence", []string{"member_id", "process"}, []string{"sockets", "boards", "seen_at"}, member, ledger, gone, "", now).
		Add(" RETURNING sockets, boards").SQL()
	var sockets int
	var last standing
	if err := tx.SQL().QueryRowContext(tx.Ctx(), text, args...).Scan(&sockets, &last.boards); err != nil {
		return err
	}
	last.online = sockets != gone
	watching, online, err := live(tx, member, now)
	if err != nil {
		return err
	}
	next := standing{online, strings.Join(watching, " ")}
	if next == last {
		return nil
	}
	sockets = gone
	if online {
		sockets = 0
	}
	err = run(tx, begin().Add("UPDATE presence SET sockets = ?, boards = ? WHERE ", sockets, next.boards).Workspace("presence").Add(" AND member_id = ? AND process = ?", member, ledger))
	if err != nil {
		return err
	}
	return tx.Say("member.presence.changed", "member", member, told{online, seen, watching})
}

// live is how a member stands on all processes together.
func live(tx *crm.Tx, member string, now time.Time) (watching []string, online bool, err error) {
	text, args := scope.New(tx.Viewer(), tx.DB.SQL).Add("SELECT p.boards FROM presence p WHERE ").Workspace("p").
		Add(" AND p.member_id = ? AND p.process <> ? AND p.sockets >= 0 AND p.seen_at > ?", member, ledger, now.Add(-Life)).SQL()
	rows, err := tx.SQL().QueryContext(tx.Ctx(), text, args...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	watching = []string{}
	for rows.Next() {
		var boards string
		if err := rows.Scan(&boards); err != nil {
			return nil, false, err
		}
		watching, online = union(watching, boards), true
	}
	return watching, online, rows.Err()
}
