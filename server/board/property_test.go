package board_test

import (
	"context"
	"fmt"
	"math/rand"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
)

// Whoever applies the frames in order holds, after the frame of a revision, exactly the board at that revision: through
// any commands, with any filter and visibility, across resumes from any revision that was held, and a server restart.
func TestAWatcherHoldsTheBoard(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		p := newPlay(t, dialect, 11)
		for i := range 320 {
			if i%7 == 3 {
				p.promote(t)
			}
			p.act(t)
			p.settle(t)
			if i%9 == 0 {
				p.resume(t, pick(p.r, p.watchers))
			}
			p.remember(t, pick(p.r, p.watchers))
			p.present(t, pick(p.r, p.watchers))
			if i%25 == 24 {
				for _, w := range p.watchers {
					p.compare(t, w)
					p.present(t, w)
				}
			}
			if i == 150 {
				p.restart(t)
			}
		}
		require.Greater(t, p.done, 200, "commands that were carried out, else this test shows little: %v", p.refused)
		for _, kind := range []string{"ENTERED CREATED", "ENTERED FILTER", "ENTERED MOVED", "ENTERED PERMISSION", "MOVED", "UPDATED", "LEFT DELETED",
			"LEFT FILTER", "LEFT MOVED", "LEFT PERMISSION", "pipeline", "diff ENTERED", "diff MOVED", "diff UPDATED", "diff LEFT"} {
			require.Positive(t, p.seen[kind], "%s was never told, so this test shows little: %v", kind, p.seen)
		}
	})
}

// When the places in a column have grown too long it is spaced anew: the order stays, no version changes, and every
// watcher is told.
func TestSpacingAColumnAnewIsAnnounced(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		p := newPlay(t, dialect, 1)
		p.watchers = p.watchers[:1]
		var cards []string
		for range 4 {
			made, err := p.w.CRM.CreateRecord(p.ctx(p.w.Owner), crm.CreateRecordInput{Title: "card", StageID: &p.w.Lead, Priority: "LOW", Place: &crm.PlaceInput{ToEnd: ptr("BOTTOM")}})
			require.NoError(t, err)
			cards = append(cards, made.Record.ID)
		}
		p.settle(t)
		versions := map[string]int{}
		spaced := 0
		for i := 0; spaced == 0; i++ {
			require.Less(t, i, 1000, "the column was never spaced anew")
			_, err := p.w.CRM.MoveRecord(p.ctx(p.w.Owner), crm.MoveRecordInput{RecordID: cards[2-i%2], ToStageID: &p.w.Lead, AfterRecordID: &cards[0]})
			require.NoError(t, err)
			frames := p.settle(t)
			require.Len(t, frames, 1)
			if len(frames[0].Cards) > 1 {
				spaced++
				for _, c := range frames[0].Cards {
					if c.RecordID != cards[2-i%2] {
						require.Equal(t, versions[c.RecordID], c.Record.Version, "spacing is no change of a card")
						require.Equal(t, []string{"rank"}, c.ChangedFields)
					}
				}
				require.Len(t, frames[0].Cards, 4)
			}
			for _, c := range frames[0].Cards {
				versions[c.RecordID] = c.Record.Version
			}
			for _, id := range cards {
				if versions[id] == 0 {
					versions[id] = 1
				}
			}
		}
		require.Equal(t, cards[0], p.watchers[0].holds[p.w.Lead].cards[0].id)
		require.Equal(t, cards[3], p.watchers[0].holds[p.w.Lead].cards[3].id)
	})
}

// Nothing is missed and nothing comes twice when the past is told while the present goes on.
func TestResumesWhileOthersWrite(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		p := newPlay(t, dialect, 5)
		for range 10 {
			_, err := p.w.CRM.CreateRecord(p.ctx(p.w.Owner), crm.CreateRecordInput{Title: "card", Priority: "LOW", OwnerID: p.owner()})
			require.NoError(t, err)
		}
		p.settle(t)
		var cards []string
		for _, c := range p.watchers[0].holds[p.w.Lead].cards {
			cards = append(cards, c.id)
		}
		enough, written := make(chan struct{}), make(chan error, 1) // 1: how it ended
		go func() {
			r := rand.New(rand.NewSource(6))
			for {
				select {
				case <-enough:
					written <- nil
					return
				default:
				}
				_, err := p.w.CRM.MoveRecord(p.ctx(p.w.Ben), crm.MoveRecordInput{RecordID: pick(r, cards), ToStageID: ptr(pick(r, []string{p.w.Lead, p.w.Offer})),
					ToEnd: ptr(pick(r, []string{"TOP", "BOTTOM"}))})
				if err != nil {
					written <- err
					return
				}
			}
		}()
		w := p.watchers[0]
		for range 80 {
			w.sub.Close()
			m := w.past[max(0, len(w.past)-1-p.r.Intn(30))]
			w.at, w.holds = m.at, m.holds.copy()
			p.subscribe(t, w, &m.at)
			p.take(t, w)
		}
		close(enough)
		require.NoError(t, <-written)
		p.settle(t)
		p.compare(t, w)
		p.present(t, w)
	})
}

// Who was away while its board was deleted and restored is told both, and goes on watching.
func TestAWatcherResumesOverItsBoardsAbsence(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		p := newPlay(t, dialect, 7)
		w := p.watchers[1]
		p.watchers = []*watcher{w}
		card := func() {
			_, err := p.w.CRM.CreateRecord(p.ctx(p.w.Owner), crm.CreateRecordInput{Title: "card", Priority: "LOW", PipelineID: &p.other})
			require.NoError(t, err)
		}
		card()
		p.settle(t)
		before := w.at
		w.sub.Close()
		_, err := p.w.CRM.DeletePipeline(p.ctx(p.w.Owner), crm.DeletePipelineInput{ID: p.other, DeleteRecords: true, ConfirmCount: ptr(1)})
		require.NoError(t, err)
		_, err = p.w.CRM.RestorePipeline(p.ctx(p.w.Owner), crm.RestorePipelineInput{ID: p.other})
		require.NoError(t, err)
		for range 2 { // the second is told what was made for the first
			w.sub.Close()
			p.subscribe(t, w, &before)
			w.at = before
			p.settle(t)
			card()
			frames := p.settle(t)
			require.Len(t, frames, 1)
			p.present(t, w)
		}
	})
}

// A watcher who takes nothing is not waited for: it starts over with what it missed.
func TestASlowWatcherStartsOver(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		p := newPlay(t, dialect, 1)
		slow, quick := p.watchers[0], p.watchers[2]
		made, err := p.w.CRM.CreateRecord(p.ctx(p.w.Owner), crm.CreateRecordInput{Title: "card", Priority: "LOW"})
		require.NoError(t, err)
		for i := range board.MaxQueue {
			_, err := p.w.CRM.UpdateRecord(p.ctx(p.w.Owner), crm.UpdateRecordInput{ID: made.Record.ID, Title: graphql.OmittableOf(ptr(fmt.Sprint("card ", i)))})
			require.NoError(t, err)
			p.reached(t)
			p.take(t, quick)
		}
		f, err := slow.sub.Next(t.Context())
		require.NoError(t, err)
		reset, ok := f.(*board.Reset)
		require.True(t, ok, "%T", f)
		require.Equal(t, board.SlowConsumer, reset.Reason)
		f, err = slow.sub.Next(t.Context())
		require.NoError(t, err)
		snapshot, ok := f.(*board.Snapshot)
		require.True(t, ok, "%T", f)
		require.Equal(t, reset.Revision, snapshot.Revision)
		slow.hold(t, snapshot)
		p.compare(t, slow)
		_, err = p.w.CRM.UpdateRecord(p.ctx(p.w.Owner), crm.UpdateRecordInput{ID: made.Record.ID, Title: graphql.OmittableOf(ptr("on"))})
		require.NoError(t, err)
		p.reached(t)
		require.Len(t, p.take(t, slow), 1)
		p.compare(t, slow)
	})
}

// play is a workspace in which things happen before watchers.
type play struct {
	former    []string // cards that bulk commands were about
	w         *servertest.World
	r         *rand.Rand
	other     string
	watchers  []*watcher
	contacts  []string
	companies []string
	done      int
	refused   map[fault.Code]int
	seen      map[string]int
}

func ptr[T any](v T) *T { return &v }

func newPlay(t *testing.T, dialect string, seed int64) *play {
	p := &play{w: servertest.Found(t, servertest.Start(t, dialect), "alpha"), r: rand.New(rand.NewSource(seed)), refused: map[fault.Code]int{}, seen: map[string]int{}}
	p.large()
	made, err := p.w.CRM.CreatePipeline(p.ctx(p.w.Owner), crm.CreatePipelineInput{Name: "Other", Category: "CUSTOM", Stages: []*crm.StageInput{
		{Name: "First"}, {Name: "Second", DefaultProbability: graphql.OmittableOf(new(70))}, {Name: "End", Kind: graphql.OmittableOf(new("WON"))}}})
	require.NoError(t, err)
	p.other = made.Pipeline.ID
	for _, name := range []string{"Ann", "Bob"} {
		c, err := p.w.CRM.CreateContact(p.ctx(p.w.Owner), crm.CreateContactInput{FirstName: &name})
		require.NoError(t, err)
		p.contacts = append(p.contacts, c.Contact.ID)
		o, err := p.w.CRM.CreateCompany(p.ctx(p.w.Owner), crm.CreateCompanyInput{Name: name + " GmbH"})
		require.NoError(t, err)
		p.companies = append(p.companies, o.Company.ID)
	}
	yes := true
	for _, w := range []*watcher{
		{name: "all", who: &p.w.Owner, pipeline: p.w.Pipeline},
		{name: "other", who: &p.w.Ben, pipeline: p.other},
		{name: "key", who: &p.w.Key, pipeline: p.w.Pipeline},
		{name: "hers", who: &p.w.Chloe, pipeline: p.w.Pipeline},
		{name: "hers there", who: &p.w.Chloe, pipeline: p.other},
		{name: "mine", who: &p.w.Ben, pipeline: p.w.Pipeline, filter: &filter.RecordFilter{Owner: &filter.OwnerComparator{Me: &yes}}},
		{name: "open", who: &p.w.Owner, pipeline: p.w.Pipeline, filter: &filter.RecordFilter{Status: &filter.RecordStatusComparator{Eq: ptr("OPEN")}}},
		{name: "hot", who: &p.w.Owner, pipeline: p.other, filter: &filter.RecordFilter{Not: &filter.RecordFilter{Tags: &filter.TagComparator{Any: []string{"HOT"}}}}},
		{name: "rich", who: &p.w.Chloe, pipeline: p.w.Pipeline, filter: &filter.RecordFilter{Or: []*filter.RecordFilter{{Value: &filter.MoneyComparator{Gte: ptr("50")}}, {Q: ptr("äpfel")}}}},
	} {
		p.watchers = append(p.watchers, w)
		p.subscribe(t, w, nil)
		p.take(t, w)
	}
	return p
}

func (p *play) ctx(who *servertest.Person) context.Context {
	return viewer.NewContext(context.Background(), who.Viewer)
}

func (p *play) subscribe(t *testing.T, w *watcher, after *row.Revision) {
	t.Helper()
	var err error
	w.sub, err = p.w.Boards.Subscribe(t.Context(), (*w.who).Viewer, w.pipeline, w.filter, after, func() {})
	require.NoError(t, err)
	t.Cleanup(w.sub.Close)
}

// settle waits until everybody was told of everything and takes it; it gives the frames of the first watcher.
func (p *play) settle(t *testing.T) (first []*board.Commit) {
	t.Helper()
	p.reached(t)
	for i, w := range p.watchers {
		frames := p.take(t, w)
		if i == 0 {
			first = frames
		}
		if len(frames) > 0 {
			p.compare(t, w)
		}
	}
	return first
}

// reached waits until the boards in memory stand at the newest revision: who follows last is told last.
func (p *play) reached(t *testing.T) {
	t.Helper()
	head, _, err := changelog.Log{DB: p.w.DB}.Head(t.Context(), p.w.DB, p.w.WorkspaceID)
	require.NoError(t, err)
	f := &follower{until: head, there: make(chan struct{}, 1)} // 1: told once
	from, end, err := p.w.Hub.Follow(t.Context(), p.w.WorkspaceID, f)
	require.NoError(t, err)
	defer end()
	if from < head {
		<-f.there
	}
}

type follower struct {
	until row.Revision
	there chan struct{}
}

func (f *follower) Apply(c *changelog.Commit) { f.Lost(c.Revision) }

func (f *follower) Lost(to row.Revision) {
	if to == f.until {
		f.there <- struct{}{}
	}
}

// resume throws away what a watcher holds for something that it held before, and lets it come back with that.
func (p *play) resume(t *testing.T, w *watcher) {
	t.Helper()
	w.sub.Close()
	m := w.past[p.r.Intn(len(w.past))]
	w.at, w.holds = m.at, m.holds.copy()
	p.subscribe(t, w, &m.at)
	p.take(t, w)
	w.at = max(w.at, w.since) // where no frame came since the rights changed, nothing that is seen has
	p.compare(t, w)
}

// remember asks for the board at a revision at which it was held.
func (p *play) remember(t *testing.T, w *watcher) {
	t.Helper()
	m := pick(p.r, w.past)
	if m.at < w.since {
		return
	}
	b, err := p.w.Boards.Board(p.ctx(*w.who), board.Query{PipelineID: w.pipeline, Filter: w.filter, At: &m.at, First: 200})
	require.NoError(t, err)
	require.Equal(t, m.at, b.Revision)
	require.Equal(t, m.holds.String(), of(t, b).String(), "%s held this at revision %d", w.name, m.at)
	if later := pick(p.r, w.past); later.at >= m.at {
		p.differ(t, w, m, later)
	}
}

// restart ends the server and starts another on its database; everybody comes back with what they hold.
// large has the totals of these small boards remembered and carried forward as those of large ones are.
func (p *play) large() { p.w.Boards.RememberFrom, p.w.Boards.CardsPerChange = 1, 1 }

func (p *play) restart(t *testing.T) {
	t.Helper()
	for _, w := range p.watchers {
		w.sub.Close()
	}
	p.w.Stop(t)
	p.w.Server = servertest.StartOn(t, p.w.Database, nil)
	p.large()
	for _, w := range p.watchers {
		p.subscribe(t, w, &w.at)
		p.take(t, w)
		p.compare(t, w)
	}
}
