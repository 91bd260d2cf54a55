package board

import "fmt"

// Apply brings the board from the state before a commit to the state after it. The error says what in the commit does not
// fit what is held; the board is then void.
func (b *Board) Apply(f *Frame) error {
	for i, c := range f.Cards {
		if err := b.applyCard(c, f.Pipeline); err != nil {
			return fmt.Errorf("card %d of the commit: %w", i, err)
		}
	}
	gone := map[string]bool{}
	if f.Pipeline != nil {
		var err error
		if gone, err = b.replacePipeline(*f.Pipeline); err != nil {
			return err
		}
	}
	for _, t := range f.Columns {
		if gone[t.StageID] {
			continue
		}
		column := b.Column(t.StageID)
		if column == nil {
			return fmt.Errorf("totals of a column %s that is not held", t.StageID)
		}
		column.Totals = t
	}
	b.Revision = f.Revision
	return b.Check()
}

// applyCard takes the card out of where it is and, unless it left, puts it where it belongs.
func (b *Board) applyCard(c Change, next *Pipeline) error {
	column, at := b.Find(c.RecordID)
	if err := fits(c, column != nil); err != nil {
		return err
	}
	if column != nil {
		column.Cards = append(column.Cards[:at:at], column.Cards[at+1:]...)
	}
	if c.Kind == "LEFT" {
		return nil
	}
	target := b.Column(c.StageID)
	if target == nil && next != nil {
		target = b.openColumn(c.StageID, *next)
	}
	if target == nil {
		return fmt.Errorf("%s %s goes to a stage %s that is not held", c.Kind, c.RecordID, c.StageID)
	}
	place := 0
	if c.AfterRecordID != "" {
		above, i := b.Find(c.AfterRecordID)
		switch {
		case above == nil:
			return fmt.Errorf("%s %s goes below %s, which is not held though the column is held whole", c.Kind, c.RecordID, c.AfterRecordID)
		case above != target:
			return fmt.Errorf("%s %s goes below %s in stage %s, but that card is in stage %s", c.Kind, c.RecordID, c.AfterRecordID, c.StageID, above.StageID)
		}
		place = i + 1
	}
	cards := make([]Card, 0, len(target.Cards)+1)
	cards = append(cards, target.Cards[:place]...)
	cards = append(cards, *c.Record)
	target.Cards = append(cards, target.Cards[place:]...)
	return nil
}

// fits tells whether a change makes sense for a card that is, or is not, held.
func fits(c Change, held bool) error {
	switch c.Kind {
	case "LEFT":
		if !held {
			return fmt.Errorf("LEFT %s, which is not held", c.RecordID)
		}
		if c.Record != nil {
			return fmt.Errorf("LEFT %s comes with a record", c.RecordID)
		}
	case "ENTERED":
		if held {
			return fmt.Errorf("ENTERED %s, which is held already", c.RecordID)
		}
	case "MOVED", "UPDATED":
		if !held {
			return fmt.Errorf("%s %s, which is not held", c.Kind, c.RecordID)
		}
	default:
		return fmt.Errorf("unknown kind %q of %s", c.Kind, c.RecordID)
	}
	if (c.Kind == "ENTERED" || c.Kind == "LEFT") != (c.Reason != "") {
		return fmt.Errorf("%s %s has the reason %q", c.Kind, c.RecordID, c.Reason)
	}
	if c.Kind != "LEFT" {
		if c.Record == nil || c.Record.ID != c.RecordID {
			return fmt.Errorf("%s %s comes without its record", c.Kind, c.RecordID)
		}
		if stage := c.Record.Text("stageId"); stage != c.StageID {
			return fmt.Errorf("%s %s goes to stage %s, its record says %s", c.Kind, c.RecordID, c.StageID, stage)
		}
	}
	return nil
}

// openColumn makes room for a card whose stage comes with the same commit.
func (b *Board) openColumn(stageID string, next Pipeline) *Column {
	for _, s := range next.Stages {
		if s.ID == stageID {
			column := &Column{StageID: stageID, Totals: Totals{StageID: stageID}}
			b.Columns = append(b.Columns, column)
			return column
		}
	}
	return nil
}

// replacePipeline takes the new stages over: new ones are empty, those that went must be empty. It names those that went.
func (b *Board) replacePipeline(p Pipeline) (gone map[string]bool, err error) {
	gone = map[string]bool{}
	for _, c := range b.Columns {
		gone[c.StageID] = true
	}
	columns := make([]*Column, len(p.Stages))
	for i, s := range p.Stages {
		delete(gone, s.ID)
		if columns[i] = b.Column(s.ID); columns[i] == nil {
			columns[i] = &Column{StageID: s.ID, Totals: Totals{StageID: s.ID}}
		}
	}
	for id := range gone {
		if n := len(b.Column(id).Cards); n > 0 {
			return nil, fmt.Errorf("stage %s went, but %d cards are still in it", id, n)
		}
	}
	b.Pipeline, b.Columns = p, columns
	return gone, nil
}
