package access

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/store"
)

// Reason says whether a workspace may use the product, and if not why.
type Reason string

// The reasons (spec access, section 2).
const (
	Eligible          Reason = "ELIGIBLE"
	WorkspaceNotFound Reason = "WORKSPACE_NOT_FOUND"
	Paused            Reason = "PAUSED"
	NoValidPlan       Reason = "NO_VALID_PLAN"
)

// Decide says whether a workspace may use the product at a moment. Nil is a workspace that the partner does not know.
func (p Plans) Decide(w *partner.Workspace, now time.Time) Reason {
	switch {
	case w == nil:
		return WorkspaceNotFound
	case w.Paused:
		return Paused
	case w.TrialEndsAt != nil && now.Before(*w.TrialEndsAt), p.paid(w, now):
		return Eligible
	}
	return NoValidPlan
}

// paid tells whether a plan that is enough is active: by its status, or for the time that was paid for.
func (p Plans) paid(w *partner.Workspace, now time.Time) bool {
	if !p.enough[planCode(w.PlanCode)] {
		return false
	}
	switch planCode(w.PlanStatus) {
	case "active":
		return true
	case "cancelled", "canceled", "past_due":
		return w.PaidThrough != nil && now.Before(*w.PaidThrough)
	}
	return false
}

// Eligibility knows which workspaces may use the product. The fields are set before it is first used.
type Eligibility struct {
	// Partner is asked; nil means that there is none: nobody logs in, and what runs goes on.
	Partner *partner.Cached
	Plans   Plans
	CRM     *crm.Service
	DB      *store.DB
	Now     func() time.Time
	Logger  *slog.Logger
	// EmbedOn tells whether the deployment takes embed tokens.
	EmbedOn bool

	// settling writes an answer once for all who brought it.
	settling singleflight.Group

	asks turnstile

	mu sync.Mutex
	// patient are the workspaces whose partner did not answer, and until when it is not waited for again. Bounded by
	// maxPatient; losing it costs a wait.
	patient map[string]time.Time
}

// errNoPartner says that the deployment has no partner.
var errNoPartner = errors.New("there is no partner")

// Answer is what anybody may know of a workspace before a login.
type Answer struct {
	Allowed        bool      `json:"allowed"`
	Reason         Reason    `json:"reason"`
	WorkspaceName  *string   `json:"workspace_name"`
	OTPAvailable   bool      `json:"otp_available"`
	EmbedAvailable bool      `json:"embed_available"`
	CheckedAt      time.Time `json:"checked_at"`
}

// Answer tells whether a workspace may be logged in to. It writes nothing. UPSTREAM_UNAVAILABLE when the partner has not
// answered within the last five minutes and does not now; RATE_LIMITED after 30 questions from one address in a minute.
func (e *Eligibility) Answer(ctx context.Context, partnerID string) (*Answer, error) {
	if err := e.asks.pass(gql.ClientIP(ctx), e.Now()); err != nil {
		return nil, err
	}
	w, reason, err := e.ask(ctx, partnerID)
	if err != nil {
		return nil, err
	}
	a := &Answer{Allowed: reason == Eligible, Reason: reason, EmbedAvailable: e.EmbedOn && reason == Eligible, CheckedAt: e.Now().UTC()}
	if w != nil {
		a.WorkspaceName, a.CheckedAt = &w.Name, w.CheckedAt.UTC()
		a.OTPAvailable = a.Allowed && mail.ValidAddress(w.Owner.Email)
	}
	return a, nil
}

// ask gives what the partner says of a workspace now, nil for one that it does not know.
func (e *Eligibility) ask(ctx context.Context, partnerID string) (*partner.Workspace, Reason, error) {
	if e.Partner == nil {
		return nil, "", e.unavailable(ctx, errNoPartner)
	}
	w, err := e.Partner.Fresh(ctx, partnerID)
	switch {
	case errors.Is(err, partner.ErrNotFound):
		w = nil
	case err != nil:
		return nil, "", e.unavailable(ctx, err)
	}
	return w, e.Plans.Decide(w, e.Now()), nil
}

// admitted gives an eligible workspace, or the refusal: WORKSPACE_NOT_ELIGIBLE with the reason, or UPSTREAM_UNAVAILABLE.
func (e *Eligibility) admitted(ctx context.Context, partnerID string) (*partner.Workspace, error) {
	w, reason, err := e.ask(ctx, partnerID)
	if err == nil && reason != Eligible {
		err = notEligible(reason)
	}
	return w, err
}

func notEligible(r Reason) *fault.Fault {
	message := map[Reason]string{
		WorkspaceNotFound: "there is no workspace with this id",
		Paused:            "the workspace is paused",
		NoValidPlan:       "the workspace has neither a plan that includes the CRM nor a running trial",
	}[r]
	if message == "" {
		message = "the workspace may not use the CRM now"
	}
	f := fault.New(fault.NotEligible, "%s", message)
	f.Reason = string(r)
	return f
}

// unavailable hides why the partner gave no answer from the caller and tells it to the log. A caller that went away gets
// its own context's error.
func (e *Eligibility) unavailable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e.Logger.WarnContext(ctx, "the partner gives no answer", "err", err)
	return upstream()
}

func upstream() *fault.Fault {
	f := fault.New(fault.Upstream, "logins cannot be checked now; try again in a moment")
	f.RetryAfter = 30
	return f
}
