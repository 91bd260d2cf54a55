// Package stream holds the rules of a board's stream that need no board: revisions only grow, no change comes twice, a
// snapshot comes when and only when one is due, and nothing of the past comes after BoardReady. It also breaks streams on
// purpose, to prove that the checker notices, and names what a broken stream suffers from.
package stream

import (
	"fmt"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// Kind is what a stream can suffer from.
type Kind string

// The kinds of violation.
const (
	Missing     Kind = "missing"
	Doubled     Kind = "doubled"
	OutOfOrder  Kind = "out of order"
	Superfluous Kind = "superfluous"
	Protocol    Kind = "against the protocol"
	Content     Kind = "wrong content"
)

// Breach is a broken rule.
type Breach struct {
	Kind Kind
	Text string
}

// Error is the rule and how it was broken.
func (b *Breach) Error() string { return string(b.Kind) + ": " + b.Text }

// Tracker follows one watcher over all its connections.
type Tracker struct {
	last     board.Revision   // everything up to it is held
	base     board.Revision   // `received` begins after it
	received []board.Revision // commits since base, as they came
	held     bool             // a board is held
	resumed  bool             // this connection asked for what came after `last`
	ready    bool             // this connection has caught up
}

// Connect begins a connection and says what to ask for: everything after a revision, or (false) a snapshot.
func (t *Tracker) Connect() (after board.Revision, resume bool) {
	t.ready, t.resumed = false, t.held
	return t.last, t.held
}

// Last is the revision up to which everything is held.
func (t *Tracker) Last() board.Revision { return t.last }

// Held tells whether a board is held.
func (t *Tracker) Held() bool { return t.held }

// Ready tells whether the connection has caught up with the present.
func (t *Tracker) Ready() bool { return t.ready }

// Received are the revisions of the commits that came after base, in the order they came.
func (t *Tracker) Received() (base board.Revision, revisions []board.Revision) {
	return t.base, slices.Clone(t.received)
}

// Forget drops the record of what came up to a revision that has been checked.
func (t *Tracker) Forget(upTo board.Revision) {
	if upTo <= t.base {
		return
	}
	t.base = upTo
	t.received = slices.DeleteFunc(t.received, func(r board.Revision) bool { return r <= upTo })
}

// Note takes a frame in and says which rule it breaks, if any. A commit is noted also when it breaks one.
func (t *Tracker) Note(f *board.Frame) *Breach {
	switch f.Type {
	case board.TypeSnapshot:
		return t.snapshot(f.Revision)
	case board.TypeReady:
		return t.caughtUp(f.Revision)
	case board.TypeReset:
		return t.reset(f.Revision)
	}
	return t.commit(f.Revision)
}

func (t *Tracker) snapshot(r board.Revision) *Breach {
	switch {
	case t.held:
		return &Breach{Protocol, fmt.Sprintf("a snapshot of revision %s though the board of revision %s is held and nothing was reset", r, t.last)}
	case r < t.last:
		return &Breach{OutOfOrder, fmt.Sprintf("a snapshot of revision %s after revision %s", r, t.last)}
	}
	t.held, t.ready, t.last, t.base, t.received = true, true, r, r, nil
	return nil
}

func (t *Tracker) caughtUp(r board.Revision) *Breach {
	switch {
	case !t.held:
		return &Breach{Protocol, fmt.Sprintf("ready at revision %s, but no board is held", r)}
	case t.resumed && t.ready:
		return &Breach{Doubled, fmt.Sprintf("ready at revision %s a second time", r)}
	case r < t.last:
		return &Breach{OutOfOrder, fmt.Sprintf("ready at revision %s after revision %s", r, t.last)}
	}
	t.ready, t.last = true, r
	return nil
}

func (t *Tracker) reset(r board.Revision) *Breach {
	if r < t.last && t.held {
		return &Breach{OutOfOrder, fmt.Sprintf("a reset at revision %s after revision %s", r, t.last)}
	}
	t.held, t.ready, t.resumed = false, false, false
	return nil
}

func (t *Tracker) commit(r board.Revision) *Breach {
	if !t.held {
		return &Breach{Protocol, fmt.Sprintf("a commit of revision %s, but no board is held", r)}
	}
	seen := slices.Contains(t.received, r)
	t.received = append(t.received, r)
	switch {
	case seen || r == t.last:
		return &Breach{Doubled, fmt.Sprintf("revision %s came before, the last one was %s", r, t.last)}
	case r <= t.last:
		return &Breach{OutOfOrder, fmt.Sprintf("revision %s after revision %s", r, t.last)}
	}
	t.last = r
	return nil
}
