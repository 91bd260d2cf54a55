package board

// Clone gives a copy that stays as it is while the board goes on. Cards are shared: they are never changed in place.
func (b *Board) Clone() *Board {
	out := &Board{Revision: b.Revision, Pipeline: b.Pipeline}
	for _, c := range b.Columns {
		column := *c
		out.Columns = append(out.Columns, &column)
	}
	return out
}

// Narrow gives the board with the cards that a member owns and no others. Its totals count the cards and say nothing of
// amounts.
func (b *Board) Narrow(memberID string) *Board {
	out := &Board{Revision: b.Revision, Pipeline: b.Pipeline}
	for _, c := range b.Columns {
		column := &Column{StageID: c.StageID}
		for _, card := range c.Cards {
			if card.Text("ownerId") == memberID {
				column.Cards = append(column.Cards, card)
			}
		}
		column.Totals = Totals{StageID: c.StageID, Count: len(column.Cards)}
		out.Columns = append(out.Columns, column)
	}
	return out
}
