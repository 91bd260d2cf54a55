package demo

import (
	"cmp"
	"slices"
)

// card is a record and the way it went over its board.
type card struct {
	number   int
	pos      int64
	pipeline int
	// path are the stages it was in; turns are when it came to each, the first when it was made.
	path  []int
	turns []int64
	// last is when the last thing happened to it.
	last int64
	// owner is who has it in the end, first who had it at its beginning.
	owner, first who
	by           who
	contact      int
	person       *person
	title        string
	low, high    int
	currency     string
	priority     string
}

func (c *card) stage() int { return c.path[len(c.path)-1] }

func (c *card) plan() stagePlan { return boardPlans[c.pipeline].stages[c.stage()] }

// populate rolls records and people, and brings both into the order of their beginnings.
func (p *plan) populate() {
	taken := map[string]bool{}
	p.customers(270, taken)
	for b, board := range boardPlans {
		for s, st := range board.stages {
			for range st.cards {
				p.records = append(p.records, p.card(b, s))
			}
		}
	}
	slices.SortStableFunc(p.contacts, func(a, b *person) int { return cmp.Compare(a.pos, b.pos) })
	slices.SortStableFunc(p.records, func(a, b *card) int { return cmp.Compare(a.pos, b.pos) })
	customers := slices.Clone(p.contacts)
	for i, c := range p.records {
		c.number, c.by = i, p.maker(c)
		switch known := count(customers, c.pos); {
		case c.pipeline == recruitment:
			c.person = p.stranger(taken)
			c.person.by, c.person.pos, c.person.owner = c.by, c.pos-30, c.first
			p.contacts = append(p.contacts, c.person)
		case p.chance(94):
			c.person = customers[p.IntN(known)]
		}
	}
	slices.SortStableFunc(p.contacts, func(a, b *person) int { return cmp.Compare(a.pos, b.pos) })
	for _, c := range p.records {
		c.contact = slices.Index(p.contacts, c.person)
		p.entitle(c)
	}
}

// maker is who makes a record: the chatbot some, members the others.
func (p *plan) maker(c *card) who {
	switch {
	case c.pos < p.calendar.ago(11400):
		return importer
	case c.first != chloe && p.chance(28):
		return chatbot
	}
	return p.hand(c.first)
}

// count is how many people were there before a position.
func count(people []*person, pos int64) (n int) {
	for n < len(people) && people[n].pos < pos {
		n++
	}
	return n
}
