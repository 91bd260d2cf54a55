package crm

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/typeid"
)

// setting is one setting that is stored by name: how the API calls it, and how a value is read.
type setting struct {
	group, name string
	// read gives the value to be stored, noting what is wrong with it.
	read func(c *checker, field string, v any) any
}

// key is the name under which a setting is stored.
func (s setting) key() string { return snake(s.group) + "." + snake(s.name) }

// catalogue is every setting that is stored by name, with its bounds (defaults: DefaultSettings).
var catalogue = []setting{
	{"records", "autoReassign", truth}, {"records", "autoReassignDays", whole(1, 365)}, {"records", "autoReassignRequireOnline", truth},
	{"records", "autoReassignPipelineIds", readAs(pipelineList)},
	{"records", "assignmentRule", text}, {"records", "requireLostReason", truth}, {"records", "lostReasons", readAs(lostReasons)},
	{"records", "visibilityDefault", text},

	{"insights", "staleHours", whole(1, 8760)}, {"insights", "staleHighHours", whole(1, 8760)}, {"insights", "highValue", amount},
	{"insights", "highValues", readAs(thresholds)}, {"insights", "leadSignalTags", readAs(tagList)},
	{"insights", "leadSignalScore", whole(1, 7)}, {"insights", "leadSignalHighScore", whole(1, 7)},
	{"insights", "ticketHighHours", whole(1, 8760)}, {"insights", "concentrationPercent", whole(1, 100)},
	{"insights", "concentrationHighPercent", whole(1, 100)}, {"insights", "assignmentPercent", whole(0, 100)},
	{"insights", "assignmentHighPercent", whole(0, 100)}, {"insights", "missingValuePercent", whole(0, 100)},
	{"insights", "missingValueHighPercent", whole(0, 100)}, {"insights", "minOpenRecords", whole(1, 1000)},
	{"insights", "ownerBottleneckDays", whole(1, 365)},

	{"tasks", "autoClose", text},
	{"contacts", "duplicatePolicy", text}, {"contacts", "countryTag", truth}, {"contacts", "priorityTags", readAs(tagList)},
	{"notifications", "assignmentMail", truth},
	{"retention", "changeDays", whole(30, 730)},
	{"saleschat", "enabled", truth}, {"saleschat", "baseUrl", readAs(baseURL)}, {"saleschat", "reassignPolicy", text},
	{"saleschat", "reassignOnOwnerChange", truth}, {"saleschat", "maskPhones", truth},
	{"access", "memberOtp", truth}, {"access", "roleMap", readAs(roleMap)}, {"access", "embedOrigins", readAs(origins)},
	{"labels", "own", readAs(labels)},
}

// byKey finds a setting by what it is stored under.
var byKey = func() map[string]setting {
	out := map[string]setting{}
	for _, s := range catalogue {
		out[s.key()] = s
	}
	return out
}()

// SettingKeys are what settings are stored under, in order.
func SettingKeys() []string { return slices.Sorted(maps.Keys(byKey)) }

// snake turns a name of GraphQL into one of storage.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// readAs reads a value of a type, as the API's schema has checked it already, by a function that knows its bounds.
func readAs[T any](check func(c *checker, field string, v T) T) func(*checker, string, any) any {
	return func(c *checker, field string, v any) any {
		b, err := json.Marshal(v)
		var t T
		if err == nil {
			err = json.Unmarshal(b, &t)
		}
		if err != nil {
			c.Add(field, "cannot be read")
			return nil
		}
		return check(c, field, t)
	}
}

// truth and text read what has no bounds of its own: a truth value, and a text or enum that the API's schema checks.
var (
	truth = readAs(func(_ *checker, _ string, v bool) bool { return v })
	text  = readAs(func(_ *checker, _, v string) string { return v })
)

func whole(least, most int) func(*checker, string, any) any {
	return readAs(func(c *checker, field string, v int) int {
		if v < least || v > most {
			c.Add(field, "is not between %d and %d", least, most)
		}
		return v
	})
}

// amount is a whole number in the workspace's own currency, whichever that will be: not every one has fractions.
var amount = readAs(func(c *checker, field, v string) string {
	if _, err := money.Parse(v, "JPY"); err != nil {
		c.Add(field, "%q is not a whole number of 0 or more with at most 14 digits", v)
	}
	return v
})

func thresholds(c *checker, field string, list []*Threshold) []*Threshold {
	seen := map[string]bool{}
	for i, t := range list {
		_, err := money.Parse(t.Amount, t.Currency)
		c.Take(pathOf(field, i)+".amount", err)
		if seen[t.Currency] {
			c.AddCode(pathOf(field, i)+".currency", fault.Duplicate, "%s is given before", t.Currency)
		}
		seen[t.Currency] = true
	}
	return list
}

func tagList(c *checker, field string, list []string) []string { return c.tags(field, list) }

// pipelineList are different pipelines; whether they are there is asked in the transaction.
func pipelineList(c *checker, field string, list []string) []string {
	c.kinds(field, typeid.Pipeline, list)
	if len(list) > MaxPipelines {
		c.Add(field, "has %d pipelines, at most %d are possible", len(list), MaxPipelines)
	}
	return distinct(list)
}

func baseURL(c *checker, field string, v *string) *string { return c.link(field, v) }

// maxRules is how many rules a list of settings has at most.
const maxRules = 50

func roleMap(c *checker, field string, list []*RoleRule) []*RoleRule {
	seen := map[string]bool{}
	for i, r := range list {
		at := pathOf(field, i)
		r.PartnerRole = c.required(at+".partnerRole", r.PartnerRole, 64)
		key := fold.Key(r.PartnerRole)
		if seen[key] {
			c.AddCode(at+".partnerRole", fault.Duplicate, "%q is given before", r.PartnerRole)
		}
		if seen[key] = true; (r.Role == viewer.Owner) != (key == "owner") {
			c.Add(at+".role", "OWNER is the partner's owner and nobody else")
		}
	}
	if len(list) > maxRules {
		c.Add(field, "has %d rules, at most %d are possible", len(list), maxRules)
	}
	if !seen["owner"] {
		list = append([]*RoleRule{{"owner", viewer.Owner}}, list...)
	}
	return list
}

// ofThisMachine tells whether an address without https never leaves the machine.
func ofThisMachine(u *url.URL) bool {
	return u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
}

// origins are sites whose pages may hold the application in a frame: scheme, host and port alone, for they become part of
// a header. Without https only those of the machine itself, for trying out.
func origins(c *checker, field string, list []string) (out []string) {
	out = []string{}
	for i, o := range list {
		u, err := url.Parse(o)
		if err != nil || u.Scheme != "https" && !ofThisMachine(u) || u.Host == "" || o != u.Scheme+"://"+u.Host || strings.ContainsAny(u.Host, "*;, '\"") || len(o) > 255 {
			c.Add(pathOf(field, i), "is not an origin like https://app.example.com")
		} else if o = strings.ToLower(o); !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	if len(out) > maxRules {
		c.Add(field, "has %d origins, at most %d are possible", len(out), maxRules)
	}
	return out
}

// maxLabels is 4 kinds of rows in 50 languages.
const maxLabels = 200

func labels(c *checker, field string, list []*Label) []*Label {
	seen := map[string]bool{}
	for i, l := range list {
		at := pathOf(field, i)
		l.Language = c.language(at+".language", l.Language)
		l.Singular = c.required(at+".singular", l.Singular, 50)
		l.Plural = c.required(at+".plural", l.Plural, 50)
		if key := l.Language + " " + l.Entity; seen[key] {
			c.AddCode(at, fault.Duplicate, "%s is named twice in %s", l.Entity, l.Language)
		} else {
			seen[key] = true
		}
	}
	if len(list) > maxLabels {
		c.Add(field, "has %d labels, at most %d are possible", len(list), maxLabels)
	}
	return list
}
