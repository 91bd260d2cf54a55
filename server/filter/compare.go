package filter

import (
	"slices"

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

// ChannelComparator compares a channel, which may be missing.
type ChannelComparator struct {
	Eq     *string
	Ne     *string
	In     []string
	NotIn  []string
	IsNull *bool
}

// RecordTypeComparator compares the record type of a record's pipeline.
type RecordTypeComparator EnumComparator

// RecordSourceComparator compares by which path a row came in.
type RecordSourceComparator EnumComparator

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

func (c *compiler[T]) enum(path, column string, get func(T) *string, f EnumComparator) {
	if f.Eq != nil {
		c.add(oneOf(column, get, []string{*f.Eq}))
	}
	if f.Ne != nil {
		c.add(Not(oneOf(column, get, []string{*f.Ne})))
	}
	if f.In != nil {
		c.bounded(path+".in", len(f.In))
		c.add(oneOf(column, get, f.In))
	}
	if f.NotIn != nil {
		c.bounded(path+".notIn", len(f.NotIn))
		c.add(Not(oneOf(column, get, f.NotIn)))
	}
}

func (c *compiler[T]) id(path, column, prefix string, get func(T) *string, f IDComparator) {
	for _, id := range slices.Concat(f.In, f.NotIn, one(f.Eq), one(f.Ne)) {
		if !typeid.Is(prefix, id) {
			c.problems.Add(path, "%q is not the id of a %s", id, typeid.Name(prefix))
		}
	}
	c.enum(path, column, get, EnumComparator{f.Eq, f.Ne, f.In, f.NotIn})
	c.addIf(f.IsNull, func() Pred[T] { return null(column, get) })
}

func (c *compiler[T]) owner(path, column string, get func(T) *string, f OwnerComparator) {
	c.id(path, column, typeid.Member, get, IDComparator{f.Eq, f.Ne, f.In, f.NotIn, f.IsNull})
	c.addIf(f.Me, func() Pred[T] {
		if c.env.MemberID == "" {
			return oneOf(column, get, nil)
		}
		return oneOf(column, get, []string{c.env.MemberID})
	})
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

func one(s *string) []string {
	if s == nil {
		return nil
	}
	return []string{*s}
}
