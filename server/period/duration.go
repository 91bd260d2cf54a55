package period

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Duration is an ISO 8601 duration of whole numbers, as "P7D", "-P1M" or "PT36H". Years to days are steps of the
// calendar, the rest is exact time.
type Duration struct {
	Years, Months, Days int
	Time                time.Duration
	Back                bool
}

// MaxDigits is how many digits a number in a duration has at most, MaxYears how far away a moment is that it leads to.
const (
	MaxDigits = 6
	MaxYears  = 100
)

var errDuration = errors.New("is not a duration like P7D, -P1M or PT36H")

// IsDuration tells whether a text means to be a duration, and not a date or a time.
func IsDuration(s string) bool { return strings.HasPrefix(strings.TrimPrefix(s, "-"), "P") }

// Parse reads a duration: years, months, weeks, days, then behind a T hours, minutes, seconds, each at most once and in
// this order, at least one of them.
func Parse(s string) (d Duration, err error) {
	rest := s
	rest, d.Back = strings.CutPrefix(rest, "-")
	rest, ok := strings.CutPrefix(rest, "P")
	if !ok {
		return Duration{}, errDuration
	}
	date, clock, timed := strings.Cut(rest, "T")
	days, n, err := numbers(date, "YMWD")
	if err != nil {
		return Duration{}, err
	}
	hours, m, err := numbers(clock, "HMS")
	if err != nil || n+m == 0 || timed && m == 0 {
		return Duration{}, errDuration
	}
	d.Years, d.Months, d.Days = days[0], days[1], 7*days[2]+days[3]
	d.Time = time.Duration(hours[0])*time.Hour + time.Duration(hours[1])*time.Minute + time.Duration(hours[2])*time.Second
	return d, nil
}

// numbers reads numbers, each followed by one of the units, in their order.
func numbers(s, units string) (values [4]int, n int, err error) {
	at := 0
	for s != "" {
		i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		if i < 1 || i > MaxDigits {
			return values, 0, errDuration
		}
		unit := strings.IndexByte(units[at:], s[i])
		if unit < 0 {
			return values, 0, errDuration
		}
		at += unit
		if values[at], err = strconv.Atoi(s[:i]); err != nil {
			return values, 0, errDuration
		}
		s, n, at = s[i+1:], n+1, at+1
	}
	return values, n, nil
}

// Dated tells whether the duration is made of days and longer alone.
func (d Duration) Dated() bool { return d.Time == 0 }

// From gives the moment that lies a duration from t, on the calendar of t's zone. A month without the day ends on its last.
// False for one more than MaxYears away.
func (d Duration) From(t time.Time) (time.Time, bool) {
	sign := 1
	if d.Back {
		sign = -1
	}
	months := sign * (12*d.Years + d.Months)
	if max(months, -months) > 12*MaxYears || d.Days > 366*MaxYears {
		return t, false
	}
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	day := min(t.Day(), first.AddDate(0, 1, -1).Day())
	out := time.Date(first.Year(), first.Month(), day+sign*d.Days, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()).
		Add(time.Duration(sign) * d.Time)
	far := out.Sub(t)
	return out, max(far, -far) <= MaxYears*366*24*time.Hour
}
