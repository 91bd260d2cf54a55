package rest

import (
	"net/http"
	"strings"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/hours"
	"github.com/rapidbott/tideboard/server/row"
)

// general are the settings that are fields of the workspace itself.
type general struct {
	Name            string       `json:"name"`
	Slug            string       `json:"slug"`
	Timezone        string       `json:"timezone"`
	DefaultCurrency string       `json:"default_currency"`
	DefaultCountry  *string      `json:"default_country"`
	Locale          string       `json:"locale"`
	WeekStart       int          `json:"week_start"`
	BusinessHours   []hours.Slot `json:"business_hours"`
}

// settings are all settings as they are shown: of a secret only what can be told.
type settings struct {
	General general `json:"general"`
	crm.Settings
	Secrets map[string]*row.Secret `json:"secrets"`
}

// getSettings shows the settings. Any member may see them.
func (a *API) getSettings(_ http.ResponseWriter, r *http.Request) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	s, err := a.CRM.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	w := s.General
	out := settings{Settings: s.Settings, Secrets: map[string]*row.Secret{}, General: general{Name: w.Name, Slug: w.Slug, Timezone: w.Timezone,
		DefaultCurrency: w.DefaultCurrency, DefaultCountry: w.DefaultCountry, Locale: w.Locale, WeekStart: w.WeekStart, BusinessHours: w.BusinessHours}}
	if out.General.BusinessHours == nil {
		out.General.BusinessHours = []hours.Slot{}
	}
	for _, one := range s.Secrets {
		out.Secrets[secretNames[one.Name]] = one
	}
	return out, nil
}

// secretNames are what secrets are called here.
var secretNames = map[string]string{crm.PartnerKey: "rapidbott_key", crm.SaleschatKey: "saleschat_key"}

// setPartnerKey stores, replaces or clears the workspace's own key at the partner.
func (a *API) setPartnerKey(w http.ResponseWriter, r *http.Request) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	var in struct {
		Key *string `json:"key"`
	}
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	done, err := a.CRM.SetPartnerKey(r.Context(), crm.SetPartnerKeyInput{Key: in.Key})
	if err != nil {
		return nil, plainFields(err, words{})
	}
	return map[string]any{"rapidbott_key": done.Secret, "revision": done.Revision}, nil
}

// plainFields names the fields of a refusal as they are called here, without the input around them.
func plainFields(err error, as words) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	c := *f
	c.Details = nil
	for _, d := range f.Details {
		field := as.name(strings.TrimPrefix(d.Field, "input."))
		if said, ok := strings.CutPrefix(c.Message, d.Field+": "); ok {
			c.Message = field + ": " + said
		}
		d.Field = field
		c.Details = append(c.Details, d)
	}
	return &c
}
