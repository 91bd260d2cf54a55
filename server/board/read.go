package board

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
)

// read gives a board in three statements: the pipeline with its stages, the cards with what they link to, the totals.
// The first and the last tell the revision they saw.
func (b *Boards) read(ctx context.Context, q store.Queryer, l lens, ask Query) (*Board, error) {
	board, err := b.readPipeline(ctx, q, l, ask.PipelineID)
	if err != nil {
		return nil, err
	}
	cards := map[string][]*row.Record{}
	if ask.First > 0 {
		if cards, err = b.readCards(ctx, q, l, board.Pipeline, ask); err != nil {
			return nil, err
		}
	}
	totals, err := b.readTotals(ctx, q, l, ask.PipelineID)
	if err != nil {
		return nil, err
	}
	if totals.revision != board.Revision {
		return nil, errMoved
	}
	for _, st := range board.Pipeline.Stages {
		c := &Column{Stage: st, Totals: &Totals{StageID: st.ID, Amounts: []money.Total{}}, revision: board.Revision}
		if sums := totals.columns[st.ID]; sums != nil {
			for _, s := range sums {
				c.Totals.Count += s.Count
			}
			c.Totals.Amounts = sums.Totals(l.viewer.Currency)
		}
		held := cards[st.ID]
		c.cards = func(ctx context.Context, below string, n int) ([]*row.Record, error) {
			if below == "" && ask.First > 0 && (n <= ask.First+1 || len(held) <= ask.First) {
				return held[:min(n, len(held))], nil
			}
			return b.readColumn(ctx, l, board.Pipeline, st, below, n)
		}
		board.Columns = append(board.Columns, c)
	}
	return board, nil
}

func (b *Boards) readPipeline(ctx context.Context, q store.Queryer, l lens, id string) (*Board, error) {
	sb := scope.New(l.viewer, b.DB.SQL).Add("SELECT w.revision, ").Columns("p", row.PipelineColumns).Add(", ").Columns("s", row.StageColumns).
		Add(" FROM workspaces w JOIN pipelines p ON ").Pipelines("p").Add(" JOIN stages s ON ").Same("s", "p").
		Add(" AND s.pipeline_id = p.id WHERE ").Own("w").
		Add(" AND p.id = ? AND s.deleted_at IS NULL ORDER BY s.position, s.id", id)
	rows, err := query(ctx, q, sb)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	board := &Board{}
	for rows.Next() {
		p, st := &row.Pipeline{}, &row.Stage{}
		dest := append([]any{&board.Revision}, p.Dest()...)
		if err := rows.Scan(append(dest, st.Dest()...)...); err != nil {
			return nil, err
		}
		if board.Pipeline == nil {
			board.Pipeline = p
		}
		board.Pipeline.Stages = append(board.Pipeline.Stages, st)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if board.Pipeline == nil {
		return nil, fault.NotFound("pipelineId", "pipeline", id)
	}
	return board, nil
}

// readCards reads the first cards of every column in one statement: one index range per stage.
func (b *Boards) readCards(ctx context.Context, q store.Queryer, l lens, p *row.Pipeline, ask Query) (map[string][]*row.Record, error) {
	sb, sh := scope.New(l.viewer, b.DB.SQL), shapeOf(ask)
	sh.begin(sb)
	for i, st := range p.Stages {
		if i > 0 {
			sb.Add(" UNION ALL ")
		}
		sh.top(sb, l, st.ID, "", ask.First+1)
	}
	sh.end(sb)
	cards, err := sh.scan(ctx, q, sb, p)
	out := map[string][]*row.Record{}
	for _, r := range cards {
		out[r.StageID] = append(out[r.StageID], r)
	}
	for _, column := range out {
		slices.SortFunc(column, byRank)
	}
	return out, err
}

// readColumn reads a further page of one column.
func (b *Boards) readColumn(ctx context.Context, l lens, p *row.Pipeline, st *row.Stage, below string, n int) ([]*row.Record, error) {
	sb, sh := scope.New(l.viewer, b.DB.SQL), shapeOf(Query{Links: Links{true, true, true}})
	sh.begin(sb)
	sh.top(sb, l, st.ID, below, n)
	sh.end(sb)
	cards, err := sh.scan(ctx, b.DB, sb, p)
	slices.SortFunc(cards, byRank)
	return cards, err
}
