// Package hours knows weekly hours: when somebody works, and when somebody may log in.
package hours

import (
	"fmt"
	"time"
)

// Slot is a stretch of certain days of the week. Days count from 1 for Monday to 7 for Sunday (ISO 8601). Start and End
// are times of day as 15:04; a slot whose end is not after its start goes on into the next day, up to its end there.
type Slot struct {
	Weekdays []int  `json:"weekdays"`
	Start    string `json:"start"`
	End      string `json:"end"`
	// Timezone is an IANA name; empty means the zone that is asked about.
	Timezone string `json:"timezone,omitempty"`
}

// MaxSlots is how many slots a week may have.
const MaxSlots = 50

// Check tells what is wrong with a slot; nil when nothing is.
func (s Slot) Check() error {
	if len(s.Weekdays) == 0 || len(s.Weekdays) > 7 {
		return fmt.Errorf("has %d weekdays, 1 to 7 are possible", len(s.Weekdays))
	}
	for _, d := range s.Weekdays {
		if d < 1 || d > 7 {
			return fmt.Errorf("%d is no day of the week; they count from 1 for Monday to 7 for Sunday", d)
		}
	}
	for _, text := range []string{s.Start, s.End} {
		if _, err := time.Parse("15:04", text); err != nil || len(text) != 5 {
			return fmt.Errorf("%q is not a time of day like 09:30", text)
		}
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil {
		return fmt.Errorf("%q is not the name of a time zone", s.Timezone)
	}
	return nil
}

// Open tells whether a moment lies in one of the slots, read in the zone where they name none. No slot means always.
func Open(slots []Slot, at time.Time, zone *time.Location) bool {
	for _, s := range slots {
		if s.holds(at, zone) {
			return true
		}
	}
	return len(slots) == 0
}

// Available tells whether a moment lies in one of the slots, as Open does, or on a day that none of them is on.
func Available(slots []Slot, at time.Time, zone *time.Location) bool {
	for _, s := range slots {
		if s.on(at.In(s.zone(zone)).Weekday()) {
			return Open(slots, at, zone)
		}
	}
	return true
}

// OnDay tells whether one of the slots is on the day of a moment, at whatever time, each read in its own zone, else in the
// one given. No slot means always.
func OnDay(slots []Slot, at time.Time, zone *time.Location) bool {
	for _, s := range slots {
		if s.on(at.In(s.zone(zone)).Weekday()) {
			return true
		}
	}
	return len(slots) == 0
}

// zone is the slot's own zone, else the one given.
func (s Slot) zone(otherwise *time.Location) *time.Location {
	if s.Timezone != "" {
		if own, err := time.LoadLocation(s.Timezone); err == nil {
			return own
		}
	}
	return otherwise
}

func (s Slot) holds(at time.Time, zone *time.Location) bool {
	local := at.In(s.zone(zone))
	now := local.Format("15:04")
	today := s.on(local.Weekday())
	if s.Start < s.End {
		return today && s.Start <= now && now < s.End
	}
	return today && s.Start <= now || s.on((local.Weekday()+6)%7) && now < s.End
}

func (s Slot) on(day time.Weekday) bool {
	for _, d := range s.Weekdays {
		if time.Weekday(d%7) == day {
			return true
		}
	}
	return false
}
