package crm_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// hourglass is a clock that goes on only when it is told to.
type hourglass struct{ micros atomic.Int64 }

func (c *hourglass) now() time.Time { return time.UnixMicro(c.micros.Load()).UTC() }

func (c *hourglass) pass(d time.Duration) { c.micros.Add(d.Microseconds()) }

// timed is a world with a clock of its own, which begins now so that sessions hold.
func timed(t *testing.T, dialect string) (*servertest.World, *hourglass) {
	t.Helper()
	c := &hourglass{}
	c.micros.Store(time.Now().UnixMicro())
	s := servertest.StartOn(t, servertest.Database(t, dialect), func(cfg *app.Config) { cfg.Now = c.now })
	return servertest.Found(t, s, "alpha"), c
}

func as(p *servertest.Person) context.Context {
	return viewer.NewContext(context.Background(), p.Viewer)
}

// stay is a row of stage_spans, holding one of owner_spans.
type stay struct {
	record, stage, cause string
	from                 *string
	entered              int64
	left                 *int64
	value                *int64
	probability          int
}

type holding struct {
	record                    string
	owner, from, reason, note *string
	started                   int64
	ended                     *int64
}

func stays(t *testing.T, w *servertest.World) map[string][]stay {
	t.Helper()
	out := map[string][]stay{}
	each(t, w, scope.New(w.Owner.Viewer, w.DB.SQL).Add(`SELECT s.record_id, s.stage_id, s.cause, s.from_stage_id, s.entered_at, s.left_at, s.value_at_entry,
		s.probability_at_entry FROM stage_spans s WHERE `).Workspace("s").Add(" ORDER BY s.record_id, s.entered_at, s.id"), func(scan func(...any) error) error {
		var s stay
		err := scan(&s.record, &s.stage, &s.cause, &s.from, &s.entered, &s.left, &s.value, &s.probability)
		out[s.record] = append(out[s.record], s)
		return err
	})
	return out
}

func holdings(t *testing.T, w *servertest.World) map[string][]holding {
	t.Helper()
	out := map[string][]holding{}
	each(t, w, scope.New(w.Owner.Viewer, w.DB.SQL).Add(`SELECT s.record_id, s.owner_id, s.from_owner_id, s.reason, s.note, s.started_at, s.ended_at
		FROM owner_spans s WHERE `).Workspace("s").Add(" ORDER BY s.record_id, s.started_at, s.id"), func(scan func(...any) error) error {
		var h holding
		err := scan(&h.record, &h.owner, &h.from, &h.reason, &h.note, &h.started, &h.ended)
		out[h.record] = append(out[h.record], h)
		return err
	})
	return out
}

func each(t *testing.T, w *servertest.World, b *scope.Builder, row func(scan func(...any) error) error) {
	t.Helper()
	text, args := b.SQL()
	rows, err := w.DB.Query(context.Background(), text, args...)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		require.NoError(t, row(rows.Scan))
	}
	require.NoError(t, rows.Err())
}

func everyRecord(t *testing.T, w *servertest.World) (out []*ent.Record) {
	t.Helper()
	_, err := w.CRM.Do(as(w.Owner), nil, func(tx *crm.Tx) (err error) {
		out, err = tx.Ent().Record.Query().Order(record.ByNumber()).All(tx.Ctx())
		return err
	})
	require.NoError(t, err)
	return out
}

// remembered checks that histories and records tell the same.
func remembered(t *testing.T, w *servertest.World) {
	t.Helper()
	spans, owners := stays(t, w), holdings(t, w)
	for _, r := range everyRecord(t, w) {
		var open *stay
		for i, s := range spans[r.ID] {
			if s.left == nil {
				require.Nil(t, open, "two open spans")
				open = &spans[r.ID][i]
				require.Len(t, spans[r.ID], i+1, "the open span is not the last")
			} else {
				require.LessOrEqual(t, s.entered, *s.left)
			}
			if i == 0 {
				require.Nil(t, s.from)
				require.Equal(t, r.CreatedAt.UnixMicro(), s.entered)
				continue
			}
			before := spans[r.ID][i-1]
			if s.cause == "RESTORED" {
				require.Nil(t, s.from)
				require.GreaterOrEqual(t, s.entered, *before.left)
				continue
			}
			require.Equal(t, *before.left, s.entered, "a gap or an overlap")
			require.Equal(t, before.stage, *s.from)
			require.NotEqual(t, s.stage, *s.from)
		}
		if r.DeletedAt != nil {
			require.Nil(t, open, "a deleted record is in a stage")
			last := spans[r.ID][len(spans[r.ID])-1]
			require.Equal(t, r.DeletedAt.UnixMicro(), *last.left)
		} else {
			require.NotNil(t, open, "a live record is in no stage")
			require.Equal(t, r.StageID, open.stage)
			require.Equal(t, r.StageEnteredAt.UnixMicro(), open.entered)
		}
		held := owners[r.ID]
		require.NotEmpty(t, held)
		for i, h := range held {
			require.Equal(t, i == len(held)-1, h.ended == nil, "one open owner span, the last")
			if i > 0 {
				require.Equal(t, *held[i-1].ended, h.started)
				require.Equal(t, held[i-1].owner, h.from)
				require.NotEqual(t, h.owner, h.from)
			}
		}
		require.Equal(t, r.OwnerID, held[len(held)-1].owner)
	}
}

// Whatever commands do, in whatever order: histories and records tell the same.
func TestHistoriesFollowEveryCommand(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, clock := timed(t, dialect)
		ctx, dice := as(w.Owner), rand.New(rand.NewPCG(7, 11))
		second, err := w.CRM.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead"})
		require.NoError(t, err)
		pipelines := []string{w.Pipeline, second.Pipeline.ID}
		anyone := []*string{nil, &w.Owner.ID, &w.Ben.ID, &w.Chloe.ID}
		done := map[string]int{}
		for range 220 {
			clock.pass(time.Duration(dice.IntN(3)) * time.Second)
			var live, gone []*ent.Record
			for _, r := range everyRecord(t, w) {
				if r.DeletedAt == nil {
					live = append(live, r)
				} else {
					gone = append(gone, r)
				}
			}
			owner, name, err := anyone[dice.IntN(4)], "create", error(nil)
			if n := dice.IntN(14); len(live) > 0 && n > 2 {
				r := live[dice.IntN(len(live))]
				switch n {
				case 3, 4:
					name = "assign"
					_, err = w.CRM.AssignRecord(ctx, crm.AssignRecordInput{RecordID: r.ID, OwnerID: graphql.OmittableOf(owner)})
				case 5, 6, 7, 8:
					name = "move"
					to := []string{w.Lead, w.Offer, w.Won, w.Lost}[dice.IntN(4)]
					if r.PipelineID != w.Pipeline {
						to = second.Pipeline.Stages[dice.IntN(4)].ID
					}
					_, err = w.CRM.MoveRecord(ctx, crm.MoveRecordInput{RecordID: r.ID, ToStageID: &to})
				case 9:
					name = "change pipeline"
					_, err = w.CRM.MoveRecord(ctx, crm.MoveRecordInput{RecordID: r.ID, ToPipelineID: &pipelines[dice.IntN(2)]})
				case 10:
					name = "delete"
					_, err = w.CRM.DeleteRecords(ctx, crm.DeleteRecordsInput{BatchTarget: crm.BatchTarget{IDs: []string{r.ID, live[0].ID}}})
				case 11:
					if name = "restore"; len(gone) > 0 {
						_, err = w.CRM.RestoreRecord(ctx, crm.RestoreRecordInput{ID: gone[dice.IntN(len(gone))].ID})
					}
				case 12:
					name = "reassign"
					_, err = w.CRM.ReassignWork(ctx, crm.ReassignWorkInput{FromMemberID: w.Ben.ID, ToMemberID: &w.Chloe.ID})
				case 13:
					name = "duplicate and delete"
					out, failed := w.CRM.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "OPEN_ONLY"})
					require.NoError(t, failed)
					clock.pass(time.Second)
					_, err = w.CRM.DeletePipeline(ctx, crm.DeletePipelineInput{ID: out.Pipeline.ID, DeleteRecords: true, ConfirmCount: &out.RecordCount})
					if dice.IntN(2) == 0 && err == nil {
						clock.pass(time.Second)
						_, err = w.CRM.RestorePipeline(ctx, crm.RestorePipelineInput{ID: out.Pipeline.ID})
						require.NoError(t, err)
						clock.pass(time.Second)
						_, err = w.CRM.DeletePipeline(ctx, crm.DeletePipelineInput{ID: out.Pipeline.ID, MoveTo: &crm.PipelineMoveInput{PipelineID: w.Pipeline}})
					}
				}
			} else {
				_, err = w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: fmt.Sprint("deal ", len(live)), Priority: "LOW", OwnerID: owner, PipelineID: &pipelines[dice.IntN(2)]})
			}
			if !fault.Is(err, fault.NotFoundCode) { // a record whose pipeline is gone does not come back
				require.NoError(t, err, name)
				done[name]++
			}
			if len(live) > 60 {
				_, err := w.CRM.DeleteRecords(ctx, crm.DeleteRecordsInput{BatchTarget: crm.BatchTarget{IDs: []string{live[0].ID, live[7].ID, live[20].ID, live[30].ID, live[33].ID}}})
				require.NoError(t, err)
			}
		}
		require.Len(t, done, 8, "%v", done)
		remembered(t, w)
	})
}

// Each way into a stage has its cause, with the value and the probability of that moment.
func TestWhyARecordEntersAStage(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, clock := timed(t, dialect)
		ctx := as(w.Owner)
		second, err := w.CRM.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead"})
		require.NoError(t, err)
		made, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "deal", Priority: "LOW", Value: &crm.MoneyInput{Amount: "12.50"}})
		require.NoError(t, err)
		id := made.Record.ID
		move := func(to string) {
			t.Helper()
			clock.pass(time.Minute)
			_, err := w.CRM.MoveRecord(ctx, crm.MoveRecordInput{RecordID: id, ToStageID: &to})
			require.NoError(t, err)
		}
		move(w.Offer)
		move(w.Lost)
		move(w.Offer)
		clock.pass(time.Minute)
		_, err = w.CRM.UpdatePipeline(ctx, crm.UpdatePipelineInput{ID: w.Pipeline, Stages: []*crm.StageInput{
			{ID: &w.Lead, Name: "Lead"}, {ID: &w.Won, Name: "Won", Kind: graphql.OmittableOf(new("WON"))}},
			MoveRecords: []*crm.StageMoveInput{{FromStageID: w.Offer, ToStageID: w.Lead}}})
		require.NoError(t, err)
		clock.pass(time.Minute)
		_, err = w.CRM.DeleteRecord(ctx, crm.DeleteRecordInput{ID: id})
		require.NoError(t, err)
		clock.pass(time.Minute)
		_, err = w.CRM.RestoreRecord(ctx, crm.RestoreRecordInput{ID: id})
		require.NoError(t, err)
		clock.pass(time.Minute)
		copied, err := w.CRM.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "ALL"})
		require.NoError(t, err)
		clock.pass(time.Minute)
		_, err = w.CRM.DeletePipeline(ctx, crm.DeletePipelineInput{ID: w.Pipeline, NewDefaultID: &second.Pipeline.ID,
			MoveTo: &crm.PipelineMoveInput{PipelineID: second.Pipeline.ID}})
		require.NoError(t, err)
		importing := *w.Owner.Viewer
		importing.Source = viewer.Import
		_, err = w.CRM.CreateRecord(viewer.NewContext(context.Background(), &importing), crm.CreateRecordInput{Title: "old", Priority: "LOW"})
		require.NoError(t, err)

		all := stays(t, w)
		var causes []string
		for i, s := range all[id] {
			causes = append(causes, s.cause)
			require.Equal(t, int64(1250), *s.value)
			require.Equal(t, []int{10, 50, 0, 50, 10, 10, 10}[i], s.probability, s.cause)
		}
		require.Equal(t, []string{"CREATED", "MOVED", "MOVED", "REOPENED", "STAGE_DELETED", "RESTORED", "PIPELINE_CHANGED"}, causes)
		for _, r := range everyRecord(t, w) {
			switch {
			case r.PipelineID == copied.Pipeline.ID:
				require.Equal(t, "DUPLICATED", all[r.ID][0].cause)
			case r.Title == "old":
				require.Equal(t, "IMPORTED", all[r.ID][0].cause)
			}
		}
		require.Len(t, all, 3)
		remembered(t, w)
	})
}

// Each ownership has its reason, and what was said about it.
func TestWhyARecordHasItsOwner(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, clock := timed(t, dialect)
		ctx := as(w.Owner)
		made, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "deal", Priority: "LOW"})
		require.NoError(t, err)
		for i, to := range []*string{&w.Ben.ID, &w.Chloe.ID, nil, &w.Ben.ID} {
			clock.pass(time.Hour)
			note := fmt.Sprint(" turn ", i, " ")
			_, err := w.CRM.AssignRecord(ctx, crm.AssignRecordInput{RecordID: made.Record.ID, OwnerID: graphql.OmittableOf(to), ReasonNote: &note})
			require.NoError(t, err)
			_, err = w.CRM.AssignRecord(ctx, crm.AssignRecordInput{RecordID: made.Record.ID, OwnerID: graphql.OmittableOf(to)})
			require.NoError(t, err, "the present owner again is nothing new")
		}
		clock.pass(time.Hour)
		_, err = w.CRM.ReassignWork(ctx, crm.ReassignWorkInput{FromMemberID: w.Ben.ID, Unassign: true})
		require.NoError(t, err)
		var told []string
		for _, h := range holdings(t, w)[made.Record.ID] {
			reason, note := "-", "-"
			if h.reason != nil {
				reason = *h.reason
			}
			if h.note != nil {
				note = *h.note
			}
			told = append(told, reason+" "+note)
		}
		require.Equal(t, []string{"- -", "INITIAL_ASSIGNMENT turn 0", "REASSIGNED turn 1", "UNASSIGNED turn 2", "REASSIGNED turn 3", "UNASSIGNED -"}, told)
		long := fmt.Sprintf("%0201d", 1)
		_, err = w.CRM.AssignRecord(ctx, crm.AssignRecordInput{RecordID: made.Record.ID, ReasonNote: &long})
		require.True(t, fault.Is(err, fault.ValidationFailed), "%v", err)
		remembered(t, w)
	})
}

// What is written for a commit does not grow with its records, up to a hundred of them; a rehearsal leaves nothing.
func TestHistoriesCostFewStatements(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, _ := timed(t, dialect)
		ctx := as(w.Owner)
		cost := func(ctx context.Context, ids []string) int {
			counted, n := store.Count(ctx)
			out, err := w.CRM.DeleteRecords(counted, crm.DeleteRecordsInput{BatchTarget: crm.BatchTarget{IDs: ids}})
			require.NoError(t, err)
			require.Equal(t, len(ids), out.DeletedCount())
			return n.Statements()
		}
		fill(t, w, 99)
		var ids []string
		for _, r := range column(t, w, w.Lead) {
			ids = append(ids, r.ID)
		}
		before := stays(t, w)
		rehearsed := cost(crm.Rehearse(ctx, &crm.Rehearsal{}), ids[:1])
		require.Equal(t, before, stays(t, w))
		require.Equal(t, rehearsed, cost(ctx, ids[:1]))
		require.Equal(t, rehearsed, cost(ctx, ids[1:]))
		remembered(t, w)
	})
}

// The database itself refuses a second open span.
func TestTheStoreKeepsOneOpenSpan(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w, _ := timed(t, dialect)
		made, err := w.CRM.CreateRecord(as(w.Owner), crm.CreateRecordInput{Title: "deal", Priority: "LOW"})
		require.NoError(t, err)
		for table, b := range map[string]*scope.Builder{
			"stage_spans": scope.New(w.Owner.Viewer, w.DB.SQL).Insert("stage_spans", []string{"id", "record_id", "pipeline_id", "stage_id", "entered_at", "cause", "actor", "currency", "probability_at_entry"},
				"spn_1", made.Record.ID, w.Pipeline, w.Offer, 1, "MOVED", "{}", "EUR", 0),
			"owner_spans": scope.New(w.Owner.Viewer, w.DB.SQL).Insert("owner_spans", []string{"id", "record_id", "started_at", "changed_by"}, "spn_1", made.Record.ID, 1, "{}"),
		} {
			text, args := b.SQL()
			_, err := w.DB.Write.ExecContext(context.Background(), text, args...)
			got, unique := w.DB.SQL.IsUnique(err)
			require.True(t, unique, "%v", err)
			require.Equal(t, table+"(workspace_id, record_id)", got)
		}
	})
}

// The end of all data is the end of their histories too.
func TestTheEndOfAllDataTakesHistories(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		other := servertest.Found(t, w.Server, "beta")
		for _, w := range []*servertest.World{w, other} {
			_, err := w.CRM.CreateRecord(as(w.Owner), crm.CreateRecordInput{Title: "deal", Priority: "LOW"})
			require.NoError(t, err)
		}
		v := *w.Owner.Viewer
		v.AuthenticatedAt = time.Now()
		_, err := w.CRM.DeleteAllData(viewer.NewContext(context.Background(), &v), crm.DeleteAllDataInput{Phrase: crm.WipePhrase})
		require.NoError(t, err)
		require.Eventually(t, func() bool { return len(everyRecord(t, w)) == 0 }, time.Minute, 10*time.Millisecond)
		require.Empty(t, stays(t, w))
		require.Empty(t, holdings(t, w))
		require.Len(t, stays(t, other), 1)
		require.Len(t, holdings(t, other), 1)
	})
}
