package row

import (
	"context"
	"time"
)

// Moment is when a row is looked at: computed fields depend on it.
type Moment struct {
	Now  time.Time
	Zone *time.Location
}

type momentKey struct{}

// WithMoment puts the moment into the context.
func WithMoment(ctx context.Context, m Moment) context.Context {
	return context.WithValue(ctx, momentKey{}, m)
}

func moment(ctx context.Context) Moment {
	m, ok := ctx.Value(momentKey{}).(Moment)
	if !ok {
		return Moment{time.Now().UTC(), time.UTC}
	}
	return m
}

// Today is the calendar day of the moment in its zone.
func (m Moment) Today() string { return m.Now.In(m.Zone).Format(time.DateOnly) }

// DefaultStaleHours is when an idle record is stale unless its stage or pipeline say otherwise.
const DefaultStaleHours = 72

// IsOverdue: open and expected to close before today.
func (r *Record) IsOverdue(ctx context.Context) bool {
	return r.Status == "OPEN" && r.ExpectedCloseDate != nil && *r.ExpectedCloseDate < moment(ctx).Today()
}

// StaleAt tells whether it is open and idle for the hours of its stage, else its pipeline, else 72.
func (r *Record) StaleAt(now time.Time, stage, pipeline *int) bool {
	hours := DefaultStaleHours
	if stage != nil {
		hours = *stage
	} else if pipeline != nil {
		hours = *pipeline
	}
	return r.Status == "OPEN" && now.Sub(r.LastActivityAt) >= time.Duration(hours)*time.Hour
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
		return t.DueAt.In(m.Zone).Format(time.DateOnly) < m.Today()
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
