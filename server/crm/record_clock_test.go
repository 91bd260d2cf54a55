package crm_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/servertest"
)

// shownAt is what a record's clock-bound fields are as the API gives them.
func shownAt(t *testing.T, w *servertest.World, id string) string {
	t.Helper()
	r := servertest.Must[struct {
		Record struct {
			IsStale, IsOverdue          bool
			AgeDays, TimeInStageSeconds int
		}
	}](t, &w.Owner.Client, fmt.Sprintf(`{ record(id: %q) { isStale isOverdue ageDays timeInStageSeconds } }`, id), nil).Record
	return fmt.Sprint(r.IsStale, " ", r.IsOverdue, " ", r.AgeDays, " ", r.TimeInStageSeconds)
}

// What the clock makes of a record: stale after its stage's hours, else its pipeline's, else the workspace's, overdue when
// its day is over in the workspace's zone, and only while it is OPEN.
func TestWhatTheClockMakesOfARecord(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, clock := timed(t, dialect)
		ctx, two, one, zone := as(w.Owner), 2, 1, "Pacific/Kiritimati"
		_, err := w.CRM.UpdateSettings(ctx, crm.UpdateSettingsInput{Insights: map[string]any{"staleHours": 3},
			General: &crm.GeneralSettingsInput{Timezone: graphql.OmittableOf(&zone)}})
		require.NoError(t, err)
		far, err := time.LoadLocation(zone)
		require.NoError(t, err)
		clock.pass(clock.now().Truncate(time.Second).Add(time.Second).Sub(clock.now())) // it is looked at by the second
		day := clock.now().In(far).AddDate(0, 0, 1).Format(time.DateOnly)
		made, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "deal", Priority: "LOW", ExpectedCloseDate: &day})
		require.NoError(t, err)
		id := made.Record.ID
		require.Equal(t, "false false 0 0", shownAt(t, w, id))
		stages := func(lead *int) []*crm.StageInput {
			return []*crm.StageInput{{ID: &w.Lead, Name: "Lead", StaleAfterHours: graphql.OmittableOf(lead)}, {ID: &w.Won, Name: "Won", Kind: graphql.OmittableOf(new("WON"))}}
		}
		set := func(pipeline, lead *int) {
			t.Helper()
			_, err := w.CRM.UpdatePipeline(ctx, crm.UpdatePipelineInput{ID: w.Pipeline, StaleAfterHours: graphql.OmittableOf(pipeline), Stages: stages(lead)})
			require.NoError(t, err)
		}
		stale := func(pipeline, lead *int, want bool) {
			t.Helper()
			set(pipeline, lead)
			require.Equal(t, want, shownAt(t, w, id)[:4] == "true")
		}
		clock.pass(time.Hour - time.Second)
		stale(&two, &one, false)
		clock.pass(time.Second)
		stale(&two, &one, true)
		stale(&two, nil, false)
		clock.pass(time.Hour)
		stale(&two, nil, true)
		stale(nil, nil, false)
		clock.pass(time.Hour)
		stale(nil, nil, true)

		midnight, err := time.ParseInLocation(time.DateOnly, day, far)
		require.NoError(t, err)
		clock.pass(midnight.AddDate(0, 0, 1).Sub(clock.now()) - time.Second)
		require.Contains(t, shownAt(t, w, id), "true false 1 ")
		clock.pass(time.Second)
		require.Contains(t, shownAt(t, w, id), "true true 1 ", "its day is over")
		_, err = w.CRM.MoveRecord(ctx, crm.MoveRecordInput{RecordID: id, ToStageID: &w.Won})
		require.NoError(t, err)
		clock.pass(5 * time.Hour)
		require.Contains(t, shownAt(t, w, id), "false false ", "it is closed")
		require.Contains(t, shownAt(t, w, id), " 18000")
	})
}

// An ownership lasts as long as the record is open: for a closed one it is counted to when it was closed.
func TestAnOwnershipEndsWithTheDeal(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, clock := timed(t, dialect)
		ctx := as(w.Owner)
		made, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "deal", Priority: "LOW", OwnerID: &w.Ben.ID})
		require.NoError(t, err)
		held := func() int {
			t.Helper()
			r := servertest.Must[struct {
				Record struct {
					OwnerHistory []struct{ DurationSeconds int }
				}
			}](t, &w.Owner.Client, fmt.Sprintf(`{ record(id: %q) { ownerHistory { durationSeconds } } }`, made.Record.ID), nil)
			return r.Record.OwnerHistory[0].DurationSeconds
		}
		move := func(to string) {
			t.Helper()
			_, err := w.CRM.MoveRecord(ctx, crm.MoveRecordInput{RecordID: made.Record.ID, ToStageID: &to})
			require.NoError(t, err)
		}
		clock.pass(2 * time.Hour)
		require.Equal(t, 7200, held())
		move(w.Won)
		clock.pass(3 * time.Hour)
		require.Equal(t, 7200, held())
		move(w.Lead)
		require.Equal(t, 5*3600, held(), "open again, it is still the same ownership")
	})
}
