package changelog

import (
	"context"
	"errors"
	"time"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// ErrTooOld says that the log no longer reaches back to the revision asked for.
var ErrTooOld = errors.New("changelog: older than the log")

// Log reads the change log.
type Log struct{ DB *store.DB }

// Head tells how far a workspace's log goes and from where it is kept: commits after `floor` up to `head`.
func (l Log) Head(ctx context.Context, q store.Queryer, workspaceID string) (head, floor row.Revision, err error) {
	rows, err := q.Query(ctx, "SELECT revision, log_floor FROM workspaces WHERE id = "+l.DB.SQL.Placeholder(1), workspaceID)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&head, &floor)
	}
	return head, floor, errors.Join(err, rows.Err())
}

// Read gives the commits after `after` up to `upTo`, in order and without gaps; ErrTooOld when some are gone.
func (l Log) Read(ctx context.Context, q store.Queryer, workspaceID string, after, upTo row.Revision) ([]*Commit, error) {
	if upTo <= after {
		return nil, nil
	}
	ph := l.DB.SQL.Placeholder
	rows, err := q.Query(ctx, `SELECT revision, ordinal, at, actor, source, kind, entity, entity_id, pipeline_id, before, after,
		changed, client_mutation_id, batch_id FROM changes WHERE workspace_id = `+ph(1)+` AND revision > `+ph(2)+` AND revision <= `+ph(3)+`
		ORDER BY revision, ordinal`, workspaceID, int64(after), int64(upTo))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var commits []*Commit
	for rows.Next() {
		c, ch := &Commit{WorkspaceID: workspaceID}, &Change{}
		if err := rows.Scan(&c.Revision, &ch.Ordinal, row.UTC(&c.At), &c.Actor, &c.Source, &ch.Kind, &ch.Entity, &ch.EntityID,
			&ch.PipelineID, &ch.Before, &ch.After, (*row.Strings)(&ch.Changed), &c.ClientMutationID, &ch.BatchID); err != nil {
			return nil, err
		}
		ch.Revision = c.Revision
		if n := len(commits); n > 0 && commits[n-1].Revision == c.Revision {
			c = commits[n-1]
		} else {
			commits = append(commits, c)
		}
		c.Changes = append(c.Changes, ch)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i, c := range commits {
		if c.Revision != after+row.Revision(i)+1 {
			return nil, ErrTooOld
		}
	}
	if row.Revision(len(commits)) != upTo-after {
		return nil, ErrTooOld
	}
	return commits, nil
}

// AsOf gives the newest revision committed at or before an instant; 0 when there was none. Found by walking back from
// the newest, so that the recent past is cheap.
func (l Log) AsOf(ctx context.Context, q store.Queryer, workspaceID string, t time.Time) (r row.Revision, err error) {
	ph := l.DB.SQL.Placeholder
	rows, err := q.Query(ctx, `SELECT revision FROM changes WHERE workspace_id = `+ph(1)+` AND at <= `+ph(2)+`
		ORDER BY revision DESC LIMIT 1`, workspaceID, t.UTC())
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&r)
	}
	return r, errors.Join(err, rows.Err())
}
