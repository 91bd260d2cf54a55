package demo

import "slices"

// card rolls a record that ends in a stage.
func (p *plan) card(pipeline, stage int) *card {
	c := &card{pipeline: pipeline, owner: pick(p.dice, owners), priority: pick(p.dice, []string{"LOW", "MEDIUM", "MEDIUM", "MEDIUM", "MEDIUM", "HIGH", "HIGH", "URGENT"}),
		currency: pick(p.dice, boardPlans[pipeline].currencies)}
	if kind := boardPlans[pipeline].stages[stage].kind; kind != "OPEN" && c.owner == nobody && p.chance(80) {
		c.owner = pick(p.dice, openers)
	}
	c.first = c.owner
	switch {
	case c.owner != nobody && p.chance(14):
		c.first = nobody
	case p.chance(5):
		c.first = pick(p.dice, openers)
	}
	c.path = p.path(pipeline, stage)
	age, idle := 0, 0 // hundredths of days
	if c.plan().kind == "OPEN" {
		idle = p.low(3, pick(p.dice, []int{150, 500, 2400}))
		age = idle + (len(c.path)-1)*p.between(60, 1400)
	} else {
		idle = p.between(5, 10900)
		age = idle + p.between(80, 1200)*len(c.path)/2
	}
	start, end := p.calendar.ago(min(age, 11790)), p.calendar.ago(min(idle, 11700))
	c.turns = []int64{start}
	for range len(c.path) - 2 {
		c.turns = append(c.turns, p.pos(start+60, end))
	}
	slices.Sort(c.turns)
	if len(c.path) > 1 {
		c.turns = append(c.turns, end+60)
	}
	c.pos = start
	return c
}

// path rolls the stages on the way to a stage: some are passed over, and a few records were lost and came back.
func (p *plan) path(pipeline, stage int) []int {
	stages := boardPlans[pipeline].stages
	var open, path []int
	for i, s := range stages {
		if s.kind == "OPEN" && (i < stage || stages[stage].kind != "OPEN") {
			open = append(open, i)
		}
	}
	if stages[stage].kind == "LOST" {
		open = open[:p.between(1, len(open))]
	}
	for n, i := range open {
		if n == 0 && p.chance(80) || n > 0 && p.chance(28) {
			path = append(path, i)
		}
	}
	if stages[stage].kind != "OPEN" && len(path) == 0 {
		path = open[:1]
	}
	if stage > 1 && stages[stage].kind == "OPEN" && len(path) > 0 && p.chance(5) {
		path = append(path, slices.IndexFunc(stages, func(s stagePlan) bool { return s.kind == "LOST" }))
	}
	return append(slices.Clone(path), stage)
}
