package read

import (
	"context"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// Targets reads targets by start: those of one pipeline, or of all that the viewer sees and of the workspace. There are at
// most 1,000.
func (r Reader) Targets(ctx context.Context, pipelineID, from, to *string) ([]*row.Target, error) {
	b, err := r.begin(ctx, viewer.ReadRecords)
	if err != nil {
		return nil, err
	}
	p := &fault.Problems{}
	for i, day := range []*string{from, to} {
		if day == nil {
			continue
		}
		if _, err := time.Parse(time.DateOnly, *day); err != nil {
			p.Add([]string{"from", "to"}[i], "%q is not a day like 2026-11-21", *day)
		}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	if pipelineID != nil {
		if err := r.livePipeline(ctx, *pipelineID); err != nil {
			return nil, err
		}
	}
	b.Add("SELECT ").Columns("t", row.TargetColumns).Add(" FROM targets t WHERE ").Targets("t")
	if pipelineID != nil {
		b.Add(" AND t.scope = ?", *pipelineID)
	}
	if from != nil {
		b.Add(" AND t.start >= ?", *from)
	}
	if to != nil {
		b.Add(" AND t.start <= ?", *to)
	}
	return rows(ctx, r, b.Add(" ORDER BY t.start, t.unit, t.scope, t.currency"), (*row.Target).Dest)
}
