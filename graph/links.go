package graph

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/server/row"
)

// loader binds a read of many rows to a request.
func loader[T any](ctx context.Context, read func(context.Context, []string) (map[string]T, error)) func([]string) (map[string]T, error) {
	return func(ids []string) (map[string]T, error) { return read(ctx, ids) }
}

// linked gives each row what it links to: what the reader knew already, and the rest in one statement.
func linked[P, T any](rows []*P, link func(*P) (*string, *T), key func(*T) string, load func([]string) (map[string]*T, error)) ([]*T, error) {
	out, missing := make([]*T, len(rows)), []string(nil)
	for i, r := range rows {
		id, held := link(r)
		switch {
		case id == nil:
		case held != nil && key(held) == *id:
			out[i] = held
		case !slices.Contains(missing, *id):
			missing = append(missing, *id)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	found, err := load(missing)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		if id, _ := link(r); id != nil && out[i] == nil {
			out[i] = found[*id]
		}
	}
	return out, nil
}

// many gives each row the rows that link to it, in one statement.
func many[P, T any](rows []*P, key func(*P) string, load func([]string) (map[string][]*T, error)) ([][]*T, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = key(r)
	}
	found, err := load(ids)
	if err != nil {
		return nil, err
	}
	out := make([][]*T, len(rows))
	for i, id := range ids {
		if out[i] = found[id]; out[i] == nil {
			out[i] = []*T{}
		}
	}
	return out, nil
}

// stages gives each pipeline its stages: those it was read with, or one statement for all that lack them.
func (r *Resolver) stages(ctx context.Context, pipelines []*row.Pipeline) ([][]*row.Stage, error) {
	var ids []string
	for _, p := range pipelines {
		if p.Stages == nil {
			ids = append(ids, p.ID)
		}
	}
	found := map[string][]*row.Stage{}
	if len(ids) > 0 {
		var err error
		if found, err = r.Read.StagesOf(ctx, ids); err != nil {
			return nil, err
		}
	}
	out := make([][]*row.Stage, len(pipelines))
	for i, p := range pipelines {
		if out[i] = p.Stages; p.Stages == nil {
			out[i] = found[p.ID]
		}
	}
	return out, nil
}

// summaries sums up each pipeline, all of them together.
func (r *Resolver) summaries(ctx context.Context, pipelines []*row.Pipeline) ([]*row.Summary, error) {
	ids := make([]string, len(pipelines))
	for i, p := range pipelines {
		ids[i] = p.ID
	}
	found, err := r.Read.Summaries(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*row.Summary, len(pipelines))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, nil
}

// stale tells of each record whether it lies idle, by the hours of its stage and pipeline.
func (r *Resolver) stale(ctx context.Context, records []*row.Record) ([]bool, error) {
	stages, err := (&recordResolver{r}).Stage(ctx, records)
	if err != nil {
		return nil, err
	}
	pipelines, err := (&recordResolver{r}).Pipeline(ctx, records)
	if err != nil {
		return nil, err
	}
	out, now := make([]bool, len(records)), row.Now(ctx)
	for i, rec := range records {
		var stage, pipeline *int
		if stages[i] != nil {
			stage = stages[i].StaleAfterHours
		}
		if pipelines[i] != nil {
			pipeline = pipelines[i].StaleAfterHours
		}
		out[i] = rec.StaleAt(now, stage, pipeline, row.WorkspaceStaleHours(ctx))
	}
	return out, nil
}
