package tables

import (
	"context"
	"fmt"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// CheckLog tells whether the change log holds each revision from its floor to the head once, each commit's changes being
// numbered from 0. It gives the floor: the log begins after it.
func (r *Reader) CheckLog(ctx context.Context) (floor board.Revision, err error) {
	var head board.Revision
	if err := r.DB.QueryRowContext(ctx, `SELECT log_floor, revision FROM workspaces WHERE id = $1`, r.WorkspaceID).Scan(&floor, &head); err != nil {
		return 0, fmt.Errorf("read the log: %w", err)
	}
	rows, err := r.DB.QueryContext(ctx, `SELECT revision, count(*), min(ordinal), max(ordinal) FROM changes
		WHERE workspace_id = $1 AND revision > $2 GROUP BY revision ORDER BY revision`, r.WorkspaceID, int64(floor))
	if err != nil {
		return 0, fmt.Errorf("read the log: %w", err)
	}
	defer rows.Close()
	next := floor + 1
	for rows.Next() {
		var revision board.Revision
		var count, first, last int
		if err := rows.Scan(&revision, &count, &first, &last); err != nil {
			return 0, fmt.Errorf("read the log: %w", err)
		}
		if revision != next {
			return floor, fmt.Errorf("the table of changes has revision %s where %s is due", revision, next)
		}
		if first != 0 || last != count-1 {
			return floor, fmt.Errorf("revision %s has %d changes numbered %d to %d", revision, count, first, last)
		}
		next++
	}
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("read the log: %w", err)
	}
	if next != head+1 {
		return floor, fmt.Errorf("the workspace is at revision %s, the table of changes ends before %s", head, next)
	}
	return floor, nil
}
