package filter

import (
	"slices"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/typeid"
)

// IDComparator compares an id.
type IDComparator struct {
	Eq     *string
	Ne     *string
	In     []string
	NotIn  []string
	IsNull *bool
}

// OwnerComparator compares an owner or assignee.
type OwnerComparator struct {
	Eq     *string
	Ne     *string
	In     []string
	NotIn  []string
	IsNull *bool
	Me     *bool
}

// EnumComparator compares a value out of a fixed list.
type EnumComparator struct {
	Eq    *string
	Ne    *string
	In    []string
	NotIn []string
}

// RecordStatusComparator compares a record's status.
type RecordStatusComparator EnumComparator

// TaskStatusComparator compares a task's status.
type TaskStatusComparator struct {
	Eq *string
	Ne *string
}

// PriorityComparator compares a priority, in its order.
type PriorityComparator struct {
	Eq    *string
	Ne    *string
	In    []string
	NotIn []string
	Gt    *string
	Gte   *string
	Lt    *string
	Lte   *string
}

// Priorities in ascending order.
var Priorities = []string{"LOW", "MEDIUM", "HIGH", "URGENT"}

// maxValues bounds how many values one comparison lists.
const maxValues = 500

// compiler compiles the comparisons of one kind of rows, counting conditions and gathering what is wrong.
type compiler[T any] struct {
	me         string
	currency   string
	conditions int
	problems   *fault.Problems
	preds      []Pred[T]
}

func (c *compiler[T]) add(p Pred[T]) {
	c.conditions++
	c.preds = append(c.preds, p)
}

func (c *compiler[T]) enum(path, column string, get func(T) *string, f EnumComparator) {
	if f.Eq != nil {
		c.add(oneOf(column, get, []string{*f.Eq}))
	}
	if f.Ne != nil {
		c.add(Not(oneOf(column, get, []string{*f.Ne})))
	}
	if f.In != nil {
		c.add(oneOf(column, get, c.bounded(path+".in", f.In)))
	}
	if f.NotIn != nil {
		c.add(Not(oneOf(column, get, c.bounded(path+".notIn", f.NotIn))))
	}
}

func (c *compiler[T]) id(path, column, prefix string, get func(T) *string, f IDComparator) {
	for _, id := range slices.Concat(f.In, f.NotIn, one(f.Eq), one(f.Ne)) {
		if !typeid.Is(prefix, id) {
			c.problems.Add(path, "%q is not the id of a %s", id, typeid.Name(prefix))
		}
	}
	c.enum(path, column, get, EnumComparator{f.Eq, f.Ne, f.In, f.NotIn})
	if f.IsNull != nil {
		p := null(column, get)
		if !*f.IsNull {
			p = Not(p)
		}
		c.add(p)
	}
}

func (c *compiler[T]) owner(path, column string, get func(T) *string, f OwnerComparator) {
	c.id(path, column, typeid.Member, get, IDComparator{f.Eq, f.Ne, f.In, f.NotIn, f.IsNull})
	if f.Me != nil {
		p := oneOf(column, get, one(&c.me))
		if c.me == "" {
			p = oneOf(column, get, nil)
		}
		if !*f.Me {
			p = Not(p)
		}
		c.add(p)
	}
}

func (c *compiler[T]) priority(path string, get func(T) *string, f PriorityComparator) {
	c.enum(path, "priority", get, EnumComparator{f.Eq, f.Ne, f.In, f.NotIn})
	bound := func(p *string, keep func(i, at int) bool) {
		if p == nil {
			return
		}
		at := slices.Index(Priorities, *p)
		var in []string
		for i, name := range Priorities {
			if keep(i, at) {
				in = append(in, name)
			}
		}
		c.add(oneOf("priority", get, in))
	}
	bound(f.Gt, func(i, at int) bool { return i > at })
	bound(f.Gte, func(i, at int) bool { return i >= at })
	bound(f.Lt, func(i, at int) bool { return i < at })
	bound(f.Lte, func(i, at int) bool { return i <= at })
}

func (c *compiler[T]) text(path string, get func(T) string, q *string) {
	if q == nil {
		return
	}
	if len(*q) > MaxText {
		c.problems.Add(path, "is longer than %d bytes", MaxText)
		return
	}
	c.add(text(get, *q))
}

func (c *compiler[T]) bounded(path string, values []string) []string {
	if len(values) > maxValues {
		c.problems.Add(path, "lists more than %d values", maxValues)
	}
	c.conditions += len(values) / 100 // each further hundred of values counts as a condition: they are bound one by one
	return values
}

func one(s *string) []string {
	if s == nil {
		return nil
	}
	return []string{*s}
}
