package access

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/session"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/audit"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/hours"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// How long sessions last, by how they began (spec access, section 5).
const (
	otpIdle   = 12 * time.Hour
	otpLife   = 30 * 24 * time.Hour
	embedIdle = time.Hour
	embedLife = 12 * time.Hour
)

// Logins lets people in. The fields are set before it is first used.
type Logins struct {
	Eligibility *Eligibility
	Limiter     *Limiter
	CRM         *crm.Service
	DB          *store.DB
	Box         *seal.Box
	Outbox      *mail.Outbox
	Embed       EmbedKeys
	Now         func() time.Time
	Logger      *slog.Logger
}

// Entered is a login that succeeded. Token is shown once and not kept.
type Entered struct {
	Token, SessionID, WorkspaceID, MemberID string
	ExpiresAt                               time.Time
	// Framed tells that the workspace's application may stand in pages of other sites.
	Framed bool
}

// entry is how somebody comes in.
type entry struct {
	kind       session.Kind
	idle, life time.Duration
	userAgent  string
	// what an embed token narrows the session to
	pipelines []string
	readOnly  bool
	claimed   *viewer.Role
	// within runs in the session's transaction and can still refuse.
	within func(tx *crm.Tx) error
}

// enter brings a person in: founds the workspace if this is its first login, brings the member up to date, and makes the
// session. LOGIN_OUTSIDE_SCHEDULE for a member who may not log in at this hour.
func (l *Logins) enter(ctx context.Context, t *tenant, s standingPartner, p *person, e entry) (*Entered, error) {
	var err error
	if t == nil {
		if t, err = l.found(ctx, s); err != nil {
			return nil, err
		}
	} else if _, err := l.CRM.MirrorWorkspace(ctx, t.id, mirrorOf(s.Workspace, Eligible, l.Now())); err != nil {
		return nil, err
	}
	v := viewer.ForSystem(t.id)
	v.Kind, v.Name, v.Source = viewer.Partner, "Rapidbott", viewer.FromPartner
	out := &Entered{WorkspaceID: t.id, Framed: len(t.settings.EmbedOrigins) > 0}
	for range arrivals {
		if err = l.arrive(viewer.NewContext(ctx, v), t, p, e, out); !fault.Is(err, fault.Duplicate) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// arrivals is how often somebody is brought in whom another login brings in at the same moment: the second time it is
// there.
const arrivals = 3

func (l *Logins) arrive(ctx context.Context, t *tenant, p *person, e entry, out *Entered) error {
	_, err := l.CRM.Do(ctx, nil, func(tx *crm.Tx) error {
		m, err := p.member(tx)
		switch {
		case errors.Is(err, crm.ErrDeactivated) && e.kind == session.KindEMBED:
			return embedInvalid()
		case errors.Is(err, crm.ErrDeactivated):
			return otpInvalid()
		case err != nil:
			return err
		}
		if !mayNow(m, tx.Time(), t.timezone) {
			return fault.New(fault.OutsideSchedule, "you may log in at other hours")
		}
		if e.within != nil {
			if err := e.within(tx); err != nil {
				return err
			}
		}
		return l.begin(tx, m, e, out)
	})
	return err
}

// member brings the person's member up to date, or finds it.
func (p *person) member(tx *crm.Tx) (*ent.Member, error) {
	if p.local == "" {
		return tx.Arrive(p.arrival)
	}
	m, err := tx.Ent().Member.Query().Where(member.ID(p.local), member.IsActive(true)).Only(tx.Ctx())
	if ent.IsNotFound(err) {
		err = otpInvalid()
	}
	return m, err
}

// mayNow tells whether a member's login schedule lets it in at a moment.
func mayNow(m *ent.Member, now time.Time, timezone string) bool {
	zone, err := time.LoadLocation(timezone)
	if err != nil {
		zone = time.UTC
	}
	restricted := viewer.PermsOf(viewer.Role(m.Role), m.Permissions)&viewer.RestrictLogin != 0
	return !restricted || hours.Open(m.LoginSchedule, now, zone)
}

// begin makes the session and notes the login.
func (l *Logins) begin(tx *crm.Tx, m *ent.Member, e entry, out *Entered) error {
	now := tx.Time()
	out.Token, out.SessionID, out.MemberID, out.ExpiresAt = NewSecret(SessionPrefix), typeid.New(typeid.Session), m.ID, now.Add(e.life)
	c := tx.Ent().Session.Create().SetID(out.SessionID).SetWorkspaceID(m.WorkspaceID).SetMemberID(m.ID).SetTokenHash(Hash(out.Token)).
		SetKind(e.kind).SetIdleSeconds(int(e.idle / time.Second)).SetReadOnly(e.readOnly).SetIP(short(gql.ClientIP(tx.Ctx()), 64)).
		SetUserAgent(short(e.userAgent, 400)).SetCreatedAt(now).SetAuthenticatedAt(now).SetLastSeenAt(now).SetExpiresAt(out.ExpiresAt)
	if e.pipelines != nil {
		c.SetPipelineIds(e.pipelines)
	}
	if role := narrower(viewer.Role(m.Role), e.claimed); role != nil {
		c.SetRole(string(*role))
	}
	if err := c.Exec(tx.Ctx()); err != nil {
		return err
	}
	tx.Keep()
	return audit.Write(tx.Ctx(), tx.SQL(), l.DB.SQL, audit.Entry{WorkspaceID: m.WorkspaceID, At: now, IP: gql.ClientIP(tx.Ctx()),
		Actor:  viewer.Actor{Kind: viewer.Member, ID: m.ID, Name: strings.TrimSpace(m.FirstName + " " + m.LastName)},
		Action: "login.succeeded", Target: out.SessionID, Details: map[string]any{"kind": e.kind}})
}

// failed notes a login that was refused, where there is a workspace to note it in, and gives the refusal.
func (l *Logins) failed(ctx context.Context, t *tenant, kind session.Kind, target string, refusal error) error {
	f := fault.Of(refusal)
	if t == nil || f == nil || f.Kind == fault.RateLimited || f.Kind == fault.Upstream {
		return refusal
	}
	details := map[string]any{"kind": kind, "code": f.Kind}
	if target != "" {
		details["target"] = target
	}
	if f.Reason != "" {
		details["reason"] = f.Reason
	}
	err := audit.Write(ctx, l.DB.Write, l.DB.SQL, audit.Entry{WorkspaceID: t.id, At: instant(l.Now()), IP: gql.ClientIP(ctx),
		Actor: viewer.Actor{Kind: viewer.System, Name: "Tideboard"}, Action: "login.failed", Details: details})
	if err != nil {
		return err
	}
	return refusal
}

// short cuts a text that a caller sent to n bytes of sound characters.
func short(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}
