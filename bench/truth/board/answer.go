package board

import (
	"encoding/json"
	"fmt"
)

// Answer is a board as the API gives it: a page of cards per column.
type Answer struct {
	Revision Revision
	Pipeline Pipeline
	Columns  []AnswerColumn
}

// AnswerColumn is one column with the page of cards that was asked for.
type AnswerColumn struct {
	Stage  struct{ ID string }
	Totals Totals
	Cards  struct {
		Nodes    []Card
		PageInfo struct {
			HasNextPage bool
			EndCursor   string
		}
	}
}

// ParseAnswer reads a board.
func ParseAnswer(raw json.RawMessage) (*Answer, error) {
	a := new(Answer)
	if err := json.Unmarshal(raw, a); err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	return a, nil
}

// Partial names the stages whose columns go on beyond their page, with the cursor to go on from.
func (a *Answer) Partial() map[string]string {
	out := map[string]string{}
	for _, c := range a.Columns {
		if c.Cards.PageInfo.HasNextPage {
			out[c.Stage.ID] = c.Cards.PageInfo.EndCursor
		}
	}
	return out
}

// Board makes the model of what was answered; the error says where the answer disagrees with itself.
func (a *Answer) Board() (*Board, error) {
	b := &Board{Revision: a.Revision, Pipeline: a.Pipeline}
	held := map[string]string{}
	for _, c := range a.Columns {
		for _, card := range c.Cards.Nodes {
			if other, twice := held[card.ID]; twice {
				return nil, fmt.Errorf("card %s is in column %s and again in %s", card.ID, other, c.Stage.ID)
			}
			held[card.ID] = c.Stage.ID
		}
		if c.Totals.StageID != c.Stage.ID {
			return nil, fmt.Errorf("column %s has the totals of %s", c.Stage.ID, c.Totals.StageID)
		}
		b.Columns = append(b.Columns, &Column{StageID: c.Stage.ID, Totals: c.Totals, Cards: c.Cards.Nodes})
	}
	return b, b.Check()
}
