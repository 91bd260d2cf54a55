package api

import (
	"fmt"

	"github.com/rapidbott/tideboard/bench/load"
)

// The board that is measured.
const (
	Stages   = 5
	Cards    = 50 // in each stage
	contacts = 120
)

// World is the board that is measured.
type World struct {
	WorkspaceID string
	PipelineID  string
	StageIDs    []string
	RecordIDs   []string
}

// Seed makes a pipeline with a full board, in the order and with the fields that people would fill. All stages are
// open, so that every move is one change in the log.
func Seed(p *load.Pool, workspaceID string, memberIDs []string) (*World, error) {
	w := &World{WorkspaceID: workspaceID}
	var people []string
	for i := range contacts {
		var made struct{ Contact struct{ ID string } }
		if err := Ask(p, `mutation($input: CreateContactInput!) { createContact(input: $input) { contact { id } } }`, input(contact(i)), &made); err != nil {
			return nil, err
		}
		people = append(people, made.Contact.ID)
	}
	var err error
	if w.PipelineID, w.StageIDs, err = Pipeline(p, "Benchmark", Stages); err != nil {
		return nil, err
	}
	for _, id := range w.StageIDs {
		for range Cards {
			n := len(w.RecordIDs)
			in := record(n)
			in["pipelineId"], in["stageId"] = w.PipelineID, id
			in["contactId"], in["ownerId"] = people[n*7%len(people)], memberIDs[n%len(memberIDs)]
			var made struct{ Record struct{ ID string } }
			if err := Ask(p, `mutation($input: CreateRecordInput!) { createRecord(input: $input) { record { id } } }`, input(in), &made); err != nil {
				return nil, err
			}
			w.RecordIDs = append(w.RecordIDs, made.Record.ID)
		}
	}
	return w, nil
}

func input(fields map[string]any) map[string]any { return map[string]any{"input": fields} }

// Pipeline makes a pipeline of so many stages, all open.
func Pipeline(p *load.Pool, name string, stages int) (id string, stageIDs []string, err error) {
	var entries []map[string]any
	for i := range stages {
		entries = append(entries, map[string]any{"name": fmt.Sprintf("Stage %d", i+1), "color": "#3B82F6", "defaultProbability": 90 * (i + 1) / stages})
	}
	var made struct {
		Pipeline struct {
			ID     string
			Stages []struct{ ID string }
		}
	}
	err = Ask(p, `mutation($input: CreatePipelineInput!) { createPipeline(input: $input) { pipeline { id stages { id } } } }`,
		input(map[string]any{"name": name, "category": "SALES", "stages": entries}), &made)
	for _, s := range made.Pipeline.Stages {
		stageIDs = append(stageIDs, s.ID)
	}
	return made.Pipeline.ID, stageIDs, err
}

var firstNames = []string{"Amélie", "Bruno", "Chinwe", "Daniela", "Erik", "Fatima", "Giulia", "Hiroshi", "Ingrid", "João"}
var lastNames = []string{"Nakamura", "Okafor", "Silva", "Lindqvist", "Moreau", "Haddad", "O'Neill", "Kowalski", "Rossi", "Tanaka", "Weiß"}

func contact(i int) map[string]any {
	return map[string]any{"firstName": firstNames[i%len(firstNames)], "lastName": lastNames[i%len(lastNames)],
		"emails": []string{fmt.Sprintf("person%d@customer.example", i)}, "companyName": fmt.Sprintf("Company %d GmbH", i%40)}
}

// record gives the fields of the nth card. Some have no value, date or tags, as in life; the amounts are whole, so that
// no way of rounding is compared.
func record(n int) map[string]any {
	out := map[string]any{"title": fmt.Sprintf("Renewal of “Plan %d” for the whole house, second year", n), "place": map[string]any{"toEnd": "BOTTOM"},
		"priority": []string{"LOW", "MEDIUM", "HIGH", "URGENT"}[n%4], "channel": []string{"EMAIL", "PHONE", "WEB"}[n%3]}
	if n%10 != 0 {
		out["value"] = map[string]any{"amount": fmt.Sprintf("%d.00", 500+n*100), "currency": []string{"EUR", "EUR", "USD"}[n%3]}
	}
	if n%4 != 0 {
		out["expectedCloseDate"] = fmt.Sprintf("2027-%02d-%02d", 1+n%12, 1+n%28)
	}
	if n%3 != 0 {
		out["tags"] = []string{"renewal", fmt.Sprintf("region-%d", n%7)}
	}
	return out
}
