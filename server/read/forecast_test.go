package read_test

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"math/rand"
	"slices"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
)

// season is a workspace with records of all kinds around one day, and targets.
type season struct {
	*servertest.World
	reader    read.Reader
	ctx       context.Context
	pipelines map[string]string // type by id
	targets   []*row.Target
}

// noon is when it is asked: in its zone the quarter has just begun, in UTC it has not.
var noon = row.Moment{Now: time.Date(2026, 9, 30, 20, 30, 0, 0, time.UTC), Zone: must(time.LoadLocation("Asia/Tokyo"))}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func newSeason(t *testing.T, dialect string) *season {
	t.Helper()
	w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
	s := &season{World: w, reader: read.Reader{DB: w.DB}, ctx: viewer.NewContext(context.Background(), w.Owner.Viewer), pipelines: map[string]string{w.Pipeline: "DEAL"}}
	stages := [][]string{{w.Lead, w.Offer, w.Won, w.Lost}}
	for _, kind := range []string{"DEAL", "TICKET", "OTHER"} {
		made, err := w.CRM.CreatePipeline(s.ctx, crm.CreatePipelineInput{Name: kind, Category: "CUSTOM", RecordType: &kind, Stages: []*crm.StageInput{
			{Name: "a"}, {Name: "b"}, {Name: "c", Kind: graphql.OmittableOf(new("WON"))}, {Name: "d", Kind: graphql.OmittableOf(new("LOST"))}}})
		require.NoError(t, err)
		s.pipelines[made.Pipeline.ID] = kind
		var ids []string
		for _, st := range made.Pipeline.Stages {
			ids = append(ids, st.ID)
		}
		stages = append(stages, ids)
	}
	r := rand.New(rand.NewSource(7))
	for i := range 160 {
		stage := r.Intn(4)
		in := crm.CreateRecordInput{StageID: &stages[r.Intn(len(stages))][stage], Title: fmt.Sprint("r", i), Priority: []string{"LOW", "HIGH"}[r.Intn(2)],
			OwnerID: []*string{nil, &w.Ben.ID, &w.Chloe.ID}[r.Intn(3)]}
		if r.Intn(5) > 0 {
			code := []string{"EUR", "USD", "JPY"}[r.Intn(3)]
			in.Value = &crm.MoneyInput{Amount: map[bool]string{true: fmt.Sprint(r.Intn(100000)), false: fmt.Sprint(r.Intn(1e9), ".", 10+r.Intn(90))}[code == "JPY"], Currency: &code}
		}
		if stage < 2 {
			p := r.Intn(101)
			in.Probability = &p
		}
		if r.Intn(6) > 0 {
			day := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.Intn(240)-120).Format(time.DateOnly)
			in.ExpectedCloseDate = &day
		}
		made, err := w.CRM.CreateRecord(s.ctx, in)
		require.NoError(t, err)
		if stage == 2 { // closed at some time around the edges of days
			at := time.Date(2026, 9, 30, 15, 0, 0, 0, time.UTC).Add(time.Duration(r.Intn(240)-120) * 24 * time.Hour).Add(time.Duration(r.Intn(3)-1) * time.Microsecond)
			_, err := w.DB.Write.ExecContext(t.Context(), "UPDATE records SET closed_at = "+w.DB.SQL.Placeholder(1)+" WHERE id = "+w.DB.SQL.Placeholder(2), at, made.Record.ID)
			require.NoError(t, err)
		}
	}
	for i, pipeline := range []*string{nil, &w.Pipeline} {
		for j, day := range []string{"2026-10-01", "2026-11-30", "2026-12-15", "2026-08-02"} {
			for k, code := range []string{"EUR", "JPY", "CHF"} {
				if k == 2 && j == 1 {
					continue // not all three months of the quarter have one
				}
				s.aim(t, pipeline, "MONTH", day, fmt.Sprint(1000*(i+1)+100*j+k), code)
			}
		}
		s.aim(t, pipeline, "QUARTER", "2026-12-31", "123456789012", "EUR")
	}
	return s
}

func (s *season) aim(t *testing.T, pipeline *string, unit, day, amount, code string) {
	t.Helper()
	made, err := s.CRM.SetTarget(s.ctx, crm.SetTargetInput{PipelineID: pipeline, Unit: unit, Day: day, Amount: amount, Currency: &code})
	require.NoError(t, err)
	s.targets = append(s.targets, made.Target)
}

// A forecast is what its records give one by one, for everybody, of any period, filter and grouping.
func TestForecastsAreWhatTheRecordsGive(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newSeason(t, dialect)
		narrowed := *s.Owner.Viewer
		narrowed.PipelineIDs = []string{s.Pipeline}
		high, text := "HIGH", func(s string) *string { return &s }
		ticket := ""
		for id, kind := range s.pipelines {
			if kind == "TICKET" {
				ticket = id
			}
		}
		periods := map[string]*read.ForecastPeriodInput{"ever": nil, "month": {Unit: "MONTH"}, "past month": {Unit: "MONTH", Day: text("2026-08-31")}, "quarter": {Unit: "QUARTER"},
			"other quarter": {Unit: "QUARTER", Day: text("2026-09-30")}, "custom": {Unit: "CUSTOM", From: text("2026-09-01"), To: text("2026-11-02")},
			"a custom month": {Unit: "CUSTOM", From: text("2026-12-01"), To: text("2026-12-31")}, "a day": {Unit: "CUSTOM", From: text("2026-10-01"), To: text("2026-10-01")}}
		aimed := 0
		for who, v := range map[string]*viewer.Viewer{"all": s.Owner.Viewer, "own": s.Chloe.Viewer, "narrowed": &narrowed} {
			for when, p := range periods {
				for _, pipeline := range []*string{nil, &s.Pipeline, &ticket} {
					if who == "narrowed" && pipeline == &ticket {
						continue
					}
					for _, f := range []*filter.RecordFilter{nil, {Priority: &filter.PriorityComparator{Eq: &high}}} {
						for _, by := range []*string{nil, text("OWNER"), text("PIPELINE")} {
							ctx := viewer.NewContext(row.WithMoment(context.Background(), noon), v)
							got, err := s.reader.Forecast(ctx, pipeline, p, f, by)
							require.NoError(t, err)
							require.Equal(t, s.head(t), got.Revision)
							require.Equal(t, "Asia/Tokyo", got.TimeZone)
							want := s.byHand(t, ctx, pipeline, got, f, by)
							require.Equal(t, want.ForecastPart, got.ForecastPart, "%s %s", who, when)
							require.Equal(t, want.Groups, got.Groups, "%s %s", who, when)
							for _, l := range got.Currencies {
								if l.Target != nil {
									aimed++
								}
							}
						}
					}
				}
			}
		}
		require.Greater(t, aimed, 20)
	})
}

func (s *season) head(t *testing.T) (r row.Revision) {
	require.NoError(t, s.DB.Read.QueryRowContext(t.Context(), "SELECT revision FROM workspaces").Scan(&r))
	return r
}

// byHand makes the figures of a forecast record by record; only the bounds are taken from it.
func (s *season) byHand(t *testing.T, ctx context.Context, pipeline *string, of *row.Forecast, f *filter.RecordFilter, by *string) *row.Forecast {
	t.Helper()
	v, parts := viewer.FromContext(ctx), map[string][]*row.Record{}
	var all []*row.Record
	for after := (*string)(nil); ; {
		page, err := s.reader.Records(ctx, f, nil, 200, after)
		require.NoError(t, err)
		for _, r := range page.Nodes {
			switch {
			case pipeline != nil && r.PipelineID != *pipeline, pipeline == nil && s.pipelines[r.PipelineID] != "DEAL", !inForecast(r, of):
				continue
			}
			all = append(all, r)
			key := r.PipelineID
			if by != nil && *by == "OWNER" {
				key = ""
				if r.OwnerID != nil {
					key = *r.OwnerID
				}
			}
			parts[key] = append(parts[key], r)
		}
		if after = page.PageInfo.EndCursor; !page.PageInfo.HasNextPage {
			break
		}
	}
	whole := f == nil && v.Can(viewer.SeeAllRecords) && (v.PipelineIDs == nil || pipeline != nil)
	scope := ""
	if pipeline != nil {
		scope = *pipeline
	}
	out := &row.Forecast{ForecastPart: s.part(all, of, scope, whole), Groups: []*row.ForecastGroup{}}
	if by == nil {
		return out
	}
	for key, list := range parts {
		g := &row.ForecastGroup{}
		if *by == "PIPELINE" {
			g.PipelineID, g.ForecastPart = &key, s.part(list, of, key, whole)
		} else {
			if key != "" {
				g.OwnerID = &key
			}
			g.ForecastPart = s.part(list, of, "", false)
		}
		out.Groups = append(out.Groups, g)
	}
	name := func(g *row.ForecastGroup) string {
		for _, id := range []*string{g.OwnerID, g.PipelineID} {
			if id != nil {
				return *id
			}
		}
		return ""
	}
	slices.SortFunc(out.Groups, func(a, b *row.ForecastGroup) int {
		return cmp.Or(cmp.Compare(len(parts[name(b)]), len(parts[name(a)])), cmp.Compare(name(a), name(b)))
	})
	return out
}

const today = "2026-10-01"

func inForecast(r *row.Record, of *row.Forecast) bool {
	switch {
	case r.Status == "LOST":
		return false
	case of.From == nil:
		return true
	case r.Status == "WON":
		day := r.ClosedAt.In(noon.Zone).Format(time.DateOnly)
		return day >= *of.From && day <= *of.To
	case r.ExpectedCloseDate == nil || *r.ExpectedCloseDate < today:
		return true
	}
	return *r.ExpectedCloseDate >= *of.From && *r.ExpectedCloseDate <= *of.To
}

// part adds up records with rational numbers.
func (s *season) part(list []*row.Record, of *row.Forecast, scope string, whole bool) row.ForecastPart {
	type sums struct {
		open, won                 int
		openSum, weighted, wonSum big.Int
	}
	out, by, undated, overdue := row.ForecastPart{Currencies: []*row.ForecastLine{}}, map[string]*sums{}, money.Sums{}, money.Sums{}
	in := func(code string) *sums {
		if by[code] == nil {
			by[code] = &sums{}
		}
		return by[code]
	}
	for _, r := range list {
		minor := int64(0)
		if r.Minor != nil {
			minor = *r.Minor
		}
		late := r.Status == "OPEN" && r.ExpectedCloseDate != nil && *r.ExpectedCloseDate < today
		switch {
		case r.Status == "OPEN" && r.ExpectedCloseDate == nil:
			undated.Add(r.Currency, r.Minor, r.Probability, 1)
		case late:
			overdue.Add(r.Currency, r.Minor, r.Probability, 1)
		}
		switch {
		case r.Status == "WON":
			c := in(r.Currency)
			c.won++
			c.wonSum.Add(&c.wonSum, big.NewInt(minor))
			if r.Minor == nil {
				out.WonWithoutValue++
			}
		case of.From == nil || r.ExpectedCloseDate != nil && !late:
			c := in(r.Currency)
			c.open++
			c.openSum.Add(&c.openSum, big.NewInt(minor))
			c.weighted.Add(&c.weighted, new(big.Int).Mul(big.NewInt(minor), big.NewInt(int64(r.Probability))))
			if r.Minor == nil {
				out.OpenWithoutValue++
			}
		}
	}
	for _, code := range []string{"EUR", "CHF", "JPY", "USD"} {
		target := s.target(of, scope, code)
		if !whole {
			target = nil
		}
		if by[code] == nil && target == nil {
			continue
		}
		c := in(code)
		weighted := nearest(&c.weighted)
		total := new(big.Int).Add(weighted, &c.wonSum)
		l := &row.ForecastLine{Currency: code, OpenCount: c.open, Open: money.FormatBig(&c.openSum, code), Weighted: money.FormatBig(weighted, code), WonCount: c.won,
			Won: money.FormatBig(&c.wonSum, code), Total: money.FormatBig(total, code)}
		if target != nil {
			aim, gap := money.FormatBig(target, code), money.FormatBig(new(big.Int).Sub(target, total), code)
			l.Target, l.Gap = &aim, &gap
			tenths := new(big.Int).Quo(new(big.Int).Add(new(big.Int).Mul(total, big.NewInt(2000)), target), new(big.Int).Mul(target, big.NewInt(2)))
			percent := float64(tenths.Int64()) / 10
			l.ReachedPercent = &percent
		}
		out.Currencies = append(out.Currencies, l)
	}
	out.Undated, out.Overdue = undated.Totals("EUR"), overdue.Totals("EUR")
	return out
}

// nearest divides by 100, half to even.
func nearest(n *big.Int) *big.Int {
	q, rest := new(big.Int).QuoRem(n, big.NewInt(100), new(big.Int))
	if r := rest.Int64(); r > 50 || r == 50 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

// target is what is to be reached in the months, or the quarter, that a forecast is of.
func (s *season) target(of *row.Forecast, scope, code string) *big.Int {
	find := func(unit, start string) *big.Int {
		for _, t := range s.targets {
			if t.Scope == scope && t.Unit == unit && t.Start == start && t.Currency == code {
				return big.NewInt(t.Minor)
			}
		}
		return nil
	}
	if of.From == nil {
		return nil
	}
	switch *of.From + " " + *of.To {
	case "2026-10-01 2026-10-31", "2026-08-01 2026-08-31", "2026-12-01 2026-12-31":
		return find("MONTH", *of.From)
	case "2026-07-01 2026-09-30":
		return find("QUARTER", *of.From)
	case "2026-10-01 2026-12-31":
		if own := find("QUARTER", *of.From); own != nil {
			return own
		}
		sum := new(big.Int)
		for _, start := range []string{"2026-10-01", "2026-11-01", "2026-12-01"} {
			m := find("MONTH", start)
			if m == nil {
				return nil
			}
			sum.Add(sum, m)
		}
		return sum
	}
	return nil
}

func TestWhichDaysAForecastIsAbout(t *testing.T) {
	s := newSeason(t, servertest.Dialects[0])
	ctx := viewer.NewContext(row.WithMoment(context.Background(), noon), s.Owner.Viewer)
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		in       read.ForecastPeriodInput
		from, to string
	}{
		{read.ForecastPeriodInput{Unit: "MONTH"}, "2026-10-01", "2026-10-31"}, {read.ForecastPeriodInput{Unit: "QUARTER"}, "2026-10-01", "2026-12-31"},
		{read.ForecastPeriodInput{Unit: "MONTH", Day: text("2028-02-11")}, "2028-02-01", "2028-02-29"},
		{read.ForecastPeriodInput{Unit: "QUARTER", Day: text("2026-06-30")}, "2026-04-01", "2026-06-30"},
		{read.ForecastPeriodInput{Unit: "CUSTOM", From: text("2026-01-05"), To: text("2031-01-05")}, "2026-01-05", "2031-01-05"},
	} {
		got, err := s.reader.Forecast(ctx, nil, &c.in, nil, nil)
		require.NoError(t, err)
		require.Equal(t, []string{c.from, c.to}, []string{*got.From, *got.To})
	}
	for _, c := range []struct {
		in    read.ForecastPeriodInput
		field string
	}{
		{read.ForecastPeriodInput{Unit: "MONTH", Day: text("2026-02-30")}, "period.day"}, {read.ForecastPeriodInput{Unit: "MONTH", From: text("2026-02-01")}, "period.from"},
		{read.ForecastPeriodInput{Unit: "CUSTOM", From: text("2026-02-01")}, "period.to"}, {read.ForecastPeriodInput{Unit: "CUSTOM", To: text("2026-02-01")}, "period.from"},
		{read.ForecastPeriodInput{Unit: "CUSTOM", From: text("2026-02-02"), To: text("2026-02-01")}, "period.to"},
		{read.ForecastPeriodInput{Unit: "CUSTOM", From: text("2026-02-02"), To: text("2031-02-03")}, "period.to"},
		{read.ForecastPeriodInput{Unit: "CUSTOM", From: text("2026-02-01"), To: text("2026-02-01"), Day: text("2026-02-01")}, "period.day"},
	} {
		_, err := s.reader.Forecast(ctx, nil, &c.in, nil, nil)
		require.ErrorContains(t, err, "VALIDATION_FAILED: "+c.field)
	}
}
