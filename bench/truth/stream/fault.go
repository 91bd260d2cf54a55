package stream

import (
	"fmt"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// Fault is a way to break a stream on purpose.
type Fault string

// The faults. They touch commits only: other frames pass.
const (
	NoFault Fault = "none"
	Drop    Fault = "drop"
	Double  Fault = "double"
	Reorder Fault = "reorder"
)

// ParseFault reads the name of a fault.
func ParseFault(s string) (Fault, error) {
	switch f := Fault(s); f {
	case NoFault, Drop, Double, Reorder:
		return f, nil
	}
	return "", fmt.Errorf("unknown fault %q: none, drop, double or reorder", s)
}

// Injector breaks one stream once, as soon as it is armed. The zero value lets everything pass.
type Injector struct {
	Fault Fault
	// Armed tells whether the run is warm enough.
	Armed func() bool
	// Injected is called with the revision that was broken.
	Injected func(board.Revision)

	spent bool
	kept  *board.Frame
}

// Pass takes a frame as it came and gives the frames as they are to be believed.
func (in *Injector) Pass(f *board.Frame) []*board.Frame {
	if f.Type == board.TypeSnapshot {
		in.spent = false // a new board hides what was broken before: break again
	}
	if in.kept != nil {
		kept := in.kept
		if f.Type != board.TypeCommit {
			in.kept = nil
			return []*board.Frame{kept, f}
		}
		in.kept = nil
		in.done(kept)
		return []*board.Frame{f, kept}
	}
	if in.spent || in.Armed == nil || f.Type != board.TypeCommit || !matters(f) || !in.Armed() {
		return []*board.Frame{f}
	}
	switch in.Fault {
	case Drop:
		in.done(f)
		return nil
	case Double:
		in.done(f)
		return []*board.Frame{f, f}
	case Reorder:
		in.kept = f
		return nil
	}
	return []*board.Frame{f}
}

// matters tells whether a commit changed more than what links show: that is always as of now, so that a commit which says
// nothing else may well be missed and nobody the poorer.
func matters(f *board.Frame) bool {
	return slices.ContainsFunc(f.Cards, func(c board.Change) bool {
		return c.Kind != "UPDATED" || slices.ContainsFunc(c.ChangedFields, func(field string) bool {
			return field != "owner" && field != "contact" && field != "company"
		})
	})
}

// Reset lets go of a frame that was kept for a swap: its connection is over.
func (in *Injector) Reset() { in.kept = nil }

func (in *Injector) done(f *board.Frame) {
	in.spent = true
	if in.Injected != nil {
		in.Injected(f.Revision)
	}
}
