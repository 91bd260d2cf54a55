package row

import (
	"fmt"
	"time"

	"github.com/rapidbott/tideboard/server/money"
)

// Micros is an instant stored as microseconds since 1970.
type Micros struct{ time.Time }

// Scan reads a column of microseconds.
func (m *Micros) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("row: microseconds of %T", v)
	}
	m.Time = time.UnixMicro(n).UTC()
	return nil
}

// StageSpan is a stay of a record in a stage. LeftAt is nil while it lasts; then its length counts to the moment it is
// looked at.
type StageSpan struct {
	RecordID           string
	PipelineID         string
	StageID            string
	FromStageID        *string
	Entered            Micros
	Left               *Micros
	Cause              string
	Actor              Actor
	Minor              *int64
	Currency           string
	ProbabilityAtEntry int
	Length             time.Duration

	// Stage and FromStage are nil where the viewer may not see them.
	Stage     *Stage
	FromStage *Stage
}

// StageSpanColumns are the columns of Dest, in its order.
var StageSpanColumns = cols("record_id pipeline_id stage_id from_stage_id entered_at left_at cause actor value_at_entry currency probability_at_entry")

// Dest gives what to scan StageSpanColumns into.
func (s *StageSpan) Dest() []any {
	return []any{&s.RecordID, &s.PipelineID, &s.StageID, &s.FromStageID, &s.Entered, &s.Left, &s.Cause, &s.Actor, &s.Minor, &s.Currency, &s.ProbabilityAtEntry}
}

// EnteredAt is when the stay began.
func (s *StageSpan) EnteredAt() time.Time { return s.Entered.Time }

// LeftAt is when it ended; nil while it lasts.
func (s *StageSpan) LeftAt() *time.Time { return instantOf(s.Left) }

// ValueAtEntry is what the record was worth then; nil when unknown.
func (s *StageSpan) ValueAtEntry() *money.Money {
	return (&Record{Minor: s.Minor, Currency: s.Currency}).Value()
}

// DurationSeconds is its length in whole seconds.
func (s *StageSpan) DurationSeconds() int { return seconds(s.Length) }

// DurationDays is its length in days with one decimal.
func (s *StageSpan) DurationDays() string { return Days(s.Length) }

// OwnerSpan is a time in which a record had an owner, or nobody. EndedAt is nil while it lasts; then its length counts
// to the moment it is looked at, or to when the record was closed.
type OwnerSpan struct {
	RecordID    string
	OwnerID     *string
	FromOwnerID *string
	Started     Micros
	Ended       *Micros
	Reason      *string
	ChangedBy   Actor
	Note        *string
	Length      time.Duration

	Owner     *Member
	FromOwner *Member
}

// OwnerSpanColumns are the columns of Dest, in its order.
var OwnerSpanColumns = cols("record_id owner_id from_owner_id started_at ended_at reason changed_by note")

// Dest gives what to scan OwnerSpanColumns into.
func (s *OwnerSpan) Dest() []any {
	return []any{&s.RecordID, &s.OwnerID, &s.FromOwnerID, &s.Started, &s.Ended, &s.Reason, &s.ChangedBy, &s.Note}
}

// StartedAt is when the ownership began.
func (s *OwnerSpan) StartedAt() time.Time { return s.Started.Time }

// EndedAt is when it ended; nil while it lasts.
func (s *OwnerSpan) EndedAt() *time.Time { return instantOf(s.Ended) }

// DurationSeconds is its length in whole seconds.
func (s *OwnerSpan) DurationSeconds() int { return seconds(s.Length) }

// DurationDays is its length in days with one decimal.
func (s *OwnerSpan) DurationDays() string { return Days(s.Length) }

// StageTime is how long a record has been in a stage, all its stays there together.
type StageTime struct {
	RecordID string
	StageID  string
	Visits   int
	Length   time.Duration

	Stage *Stage
}

// DurationSeconds is the time in whole seconds.
func (s *StageTime) DurationSeconds() int { return seconds(s.Length) }

// DurationDays is the time in days with one decimal.
func (s *StageTime) DurationDays() string { return Days(s.Length) }

func instantOf(m *Micros) *time.Time {
	if m == nil {
		return nil
	}
	return &m.Time
}

func seconds(d time.Duration) int { return int(max(0, d) / time.Second) }

// Days writes a duration in days with one decimal, rounded half up.
func Days(d time.Duration) string {
	const tenth = 24 * time.Hour / 10
	n := (max(0, d) + tenth/2) / tenth
	return fmt.Sprintf("%d.%d", n/10, n%10)
}
