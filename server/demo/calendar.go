package demo

import (
	"time"
)

const zoneName = "Europe/Berlin"

// calendar turns positions, counted in seconds of working time, into instants: nothing happens at night or on Sundays.
type calendar struct {
	zone  *time.Location
	shift []shift
	total int64
}

// shift is a stretch of working time that begins at a position.
type shift struct {
	from time.Time
	pos  int64
}

// newCalendar spans the working time between two instants.
func newCalendar(start, end time.Time) (calendar, error) {
	zone, err := time.LoadLocation(zoneName)
	c := calendar{zone: zone}
	if err != nil {
		return c, err
	}
	for y, m, d := start.In(zone).Date(); ; d++ {
		open, closed := time.Date(y, m, d, 8, 0, 0, 0, zone), time.Date(y, m, d, 19, 0, 0, 0, zone)
		switch open.Weekday() {
		case time.Sunday:
			closed = open
		case time.Saturday:
			open, closed = open.Add(2*time.Hour), open.Add(6*time.Hour)
		}
		if open.After(end) {
			return c, nil
		}
		open, closed = later(open, start), earlier(closed, end)
		if closed.After(open) {
			c.shift = append(c.shift, shift{open, c.total})
			c.total += int64(closed.Sub(open) / time.Second)
		}
	}
}

// at is the instant of a position; positions before the first are at the start, those after the last at the end.
func (c calendar) at(pos int64) time.Time {
	pos = min(max(pos, 0), c.total)
	i := len(c.shift) - 1
	for i > 0 && c.shift[i].pos > pos {
		i--
	}
	return c.shift[i].from.Add(time.Duration(pos-c.shift[i].pos) * time.Second).UTC()
}

// pos is the position of an instant: that of the next working time where nobody works.
func (c calendar) pos(t time.Time) int64 {
	pos := int64(0)
	for i, s := range c.shift {
		next := c.total
		if i+1 < len(c.shift) {
			next = c.shift[i+1].pos
		}
		if t.After(s.from) {
			pos = min(s.pos+int64(t.Sub(s.from)/time.Second), next)
		}
	}
	return pos
}

// ago is the position some hundredths of a day before the end, counted over the whole span.
func (c calendar) ago(hundredths int) int64 {
	return max(c.total-int64(hundredths)*c.total/int64(span/(24*time.Hour)*100), 0)
}

// day is the local day that lies some days after that of a position.
func (c calendar) day(pos int64, days int) time.Time {
	y, m, d := c.at(pos).In(c.zone).Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, c.zone)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
