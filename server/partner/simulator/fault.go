package simulator

import (
	"errors"
	"fmt"
	"slices"
)

// Kind is a way to fail.
type Kind string

// The ways to fail.
const (
	// FaultPass answers as if there were no fault; it stands between others.
	FaultPass Kind = "pass"
	// FaultStatus answers with Fault.Status, and with Fault.RetryAfter if that is set.
	FaultStatus Kind = "status"
	// FaultSlow answers well, but after Fault.DelayMS milliseconds.
	FaultSlow Kind = "slow"
	// FaultHang says nothing until it is cleared, then answers well.
	FaultHang Kind = "hang"
	// FaultCut closes the connection in place of an answer; the question has no effect.
	FaultCut Kind = "cut"
	// FaultCutAfter does what was asked and then closes the connection in place of the answer.
	FaultCutAfter Kind = "cut_after"
	// FaultTruncate closes the connection in the middle of the answer.
	FaultTruncate Kind = "truncate"
	// FaultGarbage answers 200 with a page of HTML.
	FaultGarbage Kind = "garbage"
	// FaultTypes answers with each number and truth turned into a text and each text into a number.
	FaultTypes Kind = "types"
	// FaultOther answers about the workspace Fault.Instead.
	FaultOther Kind = "other"
	// FaultHuge answers 200 with five million spaces before the right answer.
	FaultHuge Kind = "huge"
	// FaultRedirect answers 307 to Fault.Location.
	FaultRedirect Kind = "redirect"
	// FaultPlan answers as if the workspace had Fault.Plan: a partner that changes its mind.
	FaultPlan Kind = "plan"
	// FaultTotal answers with Fault.Total for the number of members.
	FaultTotal Kind = "total"
	// FaultBody answers 200 with Fault.Body.
	FaultBody Kind = "body"
)

var kinds = []Kind{FaultPass, FaultStatus, FaultSlow, FaultHang, FaultCut, FaultCutAfter, FaultTruncate, FaultGarbage, FaultTypes, FaultOther,
	FaultHuge, FaultRedirect, FaultPlan, FaultTotal, FaultBody}

// Fault makes answers fail. Faults lie in a row: a question takes the first one that fits it.
type Fault struct {
	// ID is given by Inject.
	ID   int  `json:"id"`
	Kind Kind `json:"kind"`
	// Route is one of Routes, or empty for all. Workspace is the id asked about, or empty for all.
	Route     string `json:"route,omitempty"`
	Workspace string `json:"workspace,omitempty"`
	// Times is how many answers it spoils; 0 is until it is cleared.
	Times int `json:"times,omitempty"`

	Status     int    `json:"status,omitempty"`
	RetryAfter string `json:"retry_after,omitempty"`
	DelayMS    int    `json:"delay_ms,omitempty"`
	Instead    string `json:"instead,omitempty"`
	Location   string `json:"location,omitempty"`
	Plan       *Plan  `json:"plan,omitempty"`
	Total      int    `json:"total,omitempty"`
	Body       string `json:"body,omitempty"`

	used int
	// cleared is closed when the fault is cleared.
	cleared chan struct{}
}

// check says what is wrong with a fault.
func (f Fault) check() error {
	switch {
	case !slices.Contains(kinds, f.Kind):
		return fmt.Errorf("there is no kind %q", f.Kind)
	case f.Route != "" && !slices.Contains(Routes, f.Route):
		return fmt.Errorf("there is no route %q", f.Route)
	case f.Times < 0 || f.DelayMS < 0 || f.DelayMS > 600_000:
		return errors.New("times must not be negative, delay_ms must be 0 to 600000")
	case f.Kind == FaultStatus && (f.Status < 200 || f.Status > 599):
		return errors.New("status must be 200 to 599")
	case f.Kind == FaultPlan && f.Plan == nil:
		return errors.New("plan is missing")
	}
	return nil
}

// Inject adds a fault behind the others and gives its id.
func (s *Simulator) Inject(f Fault) (id int, err error) {
	if err := f.check(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastFault++
	f.ID, f.cleared = s.lastFault, make(chan struct{}) // never sent to: closed at the end
	s.faults = append(s.faults, &f)
	return f.ID, nil
}

// Faults gives the faults that are still to come.
func (s *Simulator) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		if !f.spent() {
			out = append(out, *f)
		}
	}
	return out
}

// Clear ends the fault of that id, 0 for all. Answers that hang are given.
func (s *Simulator) Clear(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = slices.DeleteFunc(s.faults, func(f *Fault) bool {
		if id != 0 && f.ID != id {
			return false
		}
		close(f.cleared)
		return true
	})
}

func (f *Fault) spent() bool { return f.Times > 0 && f.used >= f.Times }

// next takes the first fault that fits a question; nil for none. Under the lock. What hangs stays in the row when it
// is spent, for Clear to find.
func (s *Simulator) next(route, workspace string) *Fault {
	for i, f := range s.faults {
		if f.spent() || f.Route != "" && f.Route != route || f.Workspace != "" && f.Workspace != workspace {
			continue
		}
		if f.used++; f.spent() && f.Kind != FaultHang {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return f
	}
	return nil
}
