package changelog

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// Origin tells who makes a commit and by which mark the caller knows it again.
type Origin struct {
	Viewer           *viewer.Viewer
	Now              time.Time
	ClientMutationID *string
	// BatchID is what all changes of one bulk command share, over all its commits; nil for any other command.
	BatchID *string
}

// insertRows is how many changes go into one statement: SQLite binds arguments in time that grows with their square.
const insertRows = 100

const insertColumns = `INSERT INTO changes (workspace_id, revision, ordinal, at, actor, source, kind, entity, entity_id,
	pipeline_id, before, after, changed, client_mutation_id, batch_id) VALUES `

// Flush gives the transaction its revision and appends its changes. It must be the last thing before the commit: it
// takes the lock that keeps revisions in commit order. Without changes it does nothing and returns nil.
// The instant of a commit is never before that of the commit before it, whatever the clocks of several machines say.
func (r *Recorder) Flush(ctx context.Context, tx *sql.Tx, d store.Dialect, o Origin) (*Commit, error) {
	if len(r.changes) == 0 {
		return nil, nil
	}
	for _, ch := range r.changes {
		ch.BatchID = o.BatchID
	}
	c := &Commit{WorkspaceID: o.Viewer.WorkspaceID, Actor: row.Actor(o.Viewer.Actor()), Source: o.Viewer.Source,
		ClientMutationID: o.ClientMutationID, Changes: r.changes}
	ph := d.Placeholder
	err := tx.QueryRowContext(ctx, `UPDATE workspaces SET revision = revision + 1,
		revised_at = CASE WHEN revised_at > `+ph(1)+` THEN revised_at ELSE `+ph(2)+` END
		WHERE id = `+ph(3)+` RETURNING revision, revised_at`, o.Now, o.Now, c.WorkspaceID).Scan(&c.Revision, row.UTC(&c.At))
	if err != nil {
		return nil, err
	}
	for start := 0; start < len(r.changes); start += insertRows {
		if err := insert(ctx, tx, d, c, r.changes[start:min(start+insertRows, len(r.changes))]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func insert(ctx context.Context, tx *sql.Tx, d store.Dialect, c *Commit, changes []*Change) error {
	actor, err := json.Marshal(c.Actor)
	if err != nil {
		return err
	}
	var text strings.Builder
	text.WriteString(insertColumns)
	args := make([]any, 0, len(changes)*15)
	for i, ch := range changes {
		ch.Revision = c.Revision
		names, err := json.Marshal(ch.Changed)
		if err != nil {
			return err
		}
		if i > 0 {
			text.WriteString(", ")
		}
		for _, v := range []any{c.WorkspaceID, int64(c.Revision), ch.Ordinal, c.At, string(actor), string(c.Source), ch.Kind,
			ch.Entity, ch.EntityID, ch.PipelineID, nullable(ch.Before), nullable(ch.After), string(names), c.ClientMutationID, ch.BatchID} {
			args = append(args, v)
			text.WriteString(map[bool]string{true: "(", false: ", "}[len(args)%15 == 1])
			text.WriteString(d.Placeholder(len(args)))
		}
		text.WriteString(")")
	}
	_, err = tx.ExecContext(ctx, text.String(), args...)
	return err
}

func nullable(j row.JSON) any {
	if len(j) == 0 {
		return nil
	}
	return string(j)
}
