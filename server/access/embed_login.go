package access

import (
	"context"

	"github.com/rapidbott/tideboard/ent/session"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/partner"
)

// EnterByToken lets a member in by an embed token, once. EMBED_DISABLED, EMBED_TOKEN_INVALID without a word of why,
// EMBED_TOKEN_EXPIRED, WORKSPACE_NOT_ELIGIBLE, LOGIN_OUTSIDE_SCHEDULE, OWNER_EMAIL_MISSING, UPSTREAM_UNAVAILABLE.
func (l *Logins) EnterByToken(ctx context.Context, in EmbedEntry) (*Entered, error) {
	c, scope, err := l.Embed.read(in.Token, l.Now())
	if err != nil {
		return nil, err
	}
	w, err := l.Eligibility.admitted(ctx, c.WorkspaceID)
	if err != nil {
		return nil, err
	}
	t, err := tenantOf(ctx, l.DB, w.ID)
	if err != nil {
		return nil, err
	}
	p, err := l.numbered(ctx, t, w, c)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, l.failed(ctx, t, session.KindEMBED, "", embedInvalid())
	}
	e := entry{kind: session.KindEMBED, idle: embedIdle, life: embedLife, userAgent: in.UserAgent, pipelines: scope.PipelineIDs, readOnly: scope.ReadOnly,
		claimed: t.claimed(c.Role), within: func(tx *crm.Tx) error { return l.spend(tx, w.ID, c) }}
	out, err := l.enter(ctx, t, standingPartner{w}, p, e)
	if fault.Is(err, fault.InvalidEmail) || fault.Is(err, fault.Duplicate) { // the partner's list cannot be kept here
		err = embedInvalid()
	}
	if err != nil {
		return nil, l.failed(ctx, t, session.KindEMBED, "", err)
	}
	return out, nil
}

// spend notes that a token was used; it is refused when it was before.
func (l *Logins) spend(tx *crm.Tx, tenant string, c *EmbedClaims) error {
	ph := l.DB.SQL.Placeholder
	res, err := tx.SQL().ExecContext(tx.Ctx(), "INSERT INTO embed_tokens (tenant, jti_hash, expires_at) VALUES ("+ph(1)+", "+ph(2)+", "+ph(3)+
		") ON CONFLICT (tenant, jti_hash) DO NOTHING", tenant, spent(tenant, c.ID), instant(c.ExpiresAt.Add(2*embedSkew)))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return embedInvalid()
}

// numbered finds the active person with the partner's id; nil when the partner's list has none. The list is asked: what
// is known here may be from before a dismissal.
func (l *Logins) numbered(ctx context.Context, t *tenant, w *partner.Workspace, c *EmbedClaims) (*person, error) {
	in := func(list []partner.Member) *partner.Member {
		for i := range list {
			if list[i].ID == c.Subject {
				return &list[i]
			}
		}
		return nil
	}
	var m *partner.Member
	if c.Email != "" && len(c.Email) <= 254 { // the whole list is long
		page, err := l.Eligibility.Partner.Members(ctx, w.ID, partner.MemberQuery{Name: c.Email, Limit: 200})
		if err != nil {
			return nil, l.Eligibility.unavailable(ctx, err)
		}
		m = in(page.Items)
	}
	if m == nil {
		all, err := l.Eligibility.Partner.AllMembers(ctx, w.ID)
		if err != nil {
			return nil, l.Eligibility.unavailable(ctx, err)
		}
		m = in(all)
	}
	switch {
	case m != nil && !m.IsActive:
		return nil, nil
	case m != nil:
		return t.personOf(w, *m), nil
	case w.Owner.MemberID == c.Subject:
		return ownerOf(w), nil
	}
	return nil, nil
}
