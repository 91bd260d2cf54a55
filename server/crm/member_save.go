package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/session"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
)

// MemberPayload is a member as it is now.
type MemberPayload struct {
	Member           *row.Member
	Revision         row.Revision
	ClientMutationID *string
}

// aboutMember runs a command about one member and shows the member as it left it.
func (s *Service) aboutMember(ctx context.Context, mark *string, fn func(*Tx) (*ent.Member, error)) (*MemberPayload, error) {
	out := &MemberPayload{ClientMutationID: mark}
	rev, err := s.Answer(ctx, mark, out, func(tx *Tx) error {
		m, err := fn(tx)
		if err == nil {
			out.Member = showMember(m)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// saveMember writes what differs, if anything does; then the version grows by one.
func (tx *Tx) saveMember(cur *ent.Member, next ent.Member) (*ent.Member, error) {
	u := tx.ent.Member.UpdateOneID(cur.ID)
	drafted, err := changelog.Draft(u.Mutation(), cur, &next)
	if err != nil || !drafted {
		return cur, err
	}
	saved, err := u.SetVersion(cur.Version + 1).SetUpdatedAt(tx.now).SetSearchText(memberSearch(&next)).SetSortName(memberSort(&next)).Save(tx.ctx)
	return saved, tx.duplicate(err, "email")
}

func memberSearch(m *ent.Member) string {
	return fold.Text(m.FirstName + " " + m.LastName + "\n" + m.Email)
}

func memberSort(m *ent.Member) string { return fold.Text(m.LastName + " " + m.FirstName) }

func showMember(m *ent.Member) *row.Member { return changelog.Row[row.Member](m) }

func permsOf(m *ent.Member) viewer.Perms { return viewer.PermsOf(viewer.Role(m.Role), m.Permissions) }

// endSessions ends all sessions of a member, at once also on open sockets.
func (tx *Tx) endSessions(memberID string) error {
	live, err := tx.ent.Session.Query().Where(session.MemberID(memberID), session.RevokedAtIsNil(), session.ExpiresAtGT(tx.now)).
		Order(session.ByID()).IDs(tx.ctx)
	if err != nil || len(live) == 0 {
		return err
	}
	err = tx.ent.Session.Update().Where(session.MemberID(memberID), session.RevokedAtIsNil(), session.ExpiresAtGT(tx.now)).
		SetRevokedAt(tx.now).Exec(tx.ctx)
	for _, id := range live {
		if err == nil {
			err = tx.Say("session.ended", "session", id, map[string]string{"member_id": memberID})
		}
	}
	return err
}
