package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// View is what a watcher looks at: whose eyes, which board, through which filter (nil: none).
type View struct {
	Who        Credential
	PipelineID string
	Filter     map[string]any
}

func (v View) variables() map[string]any {
	variables := map[string]any{"pipeline": v.PipelineID}
	if v.Filter != nil {
		variables["filter"] = v.Filter
	}
	return variables
}

// Board asks for a board as it stands (at = 0) or as it stood, whole: columns longer than a page are paged to their end,
// all pages at the revision of the first.
func (c *Client) Board(ctx context.Context, base string, v View, at board.Revision) (*board.Board, error) {
	first, err := c.page(ctx, base, v, moment{at: at}, "")
	if err != nil {
		return nil, err
	}
	if at != 0 && first.Revision != at {
		return nil, fmt.Errorf("asked for the board at %s, got it at %s", at, first.Revision)
	}
	if err := c.Complete(ctx, base, v, first); err != nil {
		return nil, err
	}
	return first.Board()
}

// BoardAsOf asks for a board as it stood at a time, as the API writes one.
func (c *Client) BoardAsOf(ctx context.Context, base string, v View, asOf string) (*board.Board, error) {
	first, err := c.page(ctx, base, v, moment{asOf: asOf}, "")
	if err != nil {
		return nil, err
	}
	if err := c.Complete(ctx, base, v, first); err != nil {
		return nil, err
	}
	return first.Board()
}

// Complete fetches what lies beyond the pages of an answer, at the answer's revision.
func (c *Client) Complete(ctx context.Context, base string, v View, a *board.Answer) error {
	for i := range a.Columns {
		column := &a.Columns[i]
		for column.Cards.PageInfo.HasNextPage {
			next, err := c.page(ctx, base, v, moment{at: a.Revision}, column.Cards.PageInfo.EndCursor)
			if err != nil {
				return fmt.Errorf("the column of stage %s has more than a page of cards and cannot be paged on: %w", column.Stage.ID, err)
			}
			if i >= len(next.Columns) || next.Columns[i].Stage.ID != column.Stage.ID {
				return fmt.Errorf("the next page of stage %s at revision %s has other columns", column.Stage.ID, a.Revision)
			}
			more := next.Columns[i].Cards
			column.Cards.Nodes = append(column.Cards.Nodes, more.Nodes...)
			column.Cards.PageInfo = more.PageInfo
		}
	}
	return nil
}

// moment is when a board is asked for: at a revision, at a time, or now.
type moment struct {
	at   board.Revision
	asOf string
}

func (c *Client) page(ctx context.Context, base string, v View, m moment, cursor string) (*board.Answer, error) {
	variables := v.variables()
	if m.at != 0 {
		variables["at"] = m.at.String()
	}
	if m.asOf != "" {
		variables["asOf"] = m.asOf
	}
	if cursor != "" {
		variables["cursor"] = cursor
	}
	var data struct{ Board json.RawMessage }
	if err := c.Do(ctx, base, v.Who, BoardQuery, variables, &data); err != nil {
		return nil, err
	}
	return board.ParseAnswer(data.Board)
}

// Watch subscribes to a board: with a snapshot first, or (resume) with everything after a revision.
func Watch(ctx context.Context, base string, v View, after board.Revision, resume, smallBuffer bool) (*Socket, error) {
	variables := v.variables()
	if resume {
		variables["after"] = after.String()
	}
	return Subscribe(ctx, base, v.Who, BoardStream, variables, smallBuffer)
}

// Frame gives the next frame of a board's subscription.
func (s *Socket) Frame() (*board.Frame, error) {
	raw, err := s.Next()
	if err != nil {
		return nil, err
	}
	var data struct{ Board json.RawMessage }
	if err := json.Unmarshal(raw, &data); err != nil {
		return nil, fmt.Errorf("frame: %w: %.300s", err, raw)
	}
	return board.ParseFrame(data.Board)
}

// ErrReset is a replay that the server would not give: it starts over with a snapshot instead.
var ErrReset = errors.New("the server reset the replay")

// Replay asks on a connection of its own for the commits after a revision, up to the moment it has caught up, and gives
// their revisions and the revision up to which they are whole. The error is ErrReset when the way was too long.
func Replay(ctx context.Context, base string, v View, after board.Revision) (commits []board.Revision, upTo board.Revision, err error) {
	socket, err := Watch(ctx, base, v, after, true, false)
	if err != nil {
		return nil, 0, err
	}
	defer socket.Close()
	stop := context.AfterFunc(ctx, socket.Close)
	defer stop()
	for {
		f, err := socket.Frame()
		if err != nil {
			return nil, 0, err
		}
		switch f.Type {
		case board.TypeCommit:
			commits = append(commits, f.Revision)
		case board.TypeReady:
			return commits, f.Revision, nil
		case board.TypeReset:
			return nil, 0, ErrReset
		default:
			return nil, 0, fmt.Errorf("a replay after revision %s was answered with %s", after, f)
		}
	}
}
