package view

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/tables"
)

// Diff lists in which ways a board differs from what the tables say this view should show: stages, cards and their order,
// stored fields, names of owners and contacts, and totals.
func (v View) Diff(b *board.Board, s *tables.State) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if name := s.Pipelines[v.PipelineID]; b.Pipeline.Name != name {
		say("pipeline: the table says %q, the board %q", name, b.Pipeline.Name)
	}
	stages := s.Stages[v.PipelineID]
	if len(stages) != len(b.Pipeline.Stages) {
		say("the table has %d stages, the board %d", len(stages), len(b.Pipeline.Stages))
		return out
	}
	for i, stage := range stages {
		if got := b.Pipeline.Stages[i]; got.ID != stage.ID || got.Name != stage.Name || got.Kind != stage.Kind {
			say("stage %d: the table says %v, the board %s %q %s", i, stage, got.ID, got.Name, got.Kind)
			return out
		}
		var due []*tables.Record
		for _, r := range s.Columns[stage.ID] {
			if v.Shows(r, s.Currency) {
				due = append(due, r)
			}
		}
		for _, line := range diffColumn(b.Column(stage.ID), due, s) {
			say("column %q: %s", stage.Name, line)
		}
	}
	return out
}

func diffColumn(got *board.Column, due []*tables.Record, s *tables.State) []string {
	var want []string
	for _, r := range due {
		want = append(want, r.ID)
	}
	ids := board.IDs(got.Cards)
	if !slices.Equal(ids, want) {
		out := []string{fmt.Sprintf("the table has %d cards, the board %d", len(want), len(ids))}
		for i := range max(len(want), len(ids)) {
			if i >= len(want) || i >= len(ids) || want[i] != ids[i] {
				return append(out, fmt.Sprintf("from place %d on: table %v, board %v", i, tail(want, i), tail(ids, i)))
			}
		}
		return out
	}
	var out []string
	for i, r := range due {
		for _, line := range diffCard(got.Cards[i], r, s) {
			out = append(out, fmt.Sprintf("card %s: %s", r.ID, line))
		}
	}
	return append(out, diffTotals(got.Totals, due, s.Currency)...)
}

// row is what a card says that the tables say too.
type row struct {
	StageID, PipelineID, Rank, Title string
	Value                            *struct{ Amount, Currency string }
	Probability                      int
	Status, Priority                 string
	OwnerID, ContactID, ContactName  string
	ContactEmail, CompanyName        string
	Tags                             []string
	Version, Number                  int
	Owner                            *struct{ ID, Name string }
	Contact                          *struct{ ID, FullName string }
}

func diffCard(c board.Card, r *tables.Record, s *tables.State) (out []string) {
	var got row
	if err := json.Unmarshal(c.Raw, &got); err != nil {
		return []string{err.Error()}
	}
	compare := func(field string, board, table any) {
		if board != table {
			out = append(out, fmt.Sprintf("%s: the table says %v, the board %v", field, table, board))
		}
	}
	compare("stageId", got.StageID, r.StageID)
	compare("pipelineId", got.PipelineID, r.PipelineID)
	compare("rank", got.Rank, r.Rank)
	compare("title", got.Title, r.Title)
	compare("probability", got.Probability, r.Probability)
	compare("status", got.Status, r.Status)
	compare("priority", got.Priority, r.Priority)
	compare("ownerId", got.OwnerID, r.OwnerID)
	compare("contactId", got.ContactID, r.ContactID)
	compare("contactName", got.ContactName, r.ContactName)
	compare("contactEmail", got.ContactEmail, r.ContactEmail)
	compare("companyName", got.CompanyName, r.CompanyName)
	compare("version", got.Version, r.Version)
	compare("number", got.Number, r.Number)
	compare("tags", fmt.Sprint(got.Tags), fmt.Sprint(r.Tags))
	value, stored := "none", "none"
	if got.Value != nil {
		value = fmt.Sprint(Minor(got.Value.Amount), got.Value.Currency)
	}
	if r.Value != nil {
		stored = fmt.Sprint(*r.Value, r.Currency)
	}
	compare("value", value, stored)
	owner, contact := "", ""
	if got.Owner != nil {
		owner = got.Owner.Name
	}
	if got.Contact != nil {
		contact = got.Contact.FullName
	}
	compare("owner's name", owner, s.Members[r.OwnerID])
	compare("contact's name", contact, s.Contacts[r.ContactID])
	return out
}

func tail(ids []string, from int) []string { return ids[min(from, len(ids)):min(from+4, len(ids))] }
