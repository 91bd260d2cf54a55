package access

import (
	"errors"
	"slices"
	"strings"
)

// DefaultPlans is the ladder of the partner's plans when the deployment names none.
const DefaultPlans = "free,starter,pro|professional,business,enterprise"

// DefaultMinimum is the lowest plan that makes eligible when the deployment names none.
const DefaultMinimum = "pro"

// Plans knows which of the partner's plans make a workspace eligible.
type Plans struct{ enough map[string]bool }

// ParsePlans reads the ladder of plan codes, the lowest first, parted by commas; codes of the same rank are parted by a
// bar. Plans from the minimum upwards make eligible, those below it and unknown ones do not. Upper and lower case are
// one. It fails when the minimum is not on the ladder or is its lowest plan, and for a code that is empty or twice there.
func ParsePlans(ladder, minimum string) (Plans, error) {
	p, seen, rank := Plans{map[string]bool{}}, map[string]bool{}, 0
	minimum = planCode(minimum)
	reached := false
	for step := range strings.SplitSeq(ladder, ",") {
		codes := strings.Split(step, "|")
		for i := range codes {
			codes[i] = planCode(codes[i])
		}
		reached = reached || slices.Contains(codes, minimum)
		if reached && rank == 0 {
			return Plans{}, errors.New("the lowest plan cannot be the one that makes eligible")
		}
		for _, c := range codes {
			if c == "" || seen[c] {
				return Plans{}, errors.New("a plan code is empty or stands there twice")
			}
			seen[c] = true
			if reached {
				p.enough[c] = true
			}
		}
		rank++
	}
	if !reached {
		return Plans{}, errors.New("the plan that makes eligible is not on the ladder")
	}
	return p, nil
}

func planCode(text string) string { return strings.ToLower(strings.TrimSpace(text)) }
