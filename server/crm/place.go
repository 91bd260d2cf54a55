package crm

import (
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// PlaceInput is a place in a stage; at most one of its fields is set, none means the top.
type PlaceInput struct {
	AfterRecordID  *string
	BeforeRecordID *string
	ToEnd          *string
	// NearRecordIds are further cards that the caller saw there, nearest first; see maxNear.
	NearRecordIds []string
}

// maxNear is how many cards a caller may name beside the one it means.
const maxNear = 10

// anchor is the card that a place is beside, and whether it is below that.
func (p PlaceInput) anchor() (id *string, below bool) {
	if p.AfterRecordID != nil {
		return p.AfterRecordID, true
	}
	return p.BeforeRecordID, false
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
	if beside, _ := p.anchor(); beside == nil && p.NearRecordIds != nil {
		c.Add(field+".nearRecordIds", "goes with afterRecordId or beforeRecordId")
	}
	if len(p.NearRecordIds) > maxNear {
		c.Add(field+".nearRecordIds", "has %d ids, at most %d are possible", len(p.NearRecordIds), maxNear)
	}
	for i, id := range p.NearRecordIds {
		if !typeid.Is(typeid.Record, id) {
			c.Add(pathOf(field+".nearRecordIds", i), "%q is not the id of a record", id)
		}
	}
}

// How a place was found.
const (
	placedAsked    = "ASKED"
	placedHint     = "HINT"
	placedLastSeen = "LAST_SEEN"
	placedTop      = "TOP"
)

// gap is a place found in a stage: the cards between which others fit. Empty ones are the ends.
type gap struct {
	low, high neighbour
	placedBy  string
}

// holds tells whether a rank lies in the gap already.
func (g gap) holds(r string) bool { return r > g.low.rank && (g.high.rank == "" || r < g.high.rank) }

// fellBack tells whether the neighbour asked for was not there.
func (g gap) fellBack() bool { return g.placedBy != placedAsked }

type neighbour struct{ id, rank string }

// findGap finds a place in a stage that the transaction holds, as if those `moving` were not there. The neighbours are
// those of the one order all members share; a neighbour named by the viewer must be one it sees. When that has left the
// stage, the nearest place known is taken: beside the first that is there of those the caller names further, else where
// it was when it left, else the top.
func (tx *Tx) findGap(stageID string, p PlaceInput, moving []string) (gap, error) {
	beside, below := p.anchor()
	if beside == nil {
		g, err := tx.end(stageID, moving, p.ToEnd != nil && *p.ToEnd == "BOTTOM")
		g.placedBy = placedAsked
		return g, err
	}
	for i, id := range append([]string{*beside}, p.NearRecordIds...) {
		g, found, err := tx.beside(stageID, id, below, moving)
		if found || err != nil {
			g.placedBy = map[bool]string{true: placedAsked, false: placedHint}[i == 0]
			return g, err
		}
	}
	g, found, err := tx.lastSeen(stageID, *beside, moving)
	if !found && err == nil {
		g, err = tx.end(stageID, moving, false)
		g.placedBy = placedTop
	}
	return g, err
}

// end is the place at an end of a stage.
func (tx *Tx) end(stageID string, moving []string, bottom bool) (g gap, err error) {
	direction, card := "ASC", &g.high
	if bottom {
		direction, card = "DESC", &g.low
	}
	ns, err := tx.column(stageID, moving, direction, 1)
	if len(ns) > 0 {
		*card = ns[0]
	}
	return g, err
}

// beside is the place below, or above, a card of the stage; found is false when the viewer sees no such card there.
func (tx *Tx) beside(stageID, of string, below bool, moving []string) (g gap, found bool, err error) {
	compare, direction, from, to := "<=", "DESC", &g.high, &g.low
	if below {
		compare, direction, from, to = ">=", "ASC", &g.low, &g.high
	}
	ns, err := tx.around(stageID, moving, of, compare, direction)
	if err != nil || len(ns) == 0 {
		return g, false, err
	}
	if *from = ns[0]; len(ns) > 1 {
		*to = ns[1]
	}
	return g, true, nil
}

// around gives a record of the stage and the next one in a direction; none when the viewer sees no such record there.
// Both stay where they are until the transaction ends.
func (tx *Tx) around(stageID string, moving []string, of, compare, direction string) ([]neighbour, error) {
	b := tx.others(stageID, moving).Add(" AND r.rank "+compare).
		Add(" (SELECT o.rank FROM records o WHERE ").Records("o").Add(" AND o.stage_id = ? AND o.id = ?", stageID, of).
		Add(") ORDER BY r.rank " + direction + " LIMIT 2" + tx.DB.SQL.Share("r"))
	ns, err := tx.neighbours(b)
	if len(ns) > 0 && ns[0].id != of { // it left while we waited for it
		ns = nil
	}
	return ns, err
}

// column gives the records at an end of a stage.
func (tx *Tx) column(stageID string, moving []string, direction string, n int) ([]neighbour, error) {
	b := tx.others(stageID, moving).
		Add(" ORDER BY r.rank "+direction+" LIMIT ?", n)
	return tx.neighbours(b)
}

// others begins to read the cards of a stage but for those that are moving.
func (tx *Tx) others(stageID string, moving []string) *scope.Builder {
	b := tx.begin().Add("SELECT r.id, r.rank FROM records r WHERE ").Workspace("r").
		Add(" AND r.deleted_at IS NULL AND r.stage_id = ?", stageID)
	if len(moving) > 0 {
		b.Add(" AND NOT ").In("r.id", moving)
	}
	return b
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
