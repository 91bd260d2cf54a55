package crm

import (
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/server/fault"
)

// closing is what a caller says about how a record enters a stage.
type closing struct {
	probability *int
	reason, key *string
	// whole says that a record which is lost already has this reason and key from now on, also when they are null; else
	// it keeps its own where neither is given.
	whole bool
}

// reasoned tells whether it says why a record is lost.
func (cl closing) reasoned() bool { return cl.reason != nil || cl.key != nil }

// closing reads how a record enters a stage.
func (c *checker) closing(path string, probability *int, reason, key *string) closing {
	return closing{probability: probability, reason: c.text(path+".lostReason", reason, 500), key: c.text(path+".lostReasonKey", key, maxReasonKey)}
}

// needsReason tells whether entering a stage takes a reason: a LOST one, by its pipeline or by the settings.
func (tx *Tx) needsReason(target *ent.Stage) (bool, error) {
	if target.Kind != stage.KindLOST {
		return false, nil
	}
	return tx.asksReason(target.PipelineID)
}

// asksReason tells whether lost records of a pipeline need a reason; it looks once for each.
func (tx *Tx) asksReason(pipelineID string) (bool, error) {
	if asks, known := tx.reasons[pipelineID]; known {
		return asks, nil
	}
	p, err := tx.ent.Pipeline.Get(tx.ctx, pipelineID)
	if err != nil {
		return false, err
	}
	asks := p.RequireLostReason
	if !asks {
		rules, _, err := tx.recordRules()
		if err != nil {
			return false, err
		}
		asks = rules.RequireLostReason
	}
	if tx.reasons == nil {
		tx.reasons = map[string]bool{}
	}
	tx.reasons[pipelineID] = asks
	return asks, nil
}

// keepReason refuses to take from a record that stays lost the reason that it has and needs.
func (tx *Tx) keepReason(cur *ent.Record, next ent.Record) error {
	had, has := closing{reason: cur.LostReason, key: cur.LostReasonKey}, closing{reason: next.LostReason, key: next.LostReasonKey}
	if next.Status != record.StatusLOST || !had.reasoned() || has.reasoned() {
		return nil
	}
	asks, err := tx.asksReason(next.PipelineID)
	if err == nil && asks {
		err = reasonMissing("input")
	}
	return err
}

// listed refuses a reason that a record has now and had not before, and that the workspace's list does not have. Only where
// there is a new one the list is looked at; a record keeps a reason that was taken from the list.
func (tx *Tx) listed(cur *ent.Record, next ent.Record, path string) error {
	if same(cur.LostReasonKey, next.LostReasonKey) {
		return nil
	}
	return tx.reasonListed(path, next.LostReasonKey)
}

// reasonListed refuses the key of a reason that the workspace's list does not have; null is none.
func (tx *Tx) reasonListed(path string, key *string) error {
	if key == nil {
		return nil
	}
	rules, _, err := tx.recordRules()
	if err != nil || slices.ContainsFunc(rules.LostReasons, func(r *LostReason) bool { return r.Key == *key }) {
		return err
	}
	return fault.At(path+".lostReasonKey", fault.ValidationFailed, "%q is none of the reasons of the setting records.lost_reasons", *key)
}

// reasonTaken notes a key that the workspace's list does not have.
func (tx *Tx) reasonTaken(c *checker, path string, key *string) error {
	err := tx.reasonListed(path, key)
	if fault.Of(err) == nil {
		return err
	}
	c.Take(path+".lostReasonKey", err)
	return nil
}

func reasonMissing(path string) error {
	return fault.At(path+".lostReason", fault.ValidationFailed, "this pipeline needs a reason for a lost record")
}

func reasonNotTaken(path string) error {
	return fault.At(path+".lostReason", fault.ValidationFailed, "only a LOST stage takes a reason")
}
