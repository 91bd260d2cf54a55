package crm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/servertest"
)

// factory does the jobs of a deck, whose own server does none: the test says what happens at each step.
type factory struct {
	*deck
	clock atomic.Int64 // seconds that have passed
	over  chan job.Job
	rest  func(context.Context, *viewer.Viewer) (*viewer.Viewer, error)
}

func (d *deck) factory() *factory {
	d.Jobs.Close()
	f := &factory{deck: d, over: make(chan job.Job, 10), rest: d.CRM.Rights} // 10: more than a test has jobs
	return f
}

// each has something happen whenever a step asks for rights, n counting from 1.
func (f *factory) each(happen func(n int) error) {
	n := 0
	f.CRM.Rights = func(ctx context.Context, v *viewer.Viewer) (*viewer.Viewer, error) {
		n++
		if err := happen(n); err != nil {
			return nil, err
		}
		return f.rest(ctx, v)
	}
}

// run starts a process that does jobs; it tells of its errors.
func (f *factory) run() (*job.Runner, chan error) {
	failed := make(chan error, 10) // 10: more than a test has errors
	kinds := map[string]job.Work{}
	for _, kind := range crm.BulkKinds {
		kinds[kind] = func(ctx context.Context, run *job.Run) (any, error) {
			out, err := f.CRM.Bulk(ctx, run)
			if err != nil {
				failed <- err
			}
			return out, err
		}
	}
	r := &job.Runner{DB: f.DB, Kinds: kinds, Now: func() time.Time { return time.Now().Add(time.Duration(f.clock.Load()) * time.Second) },
		Logger: slog.New(slog.DiscardHandler), Told: func(_ context.Context, j *job.Job) {
			if j.Over() {
				f.over <- *j
			}
		}}
	r.Start()
	f.t.Cleanup(r.Close)
	r.Kick()
	return r, failed
}

type came struct {
	crm.Tally
	BatchID string
	Errors  []*crm.RowResult
}

func (f *factory) ended(state string) (out came) {
	f.t.Helper()
	j := <-f.over
	require.Equal(f.t, state, j.State)
	require.NoError(f.t, json.Unmarshal(j.Result, &out))
	require.Equal(f.t, out.Matched, j.Done)
	var left int
	require.NoError(f.t, f.DB.Read.QueryRowContext(f.t.Context(), "SELECT COUNT(*) FROM batches").Scan(&left))
	require.Zero(f.t, left)
	return out
}

// commits are those of a batch, by how many rows they wrote.
func (f *factory) commits(batch string) (sizes []int) {
	f.t.Helper()
	for _, c := range f.log(0) {
		n := 0
		for _, ch := range c.Changes {
			if ch.Entity == "record" && ch.BatchID != nil && *ch.BatchID == batch {
				require.Equal(f.t, f.Owner.ID, c.Actor.ID)
				n++
			}
		}
		if n > 0 {
			sizes = append(sizes, n)
		}
	}
	return sizes
}

// TestAJobMovesManyAsOneBlock: also when the process dies in between, no row is forgotten or done twice; what passes the
// filter later is not among them.
func TestAJobMovesManyAsOneBlock(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		f := deal(t, dialect, 0).factory()
		fill(t, f.World, 1200)
		order := strings.Fields(strings.ReplaceAll(f.column(f.Lead), "deal ", ""))
		stay := f.add("stay", f.Offer, nil)
		out, err := f.CRM.MoveRecords(f.as(f.Owner), crm.MoveRecordsInput{BatchTarget: f.lead(1200), ToStageID: &f.Offer, Place: &crm.PlaceInput{AfterRecordID: &stay}})
		require.NoError(t, err)
		require.NotNil(t, out.Job)
		require.Equal(t, "MOVE_RECORDS", out.Job.Kind)
		require.Empty(t, out.Results)
		require.Equal(t, crm.Tally{Matched: 1200}, out.Tally)
		require.Len(t, strings.Fields(f.column(f.Lead)), 2400, "nothing is moved yet")
		f.add("late", f.Lead, nil)
		var victim string
		require.NoError(t, f.DB.Read.QueryRowContext(t.Context(), "SELECT id FROM records WHERE title = 'deal 3'").Scan(&victim))
		_, err = f.CRM.DeleteRecord(f.as(f.Owner), crm.DeleteRecordInput{ID: victim})
		require.NoError(t, err)

		dies := errors.New("the process dies")
		f.each(func(n int) error {
			if n == 2 {
				return dies
			}
			return nil
		})
		first, failed := f.run()
		require.ErrorIs(t, <-failed, dies)
		first.Close()
		require.Equal(t, []int{499}, f.commits(out.BatchID))
		f.clock.Add(int64(job.Lease/time.Second) + 1)
		f.run()
		end := f.ended(job.Succeeded)
		require.Equal(t, crm.Tally{Matched: 1200, Changed: 1199, Failed: 1}, end.Tally)
		require.Equal(t, out.BatchID, end.BatchID)
		require.Len(t, end.Errors, 1)
		require.Equal(t, 3, end.Errors[0].Index)
		require.Equal(t, fault.NotFoundCode, end.Errors[0].Error.Code)
		require.Equal(t, []int{499, 500, 200}, f.commits(out.BatchID))
		require.Equal(t, "late", f.column(f.Lead))
		order = append(order[:3], order[4:]...)
		require.Equal(t, "stay "+strings.Join(order, " "), strings.ReplaceAll(f.column(f.Offer), "deal ", ""))
	})
}

// TestAJobEndsBetweenCommits: cancelled, or when its asker may no longer do it; what is done stays done.
func TestAJobEndsBetweenCommits(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		f := deal(t, dialect, 0).factory()
		fill(t, f.World, 1200)
		tag := func(name string) *crm.BatchPayload {
			out, err := f.CRM.TagRecords(f.as(f.Owner), crm.TagRecordsInput{BatchTarget: f.lead(1200), Add: []string{name}})
			require.NoError(t, err)
			return out
		}
		cancelled := tag("one")
		f.each(func(n int) error {
			if n == 2 {
				_, err := f.CRM.CancelJob(f.as(f.Owner), crm.CancelJobInput{ID: cancelled.Job.ID})
				return err
			}
			return nil
		})
		r, _ := f.run()
		require.Equal(t, 1000, f.ended(job.Cancelled).Changed)
		require.Equal(t, []int{500, 500}, f.commits(cancelled.BatchID))

		f.each(func(n int) error {
			if n == 2 {
				return fault.New(fault.SessionExpired, "the session is over")
			}
			return nil
		})
		refused := tag("two")
		r.Kick()
		j := <-f.over
		require.Equal(t, job.Failed, j.State)
		require.Equal(t, "the session is over", *j.Error)
		require.Equal(t, []int{500}, f.commits(refused.BatchID))

		r.Close()
		waiting := tag("three")
		_, err := f.CRM.CancelJob(f.as(f.Owner), crm.CancelJobInput{ID: waiting.Job.ID})
		require.NoError(t, err)
		var left int
		require.NoError(t, f.DB.Read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM batches").Scan(&left))
		require.Zero(t, left)
	})
}

// TestAJobOutlivesRefusalsThatPass: its rows wait for the next try, and none is done twice.
func TestAJobOutlivesRefusalsThatPass(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		f := deal(t, dialect, 0).factory()
		fill(t, f.World, 1200)
		out, err := f.CRM.TagRecords(f.as(f.Owner), crm.TagRecordsInput{BatchTarget: f.lead(1200), Add: []string{"one"}})
		require.NoError(t, err)
		codes := map[int]fault.Code{2: fault.Overloaded, 3: fault.Upstream, 4: fault.NotEligible}
		f.each(func(n int) error {
			if code := codes[n]; code != "" {
				return fault.New(code, "not now")
			}
			return nil
		})
		for n := 2; n <= 4; n++ {
			r, failed := f.run()
			require.True(t, fault.Is(<-failed, codes[n]))
			r.Close()
			require.Equal(t, []int{500}, f.commits(out.BatchID))
			f.clock.Add(int64(job.Lease/time.Second) + 1)
		}
		f.run()
		require.Equal(t, crm.Tally{Matched: 1200, Changed: 1200}, f.ended(job.Succeeded).Tally)
		require.Equal(t, []int{500, 500, 200}, f.commits(out.BatchID))
	})
}

// TestRehearsingManyRows: the real path, whole, rolled back, within a bound.
func TestRehearsingManyRows(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 0)
		fill(t, d.World, 1200)
		head, _, err := changelog.Log{DB: d.DB}.Head(t.Context(), d.DB, d.WorkspaceID)
		require.NoError(t, err)
		var r crm.Rehearsal
		out, err := d.CRM.MoveRecords(crm.Rehearse(d.as(d.Owner), &r), crm.MoveRecordsInput{BatchTarget: d.lead(1200), ToStageID: &d.Won})
		require.NoError(t, err)
		require.Nil(t, out.Job)
		require.Equal(t, crm.Tally{Matched: 1200, Changed: 1200}, out.Tally)
		require.Empty(t, out.Results, "none was refused")
		require.Len(t, r.Changes, 2400, "moved, and won")
		require.Equal(t, head, out.Revision)
		require.Empty(t, d.column(d.Won))
		five := 5
		out, err = d.CRM.MoveRecords(crm.Rehearse(d.as(d.Owner), &r), crm.MoveRecordsInput{BatchTarget: d.lead(1200), ToStageID: &d.Won, Probability: &five})
		require.NoError(t, err)
		require.Equal(t, 1200, out.Failed)
		require.Len(t, out.Results, 100)

		all := d.lead(1200)
		all.OnError = "REJECT_ALL"
		_, err = d.CRM.MoveRecords(d.as(d.Owner), crm.MoveRecordsInput{BatchTarget: all, ToStageID: &d.Won})
		refused(t, err, fault.ValidationFailed, "input.onError")
		fill(t, d.World, crm.MaxRehearsed-1199)
		_, err = d.CRM.MoveRecords(crm.Rehearse(d.as(d.Owner), &r), crm.MoveRecordsInput{BatchTarget: d.lead(crm.MaxRehearsed + 1), ToStageID: &d.Won})
		refused(t, err, fault.ValidationFailed, "input.filter")
		require.Contains(t, err.Error(), fmt.Sprint(crm.MaxRehearsed+1))
	})
}
