package demo

import (
	"strconv"
	"strings"
	"time"
)

// entitle gives a record a title that no other has.
func (p *plan) entitle(c *card) {
	company, name := pick(p.dice, companies), ""
	if c.person != nil {
		name = c.person.name()
		if c.person.company != "" {
			company = c.person.company
		}
	}
	for {
		subject := pick(p.dice, subjects[c.pipeline])
		title := strings.NewReplacer("{co}", company, "{name}", name, "{city}", pick(p.dice, cities),
			"{k}", strconv.Itoa(pick(p.dice, []int{6, 8, 12, 15, 20, 24, 25, 30, 40, 60, 80})), "{n}", strconv.Itoa(p.between(10400, 48900))).Replace(subject[0])
		if p.titles[title] {
			continue
		}
		p.titles[title] = true
		c.title = title
		if c.low, c.high = numbers(subject[1]); c.high == 0 {
			c.currency = ""
		}
		return
	}
}

// due rolls the day on which a record is expected to close; empty where nobody said one.
func (p *plan) due(c *card) string {
	if p.chance(map[int]int{sales: 12, support: 40, recruitment: 35}[c.pipeline]) {
		return ""
	}
	day := p.calendar.day(c.turns[len(c.turns)-1], p.between(-6, 12))
	if c.plan().kind == "OPEN" {
		ahead := map[int]int{sales: 75, support: 9, recruitment: 60}[c.pipeline]
		day = later(p.calendar.day(p.calendar.total, p.between(-16, ahead)), p.calendar.day(c.pos, 2))
	}
	return day.Format(time.DateOnly)
}
