package crm

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// MaxTargets is how many targets a workspace has at most.
const MaxTargets = 1000

// SetTargetInput says what is to be reached, and when; see the SDL.
type SetTargetInput struct {
	PipelineID       *string
	Unit             string
	Day              string
	Amount           string
	Currency         *string
	ClientMutationID *string
}

// SetTargetPayload is the target as it is now.
type SetTargetPayload struct {
	Target           *row.Target
	Revision         row.Revision
	ClientMutationID *string
}

// DeleteTargetInput says which target goes.
type DeleteTargetInput struct {
	ID               string
	ClientMutationID *string
}

// DeleteTargetPayload tells what was deleted.
type DeleteTargetPayload = DeleteRecordPayload

// SetTarget sets what a pipeline, or the workspace, is to reach in a month or quarter, in one currency. Needs
// ManagePipelines; for the workspace's a viewer that is not narrowed. LIMIT_EXCEEDED beyond MaxTargets. The same amount
// again writes nothing.
func (s *Service) SetTarget(ctx context.Context, in SetTargetInput) (*SetTargetPayload, error) {
	if err := maySetTarget(ctx, in.PipelineID == nil); err != nil {
		return nil, err
	}
	t, err := newTarget(in, viewer.FromContext(ctx).Currency)
	if err != nil {
		return nil, err
	}
	out := &SetTargetPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		if in.PipelineID != nil {
			if _, err := tx.pipeline("input.pipelineId", *in.PipelineID, false); err != nil {
				return err
			}
		}
		next := *t
		next.ID, next.UpdatedBy, next.UpdatedAt = tx.NewID(typeid.Target), row.Actor(tx.viewer.Actor()), tx.now
		out.Target, err = tx.setTarget(next)
		return err
	})
	out.Revision = rev
	return out, err
}

func maySetTarget(ctx context.Context, whole bool) error {
	if whole {
		return permitWhole(ctx, viewer.ManagePipelines)
	}
	return permit(ctx, viewer.ManagePipelines)
}

// newTarget checks an input.
func newTarget(in SetTargetInput, currency string) (*row.Target, error) {
	c := &checker{}
	c.kind("input.pipelineId", typeid.Pipeline, in.PipelineID)
	c.date("input.day", &in.Day)
	t := &row.Target{Unit: in.Unit, Currency: currency}
	if in.PipelineID != nil {
		t.Scope = *in.PipelineID
	}
	if in.Currency != nil {
		t.Currency = *in.Currency
	}
	var err error
	t.Minor, err = money.Parse(in.Amount, t.Currency)
	if f := fault.Of(err); f != nil {
		c.Take("input."+f.Details[0].Field, err)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	t.Start = startOf(in.Unit, in.Day)
	return t, nil
}

// startOf is the first day of the month or quarter that a day is in.
func startOf(unit, day string) string {
	at, _ := time.Parse(time.DateOnly, day)
	first := at.Month()
	if unit == "QUARTER" {
		first = (first-1)/3*3 + 1
	}
	return time.Date(at.Year(), first, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// setTarget writes a target in the place of the one there is for its period.
func (tx *Tx) setTarget(t row.Target) (*row.Target, error) {
	if _, err := tx.number("targets"); err != nil { // one at a time
		return nil, err
	}
	old, err := tx.oneTarget(tx.begin().Add("SELECT ").Columns("t", row.TargetColumns).Add(" FROM targets t WHERE ").Workspace("t").
		Add(" AND t.scope = ? AND t.unit = ? AND t.start = ? AND t.currency = ?", t.Scope, t.Unit, t.Start, t.Currency))
	if err != nil {
		return nil, err
	}
	kind := "target.created"
	switch {
	case old != nil && old.Minor == t.Minor:
		return old, nil
	case old != nil:
		kind, t.ID = "target.updated", old.ID
	default:
		n := 0
		if err := tx.one(tx.begin().Add("SELECT COUNT(*) FROM targets t WHERE ").Workspace("t"), &n); err != nil || n >= MaxTargets {
			return nil, orLimit(err, "a workspace has at most %d targets", MaxTargets)
		}
	}
	by, err := json.Marshal(viewer.Actor(t.UpdatedBy))
	if err != nil {
		return nil, err
	}
	if _, err := tx.run(tx.begin().Upsert("targets", []string{"id"}, row.TargetColumns[1:], t.ID, t.Scope, t.Unit, t.Start, t.Currency, t.Minor,
		string(by), t.UpdatedAt)); err != nil {
		return nil, err
	}
	return &t, tx.tellTarget(kind, old, &t)
}

// DeleteTarget takes a target back. Needs what SetTarget needs.
func (s *Service) DeleteTarget(ctx context.Context, in DeleteTargetInput) (*DeleteTargetPayload, error) {
	if err := maySetTarget(ctx, false); err != nil {
		return nil, err
	}
	if err := wrongKind("input.id", typeid.Target, in.ID); err != nil {
		return nil, err
	}
	out := &DeleteTargetPayload{DeletedID: in.ID, ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		if _, err := tx.number("targets"); err != nil {
			return err
		}
		old, err := tx.oneTarget(tx.begin().Add("SELECT ").Columns("t", row.TargetColumns).Add(" FROM targets t WHERE ").Targets("t").
			Add(" AND t.id = ?", in.ID))
		if err == nil && old == nil {
			err = fault.NotFound("input.id", typeid.Name(typeid.Target), in.ID)
		}
		if err != nil {
			return err
		}
		if _, err := tx.run(tx.begin().Add("DELETE FROM targets AS t WHERE ").Workspace("t").Add(" AND t.id = ?", old.ID)); err != nil {
			return err
		}
		return tx.tellTarget("target.deleted", old, nil)
	})
	out.Revision = rev
	return out, err
}

func (tx *Tx) oneTarget(b *scope.Builder) (*row.Target, error) {
	t := &row.Target{}
	err := tx.one(b, t.Dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return t, err
}

// tellTarget puts the change of a target into the log and the audit log.
func (tx *Tx) tellTarget(kind string, old, now *row.Target) error {
	told := func(t *row.Target) map[string]any {
		if t == nil {
			return nil
		}
		return map[string]any{"id": t.ID, "pipeline_id": t.PipelineID(), "unit": t.Unit, "start": t.Start, "currency": t.Currency, "amount": t.Amount()}
	}
	about := now
	if now == nil {
		about = old
	}
	if err := tx.Say(kind, "target", about.ID, told(about)); err != nil {
		return err
	}
	return tx.Audit(kind, about.ID, map[string]any{"old": told(old), "new": told(now)})
}
