package writer

import (
	"math/rand/v2"
	"slices"
)

// mostGone is how many deleted cards are remembered, to be brought back.
const mostGone = 60

// gone is a deleted card and the stage it was last seen in.
type gone struct{ id, stage string }

func (d *Directory) bury(id, stage string) {
	d.forget(id)
	if d.gone = append(d.gone, gone{id, stage}); len(d.gone) > mostGone {
		d.gone = d.gone[1:]
	}
}

func (d *Directory) forget(id string) {
	d.gone = slices.DeleteFunc(d.gone, func(g gone) bool { return g.id == id })
}

// Gone draws a few deleted cards whose stages have room, often neighbours in time; they stay remembered.
func (d *Directory) Gone(random *rand.Rand, most int) (ids []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.gone) == 0 {
		return nil
	}
	at := random.IntN(len(d.gone))
	for i := at; i < len(d.gone) && len(ids) < most; i++ {
		if g := d.gone[i]; len(d.columns[g.stage]) < columnLimit {
			ids = append(ids, g.id)
		}
	}
	random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids
}

// Back notes that a card was brought back, on top of where it was last seen.
func (d *Directory) Back(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, g := range d.gone {
		if g.id == id {
			d.columns[g.stage] = append([]string{id}, d.columns[g.stage]...)
			d.stages[id] = g.stage
		}
	}
	d.forget(id)
}
