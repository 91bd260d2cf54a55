package access

import (
	"context"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/session"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/partner"
)

// The limits of accepting an invitation, for each; the addresses that ask share those of logins.
var (
	invitePause  = Limit{"invitation.pause", 1, time.Minute}
	inviteHourly = Limit{"invitation.codes", 5, time.Hour}
)

// Acceptance is what an invited person enters.
type Acceptance struct {
	// Token is the link's.
	Token, Code, FirstName, LastName string
	// UserAgent is what the caller calls itself.
	UserAgent string
}

// Invited is what the holder of a link may know before a code was sent.
type Invited struct {
	WorkspaceName string `json:"workspace_name"`
	// Target is the invited address, masked.
	Target string `json:"target"`
}

// FindInvited tells what a link is for. It writes nothing. INVITATION_INVALID for every dead link,
// WORKSPACE_NOT_ELIGIBLE, UPSTREAM_UNAVAILABLE; RATE_LIMITED along with the questions about workspaces.
func (l *Logins) FindInvited(ctx context.Context, token string) (*Invited, error) {
	if err := l.Eligibility.asks.pass(gql.ClientIP(ctx), l.Now()); err != nil {
		return nil, err
	}
	i, w, err := l.linked(ctx, token)
	if err != nil {
		return nil, err
	}
	return &Invited{WorkspaceName: w.Name, Target: Masked(i.Email)}, nil
}

// RequestAcceptance mails a code to the invited address: whoever accepts has the link and the mailbox.
// INVITATION_INVALID for every dead link, WORKSPACE_NOT_ELIGIBLE, RATE_LIMITED.
func (l *Logins) RequestAcceptance(ctx context.Context, token string) (*CodeSent, error) {
	i, w, err := l.invited(ctx, token, sendsFromIP)
	if err != nil {
		return nil, err
	}
	tx, err := l.DB.Write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // does nothing after the commit
	if err := l.Limiter.take(ctx, tx, l.Limiter.by(invitePause, i.InvitationID), l.Limiter.by(inviteHourly, i.InvitationID)); err != nil {
		return nil, err
	}
	_, code, expires, err := l.codes().Issue(ctx, tx, i.InvitationID, i.Email)
	if err != nil {
		return nil, err
	}
	m := mail.LoginCode(w.Locale, i.Email, w.Name, code, codeLife)
	m.Tenant, m.Expires = w.ID, &expires
	if _, err := l.Outbox.Enqueue(ctx, tx, m); err != nil {
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	l.Outbox.Kick()
	return &CodeSent{Target: Masked(i.Email), ExpiresAt: expires, RetryAfter: int(invitePause.Within / time.Second)}, nil
}

// invited finds whom a link is for, and its eligible workspace.
func (l *Logins) invited(ctx context.Context, token string, limit Limit) (*crm.Invited, *partner.Workspace, error) {
	if err := l.Limiter.Take(ctx, l.Limiter.by(limit, gql.ClientIP(ctx))); err != nil {
		return nil, nil, err
	}
	return l.linked(ctx, token)
}

// linked is invited without a limit.
func (l *Logins) linked(ctx context.Context, token string) (*crm.Invited, *partner.Workspace, error) {
	i, err := l.CRM.FindInvited(ctx, Hash(strings.TrimSpace(token)))
	if err != nil {
		return nil, nil, err
	}
	w, err := l.Eligibility.admitted(ctx, i.PartnerWorkspaceID)
	return i, w, err
}

// AcceptInvitation makes an invited person a member and lets it in. INVITATION_INVALID for every dead link, OTP_INVALID
// for a code that is not right, WORKSPACE_NOT_ELIGIBLE, RATE_LIMITED; VALIDATION_FAILED for names that cannot be kept,
// before the code is tried.
func (l *Logins) AcceptInvitation(ctx context.Context, in Acceptance) (*Entered, error) {
	if err := crm.CheckNames(in.FirstName, in.LastName); err != nil {
		return nil, err
	}
	i, w, err := l.invited(ctx, in.Token, triesFromIP)
	if err != nil {
		return nil, err
	}
	t, err := tenantOf(ctx, l.DB, w.ID)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, fault.New(fault.InvitationInvalid, "this invitation does not hold any more")
	}
	right, err := l.codes().Redeem(ctx, i.InvitationID, i.Email, strings.TrimSpace(in.Code))
	if err != nil {
		return nil, err
	}
	if !right {
		return nil, l.failed(ctx, t, session.KindINVITATION, Masked(i.Email), otpInvalid())
	}
	out := &Entered{WorkspaceID: t.id, Framed: len(t.settings.EmbedOrigins) > 0}
	_, err = l.CRM.Do(viewer.NewContext(ctx, viewer.ForSystem(t.id)), nil, func(tx *crm.Tx) error {
		m, err := tx.Accept(Hash(strings.TrimSpace(in.Token)), in.FirstName, in.LastName)
		if err != nil {
			return err
		}
		return l.begin(tx, m, entry{kind: session.KindINVITATION, idle: otpIdle, life: otpLife, userAgent: in.UserAgent}, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
