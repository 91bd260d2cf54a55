package demo

import (
	"cmp"
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
)

// event is something that happens to a record after its making. Its step is done by somebody who sees the record then.
type event struct {
	pos int64
	add func(pos int64, owner who)
	// owner says that it gives the record to its last owner.
	owner bool
}

// follow adds the rest of a record's life.
func (p *plan) follow(c *card) {
	var events []event
	for i := range c.path[1:] {
		events = append(events, event{pos: c.turns[i+1], add: func(pos int64, owner who) { p.move(c, c.path[i+1], pos, owner) }})
	}
	end := p.calendar.ago(4)
	if c.owner != c.first {
		events = append(events, event{p.pos(c.pos+60, min(c.pos+40000, end)), func(pos int64, _ who) { p.give(c, pos) }, true})
	}
	if c.plan().kind == "OPEN" && p.chance(12) {
		events = append(events, event{pos: p.pos(c.pos+60, end), add: func(pos int64, owner who) { p.edit(c, pos, owner) }})
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.pos, b.pos) })
	owner := c.first
	c.last = c.pos
	for _, e := range events {
		e.add(e.pos, owner)
		c.last = e.pos
		if e.owner {
			owner = c.owner
		}
	}
}

// move adds a move to another stage: mostly to its top, and sometimes with a probability of one's own.
func (p *plan) move(c *card, stage int, pos int64, owner who) {
	in, st := crm.MoveRecordInput{}, boardPlans[c.pipeline].stages[stage]
	if p.chance(18) {
		in.ToEnd = text("BOTTOM")
	}
	switch {
	case st.kind == "OPEN" && p.chance(12):
		probability := min(95, st.probability+5*p.between(1, 4))
		in.Probability = &probability
	case st.kind == "LOST" && p.chance(85):
		in.LostReason = text(pick(p.dice, boardPlans[c.pipeline].lostReasons))
	}
	p.add(pos, p.hand(owner), aChange, func(ctx context.Context, l *loader) (row.Revision, error) {
		in := in
		in.RecordID, in.ToStageID = l.records[c.number], &l.stages[c.pipeline][stage]
		out, err := l.crm.MoveRecord(ctx, in)
		if err != nil {
			return 0, err
		}
		return out.Revision, nil
	})
}

// give adds the assignment to the last owner, by somebody who sees every record.
func (p *plan) give(c *card, pos int64) {
	p.add(pos, pick(p.dice, openers), aChange, func(ctx context.Context, l *loader) (row.Revision, error) {
		out, err := l.crm.AssignRecord(ctx, crm.AssignRecordInput{RecordID: l.records[c.number], OwnerID: graphql.OmittableOf(l.id(c.owner))})
		if err != nil {
			return 0, err
		}
		return out.Revision, nil
	})
}

// edit adds a change of priority, and of the value where there is one.
func (p *plan) edit(c *card, pos int64, owner who) {
	priority := map[string]string{"LOW": "MEDIUM", "MEDIUM": "HIGH", "HIGH": "URGENT", "URGENT": "HIGH"}[c.priority]
	in := crm.UpdateRecordInput{Priority: graphql.OmittableOf(&priority), AddTags: []string{pick(p.dice, boardPlans[c.pipeline].tags)}}
	if c.currency != "" && p.chance(60) {
		in.Value = graphql.OmittableOf(&crm.MoneyInput{Amount: p.amount(c.low, c.high, c.currency), Currency: &c.currency})
	}
	p.add(pos, p.hand(owner), aChange, func(ctx context.Context, l *loader) (row.Revision, error) {
		in := in
		in.ID = l.records[c.number]
		out, err := l.crm.UpdateRecord(ctx, in)
		if err != nil {
			return 0, err
		}
		return out.Revision, nil
	})
}
