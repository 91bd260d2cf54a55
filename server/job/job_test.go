package job_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

// yard is a database in which runners of the test's own do jobs of kind X.
type yard struct {
	*servertest.World
	t    *testing.T
	mu   sync.Mutex
	at   time.Time
	over chan job.Job
}

func open(t *testing.T, dialect string) *yard {
	t.Helper()
	y := &yard{World: servertest.Found(t, servertest.Start(t, dialect), "alpha"), t: t, at: time.Now().UTC().Truncate(time.Microsecond),
		over: make(chan job.Job, 100)} // 100: more than a test has jobs
	return y
}

func (y *yard) now() time.Time {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.at
}

func (y *yard) pass(d time.Duration) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.at = y.at.Add(d)
}

func (y *yard) runner(work job.Work) *job.Runner {
	r := &job.Runner{DB: y.DB, Kinds: map[string]job.Work{"X": work}, Now: y.now, Logger: slog.New(slog.DiscardHandler), Told: func(_ context.Context, j *job.Job) {
		if j.Over() {
			y.over <- *j
		}
	}}
	r.Start()
	y.t.Cleanup(r.Close)
	return r
}

func (y *yard) add() *job.Job {
	y.t.Helper()
	j := &job.Job{WorkspaceID: y.WorkspaceID, ID: typeid.New(typeid.Job), Kind: "X", RequestedBy: row.Actor(y.Owner.Viewer.Actor()), CreatedAt: y.now()}
	require.NoError(y.t, job.Add(y.t.Context(), y.DB.Write, y.DB.SQL, j))
	return j
}

// TestEachJobIsDoneOnce: however many processes look for jobs.
func TestEachJobIsDoneOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		y := open(t, dialect)
		var mu sync.Mutex
		times := map[string]int{}
		var runners []*job.Runner
		for range 4 {
			runners = append(runners, y.runner(func(ctx context.Context, run *job.Run) (any, error) {
				mu.Lock()
				times[run.ID]++
				mu.Unlock()
				one := 1
				return map[string]int{"n": 7}, run.Progress(ctx, 1, &one, nil)
			}))
		}
		want := map[string]int{}
		for range 20 {
			want[y.add().ID] = 1
		}
		for _, r := range runners {
			r.Kick()
		}
		for range want {
			j := <-y.over
			require.Equal(t, job.Succeeded, j.State)
			require.JSONEq(t, `{"n": 7}`, string(j.Result))
			require.Equal(t, 1, j.Done)
		}
		require.Equal(t, want, times)
	})
}

// TestAJobEnds: by its result, by a refusal with its sentence, or because somebody asked for it.
func TestAJobEnds(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		y := open(t, dialect)
		refused := y.runner(func(context.Context, *job.Run) (any, error) {
			return nil, fault.New(fault.ValidationFailed, "the file is empty")
		})
		y.add()
		refused.Kick()
		j := <-y.over
		require.Equal(t, job.Failed, j.State)
		require.Equal(t, "the file is empty", *j.Error)
		refused.Close()

		waiting := y.add()
		asked, err := job.Cancel(t.Context(), y.DB.Write, y.DB.SQL, waiting, y.now())
		require.NoError(t, err)
		require.True(t, asked)
		asked, err = job.Cancel(t.Context(), y.DB.Write, y.DB.SQL, waiting, y.now())
		require.NoError(t, err)
		require.False(t, asked, "it is over")

		begun, goOn := make(chan *job.Job), make(chan struct{})
		running := y.runner(func(ctx context.Context, run *job.Run) (any, error) {
			begun <- run.Job
			<-goOn
			return map[string]int{"half": 1}, run.Progress(ctx, 1, nil, nil)
		})
		late := y.add()
		running.Kick()
		require.Equal(t, late.ID, (<-begun).ID, "the one that was cancelled never begins")
		asked, err = job.Cancel(t.Context(), y.DB.Write, y.DB.SQL, late, y.now())
		require.NoError(t, err)
		require.True(t, asked)
		close(goOn)
		j = <-y.over
		require.Equal(t, job.Cancelled, j.State)
		require.JSONEq(t, `{"half": 1}`, string(j.Result))
	})
}

// TestALostJobIsAnother: whoever was slow writes nothing more, and who took the job over knows how far it was.
func TestALostJobIsAnother(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		y := open(t, dialect)
		begun, goOn, lost := make(chan struct{}), make(chan struct{}), make(chan error, 2) // 2: what the slow one was told
		slow := y.runner(func(ctx context.Context, run *job.Run) (any, error) {
			if err := run.Progress(ctx, 3, nil, map[string]int{"at": 3}); err != nil {
				return nil, err
			}
			close(begun)
			<-goOn
			err := run.Progress(ctx, 9, nil, map[string]int{"at": 9})
			lost <- err
			lost <- run.Keep(ctx, y.DB.Write, map[string]int{"at": 9})
			return nil, err
		})
		added := y.add()
		slow.Kick()
		<-begun
		y.pass(job.Lease + time.Second)
		quick := y.runner(func(_ context.Context, run *job.Run) (any, error) {
			if string(run.Result) == "" || run.Done != 3 {
				return nil, errors.New("it does not know how far the job was")
			}
			return map[string]int{"at": 4}, nil
		})
		quick.Kick()
		j := <-y.over
		require.Equal(t, added.ID, j.ID)
		require.Equal(t, job.Succeeded, j.State)
		close(goOn)
		require.ErrorIs(t, <-lost, job.ErrLost)
		require.ErrorIs(t, <-lost, job.ErrLost)
		slow.Close()
		var result row.JSON
		require.NoError(t, y.DB.Read.QueryRowContext(t.Context(), "SELECT result FROM jobs").Scan(&result))
		require.JSONEq(t, `{"at": 4}`, string(result))
	})
}

// TestAJobWaitsForItsWorkspace: as long as it may not use the product, nothing begins.
func TestAJobWaitsForItsWorkspace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		y := open(t, dialect)
		other := servertest.Found(t, y.Server, "bravo")
		_, err := y.DB.Write.ExecContext(t.Context(), "UPDATE workspaces SET eligibility = 'PAUSED' WHERE id = '"+y.WorkspaceID+"'")
		require.NoError(t, err)
		waits := y.add()
		begins := &job.Job{WorkspaceID: other.WorkspaceID, ID: typeid.New(typeid.Job), Kind: "X", RequestedBy: row.Actor(other.Owner.Viewer.Actor()), CreatedAt: y.now().Add(time.Second)}
		require.NoError(t, job.Add(t.Context(), y.DB.Write, y.DB.SQL, begins))
		r := y.runner(func(context.Context, *job.Run) (any, error) { return nil, nil })
		r.Kick()
		require.Equal(t, begins.ID, (<-y.over).ID, "though it is younger")
		_, err = y.DB.Write.ExecContext(t.Context(), "UPDATE workspaces SET eligibility = 'ELIGIBLE'")
		require.NoError(t, err)
		r.Kick()
		require.Equal(t, waits.ID, (<-y.over).ID)
	})
}
