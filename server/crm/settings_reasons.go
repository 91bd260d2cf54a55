package crm

import (
	"regexp"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
)

// LostReason is a reason by which a record can be lost: records keep the key, people read the label.
type LostReason struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// maxReasonKey is how long the key of a reason is at most.
const maxReasonKey = 50

var reasonKey = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)

// defaultLostReasons are those of a workspace that set none, for sales and for tickets.
func defaultLostReasons() []*LostReason {
	return []*LostReason{{"price", "Price"}, {"competitor", "Competitor"}, {"timing", "Timing"}, {"no_budget", "No budget"}, {"no_need", "No need"},
		{"no_response", "No response"}, {"other", "Other"}}
}

// lostReasons are different reasons, in their order; two of the same label could not be told apart.
func lostReasons(c *checker, field string, list []*LostReason) []*LostReason {
	keys, labels := map[string]bool{}, map[string]bool{}
	for i, r := range list {
		at := pathOf(field, i)
		if !reasonKey.MatchString(r.Key) || len(r.Key) > maxReasonKey {
			c.Add(at+".key", "is not made of small letters and digits, parted by single _ or -, at most %d", maxReasonKey)
		} else if keys[r.Key] {
			c.AddCode(at+".key", fault.Duplicate, "%q is given before", r.Key)
		}
		r.Label = c.required(at+".label", r.Label, 100)
		label := fold.Key(r.Label)
		if label != "" && labels[label] {
			c.AddCode(at+".label", fault.Duplicate, "%q is given before", r.Label)
		}
		keys[r.Key], labels[label] = true, true
	}
	if len(list) > maxRules {
		c.Add(field, "has %d reasons, at most %d are possible", len(list), maxRules)
	}
	return list
}
