package filter

import (
	"strconv"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/period"
	"github.com/rapidbott/tideboard/server/row"
)

// Env is what a filter depends on besides itself.
type Env struct {
	// MemberID is who "me" is; empty for nobody.
	MemberID string
	// Currency is the workspace's default.
	Currency string
	// Now is when conditions on the clock are judged: overdue, stale, presets, durations. A filter that has one is refused
	// without it.
	Now time.Time
	// Timezone is the workspace's zone, in which days begin; empty means UTC.
	Timezone string
	// WeekStart is the first day of the workspace's week, 1 for Monday to 7 for Sunday; 0 means Monday.
	WeekStart int
	// StaleHours is after how many idle hours a record is stale unless its stage or pipeline say otherwise; 0 means 72.
	StaleHours int
}

// EnvOf is what filters of a viewer depend on at a moment.
func EnvOf(v *viewer.Viewer, now time.Time) Env {
	return Env{MemberID: v.MemberID(), Currency: v.Currency, Now: now.UTC().Truncate(time.Microsecond), Timezone: v.Timezone,
		WeekStart: v.WeekStart, StaleHours: v.StaleHours}
}

func (e Env) zone() *time.Location { return row.Zone(e.Timezone) }

func (e Env) today() period.Day { return period.DayOf(e.Now, e.zone()) }

func (e Env) weekStart() int {
	if e.WeekStart == 0 {
		return 1
	}
	return e.WeekStart
}

// staleHours is the workspace's value.
func (e Env) staleHours() int { return row.StaleHours(e.StaleHours, nil, nil) }

// clock names what conditions on the clock depend on.
func (e Env) clock() string {
	return e.Now.Format(time.RFC3339Nano) + " " + e.Timezone + " " + strconv.Itoa(e.weekStart()) + " " + strconv.Itoa(e.staleHours())
}
