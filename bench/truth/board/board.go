package board

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Revision is a number of commits, a decimal string on the wire.
type Revision uint64

// UnmarshalJSON reads the decimal string.
func (r *Revision) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("a revision is a decimal string, not %s", b)
	}
	n, err := strconv.ParseUint(s, 10, 64)
	*r = Revision(n)
	return err
}

// String is the decimal form that the API takes.
func (r Revision) String() string { return strconv.FormatUint(uint64(r), 10) }

// Stage is a column's head.
type Stage struct {
	ID, Name, Kind string
	Raw            json.RawMessage
}

// UnmarshalJSON keeps the bytes beside what the checker reads of them.
func (s *Stage) UnmarshalJSON(b []byte) error {
	type plain Stage
	if err := json.Unmarshal(b, (*plain)(s)); err != nil {
		return err
	}
	s.Raw = append(json.RawMessage(nil), b...)
	return nil
}

// Pipeline is the process whose board this is; its stages are in board order.
type Pipeline struct {
	ID, Name string
	Stages   []Stage
	Raw      json.RawMessage
}

// UnmarshalJSON keeps the bytes beside what the checker reads of them.
func (p *Pipeline) UnmarshalJSON(b []byte) error {
	type plain Pipeline
	if err := json.Unmarshal(b, (*plain)(p)); err != nil {
		return err
	}
	p.Raw = append(json.RawMessage(nil), b...)
	return nil
}

// Totals are a column's count and sums, one entry per currency.
type Totals struct {
	StageID string
	Count   int
	Amounts []Amount
}

// Amount is a sum in one currency; amounts are exact decimals as text.
type Amount struct {
	Currency         string
	Count            int
	Amount, Weighted string
}

// Column is a stage with all its cards, top first.
type Column struct {
	StageID string
	Totals  Totals
	Cards   []Card
}

// Board is a pipeline's board at a revision, columns in board order and held whole.
type Board struct {
	Revision Revision
	Pipeline Pipeline
	Columns  []*Column
}

// Column finds a column by its stage; nil when there is none.
func (b *Board) Column(stageID string) *Column {
	for _, c := range b.Columns {
		if c.StageID == stageID {
			return c
		}
	}
	return nil
}

// Find says where a card is; nil when it is not held.
func (b *Board) Find(recordID string) (*Column, int) {
	for _, c := range b.Columns {
		for i := range c.Cards {
			if c.Cards[i].ID == recordID {
				return c, i
			}
		}
	}
	return nil, 0
}

// Cards counts the cards held.
func (b *Board) Cards() (n int) {
	for _, c := range b.Columns {
		n += len(c.Cards)
	}
	return n
}

// Check tells whether the board agrees with itself: columns are the pipeline's stages in their order, and every column
// holds as many cards as its totals count. The columns must be whole.
func (b *Board) Check() error {
	if len(b.Columns) != len(b.Pipeline.Stages) {
		return fmt.Errorf("%d columns for %d stages", len(b.Columns), len(b.Pipeline.Stages))
	}
	for i, c := range b.Columns {
		stage := b.Pipeline.Stages[i]
		if c.StageID != stage.ID {
			return fmt.Errorf("column %d is of stage %s, the pipeline's stage %d is %s (%q)", i, c.StageID, i, stage.ID, stage.Name)
		}
		if c.Totals.Count != len(c.Cards) {
			return fmt.Errorf("column %q holds %d cards, its totals count %d", stage.Name, len(c.Cards), c.Totals.Count)
		}
	}
	return nil
}
