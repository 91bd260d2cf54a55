package filter

import (
	"fmt"

	"github.com/rapidbott/tideboard/server/fault"
)

// Limits of a filter (spec records, section 12).
const (
	MaxDepth      = 5
	MaxConditions = 50
	// MaxText is how many bytes a text has at most that is searched for or compared with.
	MaxText = 400
)

// run is the compilation of one filter, with all its levels.
type run struct {
	env        Env
	conditions int
	problems   fault.Problems
	// What the filter depends on besides the rows it is asked about.
	clock, pipelines, teams bool
}

// err is what is wrong with the filter.
func (r *run) err() error {
	if r.conditions > MaxConditions {
		r.problems.Add("filter", "has more than %d conditions", MaxConditions)
	}
	return r.problems.Err()
}

// tree is how a filter nests.
type tree[F any] struct {
	and, or []F
	not     F
	hasNot  bool
}

// grammar says how filters of a kind nest, and what their own fields mean.
type grammar[F comparable, T any] struct {
	nest   func(F) tree[F]
	fields func(*compiler[T], F, string)
}

// compile compiles a filter and what is nested in it.
func compile[F comparable, T any](r *run, g grammar[F, T], f F, path string, depth int) Pred[T] {
	var none F
	if f == none {
		return All[T]()
	}
	if depth > MaxDepth {
		r.problems.Add(path, "is nested deeper than %d", MaxDepth)
		return All[T]()
	}
	c, t := &compiler[T]{run: r}, g.nest(f)
	all := func(fs []F, name string) (ps []Pred[T]) {
		for i, sub := range fs {
			ps = append(ps, compile(r, g, sub, fmt.Sprintf("%s.%s[%d]", path, name, i), depth+1))
		}
		return ps
	}
	if t.and != nil {
		c.preds = append(c.preds, And(all(t.and, "and")))
	}
	if t.or != nil {
		c.preds = append(c.preds, Or(all(t.or, "or")))
	}
	if t.hasNot {
		c.preds = append(c.preds, Not(compile(r, g, t.not, path+".not", depth+1)))
	}
	before := r.conditions
	g.fields(c, f, path)
	if r.conditions == before && len(t.and)+len(t.or) == 0 && !t.hasNot {
		r.conditions++ // one that asks nothing counts too: a list of them is as long a statement
	}
	return And(c.preds)
}

// compiler gathers the conditions of one level of a filter.
type compiler[T any] struct {
	*run
	preds []Pred[T]
}

func (c *compiler[T]) add(p Pred[T]) {
	c.conditions++
	c.preds = append(c.preds, p)
}

// addIf adds a condition, or its opposite; nothing when it is not asked for.
func (c *compiler[T]) addIf(holds *bool, p func() Pred[T]) {
	switch {
	case holds == nil:
	case *holds:
		c.add(p())
	default:
		c.add(Not(p()))
	}
}

// timed notes that the filter depends on the clock, and refuses that where there is none.
func (c *compiler[T]) timed(path string) bool {
	c.clock = true
	if c.env.Now.IsZero() {
		c.problems.Add(path, "depends on the time, which is not told here")
	}
	return !c.env.Now.IsZero()
}

// maxValues bounds how many values one comparison lists.
const maxValues = 500

// bounded refuses lists that are too long. Each further hundred of values counts as a condition: they are bound one by one.
func (c *compiler[T]) bounded(path string, n int) {
	if n > maxValues {
		c.problems.Add(path, "lists more than %d values", maxValues)
	}
	c.conditions += n / 100
}
