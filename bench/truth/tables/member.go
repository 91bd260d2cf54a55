package tables

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// rights reads which members have a setting of their own for can_see_all_records.
func (r *Reader) rights(ctx context.Context, tx *sql.Tx, s *State) error {
	rows, err := tx.QueryContext(ctx, `SELECT id, permissions FROM members WHERE workspace_id = $1`, r.WorkspaceID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var text []byte
		if err := rows.Scan(&id, &text); err != nil {
			return err
		}
		flags := map[string]bool{}
		if len(text) > 0 {
			if err := json.Unmarshal(text, &flags); err != nil {
				return fmt.Errorf("permissions of %s: %w", id, err)
			}
		}
		if sees, own := flags["can_see_all_records"]; own {
			s.Sees[id] = sees
		}
	}
	return rows.Err()
}

// order reads how the pipelines stand.
func (r *Reader) order(ctx context.Context, tx *sql.Tx, s *State) error {
	rows, err := tx.QueryContext(ctx, `SELECT id FROM pipelines WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY position, id`, r.WorkspaceID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		s.Order = append(s.Order, id)
	}
	return rows.Err()
}
