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
	"github.com/rapidbott/tideboard/server/row"
)

// Do runs a command that is told elsewhere, in one transaction as the viewer in the context, with the log, the retries
// and the doorbell of all commands. `mark` is the caller's clientMutationId. fn may run more than once.
func (s *Service) Do(ctx context.Context, mark *string, fn func(*Tx) error) (row.Revision, error) {
	return s.write(ctx, mark, fn)
}

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
