package changelog

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// Retention says how much of the log is kept.
type Retention struct {
	Age     time.Duration
	Changes int
}

// DefaultRetention is 180 days and 1,000,000 changes per workspace.
var DefaultRetention = Retention{180 * 24 * time.Hour, 1_000_000}

// trimRows is how many changes go in one transaction.
const trimRows = 5000

// Trim forgets the oldest commits of every workspace, whole commits only. The floor is raised before anything is
// removed, so that a reader finds ErrTooOld, never a hole. It returns how many changes went.
func Trim(ctx context.Context, db *store.DB, keep Retention, now time.Time) (gone int64, err error) {
	return TrimEach(ctx, db, func(row.JSON) Retention { return keep }, now)
}

// TrimEach is Trim where how much is kept follows from a workspace's settings.
func TrimEach(ctx context.Context, db *store.DB, keep func(settings row.JSON) Retention, now time.Time) (gone int64, err error) {
	settings, err := settingsOfAll(ctx, db)
	if err != nil {
		return 0, err
	}
	for _, id := range slices.Sorted(maps.Keys(settings)) {
		n, err := trim(ctx, db, id, keep(settings[id]), now)
		gone += n
		if err != nil {
			return gone, err
		}
	}
	return gone, nil
}

func trim(ctx context.Context, db *store.DB, id string, keep Retention, now time.Time) (gone int64, err error) {
	ph := db.SQL.Placeholder
	floor, err := Log{db}.AsOf(ctx, db, id, now.Add(-keep.Age))
	if err != nil {
		return 0, err
	}
	var byCount row.Revision
	err = db.Read.QueryRowContext(ctx, `SELECT revision FROM changes WHERE workspace_id = `+ph(1)+`
		ORDER BY revision DESC, ordinal DESC LIMIT 1 OFFSET `+ph(2), id, keep.Changes).Scan(&byCount)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	floor = max(floor, byCount)
	if _, err := db.Write.ExecContext(ctx, `UPDATE workspaces SET log_floor = `+ph(1)+` WHERE id = `+ph(2)+` AND log_floor < `+ph(3),
		int64(floor), id, int64(floor)); err != nil {
		return 0, err
	}
	for {
		res, err := db.Write.ExecContext(ctx, `DELETE FROM changes WHERE workspace_id = `+ph(1)+` AND revision <= `+ph(2)+`
			AND revision < (SELECT MIN(revision) FROM changes WHERE workspace_id = `+ph(3)+`) + `+ph(4), id, int64(floor), id, trimRows)
		if err != nil {
			return gone, err
		}
		n, err := res.RowsAffected()
		gone += n
		if err != nil || n == 0 {
			return gone, err
		}
	}
}

// settingsOfAll are every workspace's settings, by its id.
func settingsOfAll(ctx context.Context, db *store.DB) (map[string]row.JSON, error) {
	rows, err := db.Read.QueryContext(ctx, "SELECT id, settings FROM workspaces")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]row.JSON{}
	for rows.Next() {
		var id string
		var settings row.JSON
		if err := rows.Scan(&id, &settings); err != nil {
			return nil, err
		}
		out[id] = settings
	}
	return out, rows.Err()
}
