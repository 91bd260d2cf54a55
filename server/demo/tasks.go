package demo

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
)

// job is a task and what became of it.
type job struct {
	pos, done int64
	by, to    who
	record    *card
	due       *time.Time
	allDay    bool
}

// Numbers of jobs: about open records, late ones about those that were left lying, done ones, and those about nothing.
const openJobs, lateJobs, doneJobs, ownJobs = 26, 16, 26, 12

// assignWork adds the tasks.
func (p *plan) assignWork() {
	var open, lying, all []*card
	for _, c := range p.records {
		if c.person != nil && c.plan().kind == "OPEN" {
			open = append(open, c)
			if c.last < p.calendar.ago(700) {
				lying = append(lying, c)
			}
		}
		// What is still to be done about a record ends with it: these were done after all that happened to theirs.
		if c.person != nil && c.last < p.calendar.ago(200) {
			all = append(all, c)
		}
	}
	var list []*job
	for range openJobs {
		list = append(list, p.openJob(pick(p.dice, open)))
	}
	for range lateJobs {
		list = append(list, p.lateJob(pick(p.dice, lying)))
	}
	for range doneJobs {
		c := pick(p.dice, all)
		j := &job{record: c, by: pick(p.dice, openers), to: pick(p.dice, openers), pos: p.pos(c.last+60, p.calendar.ago(120))}
		j.done = p.pos(j.pos+600, min(j.pos+150000, p.calendar.ago(6)))
		p.deadline(j, later(p.calendar.day(j.done, p.between(-2, 4)), p.calendar.day(j.pos, 1)))
		list = append(list, j)
	}
	for i := range ownJobs {
		j := &job{pos: p.pos(p.calendar.ago(3000), p.calendar.ago(8))}
		j.by = pick(p.dice, []who{olivia, amara, ben, chloe})
		j.to = j.by
		if i%3 > 0 {
			p.deadline(j, p.calendar.day(p.calendar.total, p.between(-4, 12)))
		}
		list = append(list, j)
	}
	slices.SortStableFunc(list, func(a, b *job) int { return cmp.Compare(a.pos, b.pos) })
	for i, j := range list {
		p.task(i, j)
	}
}

// openJob is something to do about an open record, after all that happened to it.
func (p *plan) openJob(c *card) *job {
	j := &job{record: c, by: p.hand(c.owner), to: c.owner, pos: p.pos(max(c.last+60, p.calendar.ago(1500)), p.calendar.ago(2))}
	if p.chance(12) {
		j.to = pick(p.dice, openers)
	}
	if p.chance(80) {
		p.deadline(j, later(p.calendar.day(p.calendar.total, p.low(0, 16)), p.calendar.day(j.pos, 1)))
	}
	return j
}

// lateJob should have been done some days ago.
func (p *plan) lateJob(c *card) *job {
	day := p.calendar.day(p.calendar.total, -p.between(1, 5))
	j := &job{record: c, by: p.hand(c.owner), to: c.owner, pos: p.pos(max(c.last+60, p.calendar.ago(2000)), p.calendar.pos(day))}
	p.deadline(j, day)
	return j
}

// deadline sets the day on which a task is due: the whole day, or an hour of it.
func (p *plan) deadline(j *job, day time.Time) {
	if j.allDay = p.chance(35); !j.allDay {
		day = day.Add(time.Duration(p.between(9, 17))*time.Hour + time.Duration(pick(p.dice, []int{0, 0, 30}))*time.Minute)
	}
	day = day.UTC()
	j.due = &day
}

func (p *plan) task(n int, j *job) {
	line := pick(p.dice, ownChores)
	name, company := "", "the customer"
	if j.record != nil {
		line, name = pick(p.dice, chores), j.record.person.name()
		if j.record.person.company != "" {
			company = j.record.person.company
		}
	}
	in := crm.CreateTaskInput{Title: strings.NewReplacer("{name}", name, "{co}", company).Replace(line[1]), Priority: line[0],
		DueAt: j.due, DueAllDay: j.allDay}
	if in.Priority == "-" {
		in.Priority = "MEDIUM"
	}
	p.add(j.pos, j.by, aTask, func(ctx context.Context, l *loader) (row.Revision, error) {
		in := in
		if in.AssigneeID = l.id(j.to); j.record != nil {
			in.RecordID = &l.records[j.record.number]
		}
		made, err := l.crm.CreateTask(ctx, in)
		if err != nil {
			return 0, err
		}
		l.tasks = append(l.tasks, made.Task.ID)
		return made.Revision, nil
	})
	if j.done == 0 {
		return
	}
	p.add(j.done, j.to, aChange, func(ctx context.Context, l *loader) (row.Revision, error) {
		out, err := l.crm.SetTaskStatus(ctx, crm.SetTaskStatusInput{ID: l.tasks[n], Status: "DONE"})
		if err != nil {
			return 0, err
		}
		return out.Revision, nil
	})
}
