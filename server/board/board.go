// Package board shows pipelines as boards: as they stand, as they stood, and as they change in front of a watcher.
//
// It promises: a board is one state that really existed; a watcher who applies the frames in order to its snapshot
// holds after the frame of revision R exactly the board at R, as far as its page reaches, with whole totals; frames
// come in order, each change once; a watcher is never told of a card it may not see. A slow watcher slows nobody: its
// queue is bounded, and when it overflows the watcher starts over from a snapshot.
//
// The boards that somebody watches are held in memory, fed by the change log; a restart loses nothing, since they are
// read again. Frames of scalar fields are made without reading the database.
package board

import (
	"context"
	"strings"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
)

// Board is a pipeline with its records, stage by stage, at one revision.
type Board struct {
	Revision row.Revision
	Pipeline *row.Pipeline
	Columns  []*Column
}

// Column gives one column; nil when the pipeline has no such stage.
func (b *Board) Column(stageID string) *Column {
	for _, c := range b.Columns {
		if c.Stage.ID == stageID {
			return c
		}
	}
	return nil
}

// Column is a stage with its cards.
type Column struct {
	Stage  *row.Stage
	Totals *Totals

	// revision is the board's.
	revision row.Revision
	// cards gives up to n cards below a rank, "" for the top.
	cards func(ctx context.Context, below string, n int) ([]*row.Record, error)
}

// Totals is what a column adds up to.
type Totals struct {
	StageID string
	Count   int
	Amounts []money.Total
}

// Cards gives a page of a column.
func (c *Column) Cards(ctx context.Context, first int, after *string) (*row.RecordConnection, error) {
	if err := row.CheckFirst(first); err != nil {
		return nil, err
	}
	list, below := "column "+c.Stage.ID, ""
	if after != nil {
		keys, err := row.ReadCursor(*after, list, 1)
		if err != nil {
			return nil, err
		}
		var ok bool
		if below, ok = keys[0].(string); !ok || strings.ContainsRune(below, 0) {
			return nil, fault.At("after", fault.BadCursor, "not a cursor of this list")
		}
	}
	cards, err := c.cards(ctx, below, first+1)
	if err != nil {
		return nil, err
	}
	cursor := func(r *row.Record) string { return row.Cursor(list, r.Rank) }
	total := func(context.Context) (int, error) { return c.Totals.Count, nil }
	return &row.RecordConnection{Connection: row.NewConnection(cards, first, after != nil, cursor, total), Revision: c.revision}, nil
}
