package crm

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// arrange loads all live pipelines of the workspace in their order and keeps the set of them as it is: whoever adds one,
// deletes one, restores one, orders them or changes the default comes one after the other. The counter counts how often
// that happened; its row is what they wait for. Renaming needs no such thing.
func (tx *Tx) arrange() ([]*ent.Pipeline, error) {
	if _, err := tx.number("pipelines"); err != nil {
		return nil, err
	}
	return tx.ent.Pipeline.Query().Where(pipeline.DeletedAtIsNil()).Order(pipeline.ByPosition(), pipeline.ByID()).All(tx.ctx)
}

// oneMore refuses a pipeline more than a workspace has.
func oneMore(live []*ent.Pipeline) error {
	if len(live) >= MaxPipelines {
		return fault.New(fault.ValidationFailed, "a workspace has at most %d pipelines", MaxPipelines)
	}
	return nil
}

// last is the position after all pipelines.
func last(live []*ent.Pipeline) (n int) {
	for _, p := range live {
		n = max(n, p.Position+1)
	}
	return n
}

// SetDefaultPipelineInput says which pipeline becomes the default.
type SetDefaultPipelineInput struct {
	ID               string
	ClientMutationID *string
}

// SetDefaultPipelinePayload is the new default.
type SetDefaultPipelinePayload = CreatePipelinePayload

// SetDefaultPipeline makes a pipeline the one default. Needs ManagePipelines of a viewer that is not narrowed. The present one again is a no-op.
func (s *Service) SetDefaultPipeline(ctx context.Context, in SetDefaultPipelineInput) (*SetDefaultPipelinePayload, error) {
	if err := permitWhole(ctx, viewer.ManagePipelines); err != nil {
		return nil, err
	}
	out := &SetDefaultPipelinePayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		live, err := tx.arrange()
		if err != nil {
			return err
		}
		next, err := tx.pipeline("input.id", in.ID, false)
		if err != nil {
			return err
		}
		for _, p := range live {
			if p.IsDefault && p.ID != next.ID {
				if _, err := tx.markDefault(p, false); err != nil {
					return err
				}
			}
		}
		if next, err = tx.markDefault(next, true); err == nil {
			out.Pipeline = changelog.Row[row.Pipeline](next)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

func (tx *Tx) markDefault(p *ent.Pipeline, is bool) (*ent.Pipeline, error) {
	next := *p
	next.IsDefault = is
	return tx.savePipeline(p, next, false)
}

// ReorderPipelinesInput is the ids of all pipelines in their new order.
type ReorderPipelinesInput struct {
	PipelineIds      []string
	ClientMutationID *string
}

// ReorderPipelinesPayload is the pipelines in their new order.
type ReorderPipelinesPayload struct {
	Pipelines        []*row.Pipeline
	Revision         row.Revision
	ClientMutationID *string
}

// ReorderPipelines puts the pipelines into an order. Needs ManagePipelines of a viewer that is not narrowed. CONFLICT unless
// the list is exactly the live ones.
func (s *Service) ReorderPipelines(ctx context.Context, in ReorderPipelinesInput) (*ReorderPipelinesPayload, error) {
	if err := permitWhole(ctx, viewer.ManagePipelines); err != nil {
		return nil, err
	}
	c := &checker{}
	c.kinds("input.pipelineIds", typeid.Pipeline, in.PipelineIds)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &ReorderPipelinesPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		live, err := tx.arrange()
		if err != nil {
			return err
		}
		ordered, err := rearranged(live, in.PipelineIds)
		if err != nil {
			return err
		}
		out.Pipelines = nil
		for i, p := range ordered {
			next := *p
			next.Position = i
			saved, err := tx.savePipeline(p, next, false)
			if err != nil {
				return err
			}
			out.Pipelines = append(out.Pipelines, changelog.Row[row.Pipeline](saved))
		}
		return nil
	})
	out.Revision = rev
	return out, err
}

// rearranged gives all pipelines in the order wanted.
func rearranged(live []*ent.Pipeline, wanted []string) ([]*ent.Pipeline, error) {
	ids, byID := make([]string, len(live)), map[string]*ent.Pipeline{}
	for i, p := range live {
		ids[i], byID[p.ID] = p.ID, p
	}
	if !sameSet(ids, wanted) {
		f := fault.At("input.pipelineIds", fault.Conflict, "the list is not exactly the %d pipelines there are", len(ids))
		f.Current = map[string][]string{"pipelineIds": ids}
		return nil, f
	}
	out := make([]*ent.Pipeline, len(wanted))
	for i, id := range wanted {
		out[i] = byID[id]
	}
	return out, nil
}

// sameSet tells whether a list holds exactly the ids of a set, each once.
func sameSet(set, list []string) bool {
	a, b := slices.Clone(set), slices.Clone(list)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
