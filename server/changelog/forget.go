package changelog

import (
	"context"
	"database/sql"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// Forget raises the floor of a workspace's log to the revision that the transaction was given, and gives it: whoever asks
// for anything before it is told that the log does not reach back so far. It takes the place of a change per row where
// rows went that no history may tell of. The transaction must have been flushed.
func Forget(ctx context.Context, tx *sql.Tx, d store.Dialect, workspaceID string) (floor row.Revision, err error) {
	return floor, tx.QueryRowContext(ctx, "UPDATE workspaces SET log_floor = revision WHERE id = "+d.Placeholder(1)+" RETURNING log_floor",
		workspaceID).Scan(&floor)
}

// eraseRows is how many changes go in one transaction.
const eraseRows = 500

// Forgotten counts the changes of data that Erase has left to do.
func Forgotten(ctx context.Context, db *store.DB, workspaceID string, floor row.Revision) (n int, err error) {
	p := db.SQL.Placeholder
	return n, db.Write.QueryRowContext(ctx, "SELECT COUNT(*) FROM changes WHERE workspace_id = "+p(1)+" AND revision < "+p(2)+" AND "+ofData,
		workspaceID, int64(floor)).Scan(&n)
}

// ofData are the changes that hold images of a workspace's data.
const ofData = "entity IN ('record', 'contact', 'task')"

// Erase removes up to 500 changes of records, contacts and tasks before a floor, with their images, and tells how many
// went; 0 when none is left. Nobody reads there any more, so that no reader finds a hole.
func Erase(ctx context.Context, db *store.DB, workspaceID string, floor row.Revision) (int, error) {
	p := db.SQL.Placeholder
	res, err := db.Write.ExecContext(ctx, "DELETE FROM changes WHERE workspace_id = "+p(1)+" AND (revision, ordinal) IN (SELECT revision, ordinal FROM changes WHERE workspace_id = "+
		p(2)+" AND revision < "+p(3)+" AND "+ofData+" LIMIT "+p(4)+")", workspaceID, workspaceID, int64(floor), eraseRows)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}
