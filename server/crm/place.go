package crm

import (
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/rank"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// PlaceInput is a place in a stage; at most one of its fields is set, none means the top.
type PlaceInput struct {
	AfterRecordID  *string
	BeforeRecordID *string
	ToEnd          *string
}

func (c *checker) place(field string, p PlaceInput) {
	n := 0
	for _, set := range []bool{p.AfterRecordID != nil, p.BeforeRecordID != nil, p.ToEnd != nil} {
		if set {
			n++
		}
	}
	if n > 1 {
		c.Add(field, "at most one of afterRecordId, beforeRecordId and toEnd can be given")
	}
	for name, id := range map[string]*string{"afterRecordId": p.AfterRecordID, "beforeRecordId": p.BeforeRecordID} {
		if id != nil && !typeid.Is(typeid.Record, *id) {
			c.Add(field+"."+name, "%q is not the id of a record", *id)
		}
	}
}

// gap is a place found in a stage: the ranks between which a card fits. Empty ranks are the ends.
type gap struct {
	low, high string
	// fellBack says that the neighbour asked for was not there, and that this is the top instead.
	fellBack bool
}

// holds tells whether a rank lies in the gap already.
func (g gap) holds(r string) bool { return r > g.low && (g.high == "" || r < g.high) }

type neighbour struct{ id, rank string }

// findGap finds a place in a stage that the transaction holds, as if `moving` were not there. The neighbours are
// those of the one order all members share; a neighbour named by the viewer must be one it sees.
func (tx *Tx) findGap(stageID string, p PlaceInput, moving string) (gap, error) {
	switch {
	case p.AfterRecordID != nil:
		ns, err := tx.around(stageID, moving, *p.AfterRecordID, ">=", "ASC")
		if err != nil || len(ns) > 0 {
			return gapOf(ns, false), err
		}
	case p.BeforeRecordID != nil:
		ns, err := tx.around(stageID, moving, *p.BeforeRecordID, "<=", "DESC")
		if err != nil || len(ns) > 0 {
			return gapOf(ns, true), err
		}
	case p.ToEnd != nil && *p.ToEnd == "BOTTOM":
		ns, err := tx.column(stageID, moving, "DESC", 1)
		g := gap{}
		if len(ns) > 0 {
			g.low = ns[0].rank
		}
		return g, err
	}
	ns, err := tx.column(stageID, moving, "ASC", 1)
	g := gap{fellBack: p.AfterRecordID != nil || p.BeforeRecordID != nil}
	if len(ns) > 0 {
		g.high = ns[0].rank
	}
	return g, err
}

func gapOf(ns []neighbour, before bool) gap {
	ranks := []string{"", ""}
	for i, n := range ns {
		ranks[i] = n.rank
	}
	if before {
		return gap{low: ranks[1], high: ranks[0]}
	}
	return gap{low: ranks[0], high: ranks[1]}
}

// around gives a record of the stage and the next one in a direction; none when the viewer sees no such record there.
// Both stay where they are until the transaction ends.
func (tx *Tx) around(stageID, moving, of, compare, direction string) ([]neighbour, error) {
	b := scope.New(tx.viewer, tx.DB.SQL).Add("SELECT r.id, r.rank FROM records r WHERE ").Workspace("r").
		Add(" AND r.deleted_at IS NULL AND r.stage_id = ? AND r.id <> ? AND r.rank "+compare, stageID, moving).
		Add(" (SELECT o.rank FROM records o WHERE ").Records("o").Add(" AND o.stage_id = ? AND o.id = ?", stageID, of).
		Add(") ORDER BY r.rank " + direction + " LIMIT 2" + tx.DB.SQL.Share("r"))
	ns, err := tx.neighbours(b)
	if len(ns) > 0 && ns[0].id != of { // it left while we waited for it
		ns = nil
	}
	return ns, err
}

// column gives the records at an end of a stage.
func (tx *Tx) column(stageID, moving, direction string, n int) ([]neighbour, error) {
	b := scope.New(tx.viewer, tx.DB.SQL).Add("SELECT r.id, r.rank FROM records r WHERE ").Workspace("r").
		Add(" AND r.deleted_at IS NULL AND r.stage_id = ? AND r.id <> ?", stageID, moving).
		Add(" ORDER BY r.rank "+direction+" LIMIT ?", n)
	return tx.neighbours(b)
}

func (tx *Tx) neighbours(b *scope.Builder) (out []neighbour, err error) {
	text, args := b.SQL()
	rows, err := tx.sql.QueryContext(tx.ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n neighbour
		if err := rows.Scan(&n.id, &n.rank); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// visibleNeighbours gives the cards above and below a rank that the viewer sees.
func (tx *Tx) visibleNeighbours(stageID, at, self string) (above, below *string, err error) {
	b := scope.New(tx.viewer, tx.DB.SQL)
	half := func(compare, direction string) {
		b.Add("SELECT * FROM (SELECT r.id, r.rank FROM records r WHERE ").Records("r").
			Add(" AND r.stage_id = ? AND r.id <> ? AND r.rank "+compare+" ? ORDER BY r.rank "+direction+" LIMIT 1) x", stageID, self, at)
	}
	half("<", "DESC")
	b.Add(" UNION ALL ")
	half(">", "ASC")
	ns, err := tx.neighbours(b)
	for _, n := range ns {
		if n.rank < at {
			above = &n.id
		} else {
			below = &n.id
		}
	}
	return above, below, err
}

// rankIn chooses a rank in a gap. When ranks have grown too long there, the stage is spaced anew first: every card
// gets a fresh rank beyond the present ones, in the same order, each announced by the log.
func (tx *Tx) rankIn(stageID string, p PlaceInput, g gap, moving string) (string, error) {
	r, err := rank.Between(g.low, g.high)
	if err == nil && len(r) <= rank.MaxLen {
		return r, nil
	}
	if err := tx.space(stageID); err != nil {
		return "", err
	}
	if g, err = tx.findGap(stageID, p, moving); err != nil {
		return "", err
	}
	if r, err = rank.Between(g.low, g.high); err != nil {
		return "", fault.New(fault.Internal, "no place between two cards")
	}
	return r, nil
}

func (tx *Tx) space(stageID string) error {
	cards, err := tx.ent.Record.Query().Where(record.StageID(stageID), record.DeletedAtIsNil(), tx.lock).
		Order(record.ByRank()).All(tx.ctx)
	if err != nil || len(cards) == 0 {
		return err
	}
	ranks, err := rank.Spread(len(cards), cards[len(cards)-1].Rank, "")
	if err != nil {
		return err
	}
	for i, c := range cards {
		if err := tx.ent.Record.UpdateOneID(c.ID).SetRank(ranks[i]).Exec(tx.ctx); err != nil {
			return err
		}
	}
	return nil
}
