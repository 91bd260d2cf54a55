package access

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// tenant is what a login needs to know of a workspace that exists here.
type tenant struct {
	id, timezone string
	settings     crm.AccessSettings
}

// tenantOf finds the workspace that the partner knows by an id; nil when there is none yet. Settings that cannot be read
// count as the defaults.
func tenantOf(ctx context.Context, db *store.DB, partnerID string) (*tenant, error) {
	t := &tenant{}
	var text row.JSON
	err := db.QueryRow(ctx, "SELECT id, timezone, settings FROM workspaces WHERE partner_workspace_id = "+db.SQL.Placeholder(1), partnerID).
		Scan(&t.id, &t.timezone, &text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	t.settings = crm.SettingsOf(text).Access
	return t, nil
}

// roleOf gives the role of a new member for the partner's word, also where there is no workspace yet. Who the OWNER is the
// partner's workspace says, not the list.
func (t *tenant) roleOf(word string) viewer.Role {
	if t == nil {
		return crm.DefaultSettings().Access.NewRole(word)
	}
	return t.settings.NewRole(word)
}

// person is somebody who may log in: known to the partner, or a member that only we know.
type person struct {
	arrival crm.Arrival
	// local is the member's id; empty for whom the partner knows.
	local string
}

// ownerOf is the person whom a workspace belongs to.
func ownerOf(w *partner.Workspace) *person {
	o := w.Owner
	return &person{arrival: crm.Arrival{PartnerMemberID: o.MemberID, FirstName: o.FirstName, LastName: o.LastName, Email: o.Email, Role: viewer.Owner}}
}

func (t *tenant) personOf(w *partner.Workspace, m partner.Member) *person {
	p := &person{arrival: crm.Arrival{PartnerMemberID: m.ID, FirstName: m.FirstName, LastName: m.LastName, Email: m.Email, AvatarURL: m.AvatarURL,
		Timezone: m.Timezone, Language: m.Language, Role: t.roleOf(m.Role)}}
	if m.ID == w.Owner.MemberID {
		p.arrival.Role = viewer.Owner
	}
	return p
}

// addressed finds the active member with an address; nil when there is none, or when codes are for the owner alone. It
// does the same for whatever address: what it costs tells nothing.
func (l *Logins) addressed(ctx context.Context, t *tenant, w *partner.Workspace, email string) (*person, error) {
	page, err := l.Eligibility.Partner.Members(ctx, w.ID, partner.MemberQuery{Name: email, Limit: 200})
	if err != nil {
		return nil, l.Eligibility.unavailable(ctx, err)
	}
	var found *person
	for _, m := range page.Items {
		if m.IsActive && strings.EqualFold(m.Email, email) {
			found = t.personOf(w, m)
		}
	}
	id, err := l.localMember(ctx, t, email)
	switch {
	case err != nil:
		return nil, err
	case strings.EqualFold(w.Owner.Email, email):
		return ownerOf(w), nil
	case t != nil && !t.settings.MemberOTP:
		return nil, nil
	case found == nil && id != "":
		return &person{local: id}, nil
	}
	return found, nil
}

// localMember finds the active member with an address whom the partner does not know.
func (l *Logins) localMember(ctx context.Context, t *tenant, email string) (id string, err error) {
	workspaceID := ""
	if t != nil {
		workspaceID = t.id
	}
	ph := l.DB.SQL.Placeholder
	err = l.DB.QueryRow(ctx, "SELECT id FROM members WHERE workspace_id = "+ph(1)+" AND email = "+ph(2)+" AND is_active AND origin = 'LOCAL'",
		workspaceID, strings.ToLower(email)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}
