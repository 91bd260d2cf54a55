package simulator

import (
	"fmt"
	"strings"
	"time"
)

// What the demo data can be asked for by name.
const (
	// DemoWorkspace is the workspace of the demo, in good standing. The others begin with its name and a hyphen.
	DemoWorkspace = "demo"
	// DemoKey is the partner key that DemoWorkspace accepts.
	DemoKey = "rbk_demo_harbour_and_co_0001"
)

// demoSubscribers is how many people talk to the demo's chatbot.
const demoSubscribers = 480

// Demo makes a simulator with the demo workspace and one for each reason to be let in or refused:
//
//	demo             pro, active                          eligible
//	demo-trial       free, trial for 14 days              eligible
//	demo-cancelled   pro, cancelled, paid for 20 days     eligible
//	demo-past-due    pro, past due, paid for 5 days       eligible
//	demo-paused      pro, active, but paused, with trial  PAUSED
//	demo-free        free, no trial                       NO_VALID_PLAN
//	demo-trial-over  free, trial over since yesterday     NO_VALID_PLAN
//	demo-starter     starter, active, below pro           NO_VALID_PLAN
//	demo-over        pro, cancelled, paid till yesterday  NO_VALID_PLAN
//	demo-no-mail     pro, active, its owner has no e-mail eligible, but OWNER_EMAIL_MISSING
//
// The times stand from when it is made; everything else is the same each time.
func Demo(c Config) *Simulator {
	s := New(c)
	now := s.now().UTC().Truncate(time.Second)
	in := func(days int) *time.Time {
		at := now.AddDate(0, 0, days)
		return &at
	}
	for _, w := range []struct {
		id, name  string
		plan      Plan
		trialEnds *time.Time
		paused    bool
		email     string
	}{
		{"trial", "Juniper Bakery", Plan{Code: "free", Status: "active"}, in(14), false, "juno.ek@example.com"},
		{"cancelled", "Larch Carpentry", Plan{"pro", "cancelled", in(20)}, nil, false, "lars.holm@example.com"},
		{"past-due", "Poplar Dental", Plan{"pro", "past_due", in(5)}, nil, false, "petra.kovac@example.com"},
		{"paused", "Willow Travel", Plan{"pro", "active", in(300)}, in(14), true, "will.tanaka@example.com"},
		{"free", "Birch Yoga", Plan{Code: "free", Status: "active"}, nil, false, "bea.moreau@example.com"},
		{"trial-over", "Alder Fitness", Plan{Code: "free", Status: "active"}, in(-1), false, "alan.reyes@example.com"},
		{"starter", "Rowan Florist", Plan{"starter", "active", in(12)}, nil, false, "rosa.lind@example.com"},
		{"over", "Cedar Motors", Plan{"pro", "cancelled", in(-1)}, nil, false, "cem.yildiz@example.com"},
		{"no-mail", "Hazel Books", Plan{"pro", "active", in(300)}, nil, false, ""},
	} {
		id := DemoWorkspace + "-" + w.id
		owner := Owner{MemberID: "rb_" + w.id + "_owner", FirstName: "Olu", LastName: "Keeper", Email: w.email}
		s.Put(Workspace{ID: id, Name: w.name, Slug: id, Timezone: "Europe/London", Currency: "GBP", Country: "GB", Locale: "en",
			Paused: w.paused, Plan: w.plan, TrialEndsAt: w.trialEnds, Owner: owner, Keys: []string{"rbk_" + id},
			Members: []Member{{ID: owner.MemberID, FirstName: owner.FirstName, LastName: owner.LastName, Email: w.email, Role: "owner", IsActive: true}}})
	}
	s.Put(harbour(now, in(300)))
	return s
}

// harbour is the demo workspace. Dana is at the partner only: she has not come to the CRM yet.
func harbour(now time.Time, paidThrough *time.Time) Workspace {
	w := Workspace{ID: DemoWorkspace, Name: "Harbour & Co", Slug: "harbour-and-co", Timezone: "Europe/Berlin", Currency: "EUR", Country: "DE", Locale: "en",
		Plan: Plan{"pro", "active", paidThrough}, Keys: []string{DemoKey}, Subscribers: talkers(now)}
	for _, m := range []struct{ first, last, role string }{
		{"Olivia", "Hart", "owner"}, {"Amara", "Nwosu", "admin"}, {"Ben", "Okafor", "agent"}, {"Chloe", "Lindqvist", "agent"}, {"Dana", "Reyes", "editor"},
	} {
		w.Members = append(w.Members, Member{ID: "rb_" + strings.ToLower(m.first), FirstName: m.first, LastName: m.last,
			Email: strings.ToLower(m.first) + "." + strings.ToLower(m.last) + "@example.com", Role: m.role, Timezone: "Europe/Berlin", Language: "en", IsActive: true})
	}
	o := w.Members[0]
	w.Owner = Owner{o.ID, o.FirstName, o.LastName, o.Email}
	return w
}

var (
	firstNames = []string{"Ada", "Bruno", "Carmen", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Keiko", "Luca", "Mina", "Nils", "Oya", "Paolo", "Quentin", "Rana", "Sofia", "Tomás", "Uma", "Vera", "Wen"}
	lastNames  = []string{"Albrecht", "Bianchi", "Castillo", "Demir", "Eriksen", "Fontaine", "Gruber", "Haddad", "Ivanova", "Jansen", "Kowalski", "Lefèvre", "Moreno", "Nakamura", "Öztürk", "Petrov", "Quist", "Romano", "Schäfer"}
	channels   = []string{"whatsapp", "whatsapp", "web", "instagram", "messenger", "telegram"}
	countries  = []string{"DE", "DE", "AT", "CH", "FR", "IT", "GB"}
	interests  = []string{"mooring", "charter", "winter storage", "engine service", "sailing course"}
)

// talkers are the demo's subscribers. Everybody has a name of their own; some have no e-mail, some no phone. The phone
// numbers are from the range that is kept free for fiction (+44 7700 900…).
func talkers(now time.Time) []Subscriber {
	out := make([]Subscriber, 0, demoSubscribers)
	for i := range demoSubscribers {
		first, last := firstNames[i%len(firstNames)], lastNames[i/len(firstNames)%len(lastNames)]
		if i >= len(firstNames)*len(lastNames) {
			last += " " + lastNames[i%len(lastNames)]
		}
		s := Subscriber{ID: fmt.Sprintf("sub_%05d", i+1), UserNS: fmt.Sprintf("f24680u%07d", 1_000_003*(i+1)%9_999_991), FirstName: first, LastName: last,
			Channel: channels[i%len(channels)], ChatURL: fmt.Sprintf("https://chat.example.com/demo/%05d", i+1), Language: "en",
			Country: countries[i%len(countries)], Tags: []string{}, Phones: []string{}, Emails: []string{},
			Attributes: map[string]string{"interest": interests[i%len(interests)]}, OptedOut: i%37 == 0,
			UpdatedAt: now.Add(-time.Duration(demoSubscribers-i) * 4 * time.Hour)}
		if i%7 != 3 {
			s.Phones = append(s.Phones, fmt.Sprintf("+447700900%03d", i))
		}
		if i%5 != 4 {
			s.Emails = append(s.Emails, fmt.Sprintf("subscriber.%d@example.com", i+1))
		}
		if i%3 == 0 {
			s.Tags = append(s.Tags, interests[i%len(interests)])
		}
		if i%11 == 0 {
			s.Tags = append(s.Tags, "newsletter")
		}
		out = append(out, s)
	}
	return out
}
