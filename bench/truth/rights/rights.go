// Package rights follows, from what the owner was told, which members see all records and from which revision on. Where an
// answer was lost it says that it does not know, and within which bounds.
package rights

import (
	"sync"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// Book is what is known of the members whose right changes during a run. Its zero value knows nobody.
type Book struct {
	mu      sync.Mutex
	members map[string]*history
}

// history is one member's right: as it was at the start, and its turns in their order.
type history struct {
	initial bool
	turns   []turn
	pending *board.Revision // a turn is under way; it comes after this revision
	epoch   int
}

// turn is a change of the right at a revision after `from`, and at `upTo` at the latest.
type turn struct {
	from, upTo board.Revision
	sees       bool
}

// Standing is a right at the moment. Certain is false while it is being changed; two equal standings that are certain say
// that nothing changed in between.
type Standing struct {
	Sees, Certain bool
	epoch         int
}

// Follow enters a member with the right it begins with.
func (b *Book) Follow(memberID string, sees bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.members == nil {
		b.members = map[string]*history{}
	}
	b.members[memberID] = &history{initial: sees}
}

// Follows tells whether a member's right may change.
func (b *Book) Follows(memberID string) bool {
	if b == nil {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.members[memberID] != nil
}

// Begin notes that a member's right is about to change, after a revision. The member must be followed.
func (b *Book) Begin(memberID string, after board.Revision) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.members[memberID]
	h.pending, h.epoch = &after, h.epoch+1
}

// End notes that the right has changed: after one revision, and at another at the latest.
func (b *Book) End(memberID string, from, upTo board.Revision, sees bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.members[memberID]
	h.turns, h.pending = append(h.turns, turn{from, upTo, sees}), nil
}

// Now is a followed member's right at the moment.
func (b *Book) Now(memberID string) Standing {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.members[memberID]
	s := Standing{Sees: h.initial, Certain: h.pending == nil, epoch: h.epoch}
	if n := len(h.turns); n > 0 {
		s.Sees = h.turns[n-1].sees
	}
	return s
}

// At is the right a followed member had at a revision; false when it is not known.
func (b *Book) At(memberID string, r board.Revision) (sees, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.members[memberID]
	sees = h.initial
	for _, t := range h.turns {
		switch {
		case r >= t.upTo:
			sees = t.sees
		case r > t.from:
			return false, false
		default:
			return sees, true
		}
	}
	return sees, h.pending == nil || r <= *h.pending
}
