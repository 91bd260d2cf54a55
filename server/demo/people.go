package demo

import (
	"fmt"
	"strings"

	"github.com/rapidbott/tideboard/server/fold"
)

// person is a name with the ways to reach it.
type person struct {
	pos         int64
	by          who
	first, last string
	emails      []string
	phones      []string
	job         *string
	company     string
	description *string
	owner       who
	externalID  *string
}

func (p *person) name() string { return strings.TrimSpace(p.first + " " + p.last) }

// culture is where names and numbers go together.
type culture struct {
	firsts, lasts []string
	phone         string
}

// cultures has one entry per share.
var cultures = func() (out []culture) {
	for _, l := range lines("people") {
		c := culture{strings.Fields(l[1]), strings.Fields(l[2]), l[3]}
		for range number(l[0]) {
			out = append(out, c)
		}
	}
	return out
}()

// latin writes letters that do not come apart into a plain one and an accent.
var latin = strings.NewReplacer("ø", "o", "æ", "ae", "đ", "d", "ı", "i", "þ", "th", "ð", "d", "ł", "l", "'", "", " ", "")

// spelled is a name of the data as it is shown and as it is written in an address.
func spelled(s string) (shown, written string) {
	shown, written, ok := strings.Cut(s, "=")
	shown = strings.ReplaceAll(shown, "_", " ")
	if !ok {
		written = latin.Replace(fold.Text(shown))
	}
	return shown, written
}

// stranger rolls a person whose address nobody has yet.
func (p *plan) stranger(taken map[string]bool) *person {
	for {
		c := pick(p.dice, cultures)
		first, f := spelled(pick(p.dice, c.firsts))
		last, l := spelled(pick(p.dice, c.lasts))
		address := f + "." + l + "@example." + pick(p.dice, []string{"com", "com", "org", "net"})
		if taken[f+l] {
			continue
		}
		taken[f+l] = true
		s := &person{first: first, last: last, owner: nobody, by: olivia}
		if p.chance(92) {
			s.emails = []string{address}
			if p.chance(12) {
				s.emails = append(s.emails, f[:1]+l+"@example.org")
			}
		}
		if p.chance(80) || s.emails == nil {
			s.phones = []string{p.digits(c.phone)}
			if p.chance(10) {
				s.phones = append(s.phones, p.digits("+49 171 39200 ##"))
			}
		}
		return s
	}
}

// customers rolls the people of companies: more than half came with the file of the first days, the others one by one.
func (p *plan) customers(n int, taken map[string]bool) {
	for i := range n {
		s := p.stranger(taken)
		if p.chance(94) {
			s.company = pick(p.dice, companies)
			if p.chance(70) {
				job := pick(p.dice, jobTitles)
				s.job = &job
			}
		}
		switch {
		case p.chance(58):
			id := fmt.Sprintf("erp-%05d", 10021+7*i)
			s.by, s.externalID, s.pos = importer, &id, p.pos(3600, p.calendar.ago(11800))
		case p.chance(30):
			s.by, s.pos, s.owner = chloe, p.pos(p.calendar.ago(11800), p.calendar.ago(5)), chloe
		default:
			s.by, s.pos, s.owner = pick(p.dice, []who{olivia, amara, ben, ben, chatbot}), p.pos(p.calendar.ago(11800), p.calendar.ago(5)), pick(p.dice, owners)
		}
		if p.chance(8) {
			text := pick(p.dice, []string{"Prefers to be called in the morning.", "Speaks French and Deutsch.", "Met at the trade fair.",
				"Decides together with the managing director.", "Do not call, write."})
			s.description = &text
		}
		p.contacts = append(p.contacts, s)
	}
}
