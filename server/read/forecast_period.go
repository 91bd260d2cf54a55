package read

import (
	"time"

	"github.com/rapidbott/tideboard/server/fault"
)

// ForecastPeriodInput says which days; see the SDL.
type ForecastPeriodInput struct {
	Unit string
	Day  *string
	From *string
	To   *string
}

// The units of periods.
const (
	month   = "MONTH"
	quarter = "QUARTER"
	custom  = "CUSTOM"
)

// maxYears is how long a period is at most.
const maxYears = 5

// period is from a day to a day, both in it.
type period struct {
	// unit is MONTH or QUARTER when it is exactly one, else CUSTOM.
	unit, from, to string
}

// read finds the days; nil for no period.
func (in *ForecastPeriodInput) read(today string) (*period, error) {
	if in == nil {
		return nil, nil
	}
	p := &fault.Problems{}
	day := func(name string, s *string) time.Time {
		if s == nil {
			return time.Time{}
		}
		t, err := time.Parse(time.DateOnly, *s)
		if err != nil || t.Year() < 1 {
			p.Add("period."+name, "%q is not a day like 2026-11-21", *s)
		}
		return t
	}
	at, from, to := day("day", in.Day), day("from", in.From), day("to", in.To)
	if in.Unit != custom {
		if in.From != nil {
			p.Add("period.from", "goes with CUSTOM")
		}
		if in.To != nil {
			p.Add("period.to", "goes with CUSTOM")
		}
		if in.Day == nil {
			at, _ = time.Parse(time.DateOnly, today)
		}
		return spanOf(in.Unit, at), p.Err()
	}
	if in.Day != nil {
		p.Add("period.day", "does not go with CUSTOM")
	}
	if in.From == nil {
		p.Add("period.from", "CUSTOM needs it")
	}
	if in.To == nil {
		p.Add("period.to", "CUSTOM needs it")
	}
	if in.From != nil && in.To != nil && (to.Before(from) || to.After(from.AddDate(maxYears, 0, 0))) {
		p.Add("period.to", "is before the first day, or more than %d years after it", maxYears)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	for _, unit := range []string{month, quarter} {
		if whole := spanOf(unit, from); whole.from == *in.From && whole.to == *in.To {
			return whole, nil
		}
	}
	return &period{custom, *in.From, *in.To}, nil
}

// spanOf is the month or quarter that a day is in.
func spanOf(unit string, day time.Time) *period {
	first, months := day.Month(), 1
	if unit == quarter {
		first, months = (first-1)/3*3+1, 3
	}
	start := time.Date(day.Year(), first, 1, 0, 0, 0, 0, time.UTC)
	return &period{unit, start.Format(time.DateOnly), start.AddDate(0, months, -1).Format(time.DateOnly)}
}

// months are the first days of a quarter's months.
func (p *period) months() (out []string) {
	start, _ := time.Parse(time.DateOnly, p.from)
	for i := range 3 {
		out = append(out, start.AddDate(0, i, 0).Format(time.DateOnly))
	}
	return out
}

// instants are when the first day begins in a zone, and when the day after the last one does.
func (p *period) instants(zone *time.Location) (start, end time.Time) {
	at := func(day string, more int) time.Time {
		t, _ := time.Parse(time.DateOnly, day)
		return time.Date(t.Year(), t.Month(), t.Day()+more, 0, 0, 0, 0, zone).UTC()
	}
	return at(p.from, 0), at(p.to, 1)
}
