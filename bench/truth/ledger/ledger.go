package ledger

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// Ledger collects the commands of all writers and settles them against the change log.
type Ledger struct {
	// World is the state that follows from what is settled.
	World *World

	mu      sync.Mutex
	open    []*Op
	settled map[string]board.Revision // marks of settled commands: their commit, 0 when there is none
	commits map[board.Revision]bool   // acknowledged revisions beyond the world's

	acknowledged atomic.Int64
	newest       atomic.Uint64
	unknown      int
	lateCommits  int
}

// New makes a ledger that begins at a state.
func New(w *World) *Ledger {
	l := &Ledger{World: w, settled: map[string]board.Revision{}, commits: map[board.Revision]bool{}}
	l.newest.Store(uint64(w.Revision))
	return l
}

// Add records a command with its outcome.
func (l *Ledger) Add(op *Op) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = append(l.open, op)
	if op.Outcome == Acknowledged && uint64(op.Revision) > l.newest.Load() {
		l.newest.Store(uint64(op.Revision))
	}
	if op.Outcome == Acknowledged && op.Revision > l.World.Revision && !l.commits[op.Revision] {
		l.commits[op.Revision] = true
		l.acknowledged.Add(1)
	}
}

// Acknowledged is the number of commits that were acknowledged.
func (l *Ledger) Acknowledged() int { return int(l.acknowledged.Load()) }

// Newest is the highest revision that anybody was told of.
func (l *Ledger) Newest() board.Revision { return board.Revision(l.newest.Load()) }

// Unknown is the number of settled commands whose answer was lost, and how many of them had been carried out.
func (l *Ledger) Unknown() (lost, carriedOut int) { return l.unknown, l.lateCommits }

// Settle takes what the log says since the world's revision, decides what became of each open command, and brings the
// world to the log's head. No command may be under way. The error is the first thing that cannot be.
func (l *Ledger) Settle(log *wire.Log, observe Observe) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	byMark, idle, err := l.match(log)
	if err != nil {
		return err
	}
	for _, c := range log.Commits {
		if c.Revision != l.World.Revision+1 {
			return fmt.Errorf("the change log has revision %s where %s is due", c.Revision, l.World.Revision+1)
		}
		if op := byMark[c.ClientMutationID]; op != nil {
			if err := l.World.apply(op, c, observe); err != nil {
				return fmt.Errorf("revision %s, %s: %w", c.Revision, op, err)
			}
		} else if err := bystander(c); err != nil {
			return err
		}
		l.World.Revision = c.Revision
		for _, op := range idle[c.Revision] {
			if err := l.World.stands(op); err != nil {
				return fmt.Errorf("%s was acknowledged at revision %s without a commit, but %w", op, c.Revision, err)
			}
		}
	}
	if l.World.Revision != log.Head {
		return fmt.Errorf("the change log says its head is %s, but it ends at %s", log.Head, l.World.Revision)
	}
	l.World.forget()
	l.open, l.commits = nil, map[board.Revision]bool{}
	return nil
}

// match finds the commit of each open command, and lists by revision the acknowledged ones that wrote nothing.
func (l *Ledger) match(log *wire.Log) (byMark map[string]*Op, idle map[board.Revision][]*Op, err error) {
	found := map[string]board.Revision{}
	for _, c := range log.Commits {
		if c.ClientMutationID == "" {
			continue
		}
		if other, twice := found[c.ClientMutationID]; twice {
			return nil, nil, fmt.Errorf("%s was carried out twice, at revisions %s and %s", c.ClientMutationID, other, c.Revision)
		}
		if earlier, ok := l.settled[c.ClientMutationID]; ok {
			return nil, nil, fmt.Errorf("%s was settled (revision %s) before it was carried out at revision %s", c.ClientMutationID, earlier, c.Revision)
		}
		found[c.ClientMutationID] = c.Revision
	}
	byMark, idle = map[string]*Op{}, map[board.Revision][]*Op{}
	for _, op := range l.open {
		revision, committed := found[op.Mark]
		switch {
		case op.Outcome == Refused && committed:
			return nil, nil, fmt.Errorf("%s was refused, but carried out at revision %s", op, revision)
		case op.Outcome == Acknowledged && committed && revision != op.Revision:
			return nil, nil, fmt.Errorf("%s was acknowledged at revision %s, but carried out at revision %s", op, op.Revision, revision)
		case op.Outcome == Acknowledged && op.Revision > log.Head:
			return nil, nil, fmt.Errorf("%s was acknowledged at revision %s, but the log ends at %s", op, op.Revision, log.Head)
		case op.Outcome == Acknowledged && !committed && (op.Kind == Create || op.Kind == Delete):
			return nil, nil, fmt.Errorf("%s was acknowledged at revision %s, but the log does not hold it: a write is lost", op, op.Revision)
		case op.Outcome == Acknowledged && !committed:
			idle[op.Revision] = append(idle[op.Revision], op)
		case op.Outcome == Unknown:
			l.unknown++
			if committed {
				l.lateCommits++
			}
		}
		if committed {
			byMark[op.Mark] = op
		}
		l.settled[op.Mark] = revision
	}
	return byMark, idle, nil
}

// bystander tells whether a commit that no writer asked for is one the server may make by itself: it touches nothing the
// ledger follows, or only spreads the ranks of a column.
func bystander(c wire.Commit) error {
	for _, change := range c.Changes {
		switch change.Entity {
		case "member":
			for _, field := range []string{"permissions", "role", "team_ids", "is_active"} {
				if slices.Contains(change.Changed, field) {
					return fmt.Errorf("revision %s by %s %q (mark %q) changed %s of member %s: no writer asked for that",
						c.Revision, c.Actor.Kind, c.Actor.Name, c.ClientMutationID, field, change.EntityID)
				}
			}
		case "record", "pipeline", "stage", "contact":
			if len(change.Changed) != 1 || change.Changed[0] != "rank" {
				return fmt.Errorf("revision %s by %s %q (mark %q) changed %s %s %v: no writer asked for that",
					c.Revision, c.Actor.Kind, c.Actor.Name, c.ClientMutationID, change.Entity, change.EntityID, change.Changed)
			}
		}
	}
	return nil
}

// String names a command for accounts.
func (op *Op) String() string {
	return fmt.Sprintf("%s %s %s [%s]", op.Kind, op.Mark, op.RecordID, op.Text)
}
