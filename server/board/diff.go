package board

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// Diff is what became of a board between two revisions.
type Diff struct {
	From, To row.Revision
	Stages   []*StageDiff
	cards    []*CardDiff
}

// StageDiff is what became of one stage.
type StageDiff struct {
	Stage                            *row.Stage
	Entered, Left, MovedIn, MovedOut int
	Updated                          int
	Before, After                    *Totals
	Change                           []money.Total
	change                           money.Sums
}

// CardDiff is what became of one card. Before is nil when it ENTERED, After when it LEFT.
type CardDiff struct {
	Kind          string
	RecordID      string
	Before, After *row.Record
	ChangedFields []string
}

// Diff compares a board at two revisions, `to` being the newest when it is nil, as the viewer sees both now. The order of
// cards within a stage is not compared. NOT_FOUND for a pipeline that was not there at `to`, CURSOR_EXPIRED for a
// revision older than the log, VALIDATION_FAILED for one that does not exist or for two in the wrong order.
func (b *Boards) Diff(ctx context.Context, pipelineID string, from row.Revision, to *row.Revision, f *filter.RecordFilter) (*Diff, error) {
	l, err := lensOf(viewer.FromContext(ctx), pipelineID, f, b.Now())
	if err != nil {
		return nil, err
	}
	var old, now *state
	was := l
	load := newLoader(b.DB, l.viewer)
	err = b.DB.Snapshot(ctx, func(db store.Queryer) error {
		s, err := load.state(ctx, db, pipelineID)
		if err != nil || s == nil {
			return err
		}
		if now, err = load.back(ctx, db, l, s, "to", to); err != nil {
			return err
		}
		if to != nil {
			if l, err = load.judged(ctx, db, l, now.revision); err != nil {
				return err
			}
		}
		if from > now.revision {
			return fault.At("from", fault.ValidationFailed, "revision %d comes after revision %d", from, now.revision)
		}
		if old, err = load.back(ctx, db, l, s, "from", &from); err != nil {
			return err
		}
		was, err = load.judged(ctx, db, l, from)
		return err
	})
	if err != nil {
		return nil, err
	}
	if now == nil || now.pipeline.DeletedAt != nil || !now.existed() {
		return nil, fault.NotFound("pipelineId", "pipeline", pipelineID)
	}
	return compare(newView(was, old), newView(l, now), old, now), nil
}

// back gives a copy of a state as it was at a revision, as far as a lens shows it.
func (l loader) back(ctx context.Context, q store.Queryer, through lens, s *state, field string, at *row.Revision) (*state, error) {
	c := s.copy()
	if at == nil {
		return c, nil
	}
	r, err := l.moment(ctx, q, Query{At: at}, s.revision)
	if err != nil {
		if f := fault.Of(err); f != nil && len(f.Details) > 0 {
			return nil, fault.At(field, f.Kind, "%s", f.Message)
		}
		return nil, err
	}
	changes, err := l.past(ctx, q, through, s.pipeline.ID, r)
	if err == nil {
		c.rewind(changes, r)
	}
	return c, err
}

// compare tells two views of a board apart.
func compare(old, now *view, before, after *state) *Diff {
	d := &Diff{From: before.revision, To: after.revision}
	stages := map[string]*StageDiff{}
	for _, list := range [][]*row.Stage{after.pipeline.Stages, before.pipeline.Stages} {
		for _, st := range list {
			if stages[st.ID] == nil {
				stages[st.ID] = &StageDiff{Stage: st, Before: old.totals(st.ID, before.currency), After: now.totals(st.ID, after.currency), change: money.Sums{}}
				d.Stages = append(d.Stages, stages[st.ID])
			}
		}
	}
	was, is := old.cards(), now.cards()
	ids := slices.Sorted(maps.Keys(was))
	for id := range is {
		if was[id] == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		if c := told(was[id], is[id], stages); c != nil {
			d.cards = append(d.cards, c)
		}
	}
	for _, s := range d.Stages {
		maps.DeleteFunc(s.change, func(code string, sum *money.Sum) bool { return sum.Zero() })
		s.Change = s.change.Totals(after.currency)
	}
	slices.SortStableFunc(d.cards, func(a, b *CardDiff) int { return cmp.Compare(order[a.Kind], order[b.Kind]) })
	return d
}

var order = map[string]int{Entered: 0, Moved: 1, Updated: 2, Left: 3}

// told notes one card with its stages; nil when nothing that shows has changed.
func told(was, is *row.Record, stages map[string]*StageDiff) *CardDiff {
	if was != nil {
		stages[was.StageID].change.Of(was.Currency).Add(was.Minor, was.Probability, -1)
	}
	if is != nil {
		stages[is.StageID].change.Of(is.Currency).Add(is.Minor, is.Probability, 1)
	}
	switch {
	case was == nil:
		stages[is.StageID].Entered++
		return &CardDiff{Entered, is.ID, nil, is, []string{}}
	case is == nil:
		stages[was.StageID].Left++
		return &CardDiff{Left, was.ID, was, nil, []string{}}
	}
	fields := fieldNames(differ(was, is))
	switch {
	case was.StageID != is.StageID:
		stages[was.StageID].MovedOut++
		stages[is.StageID].MovedIn++
		return &CardDiff{Moved, is.ID, was, is, fields}
	case len(fields) > 0:
		stages[is.StageID].Updated++
		return &CardDiff{Updated, is.ID, was, is, fields}
	}
	return nil
}

// differ names the stored columns in which two states of a record differ, but for the order and what only changes along.
func differ(a, b *row.Record) []string {
	return slices.DeleteFunc(changelog.Changed(a, b), func(c string) bool { return c == "rank" || slices.Contains(changelog.Bookkeeping, c) })
}

// CardDiffConnection is a page of cards.
type CardDiffConnection struct{ row.Connection[*CardDiff] }

// Cards gives a page of the cards that entered, moved, changed or left, in this order, each by id.
func (d *Diff) Cards(ctx context.Context, first int, after *string) (*CardDiffConnection, error) {
	if err := row.CheckFirst(first); err != nil {
		return nil, err
	}
	list, cards := "diff", d.cards
	if after != nil {
		keys, err := row.ReadCursor(*after, list, 2)
		if err != nil {
			return nil, err
		}
		kind, _ := keys[0].(string)
		id, _ := keys[1].(string)
		from, _ := slices.BinarySearchFunc(cards, &CardDiff{Kind: kind, RecordID: id}, func(a, b *CardDiff) int {
			return cmp.Or(cmp.Compare(order[a.Kind], order[b.Kind]), cmp.Compare(a.RecordID, b.RecordID))
		})
		if from < len(cards) && cards[from].RecordID == id {
			from++
		}
		cards = cards[from:]
	}
	cursor := func(c *CardDiff) string { return row.Cursor(list, c.Kind, c.RecordID) }
	total := func(context.Context) (int, error) { return len(d.cards), nil }
	return &CardDiffConnection{row.NewConnection(cards[:min(len(cards), first+1)], first, after != nil, cursor, total)}, nil
}
