// Package job runs what takes longer than a request: a table of jobs, claimed by one process at a time, with progress,
// result, failure and cancellation. It knows nothing of what is done; whoever asks for a job writes its row in the
// transaction of the request, and the work itself commits in chunks of at most 500 rows.
//
// It promises: a job whose process died is taken up again by another when its lease is over, and told what it had come
// to; a process that lost its lease writes nothing more to the job; a job that is over never runs again.
package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// The states of a job.
const (
	Queued    = "QUEUED"
	Running   = "RUNNING"
	Succeeded = "SUCCEEDED"
	Failed    = "FAILED"
	Cancelled = "CANCELLED"
)

// Columns are the columns of Dest, in its order.
var Columns = strings.Fields("workspace_id id kind state requested_by input done total result error created_at started_at ended_at cancel_requested_at lease_until")

// Job is one job as stored.
type Job struct {
	WorkspaceID string
	ID          string
	Kind        string
	State       string
	RequestedBy row.Actor
	Input       row.JSON
	// Done of Total units of work, of whatever unit the work counts; Total is nil as long as it is not known.
	Done  int
	Total *int
	// Result is what the work has come to, also while it goes on.
	Result row.JSON
	// Error is a sentence for people when the job failed; nil otherwise.
	Error             *string
	CreatedAt         time.Time
	StartedAt         *time.Time
	EndedAt           *time.Time
	CancelRequestedAt *time.Time

	lease time.Time
}

// Over tells whether the job has come to its end.
func (j *Job) Over() bool { return j.State != Queued && j.State != Running }

// Dest gives what to scan Columns into.
func (j *Job) Dest() []any {
	return []any{&j.WorkspaceID, &j.ID, &j.Kind, &j.State, &j.RequestedBy, &j.Input, &j.Done, &j.Total, &j.Result, &j.Error, row.UTC(&j.CreatedAt),
		instant{&j.StartedAt}, instant{&j.EndedAt}, instant{&j.CancelRequestedAt}, leased{&j.lease}}
}

// instant scans a time that may be absent.
type instant struct{ t **time.Time }

func (i instant) Scan(v any) error {
	if *i.t = nil; v == nil {
		return nil
	}
	t := time.Time{}
	*i.t = &t
	return row.UTC(&t).(sql.Scanner).Scan(v)
}

// leased scans the end of a lease; the zero time for none.
type leased struct{ t *time.Time }

func (l leased) Scan(v any) error {
	if *l.t = (time.Time{}); v == nil {
		return nil
	}
	return row.UTC(l.t).(sql.Scanner).Scan(v)
}

// execer is a transaction or a database.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Add queues a job, in the transaction of who asks for it. Input and actor are written as JSON.
func Add(ctx context.Context, q execer, d store.Dialect, j *Job) error {
	by, err := json.Marshal(viewer.Actor(j.RequestedBy))
	if err != nil {
		return err
	}
	if len(j.Input) == 0 {
		j.Input = row.JSON("{}")
	}
	j.State = Queued
	p := d.Placeholder
	_, err = q.ExecContext(ctx, "INSERT INTO jobs (workspace_id, id, kind, state, requested_by, input, done, created_at) VALUES ("+p(1)+", "+p(2)+", "+
		p(3)+", "+p(4)+", "+p(5)+", "+p(6)+", 0, "+p(7)+")", j.WorkspaceID, j.ID, j.Kind, j.State, string(by), string(j.Input), j.CreatedAt.UTC())
	return err
}

// Cancel asks for a job's end, in the transaction of who asks. A job that has not begun is over at once; a running one
// when its work next looks. It tells whether there was anything to ask.
func Cancel(ctx context.Context, q execer, d store.Dialect, j *Job, now time.Time) (bool, error) {
	p := d.Placeholder
	res, err := q.ExecContext(ctx, "UPDATE jobs SET cancel_requested_at = "+p(1)+", state = CASE WHEN state = '"+Queued+"' THEN '"+Cancelled+
		"' ELSE state END, ended_at = CASE WHEN state = '"+Queued+"' THEN "+p(2)+" ELSE ended_at END WHERE workspace_id = "+p(3)+" AND id = "+p(4)+
		" AND cancel_requested_at IS NULL AND state IN ('"+Queued+"', '"+Running+"')", now.UTC(), now.UTC(), j.WorkspaceID, j.ID)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// What a work's step can end with.
var (
	// ErrCancelled says that somebody asked for the end of the job.
	ErrCancelled = errors.New("job: cancelled")
	// ErrLost says that another process has the job now.
	ErrLost = errors.New("job: the lease was lost")
)
