package hours_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/hours"
)

func TestOpen(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	at := func(text string) time.Time {
		m, err := time.ParseInLocation("2006-01-02 15:04", text, berlin)
		require.NoError(t, err)
		return m
	}
	office := []hours.Slot{{Weekdays: []int{1, 2, 3, 4, 5}, Start: "09:00", End: "17:30"}, {Weekdays: []int{6}, Start: "22:00", End: "02:00"}}
	for text, want := range map[string]bool{
		"2026-11-23 09:00": true, "2026-11-23 08:59": false, "2026-11-27 17:29": true, "2026-11-27 17:30": false,
		"2026-11-22 12:00": false, "2026-11-21 23:00": true, "2026-11-22 01:59": true, "2026-11-22 02:00": false, "2026-11-21 01:00": false,
	} {
		require.Equal(t, want, hours.Open(office, at(text), berlin), text)
	}
	require.True(t, hours.Open(nil, at("2026-11-22 12:00"), berlin), "no slot means always")
	abroad := []hours.Slot{{Weekdays: []int{1}, Start: "09:00", End: "10:00", Timezone: "Asia/Tokyo"}}
	require.True(t, hours.Open(abroad, at("2026-11-23 01:30"), berlin))
	require.False(t, hours.Open(abroad, at("2026-11-23 09:30"), berlin))
}

func TestOnDay(t *testing.T) {
	at := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC) // a Friday, by Tokyo's clock a Saturday
	slot := func(zone string, days ...int) []hours.Slot {
		return []hours.Slot{{Weekdays: days, Start: "09:00", End: "17:00", Timezone: zone}}
	}
	require.True(t, hours.OnDay(nil, at, time.UTC), "no slot means always")
	require.True(t, hours.OnDay(slot("", 4, 5), at, time.UTC), "outside of its times all the same")
	require.False(t, hours.OnDay(slot("", 1, 4, 6, 7), at, time.UTC))
	require.False(t, hours.OnDay(slot("Asia/Tokyo", 5), at, time.UTC))
	require.True(t, hours.OnDay(slot("Asia/Tokyo", 6), at, time.UTC))
	require.True(t, hours.OnDay(append(slot("", 1), slot("", 5)...), at, time.UTC), "any of them")
}

func TestCheck(t *testing.T) {
	require.NoError(t, hours.Slot{Weekdays: []int{1}, Start: "09:00", End: "10:00", Timezone: "Asia/Tokyo"}.Check())
	for _, bad := range []hours.Slot{{Start: "09:00", End: "10:00"}, {Weekdays: []int{0}, Start: "09:00", End: "10:00"},
		{Weekdays: []int{8}, Start: "09:00", End: "10:00"}, {Weekdays: []int{1}, Start: "9:00", End: "10:00"},
		{Weekdays: []int{1}, Start: "09:00", End: "24:00"}, {Weekdays: []int{1}, Start: "09:00", End: "10:00", Timezone: "Mars/Olympus"}} {
		require.Error(t, bad.Check(), bad)
	}
}
