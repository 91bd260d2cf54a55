package access

import (
	"context"
	"strings"
	"time"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/partner"
)

// standingPartner is an eligible workspace as the partner has just described it.
type standingPartner struct{ *partner.Workspace }

// found makes the workspace at its first login, with its owner and the starter board, in one commit. Who comes second at
// the same moment finds what the first one made. OWNER_EMAIL_MISSING without an address of the owner's.
func (l *Logins) found(ctx context.Context, s standingPartner) (*tenant, error) {
	if !mail.ValidAddress(s.Owner.Email) {
		return nil, ownerEmailMissing()
	}
	said := mirrorOf(s.Workspace, Eligible, l.Now())
	_, _, err := l.CRM.Found(ctx, crm.FoundWorkspace{PartnerWorkspaceID: s.ID, Name: short(fold.Trim(s.Name), 100), Slug: s.slug(),
		Timezone: s.zone(), DefaultCurrency: s.money(), DefaultCountry: s.land(), Locale: s.tag(), Mirror: &said, StarterBoard: true,
		Arriving: &ownerOf(s.Workspace).arrival})
	if err != nil && !fault.Is(err, fault.Duplicate) {
		return nil, err
	}
	t, err := tenantOf(ctx, l.DB, s.ID)
	if err == nil && t == nil {
		err = upstream()
	}
	return t, err
}

// slug is the partner's, else one made of the name.
func (s standingPartner) slug() string {
	text := s.Slug
	if text == "" {
		text = s.Name
	}
	slug := strings.Join(strings.FieldsFunc(fold.Text(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
	if slug = short(slug, 100); slug == "" {
		slug = "workspace"
	}
	return slug
}

// zone is the partner's where it is one, else UTC.
func (s standingPartner) zone() string {
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "" || s.Timezone == "Local" {
		return "UTC"
	}
	return s.Timezone
}

// money is the partner's currency where it is one, else USD.
func (s standingPartner) money() string {
	if _, err := currency.ParseISO(s.Currency); err != nil {
		return "USD"
	}
	return s.Currency
}

// land is the partner's country where it is one.
func (s standingPartner) land() *string {
	if r, err := language.ParseRegion(s.Country); err != nil || !r.IsCountry() {
		return nil
	}
	return &s.Country
}

// tag is the partner's language tag where it is one, else en.
func (s standingPartner) tag() string {
	t, err := language.Parse(s.Locale)
	if err != nil || s.Locale == "" || len(t.String()) > 35 {
		return "en"
	}
	return t.String()
}
