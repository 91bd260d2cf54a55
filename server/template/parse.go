package template

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// colors are the colours that a catalogue knows by name.
var colors = map[string]string{"gray": "#9CA3AF", "slate": "#64748B", "blue": "#3B82F6", "sky": "#0EA5E9", "cyan": "#06B6D4",
	"teal": "#14B8A6", "indigo": "#6366F1", "violet": "#8B5CF6", "pink": "#EC4899", "yellow": "#EAB308", "amber": "#F59E0B",
	"orange": "#F97316", "red": "#EF4444", "green": "#22C55E"}

var types = map[string]string{"D": "DEAL", "T": "TICKET", "O": "OTHER"}

var category = regexp.MustCompile(`^[A-Z_]+$`)

func mustParse(text string) []*Template {
	all, err := parse(text)
	if err != nil {
		panic("template: " + err.Error())
	}
	return all
}

// parse reads a catalogue in the form that its first lines describe. It refuses what it does not understand, with the
// number of the line, and a template that breaks a rule of pipelines.
func parse(text string) ([]*Template, error) {
	var all []*Template
	in := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case category.MatchString(line):
			in = line
			continue
		}
		t, err := parseLine(line)
		if err == nil {
			t.Category = in
			err = t.check()
		}
		if err == nil && slices.ContainsFunc(all, func(o *Template) bool { return o.Key == t.Key }) {
			err = fmt.Errorf("the key %s is taken", t.Key)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		all = append(all, t)
	}
	return all, nil
}

func parseLine(line string) (*Template, error) {
	cells := strings.Split(line, " | ")
	if len(cells) != 5 {
		return nil, fmt.Errorf("has %d cells, not 5", len(cells))
	}
	kind, reason := strings.CutSuffix(cells[2], "!")
	t := &Template{Key: cells[0], Name: cells[1], RecordType: types[kind], RequireLostReason: reason, Description: cells[3]}
	if t.RecordType == "" {
		return nil, fmt.Errorf("%q is no type", cells[2])
	}
	for part := range strings.SplitSeq(cells[4], " > ") {
		st, err := parseStage(part)
		if err != nil {
			return nil, err
		}
		t.Stages = append(t.Stages, st)
	}
	return t, nil
}

func parseStage(part string) (Stage, error) {
	words := strings.Fields(part)
	n := len(words)
	if n > 1 && words[n-1] == "W" {
		return Stage{strings.Join(words[:n-1], " "), colors["green"], 100, "WON"}, nil
	}
	if n > 1 && words[n-1] == "L" {
		return Stage{strings.Join(words[:n-1], " "), colors["gray"], 0, "LOST"}, nil
	}
	if n < 3 {
		return Stage{}, fmt.Errorf("%q is no stage", part)
	}
	p, err := strconv.Atoi(words[n-1])
	if err != nil || p < 0 || p > 100 {
		return Stage{}, fmt.Errorf("%q has no probability of 0–100", part)
	}
	color := colors[words[n-2]]
	if color == "" {
		return Stage{}, fmt.Errorf("%q has no colour that is known", part)
	}
	return Stage{strings.Join(words[:n-2], " "), color, p, "OPEN"}, nil
}
