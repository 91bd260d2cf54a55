package filter

import (
	"fmt"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// ContactFilter says which contacts; see the SDL.
type ContactFilter struct {
	And   []*ContactFilter
	Or    []*ContactFilter
	Not   *ContactFilter
	ID    *IDComparator
	Owner *OwnerComparator
	Q     *string
}

// TaskFilter says which tasks; see the SDL.
type TaskFilter struct {
	And       []*TaskFilter
	Or        []*TaskFilter
	Not       *TaskFilter
	ID        *IDComparator
	Status    *TaskStatusComparator
	Assignee  *OwnerComparator
	RecordID  *IDComparator
	ContactID *IDComparator
	Priority  *PriorityComparator
	Q         *string
}

// CompileContacts compiles a filter; nil lets every contact pass.
func CompileContacts(f *ContactFilter, env Env) (Pred[*row.Contact], error) {
	problems, n := &fault.Problems{}, 0
	p := compileTree(f, "filter", 1, &n, problems, env, func(f *ContactFilter) tree[*ContactFilter] {
		return tree[*ContactFilter]{f.And, f.Or, f.Not, f.Not != nil}
	}, contactFields)
	return p, tooMany(n, problems)
}

// CompileTasks compiles a filter; nil lets every task pass.
func CompileTasks(f *TaskFilter, env Env) (Pred[*row.Task], error) {
	problems, n := &fault.Problems{}, 0
	p := compileTree(f, "filter", 1, &n, problems, env, func(f *TaskFilter) tree[*TaskFilter] {
		return tree[*TaskFilter]{f.And, f.Or, f.Not, f.Not != nil}
	}, taskFields)
	return p, tooMany(n, problems)
}

// tree is how a filter nests.
type tree[F any] struct {
	and, or []F
	not     F
	hasNot  bool
}

func tooMany(n int, problems *fault.Problems) error {
	if n > MaxConditions {
		problems.Add("filter", "has more than %d conditions", MaxConditions)
	}
	return problems.Err()
}

func compileTree[F comparable, T any](f F, path string, depth int, n *int, problems *fault.Problems, env Env,
	nest func(F) tree[F], fields func(*compiler[T], F, string)) Pred[T] {
	var none F
	if f == none {
		return All[T]()
	}
	if depth > MaxDepth {
		problems.Add(path, "is nested deeper than %d", MaxDepth)
		return All[T]()
	}
	c, t := &compiler[T]{me: env.MemberID, currency: env.Currency, problems: problems}, nest(f)
	below := func(sub F, place string) Pred[T] {
		return compileTree(sub, path+"."+place, depth+1, n, problems, env, nest, fields)
	}
	all := func(fs []F, name string) (ps []Pred[T]) {
		for i, sub := range fs {
			ps = append(ps, below(sub, fmt.Sprintf("%s[%d]", name, i)))
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
		c.preds = append(c.preds, Not(below(t.not, "not")))
	}
	fields(c, f, path)
	if *n += c.conditions; c.conditions == 0 && len(t.and)+len(t.or) == 0 && !t.hasNot {
		*n++ // one that asks nothing counts too: a list of them is as long a statement
	}
	return And(c.preds)
}

func contactFields(c *compiler[*row.Contact], f *ContactFilter, path string) {
	if f.ID != nil {
		c.id(path+".id", "id", typeid.Contact, c.always(func(r *row.Contact) string { return r.ID }), *f.ID)
	}
	if f.Owner != nil {
		c.owner(path+".owner", "owner_id", func(r *row.Contact) *string { return r.OwnerID }, *f.Owner)
	}
	c.text(path+".q", (*row.Contact).SearchText, f.Q)
}

func taskFields(c *compiler[*row.Task], f *TaskFilter, path string) {
	if f.ID != nil {
		c.id(path+".id", "id", typeid.Task, c.always(func(r *row.Task) string { return r.ID }), *f.ID)
	}
	if f.Status != nil {
		c.enum(path+".status", "status", c.always(func(r *row.Task) string { return r.Status }), EnumComparator{Eq: f.Status.Eq, Ne: f.Status.Ne})
	}
	if f.Assignee != nil {
		c.owner(path+".assignee", "assignee_id", func(r *row.Task) *string { return r.AssigneeID }, *f.Assignee)
	}
	if f.RecordID != nil {
		c.id(path+".recordId", "record_id", typeid.Record, func(r *row.Task) *string { return r.RecordID }, *f.RecordID)
	}
	if f.ContactID != nil {
		c.id(path+".contactId", "contact_id", typeid.Contact, func(r *row.Task) *string { return r.ContactID }, *f.ContactID)
	}
	if f.Priority != nil {
		c.priority(path+".priority", c.always(func(r *row.Task) string { return r.Priority }), *f.Priority)
	}
	c.text(path+".q", (*row.Task).SearchText, f.Q)
}
