// Package writer writes at random: creates, edits, drags, assigns and deletes cards, renames contacts and reshapes
// pipelines, against any server, and enters every command with its outcome in the ledger.
package writer

import (
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/rapidbott/tideboard/bench/truth/ledger"
	"github.com/rapidbott/tideboard/bench/truth/tables"
)

// columnLimit keeps columns well below a page of 150 cards.
const columnLimit = 110

// Directory is what all writers know of the boards: enough to write sense, often stale, as with people. Stale knowledge
// is what provokes conflicts.
type Directory struct {
	mu        sync.Mutex
	columns   map[string][]string // ids by stage
	stages    map[string]string   // stage by id
	versions  map[string]int
	lines     map[string][]ledger.Stage // by pipeline
	pipelines []string
	contacts  []string
	target    int // how many cards there should be
	gone      []gone
}

// NewDirectory makes an empty directory; Load fills it.
func NewDirectory() *Directory { return &Directory{} }

// Load takes over what the tables hold.
func (d *Directory) Load(s *tables.State) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.columns, d.stages, d.versions = map[string][]string{}, map[string]string{}, map[string]int{}
	d.lines, d.pipelines, d.contacts = map[string][]ledger.Stage{}, nil, nil
	for id := range s.Pipelines {
		d.pipelines = append(d.pipelines, id)
		for _, st := range s.Stages[id] {
			d.lines[id] = append(d.lines[id], ledger.Stage{ID: st.ID, Name: st.Name, Kind: st.Kind})
		}
	}
	linked := map[string]bool{}
	for stage, records := range s.Columns {
		for _, r := range records {
			d.columns[stage] = append(d.columns[stage], r.ID)
			d.stages[r.ID], d.versions[r.ID] = stage, r.Version
			if r.ContactID != "" && !linked[r.ContactID] {
				linked[r.ContactID] = true
				d.contacts = append(d.contacts, r.ContactID)
			}
		}
	}
	slices.Sort(d.pipelines)
	slices.Sort(d.contacts)
	if d.target == 0 {
		d.target = max(len(d.stages), 60)
	}
}

// Balance is above 1 when there are more cards than there should be.
func (d *Directory) Balance() float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return float64(len(d.stages)) / float64(d.target)
}

// Put notes where a card is.
func (d *Directory) Put(id, stage string, version int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop(id)
	d.forget(id)
	d.columns[stage] = append([]string{id}, d.columns[stage]...)
	d.stages[id], d.versions[id] = stage, version
}

// Drop notes that a card is gone.
func (d *Directory) Drop(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if stage := d.stages[id]; stage != "" {
		d.bury(id, stage)
	}
	d.drop(id)
}

func (d *Directory) drop(id string) {
	stage := d.stages[id]
	d.columns[stage] = slices.DeleteFunc(d.columns[stage], func(other string) bool { return other == id })
	delete(d.stages, id)
	delete(d.versions, id)
}

// Reshape notes a pipeline's stages.
func (d *Directory) Reshape(pipeline string, stages []ledger.Stage) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines[pipeline] = stages
}

// Pipeline picks a pipeline.
func (d *Directory) Pipeline(random *rand.Rand) string {
	return d.pipelines[random.IntN(len(d.pipelines))]
}

// Contact picks a contact that some card links; empty when there is none.
func (d *Directory) Contact(random *rand.Rand) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.contacts) == 0 {
		return ""
	}
	return d.contacts[random.IntN(len(d.contacts))]
}

// Stage picks a stage with room in a pipeline; false when all are full.
func (d *Directory) Stage(random *rand.Rand, pipeline string) (ledger.Stage, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	line := d.lines[pipeline]
	for _, i := range random.Perm(len(line)) {
		if len(d.columns[line[i].ID]) < columnLimit {
			return line[i], true
		}
	}
	return ledger.Stage{}, false
}

// Card picks a card: often one of a few that everybody wants. It tells where the card was last seen and in which version.
func (d *Directory) Card(random *rand.Rand) (id, pipeline string, stage ledger.Stage, version int, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for range 50 {
		pipeline = d.pipelines[random.IntN(len(d.pipelines))]
		line := d.lines[pipeline]
		if len(line) == 0 {
			continue
		}
		stage = line[random.IntN(len(line))]
		column := d.columns[stage.ID]
		if len(column) == 0 {
			continue
		}
		i := random.IntN(len(column))
		if random.IntN(4) == 0 {
			i = min(i, random.IntN(3))
		}
		return column[i], pipeline, stage, d.versions[column[i]], true
	}
	return "", "", ledger.Stage{}, 0, false
}

// Neighbour picks another card of a stage; empty when there is none.
func (d *Directory) Neighbour(random *rand.Rand, stage, not string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	column := d.columns[stage]
	for range 4 {
		if len(column) > 0 {
			if id := column[random.IntN(len(column))]; id != not {
				return id
			}
		}
	}
	return ""
}
