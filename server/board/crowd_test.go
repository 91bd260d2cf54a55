package board_test

import (
	"context"
	"fmt"
	"math/rand"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
)

// However many move, delete and restore cards at once, one by one and in blocks, at the same spots: there is one strict
// order, and everybody who watches holds it.
func TestACrowdLeavesOneOrder(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		p := newPlay(t, dialect, 3)
		second := &watcher{name: "second", who: &p.w.Ben, pipeline: p.w.Pipeline}
		p.watchers = []*watcher{p.watchers[0], second}
		p.subscribe(t, second, nil)
		var cards []string
		for i := range 40 {
			made, err := p.w.CRM.CreateRecord(p.ctx(p.w.Owner), crm.CreateRecordInput{Title: fmt.Sprint("card ", i), Priority: "LOW", StageID: ptr([]string{p.w.Lead, p.w.Offer}[i%2])})
			require.NoError(t, err)
			cards = append(cards, made.Record.ID)
		}
		const rounds, people, each = 8, 8, 32
		tally := &tally{done: map[string]int{}}
		for round := range rounds {
			var crowd sync.WaitGroup
			for i := range people {
				who := []*servertest.Person{p.w.Owner, p.w.Ben}[i%2]
				// Streams of numbers that differ: what each does is told by its seed, when it does it is not.
				m := &mover{p: p, r: rand.New(rand.NewSource(int64(round*people + i))), ctx: viewer.NewContext(t.Context(), who.Viewer), cards: cards, tally: tally}
				crowd.Go(func() {
					for range each {
						m.act(t)
					}
				})
			}
			crowd.Wait()
			p.settle(t)
			for _, w := range p.watchers {
				p.compare(t, w)
				p.present(t, w)
			}
			require.Equal(t, p.watchers[0].holds.String(), second.holds.String())
			p.strict(t)
		}
		for _, kind := range []string{"move", "block", "delete", "restore"} {
			require.Greater(t, tally.done[kind], 20, "%v", tally.done)
		}
		require.Greater(t, tally.done["all"], rounds*people*each/2, "%v", tally.done)
	})
}

// strict checks what the table says: no two live cards of a stage at one place, and all that are watched in its order.
func (p *play) strict(t *testing.T) {
	t.Helper()
	for stage, held := range p.watchers[0].holds {
		rows, err := p.w.DB.Read.QueryContext(t.Context(), "SELECT id, rank FROM records WHERE deleted_at IS NULL AND stage_id = '"+stage+"' ORDER BY rank")
		require.NoError(t, err)
		last, i := "", 0
		for ; rows.Next(); i++ {
			var id, rank string
			require.NoError(t, rows.Scan(&id, &rank))
			require.Less(t, last, rank)
			require.Less(t, i, len(held.cards))
			require.Equal(t, held.cards[i].id, id)
			last = rank
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
		require.Len(t, held.cards, i)
	}
}

// tally counts what a crowd has done.
type tally struct {
	mu   sync.Mutex
	done map[string]int
}

func (c *tally) note(kind string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done[kind]++
	c.done["all"]++
}

// mover is one of a crowd.
type mover struct {
	p     *play
	r     *rand.Rand
	ctx   context.Context
	cards []string
	tally *tally
}

func (m *mover) act(t *testing.T) {
	kind, did, err := m.command()
	switch f := fault.Of(err); {
	case f != nil && (f.Kind == fault.NotFoundCode || f.Kind == fault.ValidationFailed || f.Kind == fault.Overloaded):
	case err != nil:
		t.Errorf("%s: %v", kind, err)
	case did:
		m.tally.note(kind)
	}
}

func (m *mover) command() (kind string, did bool, err error) {
	stage := pick(m.r, []string{m.p.w.Lead, m.p.w.Offer})
	spot := pick(m.r, m.cards[:4]) // few spots, so that they meet
	place := pick(m.r, []crm.PlaceInput{{}, {AfterRecordID: &spot}, {BeforeRecordID: &spot}, {ToEnd: ptr("BOTTOM")}})
	some := crm.BatchTarget{}
	for range 2 + m.r.Intn(6) {
		some.IDs = append(some.IDs, pick(m.r, m.cards))
	}
	switch n := m.r.Intn(10); {
	case n < 4:
		_, err = m.p.w.CRM.MoveRecord(m.ctx, crm.MoveRecordInput{RecordID: pick(m.r, m.cards), ToStageID: &stage, AfterRecordID: place.AfterRecordID,
			BeforeRecordID: place.BeforeRecordID, ToEnd: place.ToEnd})
		return "move", true, err
	case n < 7:
		out, err := m.p.w.CRM.MoveRecords(m.ctx, crm.MoveRecordsInput{BatchTarget: some, ToStageID: &stage, Place: &place})
		return "block", err == nil && out.Changed > 0, err
	case n < 8:
		_, err = m.p.w.CRM.DeleteRecord(m.ctx, crm.DeleteRecordInput{ID: pick(m.r, m.cards)})
		return "delete", true, err
	}
	some.IDs = m.cards
	out, err := m.p.w.CRM.RestoreRecords(viewer.NewContext(m.ctx, m.p.w.Owner.Viewer), crm.RestoreRecordsInput{BatchTarget: some})
	return "restore", err == nil && out.Changed > 0, err
}
