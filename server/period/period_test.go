package period_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/period"
)

func zone(t testing.TB, name string) *time.Location {
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func day(t testing.TB, s string) period.Day {
	d, err := time.Parse(time.DateOnly, s)
	require.NoError(t, err)
	return d
}

func TestPresetsAreDays(t *testing.T) {
	for _, c := range []struct {
		preset, today string
		weekStart     int
		from, until   string
	}{
		{"TODAY", "2026-11-21", 1, "2026-11-21", "2026-11-22"},
		{"YESTERDAY", "2026-03-01", 1, "2026-02-28", "2026-03-01"},
		{"THIS_WEEK", "2026-11-21", 1, "2026-11-16", "2026-11-23"}, // a Saturday
		{"THIS_WEEK", "2026-11-21", 7, "2026-11-15", "2026-11-22"},
		{"THIS_WEEK", "2026-11-21", 6, "2026-11-21", "2026-11-28"},
		{"THIS_WEEK", "2026-11-22", 1, "2026-11-16", "2026-11-23"},
		{"THIS_WEEK", "2026-11-22", 7, "2026-11-22", "2026-11-29"},
		{"LAST_WEEK", "2026-11-21", 1, "2026-11-09", "2026-11-16"},
		{"THIS_MONTH", "2028-02-29", 1, "2028-02-01", "2028-03-01"},
		{"LAST_MONTH", "2026-01-31", 1, "2025-12-01", "2026-01-01"},
		{"LAST_MONTH", "2026-03-31", 1, "2026-02-01", "2026-03-01"},
		{"THIS_QUARTER", "2026-12-31", 1, "2026-10-01", "2027-01-01"},
		{"THIS_QUARTER", "2026-01-01", 1, "2026-01-01", "2026-04-01"},
		{"THIS_YEAR", "2026-07-01", 1, "2026-01-01", "2027-01-01"},
		{"LAST_7_DAYS", "2026-11-21", 1, "2026-11-15", "2026-11-22"},
		{"LAST_30_DAYS", "2026-03-01", 1, "2026-01-31", "2026-03-02"},
		{"LAST_90_DAYS", "2026-11-21", 1, "2026-08-24", "2026-11-22"},
	} {
		from, until, ok := period.Days(c.preset, day(t, c.today), c.weekStart)
		require.True(t, ok)
		require.Equal(t, []string{c.from, c.until}, []string{from.Format(time.DateOnly), until.Format(time.DateOnly)}, "%s on %s", c.preset, c.today)
	}
	for _, p := range period.Presets {
		_, _, ok := period.Days(p, day(t, "2026-11-21"), 1)
		require.True(t, ok, p)
	}
	_, _, ok := period.Days("ALL", day(t, "2026-11-21"), 1)
	require.False(t, ok)
}

func TestADayBeginsAtItsFirstInstant(t *testing.T) {
	for _, c := range []struct{ zone, day, start string }{
		{"UTC", "2026-11-21", "2026-11-21T00:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"}, // the clock goes forward at 2
		{"Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"},
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z"}, // and back at 3
		{"Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // there is no midnight: 0 becomes 1
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"}, // 24 becomes 23: the day before has 25 hours
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"},    // 1 becomes 0: midnight comes twice, the first counts
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},      // the day before was left out
		{"America/Toronto", "1999-10-31", "1999-10-31T04:00:00Z"},
		{"Asia/Kathmandu", "2026-11-21", "2026-11-20T18:15:00Z"},
	} {
		start := period.Start(day(t, c.day), zone(t, c.zone))
		require.Equal(t, c.start, start.Format(time.RFC3339), "%s in %s", c.day, c.zone)
		require.Equal(t, c.day, start.In(zone(t, c.zone)).Format(time.DateOnly))
		require.NotEqual(t, c.day, start.Add(-time.Second).In(zone(t, c.zone)).Format(time.DateOnly))
	}
}

func TestBoundsAreInstantsOfTheZone(t *testing.T) {
	now := time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC) // the 22nd in Berlin, a Sunday
	from, until, ok := period.Bounds("THIS_WEEK", now, zone(t, "Europe/Berlin"), 7)
	require.True(t, ok)
	require.Equal(t, []string{"2026-11-21T23:00:00Z", "2026-11-28T23:00:00Z"}, []string{from.Format(time.RFC3339), until.Format(time.RFC3339)})
}

func TestDurations(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for _, c := range []struct{ from, duration, to string }{
		{"2026-11-21T10:00:00+01:00", "P7D", "2026-11-28T10:00:00+01:00"},
		{"2026-11-21T10:00:00+01:00", "-P7D", "2026-11-14T10:00:00+01:00"},
		{"2026-11-21T10:00:00+01:00", "-P1W", "2026-11-14T10:00:00+01:00"},
		{"2026-10-25T10:00:00+01:00", "-P1D", "2026-10-24T10:00:00+02:00"}, // a day of the calendar, 25 hours
		{"2026-10-25T10:00:00+01:00", "-PT24H", "2026-10-24T11:00:00+02:00"},
		{"2026-03-31T10:00:00+02:00", "-P1M", "2026-02-28T10:00:00+01:00"},
		{"2028-02-29T10:00:00+01:00", "P1Y", "2029-02-28T10:00:00+01:00"},
		{"2026-01-15T10:00:00+01:00", "P1Y2M3W4DT5H6M7S", "2027-04-09T15:06:07+02:00"},
		{"2026-01-15T10:00:00+01:00", "PT0S", "2026-01-15T10:00:00+01:00"},
	} {
		d, err := period.Parse(c.duration)
		require.NoError(t, err, c.duration)
		at, err := time.Parse(time.RFC3339, c.from)
		require.NoError(t, err)
		to, ok := d.From(at.In(berlin))
		require.True(t, ok)
		require.Equal(t, c.to, to.Format(time.RFC3339), "%s from %s", c.duration, c.from)
	}
	for _, bad := range []string{"", "P", "-P", "PT", "P7", "7D", "P7DT", "P1D1Y", "P1D1D", "PT1D", "P1H", "P-1D", "P1.5D", "P1,5D", "--P1D", "+P1D",
		"P1234567D", "p1d", "P1D ", " P1D", "P１D", "PT1H1H", "PTT1H", "P1DT1HT1M"} {
		_, err := period.Parse(bad)
		require.Error(t, err, bad)
	}
	for _, far := range []string{"P101Y", "-P1201M", "P999999D", "P36600DT999999H", "-P99999W"} {
		d, err := period.Parse(far)
		require.NoError(t, err, far)
		_, ok := d.From(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
		require.False(t, ok, far)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"P7D", "-P1Y2M3W4DT5H6M7S", "PT36H", "P", "P1DT", "P999999Y", "P0D"} {
		f.Add(s)
	}
	now := time.Date(2026, 1, 31, 23, 59, 59, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		d, err := period.Parse(s)
		if err != nil {
			if d != (period.Duration{}) {
				t.Fatalf("%q was refused and read as %v", s, d)
			}
			return
		}
		if !period.IsDuration(s) || strings.Trim(s, "-PYMWDTHS0123456789") != "" || !strings.ContainsAny(s, "0123456789") {
			t.Fatalf("%q was taken for a duration", s)
		}
		to, ok := d.From(now)
		if ok && d.Back == to.After(now) && !to.Equal(now) {
			t.Fatalf("%q leads from %s to %s", s, now, to)
		}
		if there, fits := (period.Duration{Days: d.Days, Time: d.Time, Back: !d.Back}).From(to); ok && fits && d.Years+d.Months == 0 && !there.Equal(now) {
			t.Fatalf("%q there and back leads to %s", s, there)
		}
	})
}
