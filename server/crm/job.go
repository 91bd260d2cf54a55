package crm

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// CancelJobInput says which job shall end; see the SDL.
type CancelJobInput struct {
	ID               string
	ClientMutationID *string
}

// CancelJobPayload is the job, which may need a moment to end.
type CancelJobPayload struct {
	Job              *job.Job
	Revision         row.Revision
	ClientMutationID *string
}

// CancelJob asks for a job's end. Whoever asked for the job may, and a member with ManageSettings. A job that has not
// begun is over at once, a running one after its present chunk; one that is over stays as it is.
func (s *Service) CancelJob(ctx context.Context, in CancelJobInput) (*CancelJobPayload, error) {
	if err := permit(ctx, 0); err != nil {
		return nil, err
	}
	out := &CancelJobPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		j, err := tx.job("input.id", in.ID)
		if err != nil {
			return err
		}
		asked, err := job.Cancel(tx.ctx, tx.sql, tx.DB.SQL, j, tx.now)
		if err == nil && asked {
			j, err = tx.job("input.id", in.ID)
		}
		if err == nil && j.Over() {
			err = tx.dropBatch(j.ID)
		}
		if err == nil && asked {
			err = tx.Say("job.updated", "job", j.ID, toldOfJob(j))
		}
		out.Job = j
		return err
	})
	out.Revision = rev
	return out, err
}

// enqueue queues a job of a kind of which a workspace runs one at a time: JOB_RUNNING when there is one that is not over.
// The input is written as JSON; nil is none.
func (tx *Tx) enqueue(kind string, input any) (*job.Job, error) {
	j, err := tx.queue(kind, input)
	if err != nil {
		return nil, err
	}
	tx.settle(func() error {
		n := 0
		err := tx.one(tx.begin().Add("SELECT COUNT(*) FROM jobs j WHERE ").Workspace("j").
			Add(" AND j.kind = ? AND j.state IN (?, ?)", kind, job.Queued, job.Running), &n)
		if err == nil && n > 1 {
			err = fault.New(fault.JobRunning, "a job of this kind is running already")
		}
		return err
	})
	return j, nil
}

// queue queues a job of a kind of which several may run; the input is as with enqueue.
func (tx *Tx) queue(kind string, input any) (*job.Job, error) {
	j := &job.Job{WorkspaceID: tx.viewer.WorkspaceID, ID: tx.NewID(typeid.Job), Kind: kind, RequestedBy: row.Actor(tx.viewer.Actor()), CreatedAt: tx.now}
	if input != nil {
		var err error
		if j.Input, err = json.Marshal(input); err != nil {
			return nil, err
		}
	}
	if err := job.Add(tx.ctx, tx.sql, tx.DB.SQL, j); err != nil {
		return nil, err
	}
	return j, tx.Say("job.created", "job", j.ID, toldOfJob(j))
}

// job loads a job that the viewer may see.
func (tx *Tx) job(field, id string) (*job.Job, error) {
	if err := wrongKind(field, typeid.Job, id); err != nil {
		return nil, err
	}
	j := &job.Job{}
	err := tx.one(tx.begin().Add("SELECT ").Columns("j", job.Columns).Add(" FROM jobs j WHERE ").Jobs("j").Add(" AND j.id = ?", id), j.Dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.NotFound(field, typeid.Name(typeid.Job), id)
	}
	return j, err
}

// TellJob puts a job's progress into the log, where streams of changes show it.
func (s *Service) TellJob(ctx context.Context, j *job.Job) error {
	_, err := s.Do(viewer.NewContext(ctx, viewer.ForSystem(j.WorkspaceID)), nil, func(tx *Tx) error {
		return tx.Say("job.updated", "job", j.ID, toldOfJob(j))
	})
	return err
}

// toldOfJob is what the log tells of a job.
func toldOfJob(j *job.Job) any {
	return map[string]any{"id": j.ID, "kind": j.Kind, "state": j.State, "done": j.Done, "total": j.Total, "requested_by": viewer.Actor(j.RequestedBy)}
}
