package crm_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
)

// A record has 50 links at most, on whichever side it stands; a link in place of another is none more.
func TestLinksHaveALimitOnBothSides(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		ctx := viewer.NewContext(t.Context(), w.Owner.Viewer)
		made := make([]string, 52)
		for i := range made {
			r, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: fmt.Sprint(i), Priority: "LOW"})
			require.NoError(t, err)
			made[i] = r.Record.ID
		}
		for i, id := range made[1:51] {
			in := crm.LinkRecordsInput{RecordID: made[0], ToRecordID: id}
			if i%2 == 1 {
				in.RecordID, in.ToRecordID = id, made[0]
			}
			out, err := w.CRM.LinkRecords(ctx, in)
			require.NoError(t, err)
			require.Len(t, append(out.Record.Ties, out.ToRecord.Ties...), i+2)
		}
		_, err := w.CRM.LinkRecords(ctx, crm.LinkRecordsInput{RecordID: made[0], ToRecordID: made[51]})
		require.Equal(t, "input.recordId", fault.Of(err).Details[0].Field)
		_, err = w.CRM.LinkRecords(ctx, crm.LinkRecordsInput{RecordID: made[51], ToRecordID: made[0]})
		require.Equal(t, "input.toRecordId", fault.Of(err).Details[0].Field)
		label := "again"
		_, err = w.CRM.LinkRecords(ctx, crm.LinkRecordsInput{RecordID: made[50], ToRecordID: made[0], Label: &label})
		require.NoError(t, err)
		_, err = w.CRM.UnlinkRecords(ctx, crm.UnlinkRecordsInput{RecordID: made[50], ToRecordID: made[0]})
		require.NoError(t, err)
		_, err = w.CRM.LinkRecords(ctx, crm.LinkRecordsInput{RecordID: made[0], ToRecordID: made[51]})
		require.NoError(t, err)
	})
}

// Two who link the same records at once, each from its side, both succeed; one link stands, the same on both.
func TestLinksMadeFromBothSidesAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		ctx := viewer.NewContext(t.Context(), w.Owner.Viewer)
		var ids [2]string
		for i := range ids {
			r, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "x", Priority: "LOW"})
			require.NoError(t, err)
			ids[i] = r.Record.ID
		}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				_, err := stubborn(func() (any, error) {
					label := fmt.Sprint(i)
					return w.CRM.LinkRecords(ctx, crm.LinkRecordsInput{RecordID: ids[i%2], ToRecordID: ids[1-i%2], Label: &label})
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var label [2]string
		var direction [2]string
		for i, id := range ids {
			got, err := w.CRM.UpdateRecord(ctx, crm.UpdateRecordInput{ID: id})
			require.NoError(t, err)
			require.Len(t, got.Record.Ties, 1)
			require.Equal(t, ids[1-i], got.Record.Ties[0].RecordID)
			label[i], direction[i] = *got.Record.Ties[0].Label, got.Record.Ties[0].Direction
		}
		require.Equal(t, label[0], label[1])
		require.ElementsMatch(t, []string{"OUTGOING", "INCOMING"}, direction[:])
	})
}
