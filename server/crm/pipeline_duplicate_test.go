package crm_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Above 5,000 records a job makes the copy, in one commit: when it fails nothing is left behind, when it does not the
// whole is there, once, with what its asker saw.
func TestDuplicatingByAJob(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		ctx, reader := viewer.NewContext(context.Background(), w.Owner.Viewer), read.Reader{DB: w.DB}
		fill(t, w, crm.MaxCopies+1)
		w.Jobs.Close() // the jobs are run here
		before := state(t, ctx, reader)
		ask := func() *job.Job {
			out, err := w.CRM.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "ALL"})
			require.NoError(t, err)
			require.Nil(t, out.Pipeline)
			require.Equal(t, crm.MaxCopies+1, out.RecordCount)
			return out.Job
		}
		n, broken := 0, *w.CRM
		broken.NewID = func(prefix string) string {
			if n++; prefix == typeid.Record && n > 120 {
				return "rec_00000000000000000000000000"
			}
			return typeid.New(prefix)
		}
		first := ask()
		_, err := w.CRM.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "ALL"})
		require.True(t, fault.Is(err, fault.JobRunning), "%v", err)

		over := make(chan job.Job, 8) // 8: more than a job tells
		run := func(work job.Work) *job.Runner {
			r := &job.Runner{DB: w.DB, Kinds: map[string]job.Work{crm.DuplicateKind: work}, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
				Told: func(_ context.Context, j *job.Job) {
					if j.Over() {
						over <- *j
					}
				}}
			r.Start()
			r.Kick()
			return r
		}
		r := run(func(ctx context.Context, u *job.Run) (any, error) {
			_, err := broken.DuplicateLater(ctx, u)
			if err == nil {
				t.Error("it did not fail")
			}
			return nil, fault.New(fault.Internal, "it failed midway")
		})
		require.Equal(t, job.Failed, (<-over).State)
		r.Close()
		require.Greater(t, n, 150, "it failed too early to tell")
		after := state(t, ctx, reader)
		require.Equal(t, before[1:], after[1:], "pipelines and records are as they were")

		lost := *w.CRM
		lost.Rights = func(ctx context.Context, v *viewer.Viewer) (*viewer.Viewer, error) {
			now, err := w.CRM.Rights(ctx, v)
			if err == nil {
				now.Perms &^= viewer.ManagePipelines
			}
			return now, err
		}
		ask()
		r = run(lost.DuplicateLater)
		require.Equal(t, job.Failed, (<-over).State, "who asked may no longer do it")
		r.Close()
		unchanged := state(t, ctx, reader)
		require.Equal(t, before[1:], unchanged[1:])

		second := ask()
		require.NotEqual(t, first.ID, second.ID)
		times := 0
		r = run(func(ctx context.Context, u *job.Run) (any, error) {
			times++
			out, err := w.CRM.DuplicateLater(ctx, u)
			if err == nil { // as after a process that died just then: the work is taken up again, and done already
				out, err = w.CRM.DuplicateLater(ctx, u)
			}
			return out, err
		})
		defer r.Close()
		j := <-over
		require.Equal(t, job.Succeeded, j.State)
		require.Equal(t, 1, times)
		var result struct {
			PipelineID string
			Records    int
		}
		require.NoError(t, json.Unmarshal(j.Result, &result))
		require.Equal(t, crm.MaxCopies+1, result.Records)
		made, err := reader.Pipeline(ctx, result.PipelineID)
		require.NoError(t, err)
		require.Equal(t, "Sales (copy)", made.Name)
		stages, err := reader.StagesOf(ctx, []string{made.ID})
		require.NoError(t, err)
		require.Len(t, column(t, w, stages[made.ID][0].ID), crm.MaxCopies+1)
		require.Equal(t, w.Owner.ID, made.CreatedBy.ID)
		require.Equal(t, after[1]+1, state(t, ctx, reader)[1])
	})
}
