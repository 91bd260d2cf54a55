package row

import (
	"context"
	"sync"
	"time"

	"github.com/rapidbott/tideboard/server/period"
)

// Moment is when a row is looked at: computed fields depend on it.
type Moment struct {
	Now  time.Time
	Zone *time.Location
	// StaleHours are the workspace's; see StaleHours. 0 when they are not told.
	StaleHours int
}

type momentKey struct{}

// WithMoment puts the moment into the context.
func WithMoment(ctx context.Context, m Moment) context.Context {
	return context.WithValue(ctx, momentKey{}, m)
}

func moment(ctx context.Context) Moment {
	m, ok := ctx.Value(momentKey{}).(Moment)
	if !ok {
		return Moment{Now: time.Now().UTC(), Zone: time.UTC}
	}
	return m
}

// Today is the calendar day of the moment in its zone.
func (m Moment) Today() string { return m.Now.In(m.Zone).Format(time.DateOnly) }

// DefaultStaleHours is when an idle record is stale unless its stage, pipeline or workspace say otherwise.
const DefaultStaleHours = 72

// IsOverdue: open and expected to close before today.
func (r *Record) IsOverdue(ctx context.Context) bool {
	return r.Status == "OPEN" && r.ExpectedCloseDate != nil && *r.ExpectedCloseDate < moment(ctx).Today()
}

// StaleHours is after how many idle hours a record is stale: those of its stage, else its pipeline, else its workspace,
// else 72.
func StaleHours(workspace int, stage, pipeline *int) int {
	switch {
	case stage != nil:
		return *stage
	case pipeline != nil:
		return *pipeline
	case workspace > 0:
		return workspace
	}
	return DefaultStaleHours
}

// StaleAt tells whether it is open and idle for the hours of its stage, else its pipeline, else its workspace; to the
// second.
func (r *Record) StaleAt(now time.Time, stage, pipeline *int, workspace int) bool {
	hours := StaleHours(workspace, stage, pipeline)
	return r.Status == "OPEN" && !r.LastActivityAt.After(now.Truncate(time.Second).Add(-time.Duration(hours)*time.Hour))
}

// AgeDays is how many whole days ago it was created.
func (r *Record) AgeDays(ctx context.Context) int {
	return int(moment(ctx).Now.Sub(r.CreatedAt) / (24 * time.Hour))
}

// IsOverdue: open and due in the past; an all-day task from the start of the following day.
func (t *Task) IsOverdue(ctx context.Context) bool {
	if t.Status != "OPEN" || t.DueAt == nil {
		return false
	}
	m := moment(ctx)
	if t.DueAllDay {
		return t.DueAt.Before(period.Start(period.DayOf(m.Now, m.Zone), m.Zone))
	}
	return t.DueAt.Before(m.Now)
}

// Today is the calendar day of the moment in the context, in its zone.
func Today(ctx context.Context) string { return moment(ctx).Today() }

// Now is the instant of the moment in the context.
func Now(ctx context.Context) time.Time { return moment(ctx).Now }

// DayAfter is the beginning of the day that comes so many days after a calendar day, in the moment's zone. It fails when
// the text is no day.
func DayAfter(ctx context.Context, day string, n int) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return t, err
	}
	return time.Date(t.Year(), t.Month(), t.Day()+n, 0, 0, 0, 0, moment(ctx).Zone).UTC(), nil
}

// LocalZone is the zone of the moment in the context.
func LocalZone(ctx context.Context) *time.Location { return moment(ctx).Zone }

// WorkspaceStaleHours are those of the moment in the context; 0 when they are not told.
func WorkspaceStaleHours(ctx context.Context) int { return moment(ctx).StaleHours }

var zones sync.Map // name → *time.Location

// Zone finds a zone by its name, which is read from the zone files once; UTC for a name that no zone has.
func Zone(name string) *time.Location {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, z)
	return z
}
