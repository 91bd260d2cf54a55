package crm

import (
	"net/url"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fold"
)

// PartnerMember is a person as the partner's list has it. ID and Role are given, Role in the partner's own words; the
// rest may be empty or unfit, and what is unfit counts as empty.
type PartnerMember struct {
	ID, FirstName, LastName, Email, AvatarURL, Role, Timezone, Language string
	IsActive                                                            bool
}

// partnerOwner is the partner's word for the owner.
const partnerOwner = "owner"

// syncStep is one member to be written; made when there was none before.
type syncStep struct {
	before *ent.Member
	after  ent.Member
}

// lost tells whether a member was deactivated because the partner's list names it no more, or as inactive: then the
// partner brings it back, and nobody else.
func lost(m *ent.Member) bool {
	return !m.IsActive && m.Origin == member.OriginPARTNER && m.SyncedAt == nil
}

// noAddress stands in for the address of a member of whom none is known: nobody can ever receive mail there (RFC 2606).
func noAddress(id string) string { return id + "@no-address.invalid" }

// planSync decides what to write so that the members become those of a list. When all is written there is one OWNER,
// and no address is given twice: it belongs to the first of the list who claims it.
func planSync(have []*ent.Member, list []PartnerMember, roles func(string) viewer.Role) (steps []syncStep) {
	owner := ownerOf(have, list)
	matched := match(have, list, owner)
	listed, taken := map[string]bool{}, map[string]bool{}
	for _, m := range matched {
		listed[m.ID] = true
	}
	for _, m := range have { // what is not the partner's stays as it is
		if !listed[m.ID] && m.Origin == member.OriginLOCAL {
			taken[m.Email] = true
		}
	}
	var news []syncStep
	seen := map[string]bool{}
	for _, x := range list {
		if seen[x.ID] {
			continue
		}
		seen[x.ID] = true
		before := matched[x.ID]
		after := synced(before, x, roles)
		if x.ID == owner {
			after.Role, after.IsActive = member.RoleOWNER, true
		} else if after.Role == member.RoleOWNER && (owner != "" || before == nil) {
			after.Role = member.RoleADMIN
		}
		if address := knownAddress(x.Email); address != "" && !taken[address] {
			after.Email, taken[address] = address, true
		} else if before != nil {
			after.Email = noAddress(before.ID)
		}
		switch {
		case before == nil && after.IsActive:
			news = append(news, syncStep{nil, after})
		case before != nil && changelog.Differ(before, &after):
			steps = append(steps, syncStep{before, after})
		}
	}
	for _, m := range have {
		if listed[m.ID] {
			continue
		}
		after := *m
		if m.Role == member.RoleOWNER && owner != "" {
			after.Role = member.RoleADMIN
		}
		if m.Origin == member.OriginPARTNER {
			shut(&after)
			if taken[m.Email] {
				after.Email = noAddress(m.ID)
			}
		}
		if changelog.Differ(m, &after) {
			steps = append(steps, syncStep{m, after})
		}
	}
	return append(steps, news...)
}

// ownerOf is the id at the partner of who is to be the OWNER: of those the partner calls so, whoever it is already, else
// the first. Empty when the partner calls nobody so.
func ownerOf(have []*ent.Member, list []PartnerMember) (id string) {
	for _, x := range list {
		if !strings.EqualFold(x.Role, partnerOwner) {
			continue
		}
		if id == "" {
			id = x.ID
		}
		for _, m := range have {
			if m.Role == member.RoleOWNER && m.PartnerMemberID != nil && *m.PartnerMemberID == x.ID {
				return x.ID
			}
		}
	}
	return id
}

// match finds the member that each of the list is, by the id there: the one of that id, else the one of that address
// whose own id the list does not name. The partner's owner is the OWNER who has no id there yet, as after a first login.
func match(have []*ent.Member, list []PartnerMember, owner string) map[string]*ent.Member {
	out, free := map[string]*ent.Member{}, map[string]*ent.Member{}
	byID := map[string]*ent.Member{}
	for _, m := range have {
		if m.PartnerMemberID != nil {
			byID[*m.PartnerMemberID] = m
		}
	}
	named := map[string]bool{}
	for _, x := range list {
		if m := byID[x.ID]; m != nil {
			out[x.ID], named[m.ID] = m, true
		}
	}
	var first *ent.Member
	for _, m := range have {
		if !named[m.ID] {
			free[m.Email] = m
			if m.Role == member.RoleOWNER && m.PartnerMemberID == nil {
				first = m
			}
		}
	}
	if first != nil && owner != "" && out[owner] == nil {
		out[owner] = first
		delete(free, first.Email)
	}
	for _, x := range list {
		address := knownAddress(x.Email)
		if m := free[address]; m != nil && out[x.ID] == nil {
			out[x.ID] = m
			delete(free, address)
		}
	}
	return out
}

// synced is a member as the partner has it, but for the address.
func synced(before *ent.Member, x PartnerMember, roles func(string) viewer.Role) ent.Member {
	m := ent.Member{Origin: member.OriginPARTNER, Role: member.Role(roles(x.Role)), IsActive: true}
	if before != nil {
		m = *before
		back := lost(before) && x.IsActive
		m.IsActive = m.IsActive || back
		if m.Origin != member.OriginPARTNER || back || m.SyncedAt == nil && m.IsActive {
			stamp := m.CreatedAt // any instant: what differs is stamped when it is written
			m.SyncedAt = &stamp
		}
		m.Origin = member.OriginPARTNER
	}
	m.PartnerMemberID = &x.ID
	m.FirstName, m.LastName = knownName(x.FirstName), knownName(x.LastName)
	if link := knownLink(x.AvatarURL); link != nil {
		m.AvatarURL = link
	}
	if m.Timezone == nil {
		m.Timezone = knownZone(x.Timezone)
	}
	if m.Language == nil {
		m.Language = knownLanguage(x.Language)
	}
	if !x.IsActive {
		shut(&m)
	}
	return m
}

// shut deactivates a member whom the partner does not name any more; never the OWNER.
func shut(m *ent.Member) {
	if m.IsActive && m.Role != member.RoleOWNER {
		m.IsActive, m.SyncedAt = false, nil
	}
}

func knownName(s string) string {
	s = fold.Trim(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s))
	if r := []rune(s); len(r) > 100 {
		s = strings.TrimSpace(string(r[:100]))
	}
	return s
}

func knownAddress(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 254 || !email.MatchString(s) {
		return ""
	}
	return s
}

func knownLink(s string) *string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(s) > 2048 {
		return nil
	}
	return &s
}

func knownZone(s string) *string {
	if _, err := time.LoadLocation(s); err != nil || s == "" || s == "Local" || len(s) > 64 {
		return nil
	}
	return &s
}

func knownLanguage(s string) *string {
	tag, err := language.Parse(s)
	if err != nil || s == "" || len(tag.String()) > 35 {
		return nil
	}
	canonical := tag.String()
	return &canonical
}
