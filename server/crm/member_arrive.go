package crm

import (
	"strings"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Arrival is a person as the partner's list of members has it. Texts that are longer than a member's are cut.
type Arrival struct {
	// PartnerMemberID may be empty for an owner whom the list does not name.
	PartnerMemberID                                           string
	FirstName, LastName, Email, AvatarURL, Timezone, Language string
	// Role is what a new member gets. A member that is there keeps its role, but for the partner's owner: it is the OWNER,
	// and who was before becomes an ADMIN.
	Role viewer.Role
}

// ErrDeactivated says that somebody of the workspace deactivated the member: the partner does not bring it back.
var ErrDeactivated = fault.New(fault.Forbidden, "the member was deactivated in this workspace")

// Arrive brings an active person of the partner's list into the viewer's workspace, or up to date, and gives the member.
// Only the program itself may. A member is known by the partner's id, else by its address. INVALID_EMAIL for a person
// without an address that can be kept; DUPLICATE when another person of the partner's has this address here; ErrDeactivated.
func (tx *Tx) Arrive(in Arrival) (*ent.Member, error) {
	c := &checker{}
	address := c.email("email", &in.Email)
	if address == nil {
		c.AddCode("email", fault.InvalidEmail, "must not be empty")
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	in.Email = *address
	m, err := tx.arriving(in)
	if err != nil {
		return nil, err
	}
	if m != nil && !m.IsActive && !lost(m) && in.Role != viewer.Owner {
		return nil, ErrDeactivated
	}
	if in.Role == viewer.Owner && (m == nil || m.Role != member.RoleOWNER) {
		if err := tx.abdicate(); err != nil {
			return nil, err
		}
	}
	if m == nil {
		return tx.welcome(in)
	}
	if m.Timezone != nil { // it may be what the member chose
		in.Timezone = ""
	}
	if m.Language != nil {
		in.Language = ""
	}
	return tx.refresh(m, in)
}

// arriving finds the member that a person is; nil when it is new.
func (tx *Tx) arriving(in Arrival) (*ent.Member, error) {
	if in.PartnerMemberID != "" {
		m, err := tx.ent.Member.Query().Where(member.PartnerMemberID(in.PartnerMemberID), tx.lock).Only(tx.ctx)
		if !ent.IsNotFound(err) {
			return m, err
		}
	}
	m, err := tx.ent.Member.Query().Where(member.Email(in.Email), tx.lock).Only(tx.ctx)
	switch {
	case ent.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	case m.PartnerMemberID != nil && in.PartnerMemberID != "":
		return nil, fault.At("email", fault.Duplicate, "is taken")
	}
	return m, nil
}

// abdicate makes the OWNER an ADMIN: there is never more than one.
func (tx *Tx) abdicate() error {
	m, err := tx.ent.Member.Query().Where(member.RoleEQ(member.RoleOWNER), tx.lock).Only(tx.ctx)
	switch {
	case ent.IsNotFound(err):
		return nil
	case err != nil:
		return err
	}
	if err := tx.Audit("role.changed", m.ID, map[string]any{"from": m.Role, "to": member.RoleADMIN, "cause": "the partner names another owner"}); err != nil {
		return err
	}
	return tx.ent.Member.UpdateOneID(m.ID).SetRole(member.RoleADMIN).SetVersion(m.Version + 1).SetUpdatedAt(tx.now).Exec(tx.ctx)
}

func (tx *Tx) welcome(in Arrival) (*ent.Member, error) {
	create := tx.ent.Member.Create().SetID(tx.NewID(typeid.Member)).SetWorkspaceID(tx.viewer.WorkspaceID).SetRole(member.Role(in.Role)).
		SetOrigin(member.OriginPARTNER).SetCreatedAt(tx.now).SetUpdatedAt(tx.now).SetSyncedAt(tx.now)
	in.write(create.Mutation())
	m, err := create.Save(tx.ctx)
	return m, tx.duplicate(err, "email")
}

// refresh brings a member up to date; one that is gets no new version, and no change.
func (tx *Tx) refresh(m *ent.Member, in Arrival) (*ent.Member, error) {
	role := m.Role
	if in.Role == viewer.Owner {
		role = member.RoleOWNER
	}
	if role == m.Role && m.IsActive && m.Origin == member.OriginPARTNER && in.same(m) {
		return m, nil
	}
	if m.Role != role {
		if err := tx.Audit("role.changed", m.ID, map[string]any{"from": m.Role, "to": role, "cause": "the partner names the owner"}); err != nil {
			return nil, err
		}
	}
	up := tx.ent.Member.UpdateOneID(m.ID).SetIsActive(true).SetOrigin(member.OriginPARTNER).SetRole(role)
	in.write(up.Mutation())
	next, err := up.SetVersion(m.Version + 1).SetUpdatedAt(tx.now).SetSyncedAt(tx.now).Save(tx.ctx)
	return next, tx.duplicate(err, "email")
}

// write fills in what the partner says of a person.
func (in Arrival) write(m *ent.MemberMutation) {
	first, last := clip(in.FirstName, 100), clip(in.LastName, 100)
	m.SetFirstName(first)
	m.SetLastName(last)
	m.SetEmail(in.Email)
	m.SetSearchText(fold.Text(first + " " + last + "\n" + in.Email))
	m.SetSortName(fold.Text(last + " " + first))
	if in.PartnerMemberID != "" {
		m.SetPartnerMemberID(in.PartnerMemberID)
	}
	for _, f := range in.optional() {
		if f.value != "" {
			f.set(m, f.value)
		}
	}
}

// optionalText is a text that a member may have.
type optionalText struct {
	value string
	of    func(*ent.Member) *string
	set   func(*ent.MemberMutation, string)
}

// optional are the texts that the partner may know. What it does not know stays as it is.
func (in Arrival) optional() []optionalText {
	avatar := clip(in.AvatarURL, 2048)
	if !strings.HasPrefix(avatar, "https://") {
		avatar = ""
	}
	return []optionalText{
		{avatar, func(m *ent.Member) *string { return m.AvatarURL }, (*ent.MemberMutation).SetAvatarURL},
		{clip(in.Timezone, 64), func(m *ent.Member) *string { return m.Timezone }, (*ent.MemberMutation).SetTimezone},
		{clip(in.Language, 35), func(m *ent.Member) *string { return m.Language }, (*ent.MemberMutation).SetLanguage},
	}
}

// same tells whether a member is as the partner says.
func (in Arrival) same(m *ent.Member) bool {
	for _, f := range in.optional() {
		if have := f.of(m); f.value != "" && (have == nil || *have != f.value) {
			return false
		}
	}
	known := in.PartnerMemberID == "" || m.PartnerMemberID != nil && *m.PartnerMemberID == in.PartnerMemberID
	return known && m.FirstName == clip(in.FirstName, 100) && m.LastName == clip(in.LastName, 100) && m.Email == in.Email
}
