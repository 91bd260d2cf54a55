package job

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/store"
)

const (
	// Lease is how long a job is a process's own without a sign of it.
	Lease = time.Minute
	// look is how often a process looks for jobs whose process died; its own are told by Kick.
	look = 20 * time.Second
	// tellEvery is how often progress is told at most; the beginning and the end always are.
	tellEvery = 2 * time.Second
	// patience is how long a job is tried again that ends with faults of ours.
	patience = 24 * time.Hour
)

// Work does a kind of job, or goes on with one: run.Result is what it had come to. What it returns is the result. An error
// that is a fault fails the job with its sentence, unless it is one that passes (fault.Passing), ErrCancelled ends it; after
// any other error, and when the process stops, the job stays to be taken up again once its lease is over. It must be sound to run again from any of its chunks.
type Work func(ctx context.Context, run *Run) (result any, err error)

// Runner does a process's share of the jobs, one at a time.
type Runner struct {
	DB *store.DB
	// Kinds are the works by the kind of job. Jobs of other kinds are left to other programs.
	Kinds map[string]Work
	// Told is told a job's progress, at most every two seconds, and its beginning and end. nil tells nobody.
	Told func(ctx context.Context, j *Job)
	// Now is the clock.
	Now    func() time.Time
	Logger *slog.Logger

	bell  chan struct{}
	stop  context.CancelFunc
	ended chan struct{}
	last  time.Time
}

// Start begins to look for jobs; Close ends it.
func (r *Runner) Start() {
	r.bell = make(chan struct{}, 1) // 1: a kick while one is pending adds nothing
	r.ended = make(chan struct{})   // never sent to: closed when the runner has ended
	var ctx context.Context
	ctx, r.stop = context.WithCancel(context.Background())
	go r.run(ctx)
}

// Kick says that there is a job to do. It never blocks.
func (r *Runner) Kick() {
	select {
	case r.bell <- struct{}{}:
	default:
	}
}

// Close lets the work under way stop at its next step and waits for it. The job is taken up again later. It may be called
// more than once.
func (r *Runner) Close() {
	r.stop()
	<-r.ended
}

func (r *Runner) clock() time.Time { return r.Now().UTC().Truncate(time.Microsecond) }

func (r *Runner) run(ctx context.Context) {
	defer close(r.ended)
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		for ctx.Err() == nil {
			j, err := r.claim(ctx)
			if err != nil && ctx.Err() == nil {
				r.Logger.Error("claim a job", "err", err)
			}
			if err != nil || j == nil {
				break
			}
			r.do(ctx, j)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.bell:
		case <-tick.C:
		}
	}
}

// claim takes the oldest job that is queued or was left by a process that died; nil when there is none. The jobs of a
// workspace that may not use the product now wait until it may.
func (r *Runner) claim(ctx context.Context) (*Job, error) {
	now, ph := r.clock(), r.DB.SQL.Placeholder
	args := []any{now.Add(Lease), now}
	kinds := ""
	for k := range r.Kinds {
		if args = append(args, k); kinds != "" {
			kinds += ", "
		}
		kinds += ph(len(args))
	}
	if kinds == "" {
		return nil, nil
	}
	args = append(args, now)
	skip := map[bool]string{true: " FOR UPDATE SKIP LOCKED"}[r.DB.Dialect == store.Postgres]
	columns := ""
	for i, c := range Columns {
		if i > 0 {
			columns += ", "
		}
		columns += c
	}
	j := &Job{}
	err := r.DB.Write.QueryRowContext(ctx, "UPDATE jobs SET state = '"+Running+"', lease_until = "+ph(1)+", started_at = COALESCE(started_at, "+ph(2)+
		") WHERE id = (SELECT j.id FROM jobs j WHERE j.kind IN ("+kinds+") AND (j.state = '"+Queued+"' OR j.state = '"+Running+
		"' AND j.lease_until < "+ph(len(args))+
		") AND EXISTS (SELECT 1 FROM workspaces w WHERE w.id = j.workspace_id AND w.eligibility = 'ELIGIBLE') ORDER BY j.created_at, j.id LIMIT 1"+skip+") RETURNING "+columns, args...).Scan(j.Dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return j, err
}

// do works on a job until it is over, lost, or the process stops.
func (r *Runner) do(ctx context.Context, j *Job) {
	run := &Run{j, r}
	r.last = time.Time{}
	r.tell(ctx, j, true)
	if j.CancelRequestedAt != nil {
		r.close(ctx, run, nil, ErrCancelled)
		return
	}
	result, err := r.Kinds[j.Kind](ctx, run)
	if ctx.Err() != nil && err != nil { // the process stops
		quick, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := run.release(quick); err != nil {
			r.Logger.Error("release a job", "job", run.ID, "err", err)
		}
		return
	}
	r.close(ctx, run, result, err)
}

func (r *Runner) close(ctx context.Context, run *Run, result any, err error) {
	now := r.clock()
	refusal := fault.Of(err)
	switch {
	case err == nil:
		err = run.end(ctx, Succeeded, result, nil, now)
	case errors.Is(err, ErrCancelled):
		err = run.end(ctx, Cancelled, result, nil, now)
	case refusal != nil && !fault.Passing(err):
		err = run.end(ctx, Failed, result, &refusal.Message, now)
	case !errors.Is(err, ErrLost) && run.StartedAt != nil && now.Sub(*run.StartedAt) >= patience:
		why := "the job failed again and again; nothing more is tried"
		err = errors.Join(err, run.end(ctx, Failed, result, &why, now))
	}
	if err != nil && !errors.Is(err, ErrLost) && ctx.Err() == nil {
		r.Logger.Error("a job stopped and is tried again", "job", run.ID, "kind", run.Kind, "err", err)
	}
}

func (r *Runner) tell(ctx context.Context, j *Job, always bool) {
	now := r.clock()
	if r.Told == nil || !always && now.Sub(r.last) < tellEvery {
		return
	}
	r.last = now
	r.Told(ctx, j)
}

// lost turns "no such row" into ErrLost.
func lost(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return ErrLost
	}
	return err
}
