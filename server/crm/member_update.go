package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/hours"
)

// UpdateMemberInput changes the fields that are set; see the SDL.
type UpdateMemberInput struct {
	ID               string
	FirstName        graphql.Omittable[*string]
	LastName         graphql.Omittable[*string]
	Timezone         graphql.Omittable[*string]
	Language         graphql.Omittable[*string]
	Availability     graphql.Omittable[[]*hours.Slot]
	LoginSchedule    graphql.Omittable[[]*hours.Slot]
	ExpectedVersion  *int
	ClientMutationID *string
}

// UpdateMemberPayload is the member as it is now.
type UpdateMemberPayload = MemberPayload

// UpdateMember changes what is kept about a member: everybody's own, but for the login schedule; of others with
// ManageTeam, within own teams with ManageOwnTeam.
func (s *Service) UpdateMember(ctx context.Context, in UpdateMemberInput) (*UpdateMemberPayload, error) {
	if v := viewer.FromContext(ctx); v == nil || v.MemberID() != in.ID {
		if err := permit(ctx, viewer.ReadMembers); err != nil {
			return nil, err
		}
	}
	return s.aboutMember(ctx, in.ClientMutationID, func(tx *Tx) (*ent.Member, error) {
		cur, err := tx.updatable(in)
		if err != nil {
			return nil, err
		}
		if err := version("member", cur.Version, in.ExpectedVersion); err != nil {
			return nil, err
		}
		next, err := editMember(*cur, in)
		if err != nil {
			return nil, err
		}
		saved, err := tx.saveMember(cur, next)
		if err == nil && given(in.LoginSchedule) && saved != cur {
			err = tx.Audit("login_schedule.changed", cur.ID, map[string]any{"old": cur.LoginSchedule, "new": next.LoginSchedule})
		}
		return saved, err
	})
}

// updatable loads the member of an input, if the viewer may change it.
func (tx *Tx) updatable(in UpdateMemberInput) (*ent.Member, error) {
	if tx.viewer.MemberID() != in.ID {
		return tx.managed("input.id", in.ID)
	}
	if given(in.LoginSchedule) {
		if err := permit(tx.seen, viewer.ManageTeam); err != nil {
			return nil, err
		}
	}
	return tx.member("input.id", in.ID)
}

// editMember applies an input to a member.
func editMember(m ent.Member, in UpdateMemberInput) (ent.Member, error) {
	c := &checker{}
	name := func(field string, o graphql.Omittable[*string], into *string) {
		if !given(o) {
			return
		}
		if m.Origin != member.OriginLOCAL {
			c.Add("input."+field, "is kept by the partner")
		}
		*into = ""
		if s := c.text("input."+field, o.Value(), 100); s != nil {
			*into = fold.Trim(*s)
		}
	}
	name("firstName", in.FirstName, &m.FirstName)
	name("lastName", in.LastName, &m.LastName)
	if given(in.Timezone) {
		m.Timezone = c.optional("input.timezone", in.Timezone.Value(), 64, c.zone)
	}
	if given(in.Language) {
		m.Language = c.optional("input.language", in.Language.Value(), 35, c.language)
	}
	if given(in.Availability) {
		m.Availability = c.slots("input.availability", in.Availability.Value())
	}
	if given(in.LoginSchedule) {
		m.LoginSchedule = c.slots("input.loginSchedule", in.LoginSchedule.Value())
	}
	return m, c.Err()
}

// optional reads a text that may be absent or blank: then it is null.
func (c *checker) optional(field string, s *string, max int, read func(field, s string) string) *string {
	if s = c.text(field, s, max); s != nil {
		v := read(field, *s)
		s = &v
	}
	return s
}
