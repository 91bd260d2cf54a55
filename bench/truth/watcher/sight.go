package watcher

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/rights"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// Shifting tells whether its member's right changes during the run.
func (w *Watcher) Shifting() bool { return w.Rights.Follows(w.View.Who.MemberID) }

// sight is the right its member had at a revision; false when it is not known.
func (w *Watcher) sight(at board.Revision) (sees, known bool) {
	if !w.Shifting() {
		return w.View.Who.SeesAll, true
	}
	return w.Rights.At(w.View.Who.MemberID, at)
}

// standing is the right its member has now.
func (w *Watcher) standing() rights.Standing {
	if !w.Shifting() {
		return rights.Standing{Sees: w.View.Who.SeesAll, Certain: true}
	}
	return w.Rights.Now(w.View.Who.MemberID)
}

// fetch asks for a board at a revision.
func (w *Watcher) fetch(ctx context.Context, v wire.View, at board.Revision) (b *board.Board, err error) {
	err = w.Fleet.Ask(ctx, w.random, w.retried, func(base string) (err error) {
		w.desk.Does("asks %s for its board at revision %s", base, at)
		b, err = w.client.Board(ctx, base, v, at)
		return err
	})
	return b, err
}

// mustHold asks for the board that must be held at a revision: with the watcher's own eyes when they are the same now, and
// else with the owner's, narrowed to what was seen then. Nil when nobody knows what was.
func (w *Watcher) mustHold(ctx context.Context, at board.Revision) (*board.Board, error) {
	sees, known := w.sight(at)
	if !known {
		return nil, nil
	}
	if before := w.standing(); before.Certain && before.Sees == sees {
		b, err := w.fetch(ctx, w.View.Wire(), at)
		if w.standing() == before {
			return b, err
		}
	}
	w.Court.Counts.Narrowed.Add(1)
	return w.fetch(ctx, w.View.Through(w.Owner, sees).Wire(), at)
}

// aboutRights tells what is wrong with a commit that changed a right and nothing else: all cards that enter, or all that
// leave, do so for that reason, and what stays shows another owner at most.
func (w *Watcher) aboutRights(f *board.Frame) error {
	only := w.RightsMark != "" && strings.HasPrefix(f.ClientMutationID, w.RightsMark)
	kind := ""
	for _, c := range f.Cards {
		if c.Reason == "PERMISSION" {
			w.Court.Counts.Permission.Add(1)
		}
		if !only || c.Kind == "UPDATED" && slices.Equal(c.ChangedFields, []string{"owner"}) {
			continue
		}
		if c.Reason != "PERMISSION" || kind != "" && c.Kind != kind {
			return fmt.Errorf("a right changed, and %s %s came with the reason %q after %q", c.Kind, c.RecordID, c.Reason, kind)
		}
		kind = c.Kind
	}
	return nil
}
