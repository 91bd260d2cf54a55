package read

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"

	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
)

// gathered are the sums of a forecast, or of one group of it.
type gathered struct {
	open, won, undated, overdue money.Sums
	openEmpty, wonEmpty         int
	count                       int
	// own are the targets of the period, months those of the months of a quarter.
	own, months money.Sums
}

func gather() *gathered {
	return &gathered{open: money.Sums{}, won: money.Sums{}, undated: money.Sums{}, overdue: money.Sums{}, own: money.Sums{}, months: money.Sums{}}
}

// take adds what the records of one part and currency come to.
func (g *gathered) take(l *forecastLine, apart bool) {
	add := func(s money.Sums) { s.Of(l.currency).AddSplit(l.count, l.high, l.low, l.weightedHigh, l.weightedLow) }
	g.count += l.count
	switch l.part {
	case won:
		add(g.won)
		g.wonEmpty += l.count - l.valued
		return
	case undated:
		add(g.undated)
	case overdue:
		add(g.overdue)
	}
	if l.part == inPeriod || !apart {
		add(g.open)
		g.openEmpty += l.count - l.valued
	}
}

// aim adds targets.
func (g *gathered) aim(l *forecastLine, unit string) {
	into := g.own
	if l.part != unit {
		into = g.months
	}
	into.Of(l.currency).AddSplit(l.count, l.high, l.low, 0, 0)
}

// target is that of the period in a currency, else of the three months of a quarter; nil when there is none.
func (g *gathered) target(code string) *big.Int {
	if s := g.own[code]; s != nil {
		return s.Minor()
	}
	if s := g.months[code]; s != nil && s.Count == 3 {
		return s.Minor()
	}
	return nil
}

// sum adds up the lines of a forecast: of all, and of each group by the count of its records.
func (q *forecast) sum(lines []*forecastLine, first string, aimed bool) (row.ForecastPart, []*row.ForecastGroup) {
	all, groups, unit, whole := gather(), map[string]*gathered{}, "", ""
	if q.period != nil {
		unit = q.period.unit
	}
	if q.pipelineID != nil {
		whole = *q.pipelineID
	}
	for _, l := range lines {
		target := l.part == month || l.part == quarter
		switch {
		case l.part == "": // there is nothing but the revision
			continue
		case target && l.group == whole:
			all.aim(l, unit)
		case !target:
			all.take(l, q.period != nil)
		}
		if q.by == "" || target && q.by != "PIPELINE" {
			continue
		}
		g := groups[l.group]
		if g == nil {
			g = gather()
			groups[l.group] = g
		}
		if target {
			g.aim(l, unit)
		} else {
			g.take(l, q.period != nil)
		}
	}
	return all.show(first, aimed), q.groups(groups, first, aimed)
}

func (q *forecast) groups(of map[string]*gathered, first string, aimed bool) []*row.ForecastGroup {
	ids := []string{}
	for id, g := range of {
		if g.count > 0 {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(of[b].count, of[a].count), cmp.Compare(a, b)) })
	out := make([]*row.ForecastGroup, len(ids))
	for i, id := range ids {
		g := &row.ForecastGroup{ForecastPart: of[id].show(first, aimed)}
		switch {
		case q.by == "PIPELINE":
			g.PipelineID = &id
		case id != "":
			g.OwnerID = &id
		}
		out[i] = g
	}
	return out
}

// show makes the sums ready.
func (g *gathered) show(first string, aimed bool) row.ForecastPart {
	codes := money.Sums{}
	for _, s := range []money.Sums{g.open, g.won} {
		for code := range s {
			codes.Of(code)
		}
	}
	for _, s := range []money.Sums{g.own, g.months} {
		for code := range s {
			if aimed && g.target(code) != nil {
				codes.Of(code)
			}
		}
	}
	part := row.ForecastPart{Currencies: []*row.ForecastLine{}, OpenWithoutValue: g.openEmpty, WonWithoutValue: g.wonEmpty,
		Undated: g.undated.Totals(first), Overdue: g.overdue.Totals(first)}
	for _, t := range codes.Totals(first) {
		part.Currencies = append(part.Currencies, g.line(t.Currency, aimed))
	}
	return part
}

// line is the forecast in one currency.
func (g *gathered) line(code string, aimed bool) *row.ForecastLine {
	open, closed := &money.Sum{}, &money.Sum{}
	if s := g.open[code]; s != nil {
		open = s
	}
	if s := g.won[code]; s != nil {
		closed = s
	}
	text := func(n *big.Int) string { return money.FormatBig(n, code) }
	total := new(big.Int).Add(open.WeightedMinor(), closed.Minor())
	l := &row.ForecastLine{Currency: code, OpenCount: open.Count, Open: text(open.Minor()), Weighted: text(open.WeightedMinor()),
		WonCount: closed.Count, Won: text(closed.Minor()), Total: text(total)}
	if target := g.target(code); aimed && target != nil {
		aim, gap := text(target), text(new(big.Int).Sub(target, total))
		l.Target, l.Gap, l.ReachedPercent = &aim, &gap, share(total, target)
	}
	return l
}

// share is a / b × 100 with one decimal; nil when b is 0.
func share(a, b *big.Int) *float64 {
	if b.Sign() == 0 {
		return nil
	}
	f, err := strconv.ParseFloat(new(big.Rat).SetFrac(new(big.Int).Mul(a, big.NewInt(100)), b).FloatString(1), 64)
	if err != nil { // more than a float can hold
		return nil
	}
	return &f
}
