package read_test

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// traffic is a board on which records went to and fro for some weeks, with a clock that stands at their end.
type traffic struct {
	*servertest.World
	second *row.Pipeline
	now    atomic.Int64
}

func (s *traffic) clock() time.Time { return time.UnixMicro(s.now.Load()).UTC() }

// at is a context in which a viewer looks at the end of the traffic.
func (s *traffic) at(v *viewer.Viewer) context.Context {
	return row.WithMoment(viewer.NewContext(context.Background(), v), row.Moment{Now: s.clock(), Zone: time.UTC})
}

func drive(t *testing.T, dialect string) *traffic {
	t.Helper()
	s := &traffic{}
	s.now.Store(time.Now().UnixMicro())
	srv := servertest.StartOn(t, servertest.Database(t, dialect), func(cfg *app.Config) { cfg.Now = s.clock })
	s.World = servertest.Found(t, srv, "alpha")
	ctx, dice := s.at(s.Owner.Viewer), rand.New(rand.NewPCG(1, 2))
	made, err := s.CRM.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead"})
	require.NoError(t, err)
	s.second = made.Pipeline
	pipelines, owners := []string{s.Pipeline, s.second.ID}, []*string{nil, &s.Chloe.ID, &s.Ben.ID}
	var ids []string
	for range 260 {
		s.now.Add(int64(dice.IntN(12 * 3_600_000_000)))
		if len(ids) < 10 || dice.IntN(7) == 0 {
			in := crm.CreateRecordInput{Title: "deal", Priority: []string{"LOW", "HIGH"}[dice.IntN(2)], OwnerID: owners[dice.IntN(3)], PipelineID: &pipelines[min(1, dice.IntN(4)/3)]}
			if dice.IntN(4) > 0 {
				in.Value = &crm.MoneyInput{Amount: fmt.Sprintf("%d.25", dice.IntN(900)), Currency: &[]string{"EUR", "USD"}[dice.IntN(2)]}
			}
			out, err := s.CRM.CreateRecord(ctx, in)
			require.NoError(t, err)
			ids = append(ids, out.Record.ID)
			continue
		}
		id := ids[dice.IntN(len(ids))]
		switch dice.IntN(12) {
		case 0:
			_, err = s.CRM.DeleteRecord(ctx, crm.DeleteRecordInput{ID: id})
		case 1:
			_, err = s.CRM.RestoreRecord(ctx, crm.RestoreRecordInput{ID: id})
		case 2, 3:
			_, err = s.CRM.MoveRecord(ctx, crm.MoveRecordInput{RecordID: id, ToPipelineID: &pipelines[dice.IntN(2)]})
		default:
			to := []string{s.Lead, s.Offer, s.Won, s.Lost}[dice.IntN(4)]
			_, err = s.CRM.MoveRecord(ctx, crm.MoveRecordInput{RecordID: id, ToStageID: &to})
		}
		if f := fault.Of(err); err != nil && (f == nil || f.Kind != fault.NotFoundCode && f.Kind != fault.StageNotInPipeline) {
			require.NoError(t, err)
		}
	}
	// A stage through which records went is gone in the end.
	_, err = s.CRM.UpdatePipeline(ctx, crm.UpdatePipelineInput{ID: s.Pipeline, Stages: []*crm.StageInput{{ID: &s.Lead, Name: "Lead"},
		{ID: &s.Won, Name: "Won", Kind: graphql.OmittableOf(new("WON"))}, {ID: &s.Lost, Name: "Lost", Kind: graphql.OmittableOf(new("LOST"))}},
		MoveRecords: []*crm.StageMoveInput{{FromStageID: s.Offer, ToStageID: s.Lost}}})
	require.NoError(t, err)
	s.now.Add(3_600_000_000)
	return s
}

// told writes a flow as texts, to be compared.
func told(f *read.Flow) (out []string) {
	name := func(s *row.Stage) string {
		if s == nil {
			return "-"
		}
		return s.Name
	}
	for _, n := range f.Nodes {
		mean := -1
		if m := n.AverageSeconds(); m != nil {
			mean = *m
		}
		out = append(out, fmt.Sprint("node ", n.Stage.Name, " ", n.Count, " ", n.Totals, " ", mean, " +", n.Entered, " -", n.Left))
	}
	for _, e := range f.Edges {
		hours := "-"
		if m := e.MedianHours(); m != nil {
			hours = *m
		}
		out = append(out, fmt.Sprint(e.Kind, " ", name(e.From), " ", name(e.To), " ", e.Count, " ", e.Values, " ", hours))
	}
	return out
}

// byHand works a flow out from the stage histories that the API tells of each record, one by one.
func (s *traffic) byHand(t *testing.T, ctx context.Context, f *filter.RecordFilter, from, to time.Time) (out []string) {
	t.Helper()
	r := read.Reader{DB: s.DB}
	found, err := r.Records(ctx, f, nil, 200, nil)
	require.NoError(t, err)
	require.False(t, found.PageInfo.HasNextPage)
	type node struct {
		count, entered, left int
		spent                int64
		sums                 money.Sums
	}
	type way struct{ kind, from, to string }
	type edge struct {
		lengths []time.Duration
		sums    money.Sums
	}
	nodes, edges := map[string]*node{}, map[way]*edge{}
	for _, name := range []string{"Lead", "Won", "Lost", "Offer"} {
		nodes[name] = &node{sums: money.Sums{}}
	}
	go1 := func(w way, at time.Time, length time.Duration, worth *row.StageSpan) {
		if at.Before(from) || !at.Before(to) {
			return
		}
		e := edges[w]
		if e == nil {
			e = &edge{sums: money.Sums{}}
			edges[w] = e
		}
		e.lengths = append(e.lengths, length)
		e.sums.Add(worth.Currency, worth.Minor, 0, 1)
		if n := nodes[w.to]; n != nil {
			n.entered++
		}
		if n := nodes[w.from]; n != nil {
			n.left++
			n.spent += int64(length / time.Second)
		}
	}
	histories, err := r.StageHistories(ctx, found.Nodes, 200)
	require.NoError(t, err)
	for i, rec := range found.Nodes {
		if rec.PipelineID == s.Pipeline {
			n := nodes[histories[i][0].Stage.Name]
			n.count++
			n.sums.Add(rec.Currency, rec.Minor, rec.Probability, 1)
		}
		spans := slices.Clone(histories[i])
		slices.Reverse(spans)
		for j, sp := range spans {
			var last *row.StageSpan
			if j > 0 && spans[j-1].PipelineID == s.Pipeline {
				last = spans[j-1]
			}
			here := sp.PipelineID == s.Pipeline
			switch {
			case here && last != nil && sp.FromStageID != nil && *sp.FromStageID == last.StageID:
				go1(way{"MOVE", last.Stage.Name, sp.Stage.Name}, sp.EnteredAt(), last.Length, sp)
				continue
			case here:
				go1(way{"ENTRY", "-", sp.Stage.Name}, sp.EnteredAt(), 0, sp)
			}
			if last != nil {
				go1(way{"EXIT", last.Stage.Name, "-"}, *last.LeftAt(), last.Length, sp)
			}
		}
	}
	for _, name := range []string{"Lead", "Won", "Lost", "Offer"} {
		n, mean := nodes[name], int64(-1)
		if n.left > 0 {
			mean = n.spent / int64(n.left)
		}
		if name == "Offer" && n.entered+n.left == 0 {
			continue
		}
		out = append(out, fmt.Sprint("node ", name, " ", n.count, " ", n.sums.Totals("EUR"), " ", mean, " +", n.entered, " -", n.left))
	}
	order := []string{"-", "Lead", "Won", "Lost", "Offer"}
	kinds := []string{"ENTRY", "MOVE", "EXIT"}
	var ways []way
	for w := range edges {
		ways = append(ways, w)
	}
	slices.SortFunc(ways, func(a, b way) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), cmp.Compare(slices.Index(order, a.from), slices.Index(order, b.from)),
			cmp.Compare(slices.Index(order, a.to), slices.Index(order, b.to)))
	})
	for _, w := range ways {
		e, hours := edges[w], "-"
		slices.Sort(e.lengths)
		n := len(e.lengths)
		if w.kind != "ENTRY" {
			both := big.NewRat(int64(e.lengths[(n-1)/2]+e.lengths[n/2]), 2*int64(time.Hour))
			hours = both.FloatString(1)
		}
		values := []money.Money{}
		for _, total := range e.sums.Totals("EUR") {
			values = append(values, money.Money{Amount: total.Amount, Currency: total.Currency})
		}
		out = append(out, fmt.Sprint(w.kind, " ", w.from, " ", w.to, " ", n, " ", values, " ", hours))
	}
	return out
}

// The flow is what the histories of its records come to, whatever the range, the filter and the viewer.
func TestFlowIsWhatHistoriesComeTo(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := drive(t, dialect)
		high := &filter.RecordFilter{Priority: &filter.PriorityComparator{Eq: new(string)}}
		*high.Priority.Eq = "HIGH"
		narrow := *s.Owner.Viewer
		narrow.PipelineIDs = []string{s.Pipeline}
		seen := map[string]bool{}
		for _, v := range []*viewer.Viewer{s.Owner.Viewer, s.Chloe.Viewer, &narrow} {
			for _, f := range []*filter.RecordFilter{nil, high} {
				for _, days := range [][2]int{{29, 0}, {200, 0}, {20, 7}, {3, 3}} {
					ctx := s.at(v)
					from, to := s.clock().AddDate(0, 0, -days[0]).Format(time.DateOnly), s.clock().AddDate(0, 0, -days[1]).Format(time.DateOnly)
					counted, n := store.Count(ctx)
					flow, err := (read.Reader{DB: s.DB}).Flow(counted, s.Pipeline, f, &from, &to)
					require.NoError(t, err)
					require.Equal(t, 5, n.Statements())
					start, err := time.Parse(time.DateOnly, from)
					require.NoError(t, err)
					end, err := time.Parse(time.DateOnly, to)
					require.NoError(t, err)
					want := s.byHand(t, ctx, f, start, end.AddDate(0, 0, 1))
					require.Equal(t, want, told(flow), "%s to %s", from, to)
					for _, e := range flow.Edges {
						seen[e.Kind] = true
					}
					if days[0] == 29 {
						standard, err := (read.Reader{DB: s.DB}).Flow(ctx, s.Pipeline, f, nil, nil)
						require.NoError(t, err)
						require.Equal(t, want, told(standard))
					}
				}
			}
		}
		require.Len(t, seen, 3, "%v", seen)
		for _, wrong := range [][2]string{{"2026-02-30", "2026-03-01"}, {"2026-03-01", "x"}, {"2026-03-02", "2026-03-01"}, {"2020-03-01", "2026-03-01"}} {
			_, err := (read.Reader{DB: s.DB}).Flow(s.at(s.Owner.Viewer), s.Pipeline, nil, &wrong[0], &wrong[1])
			require.True(t, fault.Is(err, fault.ValidationFailed), "%v", err)
		}
		narrow.PipelineIDs = []string{s.second.ID}
		_, err := (read.Reader{DB: s.DB}).Flow(s.at(&narrow), s.Pipeline, nil, nil, nil)
		require.True(t, fault.Is(err, fault.NotFoundCode), "%v", err)
	})
}
