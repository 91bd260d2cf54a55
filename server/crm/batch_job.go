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
)

// The kinds of jobs that do bulk commands.
const (
	MoveKind    = "MOVE_RECORDS"
	UpdateKind  = "UPDATE_RECORDS"
	AssignKind  = "ASSIGN_RECORDS"
	TagKind     = "TAG_RECORDS"
	DeleteKind  = "DELETE_RECORDS"
	RestoreKind = "RESTORE_RECORDS"
)

// BulkKinds are all of them.
var BulkKinds = []string{MoveKind, UpdateKind, AssignKind, TagKind, DeleteKind, RestoreKind}

// order is what a job is told of its bulk command.
type order struct {
	Input   json.RawMessage
	BatchID string
	Mark    *string
	Total   int
	// By is the credential of who asked: at each step the job has the rights that it has then.
	By credential
}

type credential struct {
	Kind             viewer.Kind
	ID, Name, Secret string
	CredentialID     string
}

func credentialOf(v *viewer.Viewer) credential {
	return credential{v.Kind, v.ID, v.Name, v.SecretHash, v.CredentialID}
}

// bulkDone is what a job that does a bulk command has come to; its keys are those that the SDL of JobKind names.
type bulkDone struct {
	BatchID string `json:"batchId"`
	Tally
	// Errors are the first refused rows.
	Errors []*RowResult `json:"errors"`
	// Last is the last card of those done so far: the next of a block come below it.
	Last string `json:"last,omitempty"`
}

// queueBatch queues the job that does a bulk command, with the rows it is about: what comes to pass the filter later is
// not among them, and a job that goes on after a restart knows which rows are left.
func (tx *Tx) queueBatch(b *bulk, ids []string, p *BatchPayload) (*job.Job, error) {
	input, err := json.Marshal(b.input)
	if err != nil {
		return nil, err
	}
	j, err := tx.queue(b.kind, order{input, p.BatchID, p.ClientMutationID, len(ids), credentialOf(tx.viewer)})
	if err != nil {
		return nil, err
	}
	for start := 0; start < len(ids); start += MaxBatch {
		chunk, err := json.Marshal(ids[start:min(start+MaxBatch, len(ids))])
		if err != nil {
			return nil, err
		}
		if _, err := tx.run(tx.begin().Insert("batches", []string{"job_id", "chunk", "ids"}, j.ID, start/MaxBatch, string(chunk))); err != nil {
			return nil, err
		}
	}
	return j, nil
}

// dropBatch forgets the rows that a job has still to see to.
func (tx *Tx) dropBatch(jobID string) error {
	_, err := tx.run(tx.begin().Add("DELETE FROM batches AS b WHERE ").Workspace("b").Add(" AND b.job_id = ?", jobID))
	return err
}

// Bulk is the work of a job that does a bulk command: MaxBatch rows in a commit, which also notes that they are done. It ends
// between two commits, and with a refusal when who asked may no longer do it, or what the rows shall become is gone; after a
// refusal that passes its rows wait for the next try.
func (s *Service) Bulk(ctx context.Context, run *job.Run) (any, error) {
	var o order
	if err := json.Unmarshal(run.Input, &o); err != nil {
		return nil, err
	}
	done := bulkDone{BatchID: o.BatchID, Errors: []*RowResult{}}
	if len(run.Result) > 0 {
		if err := json.Unmarshal(run.Result, &done); err != nil {
			return nil, err
		}
	}
	for {
		err := run.Progress(ctx, done.Matched, &o.Total, done)
		more := err == nil
		if more {
			done, more, err = s.step(ctx, run, o, done)
		}
		if errors.Is(err, job.ErrCancelled) || fault.Of(err) != nil && !fault.Passing(err) {
			err = errors.Join(err, s.forgetBatch(ctx, run))
		}
		if err != nil || !more {
			return done, err
		}
	}
}

func (s *Service) forgetBatch(ctx context.Context, run *job.Run) error {
	_, err := s.Do(viewer.NewContext(ctx, viewer.ForSystem(run.WorkspaceID)), nil, func(tx *Tx) error { return tx.dropBatch(run.ID) })
	return err
}

// step does the next rows of a job; more is false when there are none.
func (s *Service) step(ctx context.Context, run *job.Run, o order, was bulkDone) (done bulkDone, more bool, err error) {
	ctx, err = s.as(ctx, run, o.By)
	if err != nil {
		return was, false, err
	}
	b, err := s.again(ctx, run.Kind, o.Input, was)
	if err != nil {
		return was, false, err
	}
	_, err = s.Do(ctx, o.Mark, func(tx *Tx) error {
		tx.batch, done, more = &o.BatchID, was, false
		done.Errors = append([]*RowResult{}, was.Errors...)
		chunk, ids, err := tx.chunk(run.ID)
		if err != nil || ids == nil {
			return err
		}
		var n Tally
		results, drafts, err := tx.batchOf(b, ids, false, nil, &n)
		if err != nil {
			return err
		}
		done.add(results, drafts, n)
		more = true
		if _, err := tx.run(tx.begin().Add("DELETE FROM batches AS b WHERE ").Workspace("b").Add(" AND b.job_id = ? AND b.chunk = ?", run.ID, chunk)); err != nil {
			return err
		}
		return run.Keep(tx.ctx, tx.sql, done)
	})
	if err != nil {
		return was, false, err
	}
	return done, more, nil
}

// add counts the rows of a step.
func (d *bulkDone) add(results []*RowResult, drafts []*draft, n Tally) {
	for _, r := range results {
		if !r.Ok && len(d.Errors) < maxTold {
			r.Index += d.Matched
			d.Errors = append(d.Errors, r)
		}
	}
	d.Matched, d.Changed, d.Failed, d.Unchanged = d.Matched+n.Matched, d.Changed+n.Changed, d.Failed+n.Failed, d.Unchanged+n.Unchanged
	if len(drafts) > 0 {
		d.Last = drafts[len(drafts)-1].cur.ID
	}
}

// chunk reads the next rows of a job; none when all are done.
func (tx *Tx) chunk(jobID string) (n int, ids []string, err error) {
	var text row.JSON
	err = tx.one(tx.begin().Add("SELECT b.chunk, b.ids FROM batches b WHERE ").Workspace("b").Add(" AND b.job_id = ? ORDER BY b.chunk LIMIT 1", jobID), &n, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	return n, ids, json.Unmarshal(text, &ids)
}

// as acts as who asked for a job, with the rights of now.
func (s *Service) as(ctx context.Context, run *job.Run, by credential) (context.Context, error) {
	if s.Rights == nil {
		return nil, fault.New(fault.Unauthenticated, "nobody knows who asked for this job")
	}
	v, err := s.Rights(ctx, &viewer.Viewer{WorkspaceID: run.WorkspaceID, Kind: by.Kind, ID: by.ID, Name: by.Name, CredentialID: by.CredentialID, SecretHash: by.Secret})
	if err != nil {
		return nil, err
	}
	return viewer.NewContext(ctx, v), nil
}

// again makes the bulk command of a job from its stored input.
func (s *Service) again(ctx context.Context, kind string, input json.RawMessage, done bulkDone) (*bulk, error) {
	v := viewer.FromContext(ctx)
	b, err := bulkOf(v, kind, input, done)
	if err != nil {
		return nil, err
	}
	return b, permit(ctx, b.need)
}

func bulkOf(v *viewer.Viewer, kind string, input json.RawMessage, done bulkDone) (*bulk, error) {
	switch kind {
	case MoveKind:
		return remade(input, func(in MoveRecordsInput, c *checker) *bulk {
			if done.Last != "" {
				in.Place = &PlaceInput{AfterRecordID: &done.Last}
			}
			return moves(in, &MoveRecordsPayload{}, c)
		})
	case UpdateKind:
		return remade(input, func(in UpdateRecordsInput, c *checker) *bulk { return updates(v, in, c) })
	case AssignKind:
		return remade(input, assigns)
	case TagKind:
		return remade(input, func(in TagRecordsInput, c *checker) *bulk { return tagging(v, in, c) })
	case DeleteKind:
		return deletes(), nil
	}
	return restores(), nil
}

// remade makes a bulk command from its stored input.
func remade[T any](input json.RawMessage, of func(T, *checker) *bulk) (*bulk, error) {
	var in T
	if err := json.Unmarshal(input, &in); err != nil {
		return nil, err
	}
	c := &checker{}
	return of(in, c), c.Err()
}
