package mail

import "time"

// waits are the times between the tries: with the first one six within 24 hours.
var waits = []time.Duration{2 * time.Minute, 15 * time.Minute, 90 * time.Minute, 6 * time.Hour, 15 * time.Hour}

// maxTries is how often a mail is tried at most.
var maxTries = len(waits) + 1

// jitter is the part of a wait by which it is shorter or longer.
const jitter = 0.05

// verdict is what becomes of a mail.
type verdict struct {
	state string
	next  time.Time // when it is tried again, if it is
	word  string
}

// judge decides after a try. A mail that would be tried again only when it is worth nothing any more expires at once; one
// that somebody waits for fails at once when it expires at all: what was not sent is asked for again.
func judge(f *Failure, tries int, now time.Time, expires *time.Time, awaited bool, random float64) verdict {
	switch {
	case f == nil:
		return verdict{state: StateSent}
	case f.Word == Expired:
		return verdict{state: StateExpired, word: f.Word}
	case f.Permanent, tries >= maxTries, awaited && expires != nil:
		return verdict{state: StateFailed, word: f.Word}
	}
	wait := waits[tries-1]
	next := now.Add(wait + time.Duration((2*random-1)*jitter*float64(wait)))
	if expires != nil && !next.Before(*expires) {
		return verdict{state: StateExpired, word: f.Word}
	}
	return verdict{state: StateQueued, next: next, word: f.Word}
}
