package crm

import (
	"regexp"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/typeid"
)

var hexColor = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// newStage is what a stage is of which nothing is said.
var newStage = ent.Stage{Color: "#9CA3AF", Kind: stage.KindOPEN}

// stages reads a whole list of stages in board order. Of an entry with the id of one of the present stages, what is absent
// is as it is there.
func (c *checker) stages(list []*StageInput, present map[string]*ent.Stage) []ent.Stage {
	if len(list) < 1 || len(list) > MaxStages {
		c.Add("input.stages", "has %d stages, 1–%d are possible", len(list), MaxStages)
		return nil
	}
	out, names, open := make([]ent.Stage, len(list)), map[string]bool{}, false
	for i, in := range list {
		path, was := pathOf("input.stages", i), &newStage
		c.kind(path+".id", typeid.Stage, in.ID)
		if in.ID != nil && present[*in.ID] != nil {
			was = present[*in.ID]
		}
		out[i] = c.stage(path, in, *was)
		out[i].Position = i
		if key := fold.Key(out[i].Name); names[key] {
			c.AddCode(path+".name", fault.Duplicate, "another stage has this name")
		} else {
			names[key] = true
		}
		open = open || out[i].Kind == stage.KindOPEN
	}
	if !open {
		c.AddCode("input.stages", fault.LastOpenStage, "a pipeline keeps at least one OPEN stage")
	}
	return out
}

// stage reads what becomes of one.
func (c *checker) stage(path string, in *StageInput, st ent.Stage) ent.Stage {
	cleared := func(field string) func() { return func() { c.Add(path+"."+field, "cannot be cleared") } }
	was := st.Kind
	st.Name = c.required(path+".name", in.Name, 60)
	setTo(in.Color, func(v string) { st.Color = v }, cleared("color"))
	setTo(in.Kind, func(v string) { st.Kind = stage.Kind(v) }, cleared("kind"))
	if !hexColor.MatchString(st.Color) {
		c.Add(path+".color", "%q is not a colour like #3B82F6", st.Color)
	}
	if given(in.StaleAfterHours) {
		st.StaleAfterHours = c.hours(path+".staleAfterHours", in.StaleAfterHours.Value())
	}
	if given(in.RequiredFields) {
		st.RequiredFields = distinct(in.RequiredFields.Value())
	}
	if given(in.DefaultProbability) || was != st.Kind {
		st.DefaultProbability = in.DefaultProbability.Value()
		c.percent(path+".defaultProbability", st.DefaultProbability)
	}
	if st.Kind != stage.KindOPEN {
		p := fixed(st.Kind)
		if st.DefaultProbability != nil && *st.DefaultProbability != p {
			c.AddCode(path+".defaultProbability", fault.ProbabilityFixed, "the probability of a %s stage is fixed", st.Kind)
		}
		st.DefaultProbability = &p
	}
	return st
}

// distinct drops repetitions; the first of each stays where it is.
func distinct(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// allNew refuses the ids of stages in what makes a pipeline.
func (c *checker) allNew(list []*StageInput) {
	for i, st := range list {
		if st.ID != nil {
			c.Add(pathOf("input.stages", i)+".id", "a new pipeline has no stages to change")
		}
	}
}
