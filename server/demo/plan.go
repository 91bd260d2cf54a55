package demo

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
)

// What a step makes.
const (
	aMember   = "member"
	aPipeline = "pipeline"
	aContact  = "contact"
	aRecord   = "record"
	aTask     = "task"
	aChange   = "change"
)

// plan is all that happened in the workspace after its founding, in order. It is a function of the anchor.
type plan struct {
	dice
	calendar calendar
	anchor   time.Time
	steps    []step
	contacts []*person
	records  []*card
	titles   map[string]bool
}

// step is one commit.
type step struct {
	// pos is when, in working seconds since the founding; at is the instant that follows from it.
	pos   int64
	at    time.Time
	by    who
	makes string
	do    func(context.Context, *loader) (row.Revision, error)
}

// seed makes this workspace and no other.
const seed = 20

func newPlan(anchor time.Time) (*plan, error) {
	c, err := newCalendar(anchor.Add(-span), anchor)
	if err != nil {
		return nil, err
	}
	p := &plan{dice: dice{rand.New(rand.NewPCG(seed, seed))}, calendar: c, anchor: anchor, titles: map[string]bool{}}
	p.hire()
	p.draw()
	p.populate()
	p.introduce()
	p.live()
	p.assignWork()
	p.schedule()
	return p, nil
}

func (p *plan) add(pos int64, by who, makes string, do func(context.Context, *loader) (row.Revision, error)) {
	p.steps = append(p.steps, step{pos: pos, by: by, makes: makes, do: do})
}

// hire adds the members beside the owner.
func (p *plan) hire() {
	for i, m := range staff[1:] {
		p.add(int64(i+1)*60, olivia, aMember, func(ctx context.Context, l *loader) (row.Revision, error) {
			made, err := l.crm.AddMember(ctx, m)
			if err == nil {
				l.join(made.ID)
			}
			return l.revision + 1, err
		})
	}
}

// draw adds the pipelines.
func (p *plan) draw() {
	for i, b := range boardPlans {
		in := b.input()
		if i == 0 {
			mark := loading
			in.Description = &mark
		}
		p.add(int64(i+10)*60, olivia, aPipeline, func(ctx context.Context, l *loader) (row.Revision, error) {
			made, err := l.crm.CreatePipeline(ctx, in)
			if err != nil {
				return 0, err
			}
			var stages []string
			for _, s := range made.Pipeline.Stages {
				stages = append(stages, s.ID)
			}
			l.pipelines, l.stages = append(l.pipelines, made.Pipeline.ID), append(l.stages, stages)
			return made.Revision, nil
		})
	}
}

// schedule puts the steps into their order and gives each an instant of its own; the last one says that all is there.
func (p *plan) schedule() {
	slices.SortStableFunc(p.steps, func(a, b step) int { return cmp.Compare(a.pos, b.pos) })
	p.add(p.calendar.total, olivia, aChange, func(ctx context.Context, l *loader) (row.Revision, error) {
		out, err := l.crm.UpdatePipeline(ctx, crm.UpdatePipelineInput{ID: l.pipelines[0],
			Description: graphql.OmittableOf(boardPlans[0].input().Description)})
		if err != nil {
			return 0, err
		}
		return out.Revision, nil
	})
	last := p.anchor.Add(-span)
	for i := range p.steps {
		s := &p.steps[i]
		if s.at = p.calendar.at(s.pos); !s.at.After(last) {
			s.at = last.Add(time.Second)
		}
		last = s.at
	}
}
