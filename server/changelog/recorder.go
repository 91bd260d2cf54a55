package changelog

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"entgo.io/ent"
	"entgo.io/ent/dialect/sql"

	gen "github.com/rapidbott/tideboard/ent"
	_ "github.com/rapidbott/tideboard/ent/runtime" // the policies and validators of the schema
)

// ErrOutsideRecorder says that a row of the graph was about to be written past the log.
var ErrOutsideRecorder = errors.New("changelog: a write outside a recorder")

// ErrLost says that a row changed between being loaded and being written; the transaction should be tried again.
var ErrLost = errors.New("changelog: the row changed since it was loaded")

// Recorder gathers the changes of one transaction.
type Recorder struct {
	known   map[string]any
	changes []*Change
}

type recorderKey struct{}

// WithRecorder begins recording.
func WithRecorder(ctx context.Context) (context.Context, *Recorder) {
	r := &Recorder{known: map[string]any{}}
	return context.WithValue(ctx, recorderKey{}, r), r
}

func recorder(ctx context.Context) *Recorder {
	r, _ := ctx.Value(recorderKey{}).(*Recorder)
	return r
}

// Say appends a change that is no write of a row of the graph: a session ended, all data deleted. `after` is what there
// is to tell, written as JSON; nil when the name says it all. It fails outside of a recorder.
func Say(ctx context.Context, kind, entity, id string, after any) error {
	r := recorder(ctx)
	if r == nil {
		return fmt.Errorf("%w: %s", ErrOutsideRecorder, kind)
	}
	c := &Change{Ordinal: len(r.changes), Kind: kind, Entity: entity, EntityID: id}
	if after != nil {
		c.After = image(after)
	}
	r.changes = append(r.changes, c)
	return nil
}

// Changes are those gathered so far.
func (r *Recorder) Changes() []*Change { return r.changes }

// unlogged entities are no part of a workspace's history.
var unlogged = []string{gen.TypeSession, gen.TypeAPIKey}

// Attach puts the hook on a client: from then on every write through it is logged or fails. What is read through it
// inside a recorder is remembered as the state before.
func Attach(c *gen.Client) *gen.Client {
	c.Use(hook)
	c.Intercept(ent.InterceptFunc(remember))
	return c
}

func remember(next ent.Querier) ent.Querier {
	return ent.QuerierFunc(func(ctx context.Context, q ent.Query) (ent.Value, error) {
		v, err := next.Query(ctx, q)
		if r := recorder(ctx); r != nil && err == nil {
			r.know(v)
		}
		return v, err
	})
}

func (r *Recorder) know(rows any) {
	switch rows := rows.(type) {
	case []*gen.Record:
		knowAll(r, rows, func(e *gen.Record) string { return e.ID })
	case []*gen.Contact:
		knowAll(r, rows, func(e *gen.Contact) string { return e.ID })
	case []*gen.Company:
		knowAll(r, rows, func(e *gen.Company) string { return e.ID })
	case []*gen.Task:
		knowAll(r, rows, func(e *gen.Task) string { return e.ID })
	case []*gen.Stage:
		knowAll(r, rows, func(e *gen.Stage) string { return e.ID })
	case []*gen.Pipeline:
		knowAll(r, rows, func(e *gen.Pipeline) string { return e.ID })
	case []*gen.Member:
		knowAll(r, rows, func(e *gen.Member) string { return e.ID })
	case []*gen.Team:
		knowAll(r, rows, func(e *gen.Team) string { return e.ID })
	case []*gen.Invitation:
		knowAll(r, rows, func(e *gen.Invitation) string { return e.ID })
	case []*gen.Workspace:
		knowAll(r, rows, func(e *gen.Workspace) string { return e.ID })
	}
}

func knowAll[T any](r *Recorder, rows []T, id func(T) string) {
	for _, e := range rows {
		r.known[id(e)] = e
	}
}

// hook is the one place where a write becomes a change.
func hook(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		if slices.Contains(unlogged, m.Type()) {
			return next.Mutate(ctx, m)
		}
		r := recorder(ctx)
		if r == nil {
			return nil, fmt.Errorf("%w: %s of a %s", ErrOutsideRecorder, m.Op(), m.Type())
		}
		switch {
		case m.Op().Is(ent.OpCreate):
			return r.create(ctx, m, next)
		case m.Op().Is(ent.OpUpdateOne), m.Op().Is(ent.OpUpdate):
			return r.update(ctx, m, next)
		}
		return nil, fmt.Errorf("changelog: %s of a %s: rows are deleted by deleted_at", m.Op(), m.Type())
	})
}

func (r *Recorder) create(ctx context.Context, m ent.Mutation, next ent.Mutator) (ent.Value, error) {
	v, err := next.Mutate(ctx, m)
	if err != nil {
		return nil, err
	}
	return v, r.note(m.Type(), nil, v)
}

func (r *Recorder) update(ctx context.Context, m ent.Mutation, next ent.Mutator) (ent.Value, error) {
	ids, err := m.(interface {
		IDs(context.Context) ([]string, error)
	}).IDs(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(ids) // the rows of a bulk write stand in the log in the same order on every database
	client := m.(interface{ Client() *gen.Client }).Client()
	if err := r.load(ctx, client, m.Type(), ids); err != nil {
		return nil, err
	}
	before := make([]any, len(ids))
	for i, id := range ids {
		before[i] = r.known[id]
	}
	if m.Op().Is(ent.OpUpdateOne) {
		v, err := next.Mutate(ctx, unchanged(m, before[0]))
		switch {
		case gen.IsNotFound(err):
			return nil, fmt.Errorf("%w: %s %s", ErrLost, m.Type(), ids[0])
		case err != nil:
			return nil, err
		}
		return v, r.note(m.Type(), before[0], v)
	}
	v, err := next.Mutate(ctx, m)
	if err != nil {
		return nil, err
	}
	if n, ok := v.(int); ok && n != len(ids) {
		return nil, fmt.Errorf("%w: %d rows were to change, %d did", ErrLost, len(ids), n)
	}
	for _, id := range ids {
		delete(r.known, id)
	}
	if err := r.load(ctx, client, m.Type(), ids); err != nil {
		return nil, err
	}
	for i, id := range ids {
		if err := r.note(m.Type(), before[i], r.known[id]); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// unchanged makes the write of one row find only the version that was loaded: a version that is set, and not counted
// on, would hide that somebody else has set the same one.
func unchanged(m ent.Mutation, before any) ent.Mutation {
	version := reflect.ValueOf(before).Elem().FieldByName("Version")
	if w, ok := m.(interface{ WhereP(...func(*sql.Selector)) }); ok && version.IsValid() {
		w.WhereP(sql.FieldEQ("version", version.Int()))
	}
	return m
}

// note turns one write into its changes: one per kind of event it was.
func (r *Recorder) note(typ string, before, after any) error {
	e := entities[typ]
	id := e.id(after)
	r.known[id] = after
	changed, err := differences(before, after)
	if err != nil {
		return err
	}
	if before != nil && len(changed) == 0 {
		return nil
	}
	old, now := image(before), image(after)
	for _, k := range kinds(e.name, before == nil, changed, old, now) {
		r.changes = append(r.changes, &Change{Ordinal: len(r.changes), Kind: k.name, Entity: e.name, EntityID: id,
			PipelineID: e.pipeline(after), Before: old, After: now, Changed: k.changed})
	}
	return nil
}
