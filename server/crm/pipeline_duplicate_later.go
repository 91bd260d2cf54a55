package crm

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/rapidbott/tideboard/server/job"
)

// DuplicateKind is the kind of job that copies a pipeline with many records.
const DuplicateKind = "DUPLICATE_PIPELINE"

// copyOrder is what such a job is told: what to copy, and who asked, whose rights are those that it has when it is done.
type copyOrder struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	CopyRecords string     `json:"copy_records"`
	By          credential `json:"by"`
}

// copyResult is what such a job has come to.
type copyResult struct {
	PipelineID string `json:"pipelineId"`
	Records    int    `json:"records"`
}

// DuplicateLater is the work of a job that copies a pipeline. It writes everything in one transaction, with the job's
// result in it: either the whole copy is there, once, or nothing of it. It is refused when who
// asked may no longer do it, and copies what they see then.
func (s *Service) DuplicateLater(ctx context.Context, run *job.Run) (any, error) {
	var done copyResult
	if len(run.Result) > 0 {
		return run.Result, nil
	}
	var order copyOrder
	if err := json.Unmarshal(run.Input, &order); err != nil {
		return nil, err
	}
	if err := run.Progress(ctx, 0, nil, nil); err != nil { // the last moment to cancel
		return nil, err
	}
	mine, err := s.as(ctx, run, order.By)
	if err == nil {
		err = permitWhole(mine, copying(order.CopyRecords))
	}
	if err != nil {
		return nil, err
	}
	_, err = s.Do(mine, nil, func(tx *Tx) error {
		shown, n, err := tx.duplicatePipeline(DuplicatePipelineInput{ID: order.ID, CopyRecords: order.CopyRecords}, order.Name, MaxLaterCopies)
		if err != nil {
			return err
		}
		done = copyResult{shown.ID, n}
		tx.settle(func() error { return run.Keep(tx.ctx, tx.sql, done) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := run.Progress(ctx, done.Records, &done.Records, nil); !errors.Is(err, job.ErrCancelled) { // it is too late for that
		return done, err
	}
	return done, nil
}
