package stream

import (
	"fmt"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// Classify names what separates the commits a watcher received from those it should have received, both as they came and
// up to a revision where both are whole; nil when they are the same.
func Classify(received, want []board.Revision) *Breach {
	seen := map[board.Revision]bool{}
	var newest board.Revision
	for _, r := range received {
		switch {
		case seen[r]:
			return &Breach{Doubled, fmt.Sprintf("revision %s came twice", r)}
		case r < newest:
			return &Breach{OutOfOrder, fmt.Sprintf("revision %s came after revision %s", r, newest)}
		}
		seen[r], newest = true, r
	}
	for _, r := range want {
		if !seen[r] {
			return &Breach{Missing, fmt.Sprintf("revision %s never came; around it came %v, due was %v", r, around(received, r), around(want, r))}
		}
	}
	for _, r := range received {
		if !slices.Contains(want, r) {
			return &Breach{Superfluous, fmt.Sprintf("revision %s came but does not belong here; due was %v", r, around(want, r))}
		}
	}
	return nil
}

// UpTo are the revisions that are not beyond a limit, in their order.
func UpTo(revisions []board.Revision, limit board.Revision) []board.Revision {
	var out []board.Revision
	for _, r := range revisions {
		if r <= limit {
			out = append(out, r)
		}
	}
	return out
}

// Beyond are the revisions after a base, in their order.
func Beyond(revisions []board.Revision, base board.Revision) []board.Revision {
	var out []board.Revision
	for _, r := range revisions {
		if r > base {
			out = append(out, r)
		}
	}
	return out
}

func around(revisions []board.Revision, r board.Revision) []board.Revision {
	i, _ := slices.BinarySearch(revisions, r)
	return revisions[max(0, i-3):min(len(revisions), i+4)]
}
