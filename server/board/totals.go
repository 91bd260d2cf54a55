package board

import (
	"bytes"
	"context"
	"errors"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
)

// Totals cost a look at every card. Those of a large board are therefore remembered with their revision, and carried
// forward by the changes that the log has since: the images before and after a change say what to take out and put in,
// for every filter and whatever the viewer sees. Nothing is remembered that a restart could lose.
const (
	rememberFrom   = 2000
	cardsPerChange = 50
	// remembered is how many boards' totals a process remembers, each a few hundred bytes: one per pipeline, filter and
	// visibility.
	remembered = 4096
)

// sums is what the columns of a board add up to at a revision. It is never modified.
type sums struct {
	revision row.Revision
	cards    int
	columns  map[string]money.Sums
}

// newTotals makes the memory of totals of a process.
func newTotals() *lru.Cache[string, *sums] {
	c, _ := lru.New[string, *sums](remembered) // fails for a size below 1 only
	return c
}

// readTotals gives what every column adds up to, with the revision it saw, in one statement, or two when more has changed
// since it was last asked than it costs to sum up anew.
func (b *Boards) readTotals(ctx context.Context, q store.Queryer, l lens, pipelineID string) (*sums, error) {
	if !l.filter.Own() { // an image does not tell what passed
		return b.sumTotals(ctx, q, l, pipelineID)
	}
	key := l.viewer.WorkspaceID + " " + pipelineID + " " + l.key
	known, _ := b.totals.Get(key)
	if known != nil {
		now, err := b.carryTotals(ctx, q, l, pipelineID, known)
		if err == nil {
			b.totals.Add(key, now)
		}
		if !errors.Is(err, errForgotten) {
			return now, err
		}
		b.totals.Remove(key)
	}
	now, err := b.sumTotals(ctx, q, l, pipelineID)
	if err == nil && now.cards >= b.RememberFrom {
		b.totals.Add(key, now)
	}
	return now, err
}

// errForgotten says that totals cannot, or should not, be carried forward.
var errForgotten = errors.New("board: totals are too old")

// carryTotals takes totals to the present revision.
func (b *Boards) carryTotals(ctx context.Context, q store.Queryer, l lens, pipelineID string, known *sums) (*sums, error) {
	most := known.cards / b.CardsPerChange
	rows, err := query(ctx, q, scope.New(l.viewer, b.DB.SQL).Add(`SELECT w.revision, w.log_floor, t.revision, t.entity_id, t.before, t.after FROM workspaces w
		LEFT JOIN (SELECT c.revision, c.ordinal, c.entity_id, c.before, c.after FROM changes c WHERE `).Workspace("c").Add(` AND c.revision > ? AND c.entity = 'record'
		AND (c.pipeline_id = ? OR c.kind = 'record.pipeline.changed') ORDER BY c.revision, c.ordinal LIMIT ?) t ON 1 = 1 WHERE `, int64(known.revision), pipelineID, most+1).Own("w").
		Add(" ORDER BY t.revision, t.ordinal"))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	now := &sums{known.revision, known.cards, map[string]money.Sums{}}
	for id, s := range known.columns {
		now.columns[id] = s.Clone()
	}
	last := changelog.Change{}
	for n := 0; rows.Next(); n++ {
		var floor row.Revision
		var at *row.Revision
		var id *string
		var ch changelog.Change
		if err := rows.Scan(&now.revision, &floor, &at, &id, &ch.Before, &ch.After); err != nil {
			return nil, err
		}
		if n == most || floor > known.revision || now.revision < known.revision {
			return nil, errForgotten
		}
		if at == nil {
			break
		}
		if ch.Revision, ch.EntityID = *at, *id; sameWrite(&last, &ch) {
			continue
		}
		last.Revision, last.EntityID, last.After = ch.Revision, ch.EntityID, ch.After
		before, after := ch.Record()
		now.take(l, pipelineID, before, -1)
		now.take(l, pipelineID, after, 1)
	}
	return now, rows.Err()
}

// sameWrite tells whether two changes, one right after the other, are of one write: it has one for each thing that happened
// by it, all with the same images.
func sameWrite(a, b *changelog.Change) bool {
	return a.Revision == b.Revision && a.EntityID == b.EntityID && bytes.Equal(a.After, b.After)
}

// take puts a card in, sign 1, or takes it out, sign -1, where it is on the board and shown.
func (s *sums) take(l lens, pipelineID string, r *row.Record, sign int64) {
	if r == nil || r.PipelineID != pipelineID || r.DeletedAt != nil || !l.shows(r) {
		return
	}
	s.cards += int(sign)
	s.column(r.StageID).Add(r.Currency, r.Minor, r.Probability, sign)
}

func (s *sums) column(stageID string) money.Sums {
	c := s.columns[stageID]
	if c == nil {
		c = money.Sums{}
		s.columns[stageID] = c
	}
	return c
}

// sumTotals sums up every column, in halves that cannot overflow.
func (b *Boards) sumTotals(ctx context.Context, q store.Queryer, l lens, pipelineID string) (*sums, error) {
	sb := scope.New(l.viewer, b.DB.SQL).Add(`SELECT w.revision, t.stage_id, t.currency, t.n, t.high, t.low, t.whigh, t.wlow
		FROM workspaces w LEFT JOIN (SELECT r.stage_id, r.currency, COUNT(*) AS n,
		COALESCE(SUM(r.value / 1000000000), 0) AS high, COALESCE(SUM(r.value % 1000000000), 0) AS low,
		COALESCE(SUM(r.value / 1000000000 * r.probability), 0) AS whigh,
		COALESCE(SUM(r.value % 1000000000 * r.probability), 0) AS wlow
		FROM records r WHERE `).Records("r").Add(" AND r.pipeline_id = ? AND (", pipelineID)
	l.filter.SQL(sb, "r")
	sb.Add(") GROUP BY r.stage_id, r.currency) t ON 1 = 1 WHERE ").Own("w")
	rows, err := query(ctx, q, sb)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := &sums{columns: map[string]money.Sums{}}
	for rows.Next() {
		var stage, code *string
		var n, high, low, whigh, wlow *int64
		if err := rows.Scan(&out.revision, &stage, &code, &n, &high, &low, &whigh, &wlow); err != nil {
			return nil, err
		}
		if stage != nil {
			out.cards += int(*n)
			out.column(*stage).Of(*code).AddSplit(int(*n), *high, *low, *whigh, *wlow)
		}
	}
	return out, rows.Err()
}
