package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/board"
)

// framePlans show the frames of a board's stream.
type framePlans struct {
	snapshot []step[board.Snapshot]
	ready    []step[board.Ready]
	reset    []step[board.Reset]
	commit   []step[board.Commit]
}

// frames compiles what is shown of each kind of frame.
func (c *compiler) frames(set ast.SelectionSet) *framePlans {
	return &framePlans{
		snapshot: fields(c, set, []string{"BoardSnapshot", "BoardFrame"}, map[string]leaf[board.Snapshot]{
			"revision": {nil, func(b []byte, f *board.Snapshot, _ *env) []byte { return appendRevision(b, f.Revision) }}},
			nil, func(f graphql.CollectedField) func([]byte, *board.Snapshot, *env) []byte {
				if f.Name != "board" {
					return nil
				}
				steps := c.board(f.Selections)
				return func(b []byte, s *board.Snapshot, e *env) []byte { return object(b, steps, s.Board, e) }
			}),
		ready: fields(c, set, []string{"BoardReady", "BoardFrame"}, map[string]leaf[board.Ready]{
			"revision": {nil, func(b []byte, f *board.Ready, _ *env) []byte { return appendRevision(b, f.Revision) }}}, nil, nil),
		reset: fields(c, set, []string{"BoardReset", "BoardFrame"}, map[string]leaf[board.Reset]{
			"revision": {nil, func(b []byte, f *board.Reset, _ *env) []byte { return appendRevision(b, f.Revision) }},
			"reason":   text("", func(f *board.Reset) string { return f.Reason })}, nil, nil),
		commit: c.commit(set),
	}
}

var commitLeaves = map[string]leaf[board.Commit]{
	"revision":         {nil, func(b []byte, f *board.Commit, _ *env) []byte { return appendRevision(b, f.Revision) }},
	"at":               {nil, func(b []byte, f *board.Commit, _ *env) []byte { return appendTime(b, f.At) }},
	"source":           text("", func(f *board.Commit) string { return string(f.Source) }),
	"clientMutationId": optional("", func(f *board.Commit) *string { return f.ClientMutationID }),
}

func (c *compiler) commit(set ast.SelectionSet) []step[board.Commit] {
	return fields(c, set, []string{"BoardCommit", "BoardFrame"}, commitLeaves, nil, func(f graphql.CollectedField) func([]byte, *board.Commit, *env) []byte {
		switch f.Name {
		case "actor":
			steps := fields(c, f.Selections, []string{"Actor"}, actorLeaves, nil, nil)
			return func(b []byte, v *board.Commit, e *env) []byte { return object(b, steps, &v.Actor, e) }
		case "cards":
			steps := c.card(f.Selections)
			return func(b []byte, v *board.Commit, e *env) []byte { return objects(b, steps, v.Cards, e) }
		case "columns":
			steps := c.totals(f.Selections)
			return func(b []byte, v *board.Commit, e *env) []byte { return objects(b, steps, v.Columns, e) }
		case "pipeline":
			steps := c.pipeline(f.Selections)
			return func(b []byte, v *board.Commit, e *env) []byte { return object(b, steps, v.Pipeline, e) }
		}
		return nil
	})
}

var cardLeaves = map[string]leaf[board.CardChange]{
	"kind":          text("", func(c *board.CardChange) string { return c.Kind }),
	"reason":        optional("", func(c *board.CardChange) *string { return c.Reason }),
	"recordId":      text("", func(c *board.CardChange) string { return c.RecordID }),
	"stageId":       optional("", func(c *board.CardChange) *string { return c.StageID }),
	"afterRecordId": optional("", func(c *board.CardChange) *string { return c.AfterRecordID }),
	"changedFields": texts("", func(c *board.CardChange) []string { return c.ChangedFields }),
}

func (c *compiler) card(set ast.SelectionSet) []step[board.CardChange] {
	return fields(c, set, []string{"CardChange"}, cardLeaves, nil, func(f graphql.CollectedField) func([]byte, *board.CardChange, *env) []byte {
		if f.Name != "record" {
			return nil
		}
		steps := c.record(f.Selections)
		return func(b []byte, v *board.CardChange, e *env) []byte { return object(b, steps, v.Record, e) }
	})
}

// write writes a frame; false when it is not in the plan.
func (p *planned) write(f frame, e *env) ([]byte, bool) {
	b := append([]byte(`{"data":{`), p.key...)
	switch f := f.(type) {
	case *board.Snapshot:
		b = object(b, p.frames.snapshot, f, e)
	case *board.Ready:
		b = object(b, p.frames.ready, f, e)
	case *board.Reset:
		b = object(b, p.frames.reset, f, e)
	case *board.Commit:
		b = object(b, p.frames.commit, f, e)
	default:
		return nil, false
	}
	return append(b, "}}"...), e.gave == nil
}
