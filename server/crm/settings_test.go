package crm_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
)

func TestSettingsAreByTheirDefaultUntilTheyAreSet(t *testing.T) {
	for _, stored := range []string{"", "null", "{}", "x", "[]", `{"nothing": 1, "no.such": 2, "tasks.auto_close": null}`, `{"insights.stale_hours": "many"}`, `{"access.role_map": {"a": 1}}`} {
		require.Equal(t, crm.DefaultSettings(), crm.SettingsOf(row.JSON(stored)), stored)
	}
	s := crm.SettingsOf(row.JSON(`{"insights.stale_hours": 5, "insights.lead_signal_tags": ["a"], "access.member_otp": false, "access.embed_origins": [],
		"access.role_map": [{"partner_role": "Boss", "role": "ADMIN"}], "saleschat.base_url": "https://x.example", "labels.own": [{"language": "de", "entity": "TASK", "singular": "A", "plural": "B"}],
		"records.lost_reasons": [{"key": "dear", "label": "Too dear"}]}`))
	want := crm.DefaultSettings()
	want.Insights.StaleHours, want.Insights.LeadSignalTags, want.Access.MemberOTP = 5, []string{"a"}, false
	want.Access.RoleMap = []*crm.RoleRule{{PartnerRole: "Boss", Role: viewer.Admin}}
	url := "https://x.example"
	want.Saleschat.BaseURL = &url
	want.Labels.Own = []*crm.Label{{Language: "de", Entity: "TASK", Singular: "A", Plural: "B"}}
	want.Records.LostReasons = []*crm.LostReason{{Key: "dear", Label: "Too dear"}}
	require.Equal(t, want, s)
	require.Equal(t, viewer.Admin, s.Access.RoleOf("boss"))
	require.Equal(t, viewer.AgentRole, s.Access.RoleOf("admin"))
	require.Equal(t, viewer.Owner, crm.DefaultSettings().Access.RoleOf("Owner"))
}

// TestEverySettingIsOneThatCanBeStored: what a setting is stored under is what it is read by.
func TestEverySettingIsOneThatCanBeStored(t *testing.T) {
	have := map[string]bool{}
	all := reflect.TypeOf(crm.Settings{})
	for i := range all.NumField() {
		group := all.Field(i)
		for j := range group.Type.NumField() {
			have[group.Tag.Get("json")+"."+group.Type.Field(j).Tag.Get("json")] = true
		}
	}
	named := map[string]bool{}
	for _, k := range crm.SettingKeys() {
		named[k] = true
	}
	assert.Equal(t, have, named)
	for k := range have {
		assert.NotContains(t, k, "key", "no secret is a setting")
	}
}

// TestTheListOfReasonsIsKeptAsItIs: an empty list is one, the elements of the default are nobody's to change.
func TestTheListOfReasonsIsKeptAsItIs(t *testing.T) {
	require.Empty(t, crm.SettingsOf(row.JSON(`{"records.lost_reasons": []}`)).Records.LostReasons)
	crm.DefaultSettings().Records.LostReasons[0].Key = "changed"
	require.Equal(t, "price", crm.DefaultSettings().Records.LostReasons[0].Key)
	seen := map[string]bool{}
	for _, r := range crm.DefaultSettings().Records.LostReasons {
		require.False(t, seen[r.Key], r.Key)
		seen[r.Key] = true
	}
}

func TestTheLogIsKeptAsLongAsItIsSet(t *testing.T) {
	require.Equal(t, changelog.Retention{Age: 180 * 24 * time.Hour, Changes: 1_000_000}, crm.Retention(nil))
	require.Equal(t, 30*24*time.Hour, crm.Retention(row.JSON(`{"retention.change_days": 30}`)).Age)
}
