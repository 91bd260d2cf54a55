package job

import (
	"context"
	"encoding/json"
	"time"
)

// Run is a job while a process works on it. It is used by one goroutine.
type Run struct {
	*Job
	r *Runner
}

// Progress tells how far the work is and keeps the lease: call it after each chunk, more often than every Lease. What was
// come to so far goes along unless it is nil. ErrCancelled when the job shall end, ErrLost when it is another's: then the
// work stops and returns that error.
func (u *Run) Progress(ctx context.Context, done int, total *int, result any) error {
	var text *string
	if result != nil {
		b, err := json.Marshal(result)
		if err != nil {
			return err
		}
		s := string(b)
		text, u.Result = &s, b
	}
	until := u.r.clock().Add(Lease)
	p := u.r.DB.SQL.Placeholder
	var cancel any
	err := u.r.DB.Write.QueryRowContext(ctx, "UPDATE jobs SET done = "+p(1)+", total = "+p(2)+", result = COALESCE("+p(3)+", result), lease_until = "+p(4)+
		" WHERE workspace_id = "+p(5)+" AND id = "+p(6)+" AND state = '"+Running+"' AND lease_until = "+p(7)+" RETURNING cancel_requested_at",
		done, total, text, until, u.WorkspaceID, u.ID, u.lease).Scan(&cancel)
	if err != nil {
		return lost(err)
	}
	u.Done, u.Total, u.lease = done, total, until
	u.r.tell(ctx, u.Job, false)
	if cancel != nil {
		return ErrCancelled
	}
	return nil
}

// Keep writes what was come to so far within a transaction of the work, so that either both are there or neither.
// ErrLost when the job is another's.
func (u *Run) Keep(ctx context.Context, q execer, result any) error {
	b, err := json.Marshal(result)
	if err != nil {
		return err
	}
	p := u.r.DB.SQL.Placeholder
	res, err := q.ExecContext(ctx, "UPDATE jobs SET result = "+p(1)+" WHERE workspace_id = "+p(2)+" AND id = "+p(3)+" AND state = '"+Running+
		"' AND lease_until = "+p(4), string(b), u.WorkspaceID, u.ID, u.lease)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return lost(err)
	}
	u.Result = b
	return nil
}

// release gives the job up, so that another process need not wait for the lease to end.
func (u *Run) release(ctx context.Context) error {
	p := u.r.DB.SQL.Placeholder
	_, err := u.r.DB.Write.ExecContext(ctx, "UPDATE jobs SET lease_until = "+p(1)+" WHERE workspace_id = "+p(2)+" AND id = "+p(3)+" AND state = '"+Running+
		"' AND lease_until = "+p(4), u.r.clock().Add(-time.Second), u.WorkspaceID, u.ID, u.lease)
	return err
}

// end writes how the job ended.
func (u *Run) end(ctx context.Context, state string, result any, failure *string, now time.Time) error {
	var text *string
	if result != nil {
		b, err := json.Marshal(result)
		if err != nil {
			return err
		}
		s := string(b)
		text, u.Result = &s, b
	}
	p := u.r.DB.SQL.Placeholder
	res, err := u.r.DB.Write.ExecContext(ctx, "UPDATE jobs SET state = "+p(1)+", result = COALESCE("+p(2)+", result), error = "+p(3)+", ended_at = "+p(4)+
		", lease_until = NULL WHERE workspace_id = "+p(5)+" AND id = "+p(6)+" AND state = '"+Running+"' AND lease_until = "+p(7),
		state, text, failure, now, u.WorkspaceID, u.ID, u.lease)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return lost(err)
	}
	u.State, u.Error, u.EndedAt = state, failure, &now
	u.r.tell(ctx, u.Job, true)
	return nil
}
