package crm

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// WipePhrase is what has to be typed before all data go.
const WipePhrase = "DELETE ALL DATA"

// WipeKind is the kind of job that deletes all data.
const WipeKind = "DELETE_ALL_DATA"

// fresh is how long ago the owner may have logged in at most.
const fresh = 10 * time.Minute

// DeleteAllDataInput confirms that all data shall go; see the SDL.
type DeleteAllDataInput struct {
	Phrase           string
	ClientMutationID *string
}

// DeleteAllDataPayload is the job that does it.
type DeleteAllDataPayload = CancelJobPayload

// DeleteAllData begins the job that deletes the workspace's records, contacts, companies and tasks with their histories. Only the
// OWNER may, by a session of the whole workspace that began within the last ten minutes, with the exact phrase;
// JOB_RUNNING while such a job is not over.
func (s *Service) DeleteAllData(ctx context.Context, in DeleteAllDataInput) (*DeleteAllDataPayload, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	v := viewer.FromContext(ctx)
	switch age := s.Now().Sub(v.AuthenticatedAt); {
	case v.Role != viewer.Owner:
		return nil, fault.New(fault.Forbidden, "only the workspace's owner may do this")
	case age > fresh || age < -fresh:
		f := fault.New(fault.Forbidden, "this takes a login of the last %d minutes", int(fresh/time.Minute))
		f.Hint = "log in again, then repeat the request"
		return nil, f
	case in.Phrase != WipePhrase:
		return nil, fault.At("input.phrase", fault.ValidationFailed, "is not %q", WipePhrase)
	}
	out := &DeleteAllDataPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) (err error) {
		if out.Job, err = tx.enqueue(WipeKind, nil); err != nil {
			return err
		}
		return tx.Audit("data.delete_requested", out.Job.ID, nil)
	})
	out.Revision = rev
	if err == nil && s.Jobs != nil {
		s.Jobs()
	}
	return out, err
}

// wiped is what a job that deletes all data has come to. Revision is 0 until the data are gone.
type wiped struct {
	Records   int64        `json:"records"`
	Contacts  int64        `json:"contacts"`
	Companies int64        `json:"companies"`
	Tasks     int64        `json:"tasks"`
	Changes   int64        `json:"changes"`
	Revision  row.Revision `json:"revision"`
}

// rows is how many rows are gone.
func (w wiped) rows() int64 { return w.Records + w.Contacts + w.Companies + w.Tasks }

// Wipe is the work of a job that deletes all data. The rows go in one transaction, together with the one change that tells
// of it, so that every revision is a state that really was: a watcher, a reader and a process that dies in between all
// find either everything or nothing. A commit per 500 rows would show half of a workspace under a revision that had all
// of it. Their old changes follow in chunks: nobody reads them any more, for the log's floor rises with that commit.
func (s *Service) Wipe(ctx context.Context, run *job.Run) (any, error) {
	var done wiped
	if len(run.Result) > 0 {
		if err := json.Unmarshal(run.Result, &done); err != nil {
			return nil, err
		}
	}
	if done.Revision == 0 {
		if err := run.Progress(ctx, 0, nil, nil); err != nil { // the last moment to cancel
			return nil, err
		}
		var err error
		if done, err = s.wipe(ctx, run); err != nil {
			return nil, err
		}
	}
	return s.erase(ctx, run, done)
}

// wipe deletes the data.
func (s *Service) wipe(ctx context.Context, run *job.Run) (out wiped, err error) {
	v := viewer.ForSystem(run.WorkspaceID)
	v.Kind, v.ID, v.Name, v.Source = run.RequestedBy.Kind, run.RequestedBy.ID, run.RequestedBy.Name, viewer.UI
	_, err = s.Do(viewer.NewContext(ctx, v), nil, func(tx *Tx) error {
		out = wiped{}
		if err := tx.wipe(&out); err != nil {
			return err
		}
		tx.settle(func() (err error) {
			if err := tx.wipe(&out); err != nil { // what others committed since: nobody does any more
				return err
			}
			if _, err := tx.run(tx.begin().Add("DELETE FROM idempotency AS i WHERE ").Workspace("i").Add(" AND i.created_at < ?", run.CreatedAt)); err != nil {
				return err // answers that were kept for repeats tell of what is gone
			}
			if out.Revision, err = changelog.Forget(tx.ctx, tx.sql, tx.DB.SQL, run.WorkspaceID); err != nil {
				return err
			}
			if err := tx.Audit("workspace.data_deleted", run.ID, map[string]any{"records": out.Records, "contacts": out.Contacts, "companies": out.Companies, "tasks": out.Tasks}); err != nil {
				return err
			}
			return run.Keep(tx.ctx, tx.sql, out)
		})
		return tx.Say("workspace.data_deleted", "workspace", run.WorkspaceID, nil)
	})
	return out, err
}

// wipe deletes every row of data that is committed, whatever state it is in.
func (tx *Tx) wipe(n *wiped) error {
	var spans int64
	for _, t := range []struct {
		statement *scope.Builder
		n         *int64
	}{{tx.begin().Add("DELETE FROM stage_spans AS t WHERE "), &spans}, {tx.begin().Add("DELETE FROM owner_spans AS t WHERE "), &spans},
		{tx.begin().Add("DELETE FROM tasks AS t WHERE "), &n.Tasks}, {tx.begin().Add("DELETE FROM records AS t WHERE "), &n.Records},
		{tx.begin().Add("DELETE FROM contacts AS t WHERE "), &n.Contacts}, {tx.begin().Add("DELETE FROM companies AS t WHERE "), &n.Companies}} {
		gone, err := tx.run(t.statement.Workspace("t"))
		if tx.DB.SQL.IsForeignKey(err) { // somebody has linked to it since: once more
			err = changelog.ErrLost
		}
		if err != nil {
			return err
		}
		*t.n += gone
	}
	_, err := tx.run(tx.begin().Add("DELETE FROM batches AS t WHERE ").Workspace("t")) // what jobs would still have seen to
	return err
}

// erase removes the changes of what is gone. It cannot be cancelled: nothing brings the rows back.
func (s *Service) erase(ctx context.Context, run *job.Run, done wiped) (any, error) {
	left, err := changelog.Forgotten(ctx, s.DB, run.WorkspaceID, done.Revision)
	if err != nil {
		return nil, err
	}
	total := int(done.rows()+done.Changes) + left
	for {
		n, err := changelog.Erase(ctx, s.DB, run.WorkspaceID, done.Revision)
		if err != nil || n == 0 {
			return done, err
		}
		done.Changes += int64(n)
		err = run.Progress(ctx, int(done.rows()+done.Changes), &total, done)
		if err != nil && !errors.Is(err, job.ErrCancelled) {
			return nil, err
		}
	}
}
