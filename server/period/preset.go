// Package period knows spans of time as people name them: presets such as LAST_WEEK, whose bounds are days of a zone, and
// ISO 8601 durations relative to a moment. It promises that a day begins at its first instant, also where a change of the
// clock moves or drops midnight, and that a calendar step never leaves the month it leads to.
package period

import (
	"time"
)

// Presets are the named periods (spec analytics, section 2), but for ALL and CUSTOM, which have no bounds of their own.
var Presets = []string{"TODAY", "YESTERDAY", "THIS_WEEK", "LAST_WEEK", "THIS_MONTH", "LAST_MONTH", "THIS_QUARTER", "THIS_YEAR",
	"LAST_7_DAYS", "LAST_30_DAYS", "LAST_90_DAYS"}

// Day is a calendar day: midnight of it, in UTC, whatever zone it was read in.
type Day = time.Time

// DayOf is the calendar day of an instant in a zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Days gives the first day of a preset, and the day after its last, as of today. THIS_… is the whole unit, also what of it
// is still to come; LAST_n_DAYS is today and the n-1 days before. Weeks begin on weekStart, 1 for Monday to 7 for Sunday.
// False for what is no preset.
func Days(preset string, today Day, weekStart int) (from, until Day, ok bool) {
	week := today.AddDate(0, 0, -(int(today.Weekday())-weekStart+14)%7)
	month := today.AddDate(0, 0, 1-today.Day())
	switch preset {
	case "TODAY":
		return today, today.AddDate(0, 0, 1), true
	case "YESTERDAY":
		return today.AddDate(0, 0, -1), today, true
	case "THIS_WEEK":
		return week, week.AddDate(0, 0, 7), true
	case "LAST_WEEK":
		return week.AddDate(0, 0, -7), week, true
	case "THIS_MONTH":
		return month, month.AddDate(0, 1, 0), true
	case "LAST_MONTH":
		return month.AddDate(0, -1, 0), month, true
	case "THIS_QUARTER":
		quarter := month.AddDate(0, -(int(month.Month())-1)%3, 0)
		return quarter, quarter.AddDate(0, 3, 0), true
	case "THIS_YEAR":
		year := time.Date(today.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		return year, year.AddDate(1, 0, 0), true
	case "LAST_7_DAYS":
		return last(today, 7)
	case "LAST_30_DAYS":
		return last(today, 30)
	case "LAST_90_DAYS":
		return last(today, 90)
	}
	return from, until, false
}

func last(today Day, n int) (from, until Day, ok bool) {
	return today.AddDate(0, 0, 1-n), today.AddDate(0, 0, 1), true
}

// Bounds gives the first instant of a preset and the first one after it, in a zone.
func Bounds(preset string, now time.Time, zone *time.Location, weekStart int) (from, until time.Time, ok bool) {
	first, after, ok := Days(preset, DayOf(now, zone), weekStart)
	return Start(first, zone), Start(after, zone), ok
}

// Start is the first instant of a day in a zone.
func Start(day Day, zone *time.Location) time.Time {
	y, m, d := day.Date()
	noon := time.Date(y, m, d, 12, 0, 0, 0, zone)
	midnight := noon.Add(-12 * time.Hour)
	changed, _ := noon.ZoneBounds()
	if changed.IsZero() {
		return midnight.UTC()
	}
	// A clock that changed close to midnight may have shown the day already before it changed, or have left midnight out.
	_, now := noon.Zone()
	_, was := changed.Add(-time.Second).In(zone).Zone()
	if before := midnight.Add(time.Duration(now-was) * time.Second); before.Before(changed) {
		return before.UTC()
	}
	if midnight.Before(changed) {
		return changed.UTC()
	}
	return midnight.UTC()
}
