package crm

import (
	"context"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/predicate"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/span"
)

// RunReassignmentInput is nothing but the caller's mark: what is done follows from the settings.
type RunReassignmentInput struct{ ClientMutationID *string }

// RunReassignmentPayload tells what was given to whom.
type RunReassignmentPayload struct {
	Moves []*ReassignmentMove
	// WithoutReceiverCount are idle records that nobody but their owner could take.
	WithoutReceiverCount int
	// RemainingCount are those that are still to be given away, beyond MaxBatch.
	RemainingCount   int
	Revision         row.Revision
	ClientMutationID *string
}

// MovedCount is how many records changed hands.
func (p *RunReassignmentPayload) MovedCount() int { return len(p.Moves) }

// ReassignmentMove is a record that changed hands.
type ReassignmentMove struct {
	RecordID     string
	FromMemberID string
	ToMemberID   string
}

// RunReassignment gives idle records to other members now, at most MaxBatch in one commit, by the settings whether or not
// the daily run is on (spec records, section 11). Without a receiver nothing changes, and the audit log says so. Needs a
// member's session with ManageSettings. In the log it stands as the caller's, by the door of automation.
func (s *Service) RunReassignment(ctx context.Context, in RunReassignmentInput) (*RunReassignmentPayload, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	as := *viewer.FromContext(ctx)
	as.Source = viewer.ByAutomation
	out := &RunReassignmentPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(viewer.NewContext(ctx, &as), in.ClientMutationID, out, func(tx *Tx) error {
		done, err := tx.reassign(false)
		if err != nil {
			return err
		}
		out.Moves, out.WithoutReceiverCount, out.RemainingCount = done.moves, done.without, done.remaining
		return nil
	})
	out.Revision = rev
	return out, err
}

// reassignment is what one commit of a run did.
type reassignment struct {
	moves              []*ReassignmentMove
	without, remaining int
}

// reassign gives up to MaxBatch idle records to the receivers in turn. It is no activity on them; that they were given
// away just now keeps the same run from doing so again.
func (tx *Tx) reassign(daily bool) (*reassignment, error) {
	rules, zone, err := tx.recordRules()
	if err != nil {
		return nil, err
	}
	list, err := tx.receivers(rules, zone, daily)
	if err != nil {
		return nil, err
	}
	out, idle := &reassignment{moves: []*ReassignmentMove{}}, idleRecords(rules, tx.now)
	switch len(list) {
	case 0:
		out.without, err = tx.ent.Record.Query().Where(idle...).Count(tx.ctx)
		return out, orNil(err, func() error { return tx.auditReassignment(out) })
	case 1:
		if out.without, err = tx.ent.Record.Query().Where(append(slices.Clone(idle), record.OwnerID(list[0]))...).Count(tx.ctx); err != nil {
			return nil, err
		}
		idle = append(idle, record.OwnerIDNEQ(list[0]))
	}
	if err := tx.takeTurns(out, list, idle); err != nil {
		return nil, err
	}
	return out, tx.auditReassignment(out)
}

// orNil is an error, or what follows when there is none.
func orNil(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

// idleRecords are those that are to be given away: OPEN, owned, and for so many days neither worked on nor given away.
func idleRecords(rules RecordSettings, now time.Time) []predicate.Record {
	before := now.Add(-time.Duration(rules.AutoReassignDays) * 24 * time.Hour)
	out := []predicate.Record{record.StatusEQ(record.StatusOPEN), record.OwnerIDNotNil(), record.DeletedAtIsNil(), record.LastActivityAtLTE(before),
		record.Or(record.LastReassignedAtIsNil(), record.LastReassignedAtLTE(before))}
	if len(rules.AutoReassignPipelineIds) > 0 {
		out = append(out, record.PipelineIDIn(rules.AutoReassignPipelineIds...))
	}
	return out
}

// takeTurns gives records to others than their owners, of whom there is one for each.
func (tx *Tx) takeTurns(out *reassignment, list []string, idle []predicate.Record) error {
	last, err := tx.lastTurn()
	if err != nil {
		return err
	}
	found, err := tx.ent.Record.Query().Where(append(slices.Clone(idle), tx.lock)...).Order(record.ByID()).Limit(MaxBatch).All(tx.ctx)
	if err != nil || len(found) == 0 {
		return err
	}
	to := map[string][]*ent.Record{}
	for _, r := range found {
		last = turn(list, last, *r.OwnerID)
		to[last] = append(to[last], r)
		out.moves = append(out.moves, &ReassignmentMove{r.ID, *r.OwnerID, last})
		tx.because(r.ID, span.Note{Automatic: true})
	}
	for _, owner := range list {
		if err := tx.reassignTo(owner, to[owner]); err != nil {
			return err
		}
	}
	if err := tx.tookTurn(last); err != nil || len(found) < MaxBatch {
		return err
	}
	out.remaining, err = tx.ent.Record.Query().Where(idle...).Count(tx.ctx)
	return err
}

func (tx *Tx) reassignTo(owner string, records []*ent.Record) error {
	return batches(records, func(r *ent.Record) string { return r.ID }, func(ids []string) error {
		return tx.ent.Record.Update().Where(record.IDIn(ids...)).SetOwnerID(owner).SetLastReassignedAt(tx.now).AddVersion(1).SetUpdatedAt(tx.now).
			SetUpdatedBy(tx.viewer.Actor()).Exec(tx.ctx)
	})
}

// auditReassignment notes what was given away, and that something could not be.
func (tx *Tx) auditReassignment(done *reassignment) error {
	counts := map[string]any{"moved": len(done.moves), "without_receiver": done.without}
	switch {
	case len(done.moves) > 0:
		return tx.Audit("records.reassigned", "", counts)
	case done.without > 0:
		return tx.Audit("records.reassignment_without_receiver", "", counts)
	}
	return nil
}
