package app

import (
	"context"
	"database/sql"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/partner"
)

// inviting is what invitations are made with.
func (a *App) inviting(cfg Config) crm.Inviting {
	page := cfg.InviteURL
	if page == "" {
		page = "/invitation"
	}
	return crm.Inviting{
		Link: func(token string) string { return page + "#token=" + token },
		NewToken: func() (string, string) {
			token := access.NewSecret(access.InvitationPrefix)
			return token, access.Hash(token)
		},
		Post: func(ctx context.Context, tx *sql.Tx, in crm.InvitationMail) error {
			m := mail.Invite(in.Locale, in.To, mail.Invitation{Workspace: in.Workspace, Inviter: in.Inviter, Link: in.Link, Until: in.Until})
			m.Tenant, m.Expires = in.Tenant, &in.Until
			_, err := a.Outbox.Enqueue(ctx, tx, m)
			return err
		},
		Posted: a.Outbox.Kick,
	}
}

// memberSource is whoever knows the partner's members; nil when nobody does.
func (a *App) memberSource(cfg Config) crm.MemberSource {
	switch {
	case cfg.Members != nil:
		return cfg.Members
	case a.asked != nil:
		return partnerMembers{a.asked}
	}
	return nil
}

// partnerMembers shows the partner's members to the commands.
type partnerMembers struct{ partner.API }

// AllMembers gives all of a workspace, or an error.
func (p partnerMembers) AllMembers(ctx context.Context, workspaceID string) ([]crm.PartnerMember, error) {
	list, err := p.API.AllMembers(ctx, workspaceID)
	out := make([]crm.PartnerMember, len(list))
	for i, m := range list {
		out[i] = crm.PartnerMember(m)
	}
	return out, err
}
