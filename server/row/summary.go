package row

import (
	"time"

	"github.com/rapidbott/tideboard/server/money"
)

// Summary is what the records of a pipeline come to, of those a viewer sees.
type Summary struct {
	RecordCount     int
	Open, Won, Lost int
	// Totals are of all records, OpenTotals of the OPEN ones; the workspace's currency first, then by code.
	Totals, OpenTotals []money.Total
	// AverageValue is the mean per currency, without the WithoutValue records that have no value.
	AverageValue []money.Money
	WithoutValue int
	// Overdue, Stale and Unassigned count OPEN records.
	Overdue, Stale, Unassigned int
	LastActivityAt             *time.Time
}

// WinRate is WON / (WON + LOST); nil when nothing is closed.
func (s *Summary) WinRate() *float64 {
	if s.Won+s.Lost == 0 {
		return nil
	}
	rate := float64(s.Won) / float64(s.Won+s.Lost)
	return &rate
}
