package read_test

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
)

// What the database sums up is what its records give one by one, for everybody and at any moment.
func TestSummariesAreWhatTheRecordsGive(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newStock(t, dialect)
		pipelines := s.spread(t)
		narrowed := *s.w.Owner.Viewer
		narrowed.PipelineIDs = pipelines[1:2]
		for name, v := range map[string]*viewer.Viewer{"all": s.w.Owner.Viewer, "own": s.w.Chloe.Viewer, "narrowed": &narrowed} {
			for _, later := range []time.Duration{0, time.Hour, 5 * time.Hour, 71 * time.Hour, 72*time.Hour + time.Minute, 31 * 24 * time.Hour} {
				moment := row.Moment{Now: time.Now().UTC().Add(later), Zone: time.FixedZone("far", 14*3600)}
				ctx := viewer.NewContext(row.WithMoment(context.Background(), moment), v)
				got, err := s.reader.Summaries(ctx, pipelines)
				require.NoError(t, err)
				require.Len(t, got, len(pipelines))
				for _, id := range pipelines {
					require.Equal(t, s.summed(t, ctx, id), got[id], "%s after %s", name, later)
				}
			}
		}
	})
}

func TestSummariesTakeTheRightToReadRecords(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newStock(t, dialect)
		v := *s.w.Owner.Viewer
		v.Perms &^= viewer.ReadRecords
		_, err := s.reader.Summaries(viewer.NewContext(context.Background(), &v), []string{s.w.Pipeline})
		require.ErrorContains(t, err, "FORBIDDEN")
		none, err := s.reader.Summaries(s.ctx, nil)
		require.NoError(t, err)
		require.Empty(t, none)
	})
}

// spread gives some records to Chloe, and adds pipelines with stale hours of all kinds. It gives the pipelines' ids, and
// one that does not exist.
func (s *stock) spread(t *testing.T) (ids []string) {
	for i, r := range s.all {
		if i%3 == 0 {
			_, err := s.w.CRM.AssignRecord(s.ctx, crm.AssignRecordInput{RecordID: r.ID, OwnerID: graphql.OmittableOf(&s.w.Chloe.ID)})
			require.NoError(t, err)
		}
	}
	hours := func(n int) *int { return &n }
	for i, h := range []*int{nil, hours(1), hours(5)} {
		made, err := s.w.CRM.CreatePipeline(s.ctx, crm.CreatePipelineInput{Name: fmt.Sprint("Stale ", i), Category: "CUSTOM", StaleAfterHours: h, Stages: []*crm.StageInput{
			{Name: "a"}, {Name: "b", StaleAfterHours: graphql.OmittableOf(hours(71))},
			{Name: "c", StaleAfterHours: graphql.OmittableOf(hours(5))}, {Name: "d", Kind: graphql.OmittableOf(new("WON")), StaleAfterHours: graphql.OmittableOf(hours(1))}}})
		require.NoError(t, err)
		for j := range 8 {
			in := crm.CreateRecordInput{StageID: &made.Pipeline.Stages[j%4].ID, Title: "t", Priority: "LOW"}
			if j%2 == 0 {
				in.OwnerID = &s.w.Chloe.ID
				in.Value = &crm.MoneyInput{Amount: fmt.Sprint("12345678", j, ".0", j)}
			}
			_, err := s.w.CRM.CreateRecord(s.ctx, in)
			require.NoError(t, err)
		}
		ids = append(ids, made.Pipeline.ID)
	}
	return append(ids, s.w.Pipeline, "pip_00000000000000000000000000")
}

// summed sums up a pipeline record by record, with what is known of single records.
func (s *stock) summed(t *testing.T, ctx context.Context, pipelineID string) *row.Summary {
	t.Helper()
	out := &row.Summary{AverageValue: []money.Money{}}
	all, open, values := money.Sums{}, money.Sums{}, map[string][]int64{}
	for after := (*string)(nil); ; {
		page, err := s.reader.Records(ctx, nil, nil, 200, after)
		require.NoError(t, err)
		for _, r := range page.Nodes {
			if r.PipelineID == pipelineID {
				s.count(t, ctx, out, r)
				all.Add(r.Currency, r.Minor, r.Probability, 1)
				if r.Status == "OPEN" {
					open.Add(r.Currency, r.Minor, r.Probability, 1)
				}
				if r.Minor != nil {
					values[r.Currency] = append(values[r.Currency], *r.Minor)
				}
			}
		}
		if after = page.PageInfo.EndCursor; !page.PageInfo.HasNextPage {
			break
		}
	}
	out.Totals, out.OpenTotals = all.Totals("EUR"), open.Totals("EUR")
	for _, total := range out.Totals {
		if list := values[total.Currency]; len(list) > 0 {
			out.AverageValue = append(out.AverageValue, money.Money{Amount: mean(list, total.Currency), Currency: total.Currency})
		}
	}
	return out
}

func (s *stock) count(t *testing.T, ctx context.Context, out *row.Summary, r *row.Record) {
	stages, err := s.reader.StagesByID(ctx, []string{r.StageID})
	require.NoError(t, err)
	pipelines, err := s.reader.PipelinesByID(ctx, []string{r.PipelineID})
	require.NoError(t, err)
	add := func(n *int, holds bool) {
		if holds {
			*n++
		}
	}
	add(&out.RecordCount, true)
	add(&out.Open, r.Status == "OPEN")
	add(&out.Won, r.Status == "WON")
	add(&out.Lost, r.Status == "LOST")
	add(&out.WithoutValue, r.Minor == nil)
	add(&out.Overdue, r.IsOverdue(ctx))
	add(&out.Unassigned, r.Status == "OPEN" && r.OwnerID == nil)
	add(&out.Stale, r.StaleAt(row.Now(ctx), stages[r.StageID].StaleAfterHours, pipelines[r.PipelineID].StaleAfterHours, 0))
	if out.LastActivityAt == nil || r.LastActivityAt.After(*out.LastActivityAt) {
		out.LastActivityAt = &r.LastActivityAt
	}
}

// mean is an average by rational numbers, written with the digits of the currency.
func mean(list []int64, code string) string {
	sum := new(big.Rat)
	for _, v := range list {
		sum.Add(sum, new(big.Rat).SetInt64(v))
	}
	sum.Quo(sum, new(big.Rat).SetInt64(int64(len(list))))
	down := new(big.Int).Quo(sum.Num(), sum.Denom()).Int64()
	rest := new(big.Rat).Sub(sum, new(big.Rat).SetInt64(down))
	if c := rest.Cmp(big.NewRat(1, 2)); c > 0 || c == 0 && down%2 == 1 {
		down++
	}
	return money.Format(down, code)
}

// A pipeline can be restored for 30 days, and is shown for as long.
func TestDeletedPipelinesAreShownAsLongAsTheyCanBeRestored(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newStock(t, dialect)
		var ids []string
		for i := range 3 {
			made, err := s.w.CRM.CreatePipeline(s.ctx, crm.CreatePipelineInput{Name: fmt.Sprint("Gone ", i), Category: "CUSTOM",
				Stages: []*crm.StageInput{{Name: "One"}}})
			require.NoError(t, err)
			_, err = s.w.CRM.DeletePipeline(s.ctx, crm.DeletePipelineInput{ID: made.Pipeline.ID})
			require.NoError(t, err)
			ids = append([]string{made.Pipeline.ID}, ids...)
		}
		shown := func(v *viewer.Viewer, later time.Duration) (out []string) {
			now := row.Moment{Now: time.Now().UTC().Add(later), Zone: time.UTC}
			list, err := read.Reader{DB: s.w.DB}.DeletedPipelines(viewer.NewContext(row.WithMoment(context.Background(), now), v))
			require.NoError(t, err)
			for _, p := range list {
				require.NotNil(t, p.DeletedAt)
				out = append(out, p.ID)
			}
			return out
		}
		narrowed := *s.w.Owner.Viewer
		narrowed.PipelineIDs = ids[1:2]
		require.Equal(t, ids, shown(s.w.Owner.Viewer, 0))
		require.Equal(t, ids[1:2], shown(&narrowed, 0))
		for _, c := range []struct {
			later time.Duration
			there bool
		}{{30*24*time.Hour - time.Hour, true}, {30*24*time.Hour + time.Hour, false}} {
			require.Equal(t, c.there, slices.Equal(ids, shown(s.w.Owner.Viewer, c.later)))
			svc := *s.w.CRM
			svc.Now = func() time.Time { return time.Now().Add(c.later) }
			_, err := svc.RestorePipeline(s.ctx, crm.RestorePipelineInput{ID: ids[0]})
			if c.there {
				require.NoError(t, err)
				_, err = s.w.CRM.DeletePipeline(s.ctx, crm.DeletePipelineInput{ID: ids[0]})
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, "NOT_FOUND")
			}
		}
	})
}
