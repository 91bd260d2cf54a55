package demo

import "time"

// PrepareAt is Prepare with the end of the workspace's past given.
var PrepareAt = prepare

// Instants are those of all steps, for a past that ends at the anchor.
func Instants(anchor time.Time) (out []time.Time, err error) {
	p, err := newPlan(anchor)
	if err != nil {
		return nil, err
	}
	for _, s := range p.steps {
		out = append(out, s.at)
	}
	return out, nil
}
