package row

import (
	"time"

	"github.com/rapidbott/tideboard/server/money"
)

// Forecast is what records are expected to bring, of those a viewer sees.
type Forecast struct {
	// From and To are the first and the last day; nil without a period.
	From, To   *string
	TimeZone   string
	Revision   Revision
	ComputedAt time.Time
	ForecastPart
	Groups []*ForecastGroup
}

// ForecastPart is the figures of a forecast, or of one group of it.
type ForecastPart struct {
	// Currencies has the workspace's currency first, then goes by code.
	Currencies       []*ForecastLine
	OpenWithoutValue int
	WonWithoutValue  int
	// Undated and Overdue are OPEN records; with a period they are in no line.
	Undated, Overdue []money.Total
}

// ForecastGroup is the part of one owner, or of one pipeline; both ids are nil for records without an owner.
type ForecastGroup struct {
	OwnerID    *string
	PipelineID *string
	ForecastPart
}

// ForecastLine is a forecast in one currency; amounts are decimals.
type ForecastLine struct {
	Currency       string
	OpenCount      int
	Open           string
	Weighted       string
	WonCount       int
	Won            string
	Total          string
	Target         *string
	Gap            *string
	ReachedPercent *float64
}

// Target is what is to be reached in a month or quarter.
type Target struct {
	ID string
	// Scope is a pipeline's id; empty for the workspace.
	Scope    string
	Unit     string
	Start    string
	Currency string
	// Minor is in minor units of the currency.
	Minor     int64
	UpdatedBy Actor
	UpdatedAt time.Time
}

// TargetColumns are the columns of Dest, in its order.
var TargetColumns = cols("id scope unit start currency amount updated_by updated_at")

// Dest gives what to scan TargetColumns into.
func (t *Target) Dest() []any {
	return []any{&t.ID, &t.Scope, &t.Unit, &t.Start, &t.Currency, &t.Minor, &t.UpdatedBy, utc{&t.UpdatedAt}}
}

// PipelineID is nil for a target of the whole workspace.
func (t *Target) PipelineID() *string {
	if t.Scope == "" {
		return nil
	}
	return &t.Scope
}

// Amount is a decimal.
func (t *Target) Amount() string { return money.Format(t.Minor, t.Currency) }
