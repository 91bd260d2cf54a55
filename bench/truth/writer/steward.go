package writer

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/ledger"
	"github.com/rapidbott/tideboard/bench/truth/rights"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// seeAll is the right that comes and goes.
const seeAll = "CAN_SEE_ALL_RECORDS"

// Steward is the owner as it lets members see all records, and their own alone, in turn. Its Writer's Who must be the
// owner, its Number one that no other writer has.
type Steward struct {
	*Writer
	// Subjects are the members, all followed by Book.
	Subjects []string
	Book     *rights.Book
	// Every is about how many commits go between two changes.
	Every int
}

// Run changes rights until it is enough or the context ends.
func (s *Steward) Run(ctx context.Context, seed uint64) {
	s.random = rand.New(rand.NewPCG(seed, uint64(s.Number)<<32))
	s.desk, s.client = s.Court.Desk(s.Name()), wire.NewClient()
	defer s.client.Close()
	next := s.Every
	for ctx.Err() == nil && !s.Enough.Load() {
		if s.Ledger.Acknowledged() < next {
			s.desk.Does("waits for commit %d", next)
			_ = fleet.Pause(ctx, 5*time.Millisecond)
			continue
		}
		s.Gate.RLock()
		err := s.turn(ctx)
		s.Gate.RUnlock()
		if err != nil && ctx.Err() == nil {
			s.Court.Fail(err)
			return
		}
		next = s.Ledger.Acknowledged() + 1 + s.random.IntN(2*s.Every)
	}
	s.desk.Does("has finished")
}

// turn gives a member the other right; when the answer is lost, it says so again until it has one.
func (s *Steward) turn(ctx context.Context) error {
	member := pick(s.random, s.Subjects)
	sees := !s.Book.Now(member).Sees
	from := s.Ledger.Newest()
	s.Book.Begin(member, from)
	for first := true; ctx.Err() == nil; first = false {
		op := &ledger.Op{Kind: ledger.Permit, MemberID: member, Sees: sees}
		input := map[string]any{"id": member, "overrides": []any{map[string]any{"permission": seeAll, "allowed": sees}}}
		r, err := s.send(ctx, command{op: op, operation: wire.SetMemberPermissions, input: input})
		if err != nil {
			return err
		}
		if r == nil {
			continue
		}
		if first {
			from = r.Revision - min(r.Revision, board.Revision(1))
		}
		s.Book.End(member, from, r.Revision, sees)
		return nil
	}
	return nil
}
