package ledger

import (
	"fmt"
	"maps"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/tables"
)

// World is the state that follows from a baseline and the commands applied to it.
type World struct {
	Revision board.Revision
	Records  map[string]*Record  // the live ones
	Columns  map[string][]string // ids by stage, top first
	Lines    map[string]*Line    // pipelines by id
	Contacts map[string]string   // full names by id
	Deleted  map[string]*Record  // those that may be restored: as they were
	Order    []string            // ids of pipelines, as they stand in lists
	Sees     map[string]bool     // by member: its own setting of the right to see all records
}

// FromTables takes what the tables hold as the baseline.
func FromTables(s *tables.State) *World {
	w := &World{
		Revision: s.Head, Records: map[string]*Record{}, Columns: map[string][]string{},
		Lines: map[string]*Line{}, Contacts: map[string]string{},
		Deleted: map[string]*Record{}, Order: s.Order, Sees: maps.Clone(s.Sees),
	}
	for id, name := range s.Pipelines {
		line := &Line{PipelineID: id, Name: name}
		for _, st := range s.Stages[id] {
			line.Stages = append(line.Stages, Stage{ID: st.ID, Name: st.Name, Kind: st.Kind})
		}
		w.Lines[id] = line
	}
	for stage, records := range s.Columns {
		for _, r := range records {
			stored := fromRow(r)
			w.Records[r.ID] = &stored
			w.Columns[stage] = append(w.Columns[stage], r.ID)
		}
	}
	for id, name := range s.Contacts {
		w.Contacts[id] = name
	}
	return w
}

func fromRow(r *tables.Record) Record {
	out := Record{
		ID: r.ID, PipelineID: r.PipelineID, StageID: r.StageID, Title: r.Title,
		Priority: r.Priority, OwnerID: r.OwnerID, Tags: FoldTags(r.Tags),
	}
	if r.Value != nil {
		out.Value = fmt.Sprintf("%s %d", r.Currency, *r.Value)
	}
	return out
}

// Diff lists in which ways the tables differ from the world.
func (w *World) Diff(s *tables.State) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for id, want := range w.Records {
		row := s.Records[id]
		if row == nil {
			say("record %s (%q) must be there, but is not", id, want.Title)
			continue
		}
		for _, line := range fromRow(row).diff(*want) {
			say("record %s: %s", id, line)
		}
		if stage := w.stage(want.PipelineID, want.StageID); stage != nil && stage.Kind != row.Status {
			say("record %s has the status %s in stage %q of kind %s", id, row.Status, stage.Name, stage.Kind)
		}
	}
	for id, row := range s.Records {
		if w.Records[id] == nil {
			say("record %s (%q) is there, but must not be", id, row.Title)
		}
	}
	for id, line := range w.Lines {
		var got []Stage
		for _, st := range s.Stages[id] {
			got = append(got, Stage{ID: st.ID, Name: st.Name, Kind: st.Kind})
		}
		if s.Pipelines[id] != line.Name || !slices.Equal(got, line.Stages) {
			say("pipeline %s: want %q %v, got %q %v", id, line.Name, line.Stages, s.Pipelines[id], got)
		}
	}
	for stage, want := range w.Columns {
		var got []string
		for _, r := range s.Columns[stage] {
			got = append(got, r.ID)
		}
		if !slices.Equal(got, want) {
			say("order of stage %s: want %v, got %v", stage, want, got)
		}
	}
	if !maps.Equal(w.Sees, s.Sees) {
		say("rights of members: want %v, got %v", w.Sees, s.Sees)
	}
	for id, name := range w.Contacts {
		if s.Contacts[id] != name {
			say("contact %s: want %q, got %q", id, name, s.Contacts[id])
		}
	}
	return out
}

func (w *World) stage(pipelineID, stageID string) *Stage {
	if line := w.Lines[pipelineID]; line != nil {
		for i := range line.Stages {
			if line.Stages[i].ID == stageID {
				return &line.Stages[i]
			}
		}
	}
	return nil
}

// take removes a card from its column.
func (w *World) take(r *Record) {
	w.Columns[r.StageID] = slices.DeleteFunc(w.Columns[r.StageID], func(id string) bool { return id == r.ID })
}

// put inserts a card into a column at a place from the top.
func (w *World) put(r *Record, stageID string, at int) {
	r.StageID = stageID
	w.Columns[stageID] = slices.Insert(w.Columns[stageID], at, r.ID)
}

// neighbours are the cards above and below a card; empty at the ends.
func (w *World) neighbours(r *Record) (above, below string) {
	column := w.Columns[r.StageID]
	i := slices.Index(column, r.ID)
	if i > 0 {
		above = column[i-1]
	}
	if i+1 < len(column) {
		below = column[i+1]
	}
	return above, below
}
