package crm_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
)

// counted checks that every record shows what its tasks come to.
func counted(t *testing.T, w *servertest.World) (open int) {
	t.Helper()
	var tasks []*ent.Task
	_, err := w.CRM.Do(as(w.Owner), nil, func(tx *crm.Tx) (err error) {
		tasks, err = tx.Ent().Task.Query().All(tx.Ctx())
		return err
	})
	require.NoError(t, err)
	for _, r := range everyRecord(t, w) {
		n, next := 0, (*time.Time)(nil)
		for _, task := range tasks {
			if task.RecordID == nil || *task.RecordID != r.ID || task.Status != "OPEN" || task.DeletedAt != nil {
				continue
			}
			if n++; task.DueAt != nil && (next == nil || task.DueAt.Before(*next)) {
				next = task.DueAt
			}
		}
		require.Equal(t, n, r.OpenTaskCount, r.Title)
		require.Equal(t, next == nil, r.NextDueAt == nil, r.Title)
		if next != nil {
			require.True(t, next.Equal(*r.NextDueAt), "%s: %s is not %s", r.Title, r.NextDueAt, next)
		}
		require.Equal(t, 1, r.Version, "tasks raise no version")
		open += n
	}
	return open
}

// Whatever happens to tasks, also to many at once and by several at once: a record shows how many are open and when the
// next is due.
func TestRecordsCountTheirTasks(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, clock := timed(t, dialect)
		ctx, dice := as(w.Owner), rand.New(rand.NewPCG(3, 5))
		var records, tasks []string
		for i := range 3 {
			made, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: fmt.Sprint("deal ", i), Priority: "LOW"})
			require.NoError(t, err)
			records = append(records, made.Record.ID)
		}
		most := 0
		for range 60 {
			clock.pass(time.Second)
			switch n := dice.IntN(10); {
			case len(tasks) < 3 || n < 4:
				in := crm.CreateTaskInput{Title: "t", Priority: "LOW", AssigneeID: &w.Ben.ID}
				if dice.IntN(5) > 0 {
					in.RecordID = &records[dice.IntN(3)]
				}
				if dice.IntN(3) > 0 {
					due := clock.now().Add(time.Duration(dice.IntN(1_000_000)-500_000) * time.Millisecond)
					in.DueAt = &due
				}
				made, err := w.CRM.CreateTask(ctx, in)
				require.NoError(t, err)
				tasks = append(tasks, made.Task.ID)
			case n < 8:
				_, err := w.CRM.SetTaskStatus(ctx, crm.SetTaskStatusInput{ID: tasks[dice.IntN(len(tasks))], Status: []string{"OPEN", "DONE"}[dice.IntN(2)]})
				if !fault.Is(err, fault.NotFoundCode) { // it was deleted
					require.NoError(t, err)
				}
			case n == 8: // what bulk commands and clean-ups do
				due := clock.now().Add(time.Hour)
				_, err := w.CRM.Do(ctx, nil, func(tx *crm.Tx) error {
					u := tx.Ent().Task.Update().AddVersion(1)
					switch dice.IntN(4) {
					case 0:
						u.SetDueAt(due)
					case 1:
						u.SetRecordID(records[dice.IntN(3)])
					case 2:
						u.SetDeletedAt(due)
					case 3:
						u.ClearDeletedAt()
					}
					return u.Exec(tx.Ctx())
				})
				require.NoError(t, err)
			case n == 9:
				_, err := w.CRM.ReassignWork(ctx, crm.ReassignWorkInput{FromMemberID: w.Ben.ID, ToMemberID: &w.Chloe.ID})
				require.NoError(t, err)
			}
			most = max(most, counted(t, w))
		}
		require.Greater(t, most, 3)

		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 5 {
					_, err := stubborn(func() (any, error) {
						return w.CRM.CreateTask(ctx, crm.CreateTaskInput{Title: "t", Priority: "LOW", RecordID: &records[0]})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		require.GreaterOrEqual(t, counted(t, w), 20)
	})
}

// A task made or completed on a record is activity on it; one reopened, given away or put off is not.
func TestWorkOnARecordIsActivity(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, clock := timed(t, dialect)
		ctx := as(w.Owner)
		made, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "deal", Priority: "LOW"})
		require.NoError(t, err)
		active := func(ctx context.Context, want bool, act func(context.Context) error) {
			t.Helper()
			clock.pass(time.Hour)
			require.NoError(t, act(ctx))
			require.Equal(t, want, everyRecord(t, w)[0].LastActivityAt.Equal(clock.now()))
		}
		var id string
		active(ctx, true, func(ctx context.Context) error {
			out, err := w.CRM.CreateTask(ctx, crm.CreateTaskInput{Title: "t", Priority: "LOW", RecordID: &made.Record.ID, AssigneeID: &w.Ben.ID})
			id = out.Task.ID
			return err
		})
		for _, status := range []string{"DONE", "OPEN"} {
			active(ctx, status == "DONE", func(ctx context.Context) error {
				_, err := w.CRM.SetTaskStatus(ctx, crm.SetTaskStatusInput{ID: id, Status: status})
				return err
			})
		}
		active(ctx, false, func(ctx context.Context) error {
			_, err := w.CRM.ReassignWork(ctx, crm.ReassignWorkInput{FromMemberID: w.Ben.ID, Unassign: true})
			return err
		})
	})
}
