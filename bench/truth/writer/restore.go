package writer

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/ledger"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

func contains(ids []string, id string) bool { return slices.Contains(ids, id) }

// restore brings back a card that was deleted lately.
func (w *Writer) restore(ctx context.Context) error {
	ids := w.Directory.Gone(w.random, 1)
	if len(ids) == 0 || w.Directory.Balance() > 1.3 {
		return w.delete(ctx)
	}
	op := &ledger.Op{Kind: ledger.Restore, RecordID: ids[0]}
	r, err := w.send(ctx, command{op: op, operation: wire.RestoreRecord, input: map[string]any{"id": ids[0]}})
	w.seen(r)
	return err
}

// restoreMany brings back a few cards at once; now and then it names one that may be there.
func (w *Writer) restoreMany(ctx context.Context) error {
	ids := w.Directory.Gone(w.random, 2+w.random.IntN(4))
	if len(ids) == 0 || w.Directory.Balance() > 1.3 {
		return w.deleteMany(ctx)
	}
	if id, _, _, _, ok := w.Directory.Card(w.random); ok && w.random.IntN(4) == 0 && !contains(ids, id) {
		ids = append(ids, id)
	}
	op := &ledger.Op{Kind: ledger.RestoreMany, IDs: ids}
	r, err := w.send(ctx, command{op: op, operation: wire.RestoreRecords, input: map[string]any{"ids": ids}})
	if r != nil {
		for _, id := range ids {
			if op.Answer.Rows[id] == "" {
				w.Directory.Back(id)
			}
		}
	}
	return err
}
