package access

import (
	"context"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/predicate"
	"github.com/rapidbott/tideboard/ent/session"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// maxSessions is how many sessions a list shows.
const maxSessions = 200

// Sessions lists and ends sessions.
type Sessions struct {
	CRM *crm.Service
	Now func() time.Time
}

// Session is a login, without its token.
type Session struct {
	ID, MemberID, Kind, IP, UserAgent                 string
	IsCurrent, ReadOnly                               bool
	PipelineIDs                                       []string
	CreatedAt, AuthenticatedAt, LastSeenAt, ExpiresAt time.Time
	IdleSeconds                                       int
}

// EndSessionInput says which session; see the SDL.
type EndSessionInput struct {
	ID               string
	ClientMutationID *string
}

// EndAllSessionsInput says which of the caller's sessions; see the SDL.
type EndAllSessionsInput struct {
	KeepCurrent      bool
	ClientMutationID *string
}

// EndMemberSessionsInput says whose sessions; see the SDL.
type EndMemberSessionsInput struct {
	MemberID         string
	ClientMutationID *string
}

// EndSessionPayload is the session that is over.
type EndSessionPayload struct {
	ID               string
	Revision         row.Revision
	ClientMutationID *string
}

// EndAllSessionsPayload is what was ended.
type EndAllSessionsPayload struct {
	IDs              []string
	Revision         row.Revision
	ClientMutationID *string
}

// EndMemberSessionsPayload is what was ended.
type EndMemberSessionsPayload = EndAllSessionsPayload

// running finds the sessions that are not over at a moment.
func running(now time.Time) predicate.Session {
	return session.And(session.RevokedAtIsNil(), session.ExpiresAtGT(now))
}

// List gives the viewer's own live sessions, the newest first; none for a key.
func (s *Sessions) List(ctx context.Context) (out []*Session, err error) {
	v := viewer.FromContext(ctx)
	if v == nil {
		return nil, fault.New(fault.Unauthenticated, "nobody is asking")
	}
	out = []*Session{}
	if v.MemberID() == "" {
		return out, nil
	}
	now := s.Now()
	client := ent.NewClient(ent.Driver(entsql.OpenDB(s.CRM.DB.Dialect, s.CRM.DB.Read)))
	all, err := client.Session.Query().Where(session.MemberID(v.ID), running(now)).
		Order(session.ByCreatedAt(entsql.OrderDesc()), session.ByID(entsql.OrderDesc())).Limit(maxSessions).All(ctx)
	for _, e := range all {
		if (v.ReadOnly || v.PipelineIDs != nil) && e.ID != v.CredentialID { // a narrowed session knows of itself alone
			continue
		}
		if idle := time.Duration(e.IdleSeconds) * time.Second; now.Sub(e.LastSeenAt) >= idle {
			continue
		}
		out = append(out, &Session{ID: e.ID, MemberID: e.MemberID, Kind: string(e.Kind), IP: e.IP, UserAgent: e.UserAgent, IsCurrent: e.ID == v.CredentialID,
			ReadOnly: e.ReadOnly, PipelineIDs: e.PipelineIds, CreatedAt: e.CreatedAt.UTC(), AuthenticatedAt: e.AuthenticatedAt.UTC(),
			LastSeenAt: e.LastSeenAt.UTC(), ExpiresAt: e.ExpiresAt.UTC(), IdleSeconds: e.IdleSeconds})
	}
	return out, err
}

// End ends one of the viewer's own sessions. NOT_FOUND for anybody else's.
func (s *Sessions) End(ctx context.Context, in EndSessionInput) (*EndSessionPayload, error) {
	v, err := asMember(ctx)
	if err != nil {
		return nil, err
	}
	if !typeid.Is(typeid.Session, in.ID) {
		return nil, fault.At("input.id", fault.ValidationFailed, "%q is not the id of a session", in.ID)
	}
	out := &EndSessionPayload{ID: in.ID, ClientMutationID: in.ClientMutationID}
	out.Revision, err = s.CRM.Answer(ctx, in.ClientMutationID, out, func(tx *crm.Tx) error {
		mine, err := tx.Ent().Session.Query().Where(session.ID(in.ID), session.MemberID(v.ID)).Exist(tx.Ctx())
		if err == nil && !mine {
			err = fault.NotFound("input.id", "session", in.ID)
		}
		if err == nil {
			_, err = end(tx, session.ID(in.ID))
		}
		return err
	})
	return out, err
}

// EndAll ends the viewer's own sessions.
func (s *Sessions) EndAll(ctx context.Context, in EndAllSessionsInput) (*EndAllSessionsPayload, error) {
	v, err := asMember(ctx)
	if err != nil {
		return nil, err
	}
	which := []predicate.Session{session.MemberID(v.ID)}
	if in.KeepCurrent {
		which = append(which, session.IDNEQ(v.CredentialID))
	}
	return s.endAll(ctx, in.ClientMutationID, func(*crm.Tx) error { return nil }, which...)
}

// EndOfMember ends the sessions of a member whom the viewer may decide about: ManageTeam, or ManageOwnTeam, and a higher
// role.
func (s *Sessions) EndOfMember(ctx context.Context, in EndMemberSessionsInput) (*EndMemberSessionsPayload, error) {
	_, err := asMember(ctx)
	switch {
	case err != nil:
		return nil, err
	case !typeid.Is(typeid.Member, in.MemberID):
		return nil, fault.At("input.memberId", fault.ValidationFailed, "%q is not the id of a member", in.MemberID)
	}
	there := func(tx *crm.Tx) error {
		_, err := tx.Managed("input.memberId", in.MemberID)
		return err
	}
	return s.endAll(ctx, in.ClientMutationID, there, session.MemberID(in.MemberID))
}

func (s *Sessions) endAll(ctx context.Context, mark *string, check func(*crm.Tx) error, which ...predicate.Session) (*EndAllSessionsPayload, error) {
	out := &EndAllSessionsPayload{ClientMutationID: mark}
	var err error
	out.Revision, err = s.CRM.Answer(ctx, mark, out, func(tx *crm.Tx) (err error) {
		if err = check(tx); err == nil {
			out.IDs, err = end(tx, which...)
		}
		return err
	})
	return out, err
}

// end ends those of the sessions that are not over, and says so in the change log and the audit log, one by one.
func end(tx *crm.Tx, which ...predicate.Session) (ids []string, err error) {
	list, err := tx.Ent().Session.Query().Where(which...).Where(running(tx.Time()), locked).Order(session.ByID()).All(tx.Ctx())
	ids = []string{}
	for _, e := range list {
		if err := tx.Ent().Session.UpdateOneID(e.ID).SetRevokedAt(tx.Time()).Exec(tx.Ctx()); err != nil {
			return nil, err
		}
		if err := tx.Say("session.ended", "session", e.ID, map[string]string{"member_id": e.MemberID}); err != nil {
			return nil, err
		}
		if err := tx.Audit("session.ended", e.ID, map[string]any{"member_id": e.MemberID, "kind": e.Kind}); err != nil {
			return nil, err
		}
		ids = append(ids, e.ID)
	}
	return ids, err
}

// asMember gives the viewer behind a session: SCOPE_MISSING for a key.
func asMember(ctx context.Context) (*viewer.Viewer, error) {
	v := viewer.FromContext(ctx)
	switch {
	case v == nil:
		return nil, fault.New(fault.Unauthenticated, "nobody is asking")
	case v.MemberID() == "":
		return nil, fault.New(fault.ScopeMissing, "a key cannot do this, whatever its scopes")
	}
	return v, nil
}

// locked makes a query keep what it finds for the transaction, where the database needs that.
func locked(s *entsql.Selector) {
	if s.Dialect() == store.Postgres {
		s.For(entsql.LockNoKeyUpdate)
	}
}
