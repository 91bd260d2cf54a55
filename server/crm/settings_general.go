package crm

import (
	"regexp"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"golang.org/x/text/language"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/hours"
	"github.com/rapidbott/tideboard/server/money"
)

// GeneralSettingsInput changes what the workspace is called, where it is and when it is open; see the SDL.
type GeneralSettingsInput struct {
	Name            graphql.Omittable[*string]
	Slug            graphql.Omittable[*string]
	Timezone        graphql.Omittable[*string]
	DefaultCurrency graphql.Omittable[*string]
	DefaultCountry  graphql.Omittable[*string]
	Locale          graphql.Omittable[*string]
	WeekStart       graphql.Omittable[*int]
	BusinessHours   graphql.Omittable[[]*hours.Slot]
}

var (
	slug    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	country = regexp.MustCompile(`^[A-Z]{2}$`)
)

// general checks the fields of a workspace and gives what makes them of one that is there.
func (c *checker) general(in *GeneralSettingsInput) func(ent.Workspace) ent.Workspace {
	if in == nil {
		return func(w ent.Workspace) ent.Workspace { return w }
	}
	var edits []func(*ent.Workspace)
	text := func(name string, o graphql.Omittable[*string], otherwise string, read func(field, s string) string, into func(*ent.Workspace) *string) {
		if !given(o) {
			return
		}
		v := otherwise
		if o.Value() != nil {
			v = read("input.general."+name, *o.Value())
		} else if otherwise == "" {
			c.Add("input.general."+name, "must not be null")
		}
		edits = append(edits, func(w *ent.Workspace) { *into(w) = v })
	}
	text("name", in.Name, "", func(f, s string) string { return c.required(f, s, 100) }, func(w *ent.Workspace) *string { return &w.Name })
	text("slug", in.Slug, "", c.slug, func(w *ent.Workspace) *string { return &w.Slug })
	text("timezone", in.Timezone, "UTC", c.zone, func(w *ent.Workspace) *string { return &w.Timezone })
	text("defaultCurrency", in.DefaultCurrency, "USD", c.currency, func(w *ent.Workspace) *string { return &w.DefaultCurrency })
	text("locale", in.Locale, "en", c.language, func(w *ent.Workspace) *string { return &w.Locale })
	if given(in.DefaultCountry) {
		v := in.DefaultCountry.Value()
		if v != nil && !country.MatchString(*v) {
			c.Add("input.general.defaultCountry", "%q is not a country of ISO 3166 in two capital letters", *v)
		}
		edits = append(edits, func(w *ent.Workspace) { w.DefaultCountry = v })
	}
	if given(in.WeekStart) {
		day := 1
		if v := in.WeekStart.Value(); v != nil {
			day = *v
		}
		if day < 1 || day > 7 {
			c.Add("input.general.weekStart", "days count from 1 for Monday to 7 for Sunday")
		}
		edits = append(edits, func(w *ent.Workspace) { w.WeekStart = day })
	}
	if given(in.BusinessHours) {
		slots := c.slots("input.general.businessHours", in.BusinessHours.Value())
		edits = append(edits, func(w *ent.Workspace) { w.BusinessHours = slots })
	}
	return func(w ent.Workspace) ent.Workspace {
		for _, edit := range edits {
			edit(&w)
		}
		return w
	}
}

func (c *checker) slug(field, s string) string {
	if !slug.MatchString(s) || len(s) > 100 {
		c.Add(field, "is not made of small letters and digits, parted by single dashes, at most 100")
	}
	return s
}

func (c *checker) zone(field, s string) string {
	if _, err := time.LoadLocation(s); err != nil || s == "" || s == "Local" || len(s) > 64 {
		c.Add(field, "%q is not the IANA name of a time zone", s)
	}
	return s
}

func (c *checker) currency(field, s string) string {
	if _, ok := money.Digits(s); !ok {
		c.Add(field, "%q is not a currency of ISO 4217", s)
	}
	return s
}

// language reads a BCP 47 tag into its canonical form.
func (c *checker) language(field, s string) string {
	t, err := language.Parse(s)
	if err != nil || s == "" || len(s) > 35 {
		c.Add(field, "%q is not a language tag of BCP 47", s)
	}
	return t.String()
}

// slots reads business hours; they are in the workspace's own zone.
func (c *checker) slots(field string, list []*hours.Slot) []hours.Slot {
	out := []hours.Slot{}
	for i, s := range list {
		if err := s.Check(); err != nil {
			c.Add(pathOf(field, i), "%s", err)
		}
		out = append(out, *s)
	}
	if len(out) > hours.MaxSlots {
		c.Add(field, "has %d slots, at most %d are possible", len(out), hours.MaxSlots)
	}
	return out
}

// generalOf are the general settings of a workspace, for the audit log.
func generalOf(w *ent.Workspace) map[string]any {
	return map[string]any{"name": w.Name, "slug": w.Slug, "timezone": w.Timezone, "default_currency": w.DefaultCurrency,
		"default_country": w.DefaultCountry, "locale": w.Locale, "week_start": w.WeekStart, "business_hours": w.BusinessHours}
}

// saveWorkspace writes what differs, with an audit row that tells old and new values.
func (tx *Tx) saveWorkspace(cur *ent.Workspace, next ent.Workspace) (*ent.Workspace, error) {
	details := told(cur, &next)
	u := tx.ent.Workspace.UpdateOneID(cur.ID)
	drafted, err := changelog.Draft(u.Mutation(), cur, &next)
	if err != nil || !drafted || len(details) == 0 {
		return cur, err
	}
	if err := tx.Audit("settings.updated", cur.ID, details); err != nil {
		return nil, err
	}
	return u.Save(tx.ctx)
}
