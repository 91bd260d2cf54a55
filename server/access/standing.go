package access

import (
	"context"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/partner"
)

const (
	// fresh is how long an answer about a running workspace holds.
	fresh = 5 * time.Minute
	// lastKnown is how long what runs goes on with the last answer while the partner is down.
	lastKnown = 24 * time.Hour
	// patience is how long a request of a running session waits for the partner while there is an answer to go on with.
	patience = 2 * time.Second
	// pause is how long the partner is not waited for after it kept such a request waiting in vain.
	pause = 30 * time.Second
	// maxPatient bounds the workspaces of which that is remembered.
	maxPatient = 10_000
)

// Mirror is what a workspace's row says of its eligibility.
type Mirror struct {
	WorkspaceID, PartnerWorkspaceID string
	// Eligibility is the last answer, CheckedAt when it was given; nil when none ever was.
	Eligibility string
	CheckedAt   *time.Time
}

// Standing tells whether a workspace that exists here may go on: nil, WORKSPACE_NOT_ELIGIBLE with the reason, or
// UPSTREAM_UNAVAILABLE when the partner has not been reached for 24 hours. Within five minutes of the last answer it
// reads nothing and asks nobody. After that the partner is asked, once for all who come; a change of its answer is
// written by a command, the rest of the mirror beside the log. Without a partner the mirror holds.
func (e *Eligibility) Standing(ctx context.Context, m Mirror) error {
	now := e.Now()
	if e.Partner == nil || m.CheckedAt != nil && now.Sub(*m.CheckedAt) < fresh {
		return verdict(m.Eligibility)
	}
	known := m.CheckedAt != nil && now.Sub(*m.CheckedAt) < lastKnown
	if known && e.waitedInVain(m.WorkspaceID, now) {
		return verdict(m.Eligibility)
	}
	asking, cancel := ctx, context.CancelFunc(func() {})
	if known {
		asking, cancel = context.WithTimeout(ctx, patience) // the question itself goes on for whoever comes next
	}
	w, reason, err := e.ask(asking, m.PartnerWorkspaceID)
	cancel()
	switch {
	case err == nil:
		return e.settle(ctx, m, w, reason)
	case ctx.Err() != nil:
		return ctx.Err()
	case known:
		e.wait(m.WorkspaceID, now.Add(pause))
		return verdict(m.Eligibility)
	}
	return upstream()
}

func verdict(eligibility string) error {
	if Reason(eligibility) == Eligible {
		return nil
	}
	return notEligible(Reason(eligibility))
}

func (e *Eligibility) waitedInVain(id string, now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	until, ok := e.patient[id]
	if ok && !now.Before(until) {
		delete(e.patient, id)
	}
	return ok && now.Before(until)
}

func (e *Eligibility) wait(id string, until time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.patient == nil || len(e.patient) >= maxPatient {
		e.patient = map[string]time.Time{}
	}
	e.patient[id] = until
}

// settle writes an answer of the partner into the mirror. An answer older than the mirror, as another process may have
// left it, counts for nothing.
func (e *Eligibility) settle(ctx context.Context, m Mirror, w *partner.Workspace, reason Reason) error {
	said := mirrorOf(w, reason, e.Now())
	if m.CheckedAt != nil && !instant(said.CheckedAt).After(*m.CheckedAt) {
		return verdict(m.Eligibility)
	}
	now, err, _ := e.settling.Do(m.WorkspaceID+" "+said.CheckedAt.String(), func() (any, error) {
		return e.CRM.MirrorWorkspace(context.WithoutCancel(ctx), m.WorkspaceID, said)
	})
	if err != nil {
		return err
	}
	return verdict(now.(string))
}

// mirrorOf is what is kept of an answer of the partner's; nil is a workspace that it does not know.
func mirrorOf(w *partner.Workspace, reason Reason, now time.Time) crm.Mirror {
	if w == nil {
		return crm.Mirror{Eligibility: string(reason), CheckedAt: now}
	}
	return crm.Mirror{Eligibility: string(reason), Exists: true, Paused: w.Paused, PlanCode: w.PlanCode, PlanStatus: w.PlanStatus,
		OwnerName: strings.TrimSpace(w.Owner.FirstName + " " + w.Owner.LastName), OwnerEmail: w.Owner.Email, PaidThrough: w.PaidThrough,
		TrialEndsAt: w.TrialEndsAt, CheckedAt: w.CheckedAt}
}

// instant is a moment as the database keeps it.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
