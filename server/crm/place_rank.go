package crm

import (
	"slices"

	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/rank"
)

// land gives drafts, in their order, places next to each other in a stage that the transaction holds. Those that lie there
// so already keep theirs.
func (tx *Tx) land(drafts []*draft, stageID string, p PlaceInput) (gap, error) {
	var moving, held []string
	for _, d := range drafts {
		if d.cur.StageID == stageID && d.cur.DeletedAt == nil {
			moving, held = append(moving, d.cur.ID), append(held, d.cur.Rank)
		}
	}
	g, err := tx.findGap(stageID, p, moving)
	if err != nil || len(held) == len(drafts) && slices.IsSorted(held) && !slices.ContainsFunc(held, func(r string) bool { return !g.holds(r) }) {
		return g, err
	}
	ranks, err := tx.ranksIn(stageID, g, len(drafts), moving, held)
	if err != nil {
		return g, err
	}
	for i, d := range drafts {
		d.next.Rank = ranks[i]
	}
	return g, nil
}

// ranksIn chooses n ranks in a gap, none of which is `held` by a card that is still to move. When ranks have grown too
// long there, the stage is spaced anew first: every card that stays gets a fresh rank beyond the present ones, in the same
// order, each announced by the log.
func (tx *Tx) ranksIn(stageID string, g gap, n int, moving, held []string) ([]string, error) {
	ranks, err := rank.Spread(n, g.low.rank, ceiling(g, held))
	if err == nil && !slices.ContainsFunc(ranks, func(r string) bool { return len(r) > rank.MaxLen }) {
		return ranks, nil
	}
	if err := tx.space(stageID, moving); err != nil {
		return nil, err
	}
	for _, card := range []*neighbour{&g.low, &g.high} {
		if card.id != "" {
			r, err := tx.ent.Record.Get(tx.ctx, card.id)
			if err != nil {
				return nil, err
			}
			card.rank = r.Rank
		}
	}
	if ranks, err = rank.Spread(n, g.low.rank, ceiling(g, held)); err != nil {
		return nil, fault.New(fault.Internal, "no place between two cards")
	}
	return ranks, nil
}

// ceiling is the upper end of that part of a gap in which no card lies that is still to move: one statement writes them
// all, and no two may have the same rank meanwhile.
func ceiling(g gap, held []string) string {
	top := g.high.rank
	for _, r := range held {
		if r > g.low.rank && (top == "" || r < top) {
			top = r
		}
	}
	return top
}

// space gives all cards of a stage that are not moving fresh ranks.
func (tx *Tx) space(stageID string, moving []string) error {
	cards, err := tx.ent.Record.Query().Where(record.StageID(stageID), record.DeletedAtIsNil(), tx.lock).
		Order(record.ByRank()).All(tx.ctx)
	if err != nil || len(cards) == 0 {
		return err
	}
	ranks, err := rank.Spread(len(cards), cards[len(cards)-1].Rank, "")
	if err != nil {
		return err
	}
	var drafts []*draft
	for i, c := range cards {
		if !slices.Contains(moving, c.ID) {
			next := *c
			next.Rank = ranks[i]
			drafts = append(drafts, &draft{c, next})
		}
	}
	return tx.rerank(drafts)
}
