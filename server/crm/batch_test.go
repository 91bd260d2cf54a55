package crm_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// deck is a world whose stage Lead holds cards, c0 on top.
type deck struct {
	*servertest.World
	t     *testing.T
	cards []string
	names map[string]string
}

func deal(t *testing.T, dialect string, n int) *deck {
	t.Helper()
	d := &deck{World: servertest.Found(t, servertest.Start(t, dialect), "alpha"), t: t, names: map[string]string{}}
	for i := range n {
		d.add(fmt.Sprint("c", i), d.Lead, nil)
	}
	return d
}

func (d *deck) as(p *servertest.Person) context.Context {
	return viewer.NewContext(d.t.Context(), p.Viewer)
}

func (d *deck) add(title, stage string, owner *string) string {
	d.t.Helper()
	bottom := "BOTTOM"
	made, err := d.CRM.CreateRecord(d.as(d.Owner), crm.CreateRecordInput{Title: title, StageID: &stage, Priority: "LOW", OwnerID: owner, Place: &crm.PlaceInput{ToEnd: &bottom}})
	require.NoError(d.t, err)
	d.cards = append(d.cards, made.Record.ID)
	d.names[made.Record.ID] = title
	return made.Record.ID
}

// column lists the titles of a stage's cards, top first.
func (d *deck) column(stage string) string {
	d.t.Helper()
	rows, err := d.DB.Read.QueryContext(d.t.Context(), "SELECT title FROM records WHERE deleted_at IS NULL AND stage_id = '"+stage+"' ORDER BY rank")
	require.NoError(d.t, err)
	defer rows.Close()
	var titles []string
	for rows.Next() {
		var title string
		require.NoError(d.t, rows.Scan(&title))
		titles = append(titles, title)
	}
	require.NoError(d.t, rows.Err())
	return strings.Join(titles, " ")
}

// lead is everything in Lead, expected to be n.
func (d *deck) lead(n int) crm.BatchTarget {
	return crm.BatchTarget{Filter: &filter.RecordFilter{StageID: &filter.IDComparator{Eq: &d.Lead}}, ExpectedCount: &n}
}

func (d *deck) log(after int64) []*changelog.Commit {
	d.t.Helper()
	log := changelog.Log{DB: d.DB}
	head, _, err := log.Head(d.t.Context(), d.DB, d.WorkspaceID)
	require.NoError(d.t, err)
	commits, err := log.Read(d.t.Context(), d.DB, d.WorkspaceID, row.Revision(after), head)
	require.NoError(d.t, err)
	return commits
}

func ids(list ...string) crm.BatchTarget { return crm.BatchTarget{IDs: list} }

func refused(t *testing.T, err error, code fault.Code, field string) *fault.Fault {
	t.Helper()
	require.True(t, fault.Is(err, code), "%v", err)
	if f := fault.Of(err); field != "" {
		require.NotEmpty(t, f.Details)
		require.Equal(t, field, f.Details[0].Field)
	}
	return fault.Of(err)
}

// A block keeps its order on the board, whatever the order of the ids; refused rows stay; one commit, one batch.
func TestABlockMoves(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 5)
		other := d.add("o", d.Offer, nil)
		out, err := d.CRM.MoveRecords(d.as(d.Owner), crm.MoveRecordsInput{BatchTarget: ids(d.cards[4], "nonsense", d.cards[1], d.cards[4], other, d.cards[3]),
			ToStageID: &d.Offer, Place: &crm.PlaceInput{AfterRecordID: &d.cards[2]}})
		require.NoError(t, err)
		require.True(t, out.PlaceFellBack)
		require.Equal(t, "TOP", out.PlacedBy, "it never was there")
		require.Equal(t, "c1 c3 c4 o", d.column(d.Offer))
		require.Equal(t, crm.Tally{Matched: 6, Changed: 4, Failed: 2}, out.Tally)
		var oks []bool
		for i, r := range out.Results {
			require.Equal(t, i, r.Index)
			oks = append(oks, r.Ok)
		}
		require.Equal(t, []bool{true, false, true, false, true, true}, oks)
		require.Equal(t, fault.ValidationFailed, out.Results[1].Error.Code)
		commits := d.log(int64(out.Revision) - 1)
		require.Len(t, commits, 1)
		for _, ch := range commits[0].Changes {
			require.Equal(t, out.BatchID, *ch.BatchID)
		}

		again, err := d.CRM.MoveRecords(d.as(d.Owner), crm.MoveRecordsInput{BatchTarget: ids(d.cards[1], d.cards[3]), ToStageID: &d.Offer})
		require.NoError(t, err)
		require.Equal(t, crm.Tally{Matched: 2, Unchanged: 2}, again.Tally)
		require.Equal(t, out.Revision, again.Revision)

		_, err = d.CRM.MoveRecords(d.as(d.Owner), crm.MoveRecordsInput{BatchTarget: ids(d.cards[1], d.cards[4]), ToStageID: &d.Offer, Place: &crm.PlaceInput{AfterRecordID: &other}})
		require.NoError(t, err)
		require.Equal(t, "c3 o c1 c4", d.column(d.Offer))
		_, err = d.CRM.MoveRecords(d.as(d.Owner), crm.MoveRecordsInput{BatchTarget: ids(d.cards[3], other, d.cards[4]), ToStageID: &d.Offer})
		require.NoError(t, err)
		require.Equal(t, "c3 o c4 c1", d.column(d.Offer))
		_, err = d.CRM.MoveRecords(d.as(d.Owner), crm.MoveRecordsInput{BatchTarget: ids(d.cards[3], other), ToStageID: &d.Offer, Place: &crm.PlaceInput{AfterRecordID: &other}})
		refused(t, err, fault.ValidationFailed, "input.place")
	})
}

// A block goes to the rule of the single move, row by row: pipelines, reasons, requirements, fixed probabilities.
func TestABlockFollowsTheRulesOfAMove(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 3)
		ctx := d.as(d.Owner)
		wrong := 5
		out, err := d.CRM.MoveRecords(ctx, crm.MoveRecordsInput{BatchTarget: ids(d.cards...), ToStageID: &d.Won, Probability: &wrong})
		require.NoError(t, err)
		require.Equal(t, crm.Tally{Matched: 3, Failed: 3}, out.Tally)
		require.Equal(t, fault.ProbabilityFixed, out.Results[0].Error.Code)
		require.Equal(t, "input.probability", *out.Results[0].Error.Field)
		_, err = d.CRM.MoveRecords(ctx, crm.MoveRecordsInput{BatchTarget: crm.BatchTarget{IDs: d.cards, OnError: "REJECT_ALL"}, ToStageID: &d.Won, Probability: &wrong})
		f := refused(t, err, fault.ValidationFailed, "input.ids[0]")
		require.Len(t, f.Details, 3)
		made, err := d.CRM.CreatePipeline(ctx, crm.CreatePipelineInput{Name: "Other", Category: "CUSTOM", RequireLostReason: true, Stages: []*crm.StageInput{
			{Name: "First", RequiredFields: graphql.OmittableOf([]string{"VALUE"})}, {Name: "Second"}, {Name: "No", Kind: graphql.OmittableOf(new("LOST"))}}})
		require.NoError(t, err)
		first, second, lost := made.Pipeline.Stages[0].ID, made.Pipeline.Stages[1].ID, made.Pipeline.Stages[2].ID
		for stage, code := range map[string]fault.Code{first: fault.StageRequirements, lost: fault.ValidationFailed} {
			out, err := d.CRM.MoveRecords(ctx, crm.MoveRecordsInput{BatchTarget: ids(d.cards...), ToPipelineID: &made.Pipeline.ID, ToStageID: &stage})
			require.NoError(t, err)
			require.Equal(t, code, out.Results[0].Error.Code)
		}
		out, err = d.CRM.MoveRecords(ctx, crm.MoveRecordsInput{BatchTarget: ids(d.cards...), ToStageID: &second})
		require.NoError(t, err)
		require.Equal(t, fault.StageNotInPipeline, out.Results[2].Error.Code)
		require.Equal(t, "c0 c1 c2", d.column(d.Lead), "a refused row leaves no trace")
		out, err = d.CRM.MoveRecords(ctx, crm.MoveRecordsInput{BatchTarget: d.lead(3), ToPipelineID: &made.Pipeline.ID, ToStageID: &second})
		require.NoError(t, err)
		require.Equal(t, 3, out.Changed)
		require.Equal(t, "c0 c1 c2", d.column(second))
	})
}

// A target is ids or a filter, never nothing and never more than was expected.
func TestTargetsThatAreRefused(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 3)
		none, two, three, blank := &filter.RecordFilter{Status: &filter.RecordStatusComparator{}}, 2, 3, " "
		for name, c := range map[string]struct {
			target crm.BatchTarget
			code   fault.Code
			field  string
		}{
			"nothing":      {crm.BatchTarget{}, fault.ValidationFailed, "input.ids"},
			"no ids":       {crm.BatchTarget{IDs: []string{}}, fault.ValidationFailed, "input.ids"},
			"both":         {crm.BatchTarget{IDs: d.cards, Filter: d.lead(3).Filter}, fault.ValidationFailed, "input.ids"},
			"501":          {crm.BatchTarget{IDs: slices.Repeat(d.cards, 167)}, fault.BatchTooLarge, "input.ids"},
			"everything":   {crm.BatchTarget{Filter: none, ExpectedCount: &two}, fault.ValidationFailed, "input.filter"},
			"blank":        {crm.BatchTarget{Filter: &filter.RecordFilter{Q: &blank}, ExpectedCount: &three}, fault.ValidationFailed, "input.filter"},
			"none of none": {crm.BatchTarget{Filter: &filter.RecordFilter{Tags: &filter.TagComparator{None: []string{}}}, ExpectedCount: &three}, fault.ValidationFailed, "input.filter"},
			"uncounted":    {crm.BatchTarget{Filter: d.lead(3).Filter}, fault.ValidationFailed, "input.expectedCount"},
			"other count":  {d.lead(2), fault.Conflict, "input.expectedCount"},
		} {
			_, err := d.CRM.TagRecords(d.as(d.Owner), crm.TagRecordsInput{BatchTarget: c.target, Add: []string{"x"}})
			f := refused(t, err, c.code, c.field)
			if c.code == fault.Conflict {
				require.Equal(t, map[string]int{"count": 3}, f.Current, name)
			}
		}
		out, err := d.CRM.TagRecords(d.as(d.Chloe), crm.TagRecordsInput{BatchTarget: crm.BatchTarget{Filter: d.lead(3).Filter, ExpectedCount: new(int)}, Add: []string{"x"}})
		require.NoError(t, err, "she sees none of them")
		require.Equal(t, crm.Tally{}, out.Tally)
	})
}

// Assigning many asks for each row whether the caller may.
func TestAssigningMany(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 2)
		solo, err := d.CRM.AddMember(d.as(d.Owner), crm.NewMember{FirstName: "Solo", Email: "solo@alpha.example", Role: viewer.AgentRole, Permissions: map[string]bool{"can_assign_others": false}})
		require.NoError(t, err)
		token, err := d.Gate.IssueSession(t.Context(), d.WorkspaceID, solo.ID)
		require.NoError(t, err)
		v, err := d.Gate.Session(t.Context(), token)
		require.NoError(t, err)
		bens := d.add("b", d.Lead, &d.Ben.ID)
		mine := d.add("m", d.Lead, &solo.ID)
		out, err := d.CRM.AssignRecords(viewer.NewContext(t.Context(), v), crm.AssignRecordsInput{BatchTarget: ids(d.cards[0], bens, mine), OwnerID: graphql.OmittableOf(&solo.ID)})
		require.NoError(t, err)
		require.Equal(t, crm.Tally{Matched: 3, Changed: 1, Failed: 1, Unchanged: 1}, out.Tally)
		require.Equal(t, fault.Forbidden, out.Results[1].Error.Code)
		commits := d.log(int64(out.Revision) - 1)
		require.Len(t, commits[0].Changes, 1)
		require.Equal(t, "record.assigned", commits[0].Changes[0].Kind)
		_, err = d.CRM.AssignRecords(d.as(d.Owner), crm.AssignRecordsInput{BatchTarget: ids(bens), OwnerID: graphql.OmittableOf(&d.Key.ID)})
		refused(t, err, fault.ValidationFailed, "input.ownerId")
		_, err = d.CRM.AssignRecords(d.as(d.Owner), crm.AssignRecordsInput{BatchTarget: ids(bens)})
		refused(t, err, fault.ValidationFailed, "input.ownerId")
	})
}

// Many are changed alike, or each by its own, with expectations of its own; images in the log are exact.
func TestChangingMany(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 4)
		ctx, high, p := d.as(d.Owner), "HIGH", func(s string) *string { return &s }
		out, err := d.CRM.UpdateRecords(ctx, crm.UpdateRecordsInput{BatchTarget: ids(d.cards...), Set: &crm.RecordChanges{Priority: graphql.OmittableOf(&high), AddTags: []string{"Hot"}}})
		require.NoError(t, err)
		require.Equal(t, 4, out.Changed)
		wrong, right := 1, 2
		out, err = d.CRM.UpdateRecords(ctx, crm.UpdateRecordsInput{Set: &crm.RecordChanges{RemoveTags: []string{"HOT"}}, Items: []*crm.RecordItem{
			{ID: d.cards[0], Expect: &crm.ExpectInput{Version: &wrong}},
			{ID: d.cards[1], Set: &crm.RecordChanges{Title: graphql.OmittableOf(p("one")), Value: graphql.OmittableOf(&crm.MoneyInput{Amount: "1.50"})}, Expect: &crm.ExpectInput{Version: &right}},
			{ID: d.cards[2], Set: &crm.RecordChanges{Title: graphql.OmittableOf(p("two")), ExpectedCloseDate: graphql.OmittableOf(p("2030-01-02"))}},
			{ID: d.cards[3], Set: &crm.RecordChanges{Title: graphql.OmittableOf(p(" "))}}}})
		require.NoError(t, err)
		require.Equal(t, crm.Tally{Matched: 4, Changed: 2, Failed: 2}, out.Tally)
		require.Equal(t, fault.Conflict, out.Results[0].Error.Code)
		require.Equal(t, "input.title", *out.Results[3].Error.Field)
		commit := d.log(int64(out.Revision) - 1)[0]
		require.Len(t, commit.Changes, 2)
		for i, want := range []struct {
			title string
			minor int64
			date  string
		}{{"one", 150, ""}, {"two", 0, "2030-01-02"}} {
			before, after := commit.Changes[i].Record()
			require.Equal(t, []string{"Hot"}, before.Tags)
			require.Empty(t, after.Tags)
			require.Equal(t, want.title, after.Title)
			require.Equal(t, before.Version+1, after.Version)
			if want.minor > 0 {
				require.Equal(t, want.minor, *after.Minor)
			} else {
				require.Nil(t, after.Minor)
			}
			if want.date != "" {
				require.Equal(t, want.date, *after.ExpectedCloseDate)
			} else {
				require.Nil(t, after.ExpectedCloseDate)
			}
		}
		var folded string
		require.NoError(t, d.DB.Read.QueryRowContext(t.Context(), "SELECT title_folded FROM records WHERE id = '"+d.cards[1]+"'").Scan(&folded))
		require.Equal(t, "one", folded, "what filters read follows")
		q := "two"
		found, err := d.CRM.TagRecords(ctx, crm.TagRecordsInput{BatchTarget: crm.BatchTarget{Filter: &filter.RecordFilter{Q: &q}, ExpectedCount: &wrong}, Add: []string{"found"}})
		require.NoError(t, err, "what search reads follows")
		require.Equal(t, 1, found.Changed)
		_, err = d.CRM.UpdateRecords(ctx, crm.UpdateRecordsInput{BatchTarget: ids(d.cards...), Set: &crm.RecordChanges{Priority: graphql.OmittableOf[*string](nil)}})
		refused(t, err, fault.ValidationFailed, "input.set.priority")
	})
}

// What was deleted together comes back in the order it had; what cannot come back says why.
func TestDeletingAndRestoringMany(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 4)
		ctx := d.as(d.Owner)
		x, y := "x-1", "x-1"
		_, err := d.CRM.UpdateRecord(ctx, crm.UpdateRecordInput{ID: d.cards[2], ExternalID: graphql.OmittableOf(&x)})
		require.NoError(t, err)
		_, err = d.CRM.DeleteRecords(d.as(d.Ben), crm.DeleteRecordsInput{BatchTarget: ids(d.cards...)})
		refused(t, err, fault.Forbidden, "")
		gone, err := d.CRM.DeleteRecords(ctx, crm.DeleteRecordsInput{BatchTarget: d.lead(4)})
		require.NoError(t, err)
		require.Equal(t, 4, gone.DeletedCount())
		new := d.add("new", d.Lead, nil)
		_, err = d.CRM.UpdateRecord(ctx, crm.UpdateRecordInput{ID: new, ExternalID: graphql.OmittableOf(&y)})
		require.NoError(t, err)
		hidden, err := d.CRM.RestoreRecords(d.as(d.Chloe), crm.RestoreRecordsInput{BatchTarget: ids(d.cards[3], d.cards[0])})
		require.NoError(t, err)
		require.Equal(t, crm.Tally{Matched: 2, Failed: 2}, hidden.Tally, "she sees none of them")
		back, err := d.CRM.RestoreRecords(d.as(d.Ben), crm.RestoreRecordsInput{BatchTarget: ids(d.cards[3], d.cards[0], d.cards[2], new)})
		require.NoError(t, err)
		require.Equal(t, crm.Tally{Matched: 4, Changed: 2, Failed: 1, Unchanged: 1}, back.Tally)
		require.Equal(t, fault.Duplicate, back.Results[2].Error.Code)
		require.True(t, back.Results[3].Ok, "it lives and stays as it is")
		require.Equal(t, "c0 c3 new", d.column(d.Lead))
		for _, ch := range d.log(int64(back.Revision) - 1)[0].Changes {
			require.Equal(t, "record.restored", ch.Kind)
		}
		back, err = d.CRM.RestoreRecords(ctx, crm.RestoreRecordsInput{BatchTarget: d.lead(2)})
		require.NoError(t, err, "the filter is about deleted ones")
		require.Equal(t, crm.Tally{Matched: 2, Changed: 1, Failed: 1}, back.Tally)
	})
}

// The number of statements does not grow with the number of rows.
func TestStatementsOfABatch(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := deal(t, dialect, 0)
		fill(t, d.World, 200)
		for name, run := range map[string]struct {
			most int
			do   func(ctx context.Context) error
		}{
			"tag": {14, func(ctx context.Context) error {
				_, err := d.CRM.TagRecords(ctx, crm.TagRecordsInput{BatchTarget: d.lead(200), Add: []string{"x"}})
				return err
			}},
			"move": {16, func(ctx context.Context) error {
				_, err := d.CRM.MoveRecords(ctx, crm.MoveRecordsInput{BatchTarget: d.lead(200), ToStageID: &d.Offer})
				return err
			}},
			"delete": {14, func(ctx context.Context) error {
				_, err := d.CRM.DeleteRecords(ctx, crm.DeleteRecordsInput{BatchTarget: d.lead(200)})
				return err
			}},
		} {
			ctx, n := store.Count(crm.Rehearse(d.as(d.Owner), &crm.Rehearsal{}))
			require.NoError(t, run.do(ctx), name)
			require.LessOrEqual(t, n.Statements(), run.most, "%s: %s", name, strings.Join(n.Texts(), "\n"))
			require.Greater(t, n.Statements(), 5)
		}
	})
}
