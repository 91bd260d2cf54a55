package access

import (
	"context"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/session"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/partner"
)

// CodeRequest asks for a login code.
type CodeRequest struct {
	// WorkspaceID is the partner's id, as people type it.
	WorkspaceID string
	// Email is the member's address; nil for the owner's.
	Email *string
}

// CodeSent is the answer, the same whether the address is anybody's or not.
type CodeSent struct {
	// Target is where the code went, masked.
	Target    string    `json:"target"`
	ExpiresAt time.Time `json:"expires_at"`
	// RetryAfter is in how many seconds another code can be asked for.
	RetryAfter int `json:"retry_after"`
}

// CodeEntry is a code as somebody typed it.
type CodeEntry struct {
	WorkspaceID, Code string
	// Email is the address that the code was asked for; nil for the owner's.
	Email *string
	// UserAgent is what the caller calls itself.
	UserAgent string
}

func otpInvalid() *fault.Fault {
	return fault.New(fault.OTPInvalid, "the code is not right, or not any more; ask for a new one")
}

func ownerEmailMissing() *fault.Fault {
	return fault.New(fault.OwnerEmailMissing, "the partner knows no e-mail address of the workspace's owner")
}

// RequestCode mails a code to the owner, or to the active member with an address. To the owner it is sent at once, and
// UPSTREAM_UNAVAILABLE tells that it could not be; to any other address in a moment, because whether and how a mail was
// sent would tell whose address it is. WORKSPACE_NOT_ELIGIBLE, OWNER_EMAIL_MISSING, RATE_LIMITED, INVALID_EMAIL.
func (l *Logins) RequestCode(ctx context.Context, in CodeRequest) (*CodeSent, error) {
	target, err := given(in.Email)
	if err != nil {
		return nil, err
	}
	if err := l.Limiter.Take(ctx, l.Limiter.by(sendsFromIP, gql.ClientIP(ctx))); err != nil {
		return nil, err
	}
	w, err := l.Eligibility.admitted(ctx, in.WorkspaceID)
	if err != nil {
		return nil, err
	}
	if target == "" {
		if target = w.Owner.Email; !mail.ValidAddress(target) {
			return nil, ownerEmailMissing()
		}
		return l.send(ctx, w, target, "", true)
	}
	t, err := tenantOf(ctx, l.DB, w.ID)
	if err != nil {
		return nil, err
	}
	p, err := l.addressed(ctx, t, w, target)
	if err != nil {
		return nil, err
	}
	return l.send(ctx, w, target, target, p != nil)
}

// given reads an address that somebody typed; empty when none was.
func given(email *string) (string, error) {
	if email == nil {
		return "", nil
	}
	address := strings.ToLower(strings.TrimSpace(*email))
	if !mail.ValidAddress(address) {
		return "", fault.At("email", fault.InvalidEmail, "is not an e-mail address")
	}
	return address, nil
}

// send makes a code for an address and mails it, if the address is anybody's; if not, all is done the same and the mail
// is taken back. `typed` is the address that was typed; empty for the owner's, of which the caller knows nothing.
func (l *Logins) send(ctx context.Context, w *partner.Workspace, target, typed string, known bool) (*CodeSent, error) {
	tx, err := l.DB.Write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // does nothing after the commit
	if err := l.Limiter.take(ctx, tx, l.Limiter.by(sendPause, w.ID, strings.ToLower(target)), l.Limiter.by(sendHourly, w.ID)); err != nil {
		return nil, err
	}
	id, code, expires, err := l.codes().Issue(ctx, tx, w.ID, target)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "SAVEPOINT mail"); err != nil {
		return nil, err
	}
	m := mail.LoginCode(w.Locale, target, w.Name, code, codeLife)
	m.Tenant, m.Expires = w.ID, &expires
	mailID, err := l.Outbox.Enqueue(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	if !known {
		if _, err := tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT mail"); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	if typed != "" {
		l.Outbox.Kick()
	} else if err := l.Outbox.Deliver(ctx, mailID); err != nil {
		l.Logger.WarnContext(ctx, "a login code was not sent", "tenant", w.ID, "err", err)
		if err := l.codes().Void(context.WithoutCancel(ctx), w.ID, id); err != nil {
			return nil, err
		}
		return nil, fault.New(fault.Upstream, "the code could not be mailed; try again in a minute")
	}
	return &CodeSent{Target: Masked(target), ExpiresAt: expires, RetryAfter: int(sendPause.Within / time.Second)}, nil
}

func (l *Logins) codes() *Codes { return &Codes{l.DB, l.Box, l.Now} }

// VerifyCode lets a person in by a code. OTP_INVALID for a code that is wrong, expired, used, replaced, tried too often or
// never sent, and for an address that is nobody's; WORKSPACE_NOT_ELIGIBLE, LOGIN_OUTSIDE_SCHEDULE, RATE_LIMITED,
// UPSTREAM_UNAVAILABLE.
func (l *Logins) VerifyCode(ctx context.Context, in CodeEntry) (*Entered, error) {
	typed, err := given(in.Email)
	if err != nil {
		return nil, err
	}
	if err := l.Limiter.Take(ctx, l.Limiter.by(triesFromIP, gql.ClientIP(ctx))); err != nil {
		return nil, err
	}
	w, err := l.Eligibility.admitted(ctx, in.WorkspaceID)
	if err != nil {
		return nil, err
	}
	t, err := tenantOf(ctx, l.DB, w.ID)
	if err != nil {
		return nil, err
	}
	p, target := ownerOf(w), w.Owner.Email
	if typed != "" {
		target = typed
		if p, err = l.addressed(ctx, t, w, typed); err != nil {
			return nil, err
		}
	}
	right, err := l.codes().Redeem(ctx, w.ID, target, strings.TrimSpace(in.Code))
	if err != nil {
		return nil, err
	}
	if !right || p == nil {
		return nil, l.failed(ctx, t, session.KindOTP, Masked(target), otpInvalid())
	}
	out, err := l.enter(ctx, t, standingPartner{w}, p, entry{kind: session.KindOTP, idle: otpIdle, life: otpLife, userAgent: in.UserAgent})
	if err != nil {
		return nil, l.failed(ctx, t, session.KindOTP, Masked(target), err)
	}
	return out, nil
}

// Masked shows of an address as much as tells it from one's others: o***@e***.com.
func Masked(address string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok {
		return "***"
	}
	end := ""
	if i := strings.LastIndexByte(domain, '.'); i > 0 {
		end = domain[i:]
	}
	return first(local) + "***@" + first(domain) + "***" + end
}

func first(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
