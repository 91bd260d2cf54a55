package graph

import (
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
)

var boardLeaves = map[string]leaf[board.Board]{
	"revision": {nil, func(b []byte, v *board.Board, _ *env) []byte { return appendRevision(b, v.Revision) }},
}

// board compiles what is shown of a board.
func (c *compiler) board(set ast.SelectionSet) []step[board.Board] {
	return fields(c, set, []string{"Board"}, boardLeaves, nil, func(f graphql.CollectedField) func([]byte, *board.Board, *env) []byte {
		switch f.Name {
		case "pipeline":
			steps := c.pipeline(f.Selections)
			return func(b []byte, v *board.Board, e *env) []byte { return object(b, steps, v.Pipeline, e) }
		case "columns":
			steps := c.column(f.Selections)
			return func(b []byte, v *board.Board, e *env) []byte { return objects(b, steps, v.Columns, e) }
		}
		return nil
	})
}

func (c *compiler) column(set ast.SelectionSet) []step[board.Column] {
	return fields(c, set, []string{"BoardColumn"}, nil, nil, func(f graphql.CollectedField) func([]byte, *board.Column, *env) []byte {
		switch f.Name {
		case "stage":
			steps := c.stage(f.Selections)
			return func(b []byte, v *board.Column, e *env) []byte { return object(b, steps, v.Stage, e) }
		case "totals":
			steps := c.totals(f.Selections)
			return func(b []byte, v *board.Column, e *env) []byte { return object(b, steps, v.Totals, e) }
		case "cards":
			steps := c.cards(f.Selections)
			return func(b []byte, v *board.Column, e *env) []byte { return page(b, v, f, steps, e) }
		}
		return nil
	})
}

// page writes a page of a column, whose size and cursor come with each request.
func page(b []byte, v *board.Column, f graphql.CollectedField, steps []step[row.RecordConnection], e *env) []byte {
	args := f.ArgumentMap(e.oc.Variables)
	first, ok := whole(args["first"])
	after, isText := args["after"].(string)
	if !ok || (args["after"] != nil && !isText) {
		e.gave = errUnplanned
		return b
	}
	var cursor *string
	if isText {
		cursor = &after
	}
	conn, err := v.Cards(e.ctx, first, cursor)
	if err != nil {
		e.gave = errUnplanned // the executor meets it again and tells where
		return b
	}
	return object(b, steps, conn, e)
}

func (c *compiler) cards(set ast.SelectionSet) []step[row.RecordConnection] {
	return fields(c, set, []string{"RecordConnection"}, connectionLeaves, nil, func(f graphql.CollectedField) func([]byte, *row.RecordConnection, *env) []byte {
		switch f.Name {
		case "nodes":
			steps := c.record(f.Selections)
			return func(b []byte, v *row.RecordConnection, e *env) []byte { return objects(b, steps, v.Nodes, e) }
		case "edges":
			steps := c.edge(f.Selections)
			return func(b []byte, v *row.RecordConnection, e *env) []byte {
				b = append(b, '[')
				for i, edge := range v.Edges() {
					if i > 0 {
						b = append(b, ',')
					}
					b = object(b, steps, &edge, e)
				}
				return append(b, ']')
			}
		case "pageInfo":
			steps := fields(c, f.Selections, []string{"PageInfo"}, pageLeaves, nil, nil)
			return func(b []byte, v *row.RecordConnection, e *env) []byte { return object(b, steps, &v.PageInfo, e) }
		}
		return nil
	})
}

func (c *compiler) edge(set ast.SelectionSet) []step[row.RecordEdge] {
	leaves := map[string]leaf[row.RecordEdge]{"cursor": text("rank", func(v *row.RecordEdge) string { return v.Cursor })}
	return fields(c, set, []string{"RecordEdge"}, leaves, c.columns, func(f graphql.CollectedField) func([]byte, *row.RecordEdge, *env) []byte {
		if f.Name != "node" {
			return nil
		}
		steps := c.record(f.Selections)
		return func(b []byte, v *row.RecordEdge, e *env) []byte { return object(b, steps, v.Node, e) }
	})
}

var connectionLeaves = map[string]leaf[row.RecordConnection]{
	"revision": {nil, func(b []byte, v *row.RecordConnection, _ *env) []byte { return appendRevision(b, v.Revision) }},
	"totalCount": {nil, func(b []byte, v *row.RecordConnection, e *env) []byte {
		n, err := v.TotalCount(e.ctx)
		if err != nil {
			e.gave = errUnplanned
		}
		return strconv.AppendInt(b, int64(n), 10)
	}},
}

var pageLeaves = map[string]leaf[row.PageInfo]{
	"hasNextPage":     {nil, func(b []byte, v *row.PageInfo, _ *env) []byte { return appendBool(b, v.HasNextPage) }},
	"hasPreviousPage": {nil, func(b []byte, v *row.PageInfo, _ *env) []byte { return appendBool(b, v.HasPreviousPage) }},
	"startCursor":     optional("", func(v *row.PageInfo) *string { return v.StartCursor }),
	"endCursor":       optional("", func(v *row.PageInfo) *string { return v.EndCursor }),
}

var totalsLeaves = map[string]leaf[board.Totals]{
	"stageId": text("", func(v *board.Totals) string { return v.StageID }),
	"count":   whole64("", func(v *board.Totals) int { return v.Count }),
}

var amountLeaves = map[string]leaf[money.Total]{
	"currency": text("", func(v *money.Total) string { return v.Currency }),
	"count":    whole64("", func(v *money.Total) int { return v.Count }),
	"amount":   text("", func(v *money.Total) string { return v.Amount }),
	"weighted": text("", func(v *money.Total) string { return v.Weighted }),
}

func (c *compiler) totals(set ast.SelectionSet) []step[board.Totals] {
	return fields(c, set, []string{"ColumnTotals"}, totalsLeaves, nil, func(f graphql.CollectedField) func([]byte, *board.Totals, *env) []byte {
		if f.Name != "amounts" {
			return nil
		}
		steps := fields(c, f.Selections, []string{"CurrencyTotal"}, amountLeaves, nil, nil)
		return func(b []byte, v *board.Totals, e *env) []byte {
			b = append(b, '[')
			for i := range v.Amounts {
				if i > 0 {
					b = append(b, ',')
				}
				b = object(b, steps, &v.Amounts[i], e)
			}
			return append(b, ']')
		}
	})
}

func hours[T any](get func(*T) *int) leaf[T] {
	return leaf[T]{nil, func(b []byte, v *T, _ *env) []byte { return appendInt(b, get(v)) }}
}

var pipelineLeaves = map[string]leaf[row.Pipeline]{
	"id":                text("", func(p *row.Pipeline) string { return p.ID }),
	"name":              text("", func(p *row.Pipeline) string { return p.Name }),
	"description":       optional("", func(p *row.Pipeline) *string { return p.Description }),
	"category":          text("", func(p *row.Pipeline) string { return p.Category }),
	"recordType":        text("", func(p *row.Pipeline) string { return p.RecordType }),
	"position":          whole64("", func(p *row.Pipeline) int { return p.Position }),
	"isDefault":         {nil, func(b []byte, p *row.Pipeline, _ *env) []byte { return appendBool(b, p.IsDefault) }},
	"templateKey":       optional("", func(p *row.Pipeline) *string { return p.TemplateKey }),
	"staleAfterHours":   hours(func(p *row.Pipeline) *int { return p.StaleAfterHours }),
	"requireLostReason": {nil, func(b []byte, p *row.Pipeline, _ *env) []byte { return appendBool(b, p.RequireLostReason) }},
	"version":           whole64("", func(p *row.Pipeline) int { return p.Version }),
	"createdAt":         {nil, func(b []byte, p *row.Pipeline, _ *env) []byte { return appendTime(b, p.CreatedAt) }},
	"updatedAt":         {nil, func(b []byte, p *row.Pipeline, _ *env) []byte { return appendTime(b, p.UpdatedAt) }},
	"deletedAt":         sometime("", func(p *row.Pipeline) *time.Time { return p.DeletedAt }),
}

func (c *compiler) pipeline(set ast.SelectionSet) []step[row.Pipeline] {
	return fields(c, set, []string{"Pipeline", "Node"}, pipelineLeaves, nil, func(f graphql.CollectedField) func([]byte, *row.Pipeline, *env) []byte {
		switch f.Name {
		case "stages":
			steps := c.stage(f.Selections)
			return func(b []byte, p *row.Pipeline, e *env) []byte { return objects(b, steps, p.Stages, e) }
		case "createdBy":
			return actor(c, f, func(p *row.Pipeline) *row.Actor { return &p.CreatedBy })
		case "updatedBy":
			return actor(c, f, func(p *row.Pipeline) *row.Actor { return &p.UpdatedBy })
		}
		return nil
	})
}

var stageLeaves = map[string]leaf[row.Stage]{
	"id":                 text("", func(s *row.Stage) string { return s.ID }),
	"pipelineId":         text("", func(s *row.Stage) string { return s.PipelineID }),
	"name":               text("", func(s *row.Stage) string { return s.Name }),
	"color":              text("", func(s *row.Stage) string { return s.Color }),
	"position":           whole64("", func(s *row.Stage) int { return s.Position }),
	"defaultProbability": hours(func(s *row.Stage) *int { return s.DefaultProbability }),
	"kind":               text("", func(s *row.Stage) string { return s.Kind }),
	"staleAfterHours":    hours(func(s *row.Stage) *int { return s.StaleAfterHours }),
	"requiredFields":     texts("", func(s *row.Stage) []string { return s.RequiredFields }),
	"version":            whole64("", func(s *row.Stage) int { return s.Version }),
}

func (c *compiler) stage(set ast.SelectionSet) []step[row.Stage] {
	return fields(c, set, []string{"Stage", "Node"}, stageLeaves, nil, nil)
}
