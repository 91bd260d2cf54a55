package presence

import (
	"context"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// silent is a row whose process has stopped writing it.
type silent struct {
	workspace, member, process string
	seen                       time.Time
}

// sweep ends what processes left behind that died, in all workspaces. However many processes sweep, each row is ended by
// one of them, which tells the log.
func (t *Tracker) sweep(ctx context.Context, now time.Time) error {
	before := now.Add(-Life - slack)
	rows, err := t.crm.DB.Query(ctx, "SELECT workspace_id, member_id, process, seen_at FROM presence WHERE sockets >= 0 AND process <> '"+ledger+
		"' AND seen_at <= "+t.crm.DB.SQL.Placeholder(1)+" LIMIT 500", before)
	if err != nil {
		return err
	}
	defer rows.Close()
	found := map[string][]silent{}
	for rows.Next() {
		var s silent
		if err := rows.Scan(&s.workspace, &s.member, &s.process, row.UTC(&s.seen)); err != nil {
			return err
		}
		if s.process != t.process {
			found[s.workspace] = append(found[s.workspace], s)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for workspace, list := range found {
		_, err := t.crm.Do(viewer.NewContext(ctx, viewer.ForSystem(workspace)), nil, func(tx *crm.Tx) error {
			tx.Keep()
			for _, s := range list {
				if err := t.bury(tx, s, before, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// bury ends a row, if nobody else has, and tells that the member is gone, if it is.
func (t *Tracker) bury(tx *crm.Tx, s silent, before, now time.Time) error {
	text, args := scope.New(tx.Viewer(), tx.DB.SQL).Add("UPDATE presence SET sockets = ? WHERE ", gone).Workspace("presence").
		Add(" AND member_id = ? AND process = ? AND sockets >= 0 AND seen_at <= ?", s.member, s.process, before).SQL()
	res, err := tx.SQL().ExecContext(tx.Ctx(), text, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return settle(tx, s.member, s.seen, now)
}
