package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/watch"
)

// maxKey is how long an idempotency key is, in characters.
const maxKey = 128

// ofMutations are the directives that only a mutation's own field takes.
var ofMutations = map[string]bool{"dryRun": true, "idempotent": true}

// misplaced refuses such a directive anywhere else: one that is passed over would be taken for done.
func misplaced(doc *ast.QueryDocument) (errs gqlerror.List) {
	for _, op := range doc.Operations {
		eachField(op, func(f *ast.Field, root bool) {
			for _, d := range f.Directives {
				if ofMutations[d.Name] && !(root && op.Operation == ast.Mutation) {
					errs = append(errs, gqlerror.ErrorPosf(d.Position, "@%s stands on a field of Mutation alone", d.Name))
				}
			}
		})
	}
	return errs
}

// rehearsals gathers what the rehearsed fields of a request would have done.
type rehearsals struct {
	mu    sync.Mutex
	byKey map[string]rehearsed
}

// rehearsed is shown under extensions.dryRun.
type rehearsed struct {
	Changes []rehearsedChange `json:"changes"`
}

type rehearsedChange struct {
	Kind     string          `json:"kind"`
	Entity   string          `json:"entity"`
	EntityID string          `json:"entityId"`
	Changed  []string        `json:"changed"`
	Before   json.RawMessage `json:"before"`
	After    json.RawMessage `json:"after"`
}

type rehearsalsKey struct{}

func (r *rehearsals) note(key string, v *viewer.Viewer, changes []*changelog.Change) {
	out := rehearsed{Changes: []rehearsedChange{}}
	for _, c := range changes {
		if c = watch.Show(v, c); c == nil {
			continue
		}
		shown := rehearsedChange{Kind: c.Kind, Entity: c.Entity, EntityID: c.EntityID, Changed: c.Changed, Before: json.RawMessage(c.Before), After: json.RawMessage(c.After)}
		if shown.Changed == nil {
			shown.Changed = []string{}
		}
		out.Changes = append(out.Changes, shown)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byKey == nil {
		r.byKey = map[string]rehearsed{}
	}
	r.byKey[key] = out
}

// dryRun runs the field's command and has it rolled back.
func dryRun(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
	r := &crm.Rehearsal{}
	out, err := next(crm.Rehearse(ctx, r))
	if all, ok := ctx.Value(rehearsalsKey{}).(*rehearsals); ok && err == nil {
		all.note(graphql.GetFieldContext(ctx).Field.Alias, viewer.FromContext(ctx), r.Changes)
	}
	return out, err
}

// idempotent has the field's command answer as it did the first time under a key.
func idempotent(ctx context.Context, _ any, next graphql.Resolver, key string) (any, error) {
	if n := utf8.RuneCountInString(key); n < 1 || n > maxKey || !utf8.ValidString(key) {
		return nil, fault.At("key", fault.ValidationFailed, "an idempotency key has 1 to %d characters", maxKey)
	}
	f := graphql.GetFieldContext(ctx).Field
	input, err := json.Marshal([]any{f.Name, f.ArgumentMap(graphql.GetOperationContext(ctx).Variables)})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(input)
	return next(crm.RepeatSafely(ctx, key, fmt.Sprintf("%x", sum)))
}
