package crm

import (
	"context"
	"database/sql"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/audit"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/scope"
)

// Ctx is the context to write with: the rights of the program within the viewer's workspace, and the recorder.
func (tx *Tx) Ctx() context.Context { return tx.ctx }

// Seen is the context to read with: the viewer's own rights.
func (tx *Tx) Seen() context.Context { return tx.seen }

// Ent is the workspace graph within the transaction.
func (tx *Tx) Ent() *ent.Client { return tx.ent }

// SQL is the transaction, for rows outside of the graph. Whoever writes some says Keep.
func (tx *Tx) SQL() *sql.Tx { return tx.sql }

// Keep has the transaction committed also when the log has nothing to tell.
func (tx *Tx) Keep() { tx.keep = true }

// settle runs a check when everything is written and the revision is given: the workspace is held from then on, nobody
// else commits to it any more, and what the check counts is exact. A refusal leaves nothing written. It needs a change in
// the log: without one there is no revision to be given.
func (tx *Tx) settle(check func() error) { tx.settled = append(tx.settled, check) }

// begin begins a statement over rows outside of the graph.
func (tx *Tx) begin() *scope.Builder { return scope.New(tx.viewer, tx.DB.SQL) }

// run runs a statement that writes and tells how many rows it wrote. The transaction is committed for it.
func (tx *Tx) run(b *scope.Builder) (int64, error) {
	tx.keep = true
	text, args := b.SQL()
	res, err := tx.sql.ExecContext(tx.ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// one reads the one row of a statement.
func (tx *Tx) one(b *scope.Builder, dest ...any) error {
	text, args := b.SQL()
	return tx.sql.QueryRowContext(tx.ctx, text, args...).Scan(dest...)
}

// ids reads the ids that a statement gives.
func (tx *Tx) ids(b *scope.Builder) (out []string, err error) {
	text, args := b.SQL()
	rows, err := tx.sql.QueryContext(tx.ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// Viewer is who acts.
func (tx *Tx) Viewer() *viewer.Viewer { return tx.viewer }

// Time is the transaction's one instant, in UTC and microseconds.
func (tx *Tx) Time() time.Time { return tx.now }

// Say puts a change into the log that is no write of a row of the graph; see changelog.Say.
func (tx *Tx) Say(kind, entity, id string, after any) error {
	return changelog.Say(tx.ctx, kind, entity, id, after)
}

// Audit notes in the audit log, within the transaction, that the viewer did something sensitive to a target, which may
// be empty. Details never hold a secret.
func (tx *Tx) Audit(action, target string, details map[string]any) error {
	tx.keep = true
	return audit.Write(tx.ctx, tx.sql, tx.DB.SQL, audit.Entry{WorkspaceID: tx.viewer.WorkspaceID, At: tx.now, Actor: tx.viewer.Actor(),
		IP: gql.ClientIP(tx.ctx), Action: action, Target: target, Details: details})
}
