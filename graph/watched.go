package graph

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/board"
)

// watched lets the others know that the caller watches a board, until its stream ends.
func (r *Resolver) watched(ctx context.Context, pipelineID string, s *board.Subscription, err error) (source[board.Frame], error) {
	if err != nil {
		return nil, err
	}
	ended := r.Presence.Watches(viewer.FromContext(ctx), pipelineID)
	return &watchedBoard{s, ended}, nil
}

// watchedBoard is a board's stream whose end is noted.
type watchedBoard struct {
	*board.Subscription
	ended func()
}

func (w *watchedBoard) Close() {
	w.ended()
	w.Subscription.Close()
}

// seenBy leaves of boards those within the caller's narrowing.
func seenBy(v *viewer.Viewer, boards []string) []string {
	out := []string{}
	for _, id := range boards {
		if v.PipelineIDs == nil || slices.Contains(v.PipelineIDs, id) {
			out = append(out, id)
		}
	}
	return out
}
