package span

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// writeRows is how many spans go into one statement: SQLite binds arguments in time that grows with their square.
const writeRows = 100

// Writer writes the spans of one transaction, at most four statements for each 100 records: stays end, stays begin,
// ownerships end, ownerships begin.
type Writer struct {
	Tx     *sql.Tx
	SQL    store.Dialect
	Viewer *viewer.Viewer
	Now    time.Time
	NewID  func(prefix string) string
	// Notes are what commands say about changes of owner, by record.
	Notes map[string]Note
}

// Write ends and begins the spans that follow from the changes of a commit. The records in them must be held for update.
// An instant is never before that at which the span began that it ends, whatever the clocks of several machines say.
func (w *Writer) Write(ctx context.Context, changes []*changelog.Change) error {
	ts := turns(changes)
	if len(ts) == 0 {
		return nil
	}
	actor, err := json.Marshal(row.Actor(w.Viewer.Actor()))
	if err != nil {
		return err
	}
	if err := w.stays(ctx, ts, deletedStages(changes), string(actor)); err != nil {
		return err
	}
	return w.ownerships(ctx, ts, string(actor))
}

var stageColumns = []string{"id", "record_id", "pipeline_id", "stage_id", "from_stage_id", "entered_at", "cause", "actor", "value_at_entry", "currency", "probability_at_entry"}

func (w *Writer) stays(ctx context.Context, ts []*turn, gone map[string]bool, actor string) error {
	left, err := w.end(ctx, picked(ts, (*turn).leaves), func(b *scope.Builder, now int64) *scope.Builder {
		return b.Add("UPDATE stage_spans AS s SET left_at = CASE WHEN s.entered_at > ? THEN s.entered_at ELSE ? END WHERE ", now, now).
			Workspace("s").Add(" AND s.left_at IS NULL")
	}, "left_at, cause")
	if err != nil {
		return err
	}
	return w.begin(ctx, "stage_spans", stageColumns, picked(ts, (*turn).enters), func(t *turn) []any {
		at := t.entered(w.Now)
		if end, ok := left[t.after.ID]; ok {
			at = end.at
		}
		return []any{w.NewID(typeid.Span), t.after.ID, t.after.PipelineID, t.after.StageID, t.from(), at, t.cause(gone, w.Viewer.Source), actor,
			t.after.Minor, t.after.Currency, t.after.Probability}
	})
}

var ownerColumns = []string{"id", "record_id", "owner_id", "from_owner_id", "started_at", "reason", "changed_by", "note"}

func (w *Writer) ownerships(ctx context.Context, ts []*turn, actor string) error {
	old := func(t *turn) bool { return t.before != nil && t.passes() }
	ended, err := w.end(ctx, picked(ts, old), func(b *scope.Builder, now int64) *scope.Builder {
		return b.Add("UPDATE owner_spans AS s SET ended_at = CASE WHEN s.started_at > ? THEN s.started_at ELSE ? END WHERE ", now, now).
			Workspace("s").Add(" AND s.ended_at IS NULL")
	}, "ended_at, reason")
	if err != nil {
		return err
	}
	return w.begin(ctx, "owner_spans", ownerColumns, picked(ts, (*turn).passes), func(t *turn) []any {
		at, owned, from, n := t.began(w.Now), false, (*string)(nil), w.Notes[t.after.ID]
		if end, ok := ended[t.after.ID]; ok {
			at, owned = end.at, end.why != nil
		}
		if t.before != nil {
			from = t.before.OwnerID
		}
		return []any{w.NewID(typeid.Span), t.after.ID, t.after.OwnerID, from, at, t.reason(owned, n), actor, n.Text}
	})
}

// ended is a span that was ended: when, and why it had begun.
type ended struct {
	at  int64
	why *string
}

// end ends the open spans of records, by a statement up to the choice of records, and gives them by record.
func (w *Writer) end(ctx context.Context, ts []*turn, begin func(*scope.Builder, int64) *scope.Builder, shown string) (map[string]ended, error) {
	out := map[string]ended{}
	for chunk := range slices.Chunk(ts, writeRows) {
		ids := make([]string, len(chunk))
		for i, t := range chunk {
			ids[i] = t.after.ID
		}
		text, args := begin(scope.New(w.Viewer, w.SQL), w.Now.UnixMicro()).Add(" AND ").In("s.record_id", ids).
			Add(" RETURNING record_id, " + shown).SQL()
		rows, err := w.Tx.QueryContext(ctx, text, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var id string
			var e ended
			if err := rows.Scan(&id, &e.at, &e.why); err != nil {
				rows.Close()
				return nil, err
			}
			out[id] = e
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// begin inserts a span for each record.
func (w *Writer) begin(ctx context.Context, table string, columns []string, ts []*turn, values func(*turn) []any) error {
	for chunk := range slices.Chunk(ts, writeRows) {
		rows := make([][]any, len(chunk))
		for i, t := range chunk {
			rows[i] = values(t)
		}
		text, args := scope.New(w.Viewer, w.SQL).InsertAll(table, columns, rows).SQL()
		if _, err := w.Tx.ExecContext(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

func picked(ts []*turn, which func(*turn) bool) (out []*turn) {
	for _, t := range ts {
		if which(t) {
			out = append(out, t)
		}
	}
	return out
}
