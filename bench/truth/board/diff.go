package board

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Depth says how much of two boards is compared.
type Depth int

// The depths: what belongs to a revision, or also what the links show, which is always as of now.
const (
	AtRevision Depth = iota
	WithLinks
)

// Diff lists in which ways a board differs from the one it should be; nothing when they are equal.
func Diff(got, want *Board, depth Depth) []string {
	out := diffPipeline(got.Pipeline, want.Pipeline)
	for _, w := range want.Columns {
		g := got.Column(w.StageID)
		if g == nil {
			out = append(out, fmt.Sprintf("column %s is not held", w.StageID))
			continue
		}
		name := stageName(want, w.StageID)
		for _, line := range diffColumn(g, w, depth) {
			out = append(out, fmt.Sprintf("column %q: %s", name, line))
		}
	}
	for _, g := range got.Columns {
		if want.Column(g.StageID) == nil {
			out = append(out, fmt.Sprintf("column %s is held, but should not be there", g.StageID))
		}
	}
	return out
}

func stageName(b *Board, id string) string {
	for _, s := range b.Pipeline.Stages {
		if s.ID == id {
			return s.Name
		}
	}
	return id
}

func diffPipeline(got, want Pipeline) []string {
	if bytes.Equal(got.Raw, want.Raw) {
		return nil
	}
	var out []string
	for _, line := range fieldDiffs(object(got.Raw), object(want.Raw)) {
		if !strings.HasPrefix(line, "stages:") {
			out = append(out, "pipeline: "+line)
		}
	}
	ids := func(stages []Stage) (out []string) {
		for _, s := range stages {
			out = append(out, s.ID)
		}
		return out
	}
	if g, w := ids(got.Stages), ids(want.Stages); !slices.Equal(g, w) {
		return append(out, fmt.Sprintf("pipeline: want the stages %v, got %v", w, g))
	}
	for i := range want.Stages {
		for _, line := range fieldDiffs(object(got.Stages[i].Raw), object(want.Stages[i].Raw)) {
			out = append(out, fmt.Sprintf("stage %q: %s", want.Stages[i].Name, line))
		}
	}
	return out
}

func diffColumn(got, want *Column, depth Depth) []string {
	out := diffOrder(IDs(got.Cards), IDs(want.Cards))
	byID := make(map[string]Card, len(got.Cards))
	for _, c := range got.Cards {
		byID[c.ID] = c
	}
	for _, w := range want.Cards {
		g, held := byID[w.ID]
		if !held || bytes.Equal(g.Raw, w.Raw) {
			continue
		}
		lines := fieldDiffs(g.Fields(), w.Fields())
		if depth == WithLinks {
			lines = append(lines, fieldDiffs(g.Links(), w.Links())...)
		}
		for _, line := range lines {
			out = append(out, fmt.Sprintf("card %s: %s", w.ID, line))
		}
	}
	if got.Totals.Count != want.Totals.Count || !slices.Equal(got.Totals.Amounts, want.Totals.Amounts) {
		out = append(out, fmt.Sprintf("totals: want %d %v, got %d %v",
			want.Totals.Count, want.Totals.Amounts, got.Totals.Count, got.Totals.Amounts))
	}
	return out
}

// IDs are the ids of cards, in their order.
func IDs(cards []Card) []string {
	out := make([]string, len(cards))
	for i, c := range cards {
		out[i] = c.ID
	}
	return out
}

// diffOrder says which ids are missing or too many, and where the order of the others first differs.
func diffOrder(got, want []string) []string {
	if slices.Equal(got, want) {
		return nil
	}
	var out []string
	var common [2][]string
	for _, id := range want {
		if slices.Contains(got, id) {
			common[1] = append(common[1], id)
		} else {
			out = append(out, fmt.Sprintf("card %s is missing (want it at %d of %d)", id, slices.Index(want, id), len(want)))
		}
	}
	for _, id := range got {
		if slices.Contains(want, id) {
			common[0] = append(common[0], id)
		} else {
			out = append(out, fmt.Sprintf("card %s is too much (held at %d of %d)", id, slices.Index(got, id), len(got)))
		}
	}
	for i := range common[1] {
		if common[0][i] != common[1][i] {
			end := min(i+4, len(common[1]))
			return append(out, fmt.Sprintf("order differs from place %d on: want … %v …, got … %v …", i, common[1][i:end], common[0][i:end]))
		}
	}
	if len(out) == 0 {
		out = append(out, fmt.Sprintf("a card is there twice: %v", got))
	}
	return out
}
