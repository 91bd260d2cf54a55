// Package template is the built-in catalogue of pipelines: what a workspace can begin with instead of a blank board.
// The catalogue is read-only and belongs to the program's version; a pipeline made from a template is a copy that no
// later version changes. It promises that every template satisfies the rules of a pipeline: a catalogue that does not
// ends the program at its start.
package template

import (
	_ "embed"
	"slices"
)

// Starter is the key of the template that a new workspace begins with.
const Starter = "sales_standard"

// Template is a pipeline as it can be made.
type Template struct {
	// Key names it for programs, and is what pipelines made from it remember.
	Key string
	// Category is a PipelineCategory of the API.
	Category    string
	Name        string
	Description string
	// RecordType is DEAL, TICKET or OTHER.
	RecordType        string
	RequireLostReason bool
	// Stages are in board order.
	Stages []Stage
}

// Stage is a column of a template.
type Stage struct {
	Name string
	// Color is written as #RRGGBB.
	Color string
	// DefaultProbability is 0–100; 100 for WON, 0 for LOST.
	DefaultProbability int
	// Kind is OPEN, WON or LOST.
	Kind string
}

//go:embed catalogue.txt
var text string

var catalogue = mustParse(text)

// All gives the whole catalogue in its order, by category. Nobody changes what it gives.
func All() []*Template { return catalogue }

// In gives the templates of a category; none for one that has none.
func In(category string) []*Template {
	var out []*Template
	for _, t := range catalogue {
		if t.Category == category {
			out = append(out, t)
		}
	}
	return out
}

// Get finds a template by its key; nil when there is none.
func Get(key string) *Template {
	if i := slices.IndexFunc(catalogue, func(t *Template) bool { return t.Key == key }); i >= 0 {
		return catalogue[i]
	}
	return nil
}
