package board_test

import (
	"context"
	"fmt"
	"math/rand"
	"slices"
	"strings"
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
		for i := range 300 {
			p.act(t)
			p.settle(t)
			if i%9 == 0 {
				p.resume(t, pick(p.r, p.watchers))
			}
			p.remember(t, pick(p.r, p.watchers))
			if i%25 == 24 {
				for _, w := range p.watchers {
					p.compare(t, w)
				}
			}
			if i == 150 {
				p.restart(t)
			}
		}
		require.Greater(t, p.done, 200, "commands that were carried out, else this test shows little: %v", p.refused)
		for _, kind := range []string{"ENTERED CREATED", "ENTERED FILTER", "ENTERED MOVED", "ENTERED PERMISSION", "MOVED", "UPDATED", "LEFT DELETED",
			"LEFT FILTER", "LEFT MOVED", "LEFT PERMISSION", "pipeline"} {
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
		written := make(chan error, 1) // 1: how it ended
		go func() {
			r := rand.New(rand.NewSource(6))
			for range 400 {
				_, err := p.w.CRM.MoveRecord(p.ctx(p.w.Ben), crm.MoveRecordInput{RecordID: pick(r, cards), ToStageID: ptr(pick(r, []string{p.w.Lead, p.w.Offer})),
					AfterRecordID: nil, ToEnd: ptr(pick(r, []string{"TOP", "BOTTOM"}))})
				if err != nil {
					written <- err
					return
				}
			}
			written <- nil
		}()
		w := p.watchers[0]
		for resumes := 0; ; resumes++ {
			select {
			case err := <-written:
				require.NoError(t, err)
				require.Greater(t, resumes, 5, "else this test shows little")
				p.settle(t)
				p.compare(t, w)
				return
			default:
			}
			w.sub.Close()
			m := w.past[max(0, len(w.past)-1-p.r.Intn(30))]
			w.at, w.holds = m.at, m.holds.copy()
			p.subscribe(t, w, &m.at)
			p.take(t, w)
		}
	})
}

// A watcher who takes nothing is not waited for: it starts over with what it missed.
func TestASlowWatcherStartsOver(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		p := newPlay(t, dialect, 1)
		slow, quick := p.watchers[0], p.watchers[1]
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
	w        *servertest.World
	r        *rand.Rand
	other    string
	watchers []*watcher
	contacts []string
	done     int
	refused  map[fault.Code]int
	seen     map[string]int
}

type watcher struct {
	name     string
	who      **servertest.Person
	pipeline string
	filter   *filter.RecordFilter
	sub      *board.Subscription
	at       row.Revision
	holds    held
	past     []memory
}

// held is what a client holds: per stage, in board order, cards and totals.
type held map[string]*column

type column struct {
	cards  []card
	totals string
}

type card struct{ id, shows string }

// memory is what a client held once.
type memory struct {
	at    row.Revision
	holds held
}

func ptr[T any](v T) *T { return &v }

func newPlay(t *testing.T, dialect string, seed int64) *play {
	p := &play{w: servertest.Found(t, servertest.Start(t, dialect), "alpha"), r: rand.New(rand.NewSource(seed)), refused: map[fault.Code]int{}, seen: map[string]int{}}
	made, err := p.w.CRM.CreatePipeline(p.ctx(p.w.Owner), crm.CreatePipelineInput{Name: "Other", Category: "CUSTOM", Stages: []*crm.StageInput{
		{Name: "First", Color: "#123456", Kind: "OPEN"}, {Name: "Second", Color: "#123456", Kind: "OPEN", DefaultProbability: ptr(70)}, {Name: "End", Color: "#123456", Kind: "WON"}}})
	require.NoError(t, err)
	p.other = made.Pipeline.ID
	for _, name := range []string{"Ann", "Bob"} {
		c, err := p.w.CRM.CreateContact(p.ctx(p.w.Owner), crm.CreateContactInput{FirstName: &name})
		require.NoError(t, err)
		p.contacts = append(p.contacts, c.Contact.ID)
	}
	yes := true
	for _, w := range []*watcher{
		{name: "all", who: &p.w.Owner, pipeline: p.w.Pipeline},
		{name: "key", who: &p.w.Key, pipeline: p.w.Pipeline},
		{name: "other", who: &p.w.Ben, pipeline: p.other},
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

// take takes all frames there are and applies them.
func (p *play) take(t *testing.T, w *watcher) (commits []*board.Commit) {
	t.Helper()
	for {
		f, err := w.sub.Next(t.Context())
		require.NoError(t, err)
		if f == nil {
			return commits
		}
		w.hold(t, f)
		if c, ok := f.(*board.Commit); ok {
			commits = append(commits, c)
			p.note(c)
		}
	}
}

func (p *play) note(c *board.Commit) {
	for _, ch := range c.Cards {
		kind := ch.Kind
		if ch.Reason != nil {
			kind += " " + *ch.Reason
		}
		p.seen[kind]++
	}
	if c.Pipeline != nil {
		p.seen["pipeline"]++
	}
}

// hold applies a frame as the SDL says.
func (w *watcher) hold(t *testing.T, f board.Frame) {
	t.Helper()
	switch f := f.(type) {
	case *board.Snapshot:
		w.at, w.holds = f.Revision, of(t, f.Board)
	case *board.Ready:
		require.GreaterOrEqual(t, f.Revision, w.at)
		w.at = f.Revision
	case *board.Commit:
		require.Greater(t, f.Revision, w.at, "%s: frames come in order, each once", w.name)
		w.at = f.Revision
		w.apply(t, f)
	default:
		t.Fatalf("%s got a %T", w.name, f)
	}
	w.past = append(w.past, memory{w.at, w.holds.copy()})
}

func (w *watcher) apply(t *testing.T, f *board.Commit) {
	t.Helper()
	if f.Pipeline != nil {
		was := w.holds
		w.holds = held{}
		for _, st := range f.Pipeline.Stages {
			if w.holds[st.ID] = was[st.ID]; was[st.ID] == nil {
				w.holds[st.ID] = &column{}
			}
		}
	}
	for _, c := range f.Cards {
		for _, col := range w.holds {
			col.cards = slices.DeleteFunc(col.cards, func(have card) bool { return have.id == c.RecordID })
		}
		if c.Kind == board.Left {
			require.Nil(t, c.Record, "%s must not be told of what it may not see", w.name)
			continue
		}
		col, at := w.holds[*c.StageID], 0
		if c.AfterRecordID != nil {
			at = 1 + slices.IndexFunc(col.cards, func(have card) bool { return have.id == *c.AfterRecordID })
			require.Positive(t, at, "%s does not hold the card above", w.name)
		}
		col.cards = slices.Insert(col.cards, at, shown(c.Record))
	}
	for _, c := range f.Columns {
		w.holds[c.StageID].totals = fmt.Sprint(c.Count, c.Amounts)
	}
}

// shown is what a card shows of itself.
func shown(r *row.Record) card {
	return card{r.ID, fmt.Sprint(r.Title, r.Version, r.Rank, r.Probability, r.Status, r.Priority, r.Tags, r.Value(), deref(r.OwnerID), deref(r.ContactID), r.UpdatedAt)}
}

func deref(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

// of is a board as held.
func of(t *testing.T, b *board.Board) held {
	t.Helper()
	out := held{}
	for _, c := range b.Columns {
		cards, err := c.Cards(t.Context(), 200, nil)
		require.NoError(t, err)
		require.False(t, cards.PageInfo.HasNextPage)
		col := &column{totals: fmt.Sprint(c.Totals.Count, c.Totals.Amounts)}
		for _, r := range cards.Nodes {
			col.cards = append(col.cards, shown(r))
		}
		out[c.Stage.ID] = col
	}
	return out
}

func (h held) copy() held {
	out := held{}
	for id, c := range h {
		out[id] = &column{slices.Clone(c.cards), c.totals}
	}
	return out
}

func (h held) String() string {
	var lines []string
	for id, c := range h {
		lines = append(lines, fmt.Sprint(id, " ", c.totals, "\n  ", c.cards))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// compare holds what a watcher has against the board at its revision, which is the present one too.
func (p *play) compare(t *testing.T, w *watcher) {
	t.Helper()
	b, err := p.w.Boards.Board(p.ctx(*w.who), board.Query{PipelineID: w.pipeline, Filter: w.filter, At: &w.at, First: 200})
	require.NoError(t, err)
	require.Equal(t, of(t, b).String(), w.holds.String(), "%s at revision %d", w.name, w.at)
	now, err := p.w.Boards.Board(p.ctx(*w.who), board.Query{PipelineID: w.pipeline, Filter: w.filter, First: 200})
	require.NoError(t, err)
	require.Equal(t, of(t, now).String(), w.holds.String(), "%s at revision %d, and now", w.name, w.at)
}

// resume throws away what a watcher holds for something that it held before, and lets it come back with that.
func (p *play) resume(t *testing.T, w *watcher) {
	t.Helper()
	w.sub.Close()
	m := w.past[p.r.Intn(len(w.past))]
	w.at, w.holds = m.at, m.holds.copy()
	p.subscribe(t, w, &m.at)
	p.take(t, w)
	p.compare(t, w)
}

// remember asks for the board at a revision at which it was held.
func (p *play) remember(t *testing.T, w *watcher) {
	t.Helper()
	m := pick(p.r, w.past)
	b, err := p.w.Boards.Board(p.ctx(*w.who), board.Query{PipelineID: w.pipeline, Filter: w.filter, At: &m.at, First: 200})
	require.NoError(t, err)
	require.Equal(t, m.at, b.Revision)
	require.Equal(t, m.holds.String(), of(t, b).String(), "%s held this at revision %d", w.name, m.at)
}

// restart ends the server and starts another on its database; everybody comes back with what they hold.
func (p *play) restart(t *testing.T) {
	t.Helper()
	for _, w := range p.watchers {
		w.sub.Close()
	}
	p.w.Stop(t)
	p.w.Server = servertest.StartOn(t, p.w.Database, nil)
	for _, w := range p.watchers {
		p.subscribe(t, w, &w.at)
		p.take(t, w)
		p.compare(t, w)
	}
}

// act does something, as somebody.
func (p *play) act(t *testing.T) {
	t.Helper()
	who := pick(p.r, []*servertest.Person{p.w.Owner, p.w.Owner, p.w.Ben, p.w.Chloe, p.w.Key})
	err := p.command(t, p.ctx(who))
	if f := fault.Of(err); f != nil {
		p.refused[f.Kind]++
		return
	}
	require.NoError(t, err)
	p.done++
}

func (p *play) command(t *testing.T, ctx context.Context) (err error) {
	c, id := p.w.CRM, p.card(t)
	switch n := p.r.Intn(100); {
	case n < 25 || id == "":
		_, err = c.CreateRecord(ctx, crm.CreateRecordInput{StageID: ptr(p.stage(t)), Title: pick(p.r, titles), Value: p.value(), Priority: "LOW", OwnerID: p.owner(),
			ContactID: maybe(p.r, p.contacts), Tags: p.tags(), Place: p.place(t)})
	case n < 55:
		place := p.place(t)
		in := crm.MoveRecordInput{RecordID: id, ToStageID: ptr(p.stage(t)), AfterRecordID: place.AfterRecordID, BeforeRecordID: place.BeforeRecordID, ToEnd: place.ToEnd}
		if p.r.Intn(2) == 0 {
			in.ToPipelineID = ptr(pick(p.r, []string{p.w.Pipeline, p.other}))
		}
		_, err = c.MoveRecord(ctx, in)
	case n < 70:
		in := crm.UpdateRecordInput{ID: id, Title: graphql.OmittableOf(ptr(pick(p.r, titles))), ContactID: graphql.OmittableOf(maybe(p.r, p.contacts)),
			Tags: graphql.OmittableOf(p.tags()), Value: graphql.OmittableOf(p.value())}
		if p.r.Intn(3) == 0 {
			in.StageID = graphql.OmittableOf(ptr(p.stage(t)))
		}
		_, err = c.UpdateRecord(ctx, in)
	case n < 80:
		_, err = c.AssignRecord(ctx, crm.AssignRecordInput{RecordID: id, OwnerID: p.owner()})
	case n < 83:
		_, err = c.DeleteRecord(ctx, crm.DeleteRecordInput{ID: id})
	case n < 85:
		_, err = c.DeleteRecords(ctx, crm.DeleteRecordsInput{IDs: []string{id, p.card(t), p.card(t)}})
	case n < 89:
		_, err = c.UpdateContact(ctx, crm.UpdateContactInput{ID: pick(p.r, p.contacts), LastName: graphql.OmittableOf(ptr(pick(p.r, titles)))})
	case n < 91:
		_, err = c.CreateTask(ctx, crm.CreateTaskInput{Title: "t", Priority: "LOW", RecordID: &id})
	case n < 92:
		err = p.replaceContact(ctx)
	default:
		err = p.restage(t, ctx)
	}
	return err
}

// replaceContact deletes a contact and makes another.
func (p *play) replaceContact(ctx context.Context) error {
	if _, err := p.w.CRM.DeleteContact(ctx, crm.DeleteContactInput{ID: p.contacts[0]}); err != nil {
		return err
	}
	made, err := p.w.CRM.CreateContact(ctx, crm.CreateContactInput{FirstName: ptr("New")})
	if err == nil {
		p.contacts = append(p.contacts[1:], made.Contact.ID)
	}
	return err
}

// restage changes a pipeline's stages: their order, a name, one more, one less whose cards go elsewhere, a kind.
func (p *play) restage(t *testing.T, ctx context.Context) error {
	id := pick(p.r, []string{p.w.Pipeline, p.other})
	b := p.look(t, id)
	in := crm.UpdatePipelineInput{ID: id}
	for _, c := range b.Columns {
		s := c.Stage
		in.Stages = append(in.Stages, &crm.StageInput{ID: &s.ID, Name: s.Name, Color: s.Color, Kind: s.Kind, DefaultProbability: s.DefaultProbability, RequiredFields: s.RequiredFields,
			ConfirmCount: &c.Totals.Count})
	}
	at := p.r.Intn(len(in.Stages))
	switch p.r.Intn(5) {
	case 0:
		p.r.Shuffle(len(in.Stages), func(i, j int) { in.Stages[i], in.Stages[j] = in.Stages[j], in.Stages[i] })
	case 1:
		in.Stages[at].Name = fmt.Sprint("Stage ", p.r.Intn(1000))
	case 2:
		in.Stages = slices.Insert(in.Stages, at, &crm.StageInput{Name: fmt.Sprint("Stage ", p.r.Intn(1000)), Color: "#654321", Kind: pick(p.r, []string{"OPEN", "LOST"})})
	case 3:
		gone := *in.Stages[at].ID
		in.Stages = slices.Delete(in.Stages, at, at+1)
		if len(in.Stages) > 2 {
			in.MoveRecords = []*crm.StageMoveInput{{FromStageID: gone, ToStageID: *in.Stages[0].ID}}
		}
	case 4:
		in.Stages[at].Kind, in.Stages[at].DefaultProbability = pick(p.r, []string{"OPEN", "WON"}), nil
	}
	_, err := p.w.CRM.UpdatePipeline(ctx, in)
	return err
}

// look reads a board as the owner sees it.
func (p *play) look(t *testing.T, pipeline string) *board.Board {
	t.Helper()
	b, err := p.w.Boards.Board(p.ctx(p.w.Owner), board.Query{PipelineID: pipeline, First: 200})
	require.NoError(t, err)
	return b
}

// card picks a card of any board, "" when there is none.
func (p *play) card(t *testing.T) string {
	t.Helper()
	var ids []string
	for _, pipeline := range []string{p.w.Pipeline, p.other} {
		for _, c := range p.look(t, pipeline).Columns {
			cards, err := c.Cards(t.Context(), 200, nil)
			require.NoError(t, err)
			for _, r := range cards.Nodes {
				ids = append(ids, r.ID)
			}
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return pick(p.r, ids)
}

func (p *play) stage(t *testing.T) string {
	t.Helper()
	return pick(p.r, p.look(t, pick(p.r, []string{p.w.Pipeline, p.other})).Columns).Stage.ID
}

func (p *play) place(t *testing.T) *crm.PlaceInput {
	t.Helper()
	switch beside := p.card(t); {
	case beside == "" || p.r.Intn(3) == 0:
		return &crm.PlaceInput{ToEnd: ptr(pick(p.r, []string{"TOP", "BOTTOM"}))}
	case p.r.Intn(2) == 0:
		return &crm.PlaceInput{AfterRecordID: &beside}
	default:
		return &crm.PlaceInput{BeforeRecordID: &beside}
	}
}

var titles = []string{"Äpfel", "apfel", "Birnen", "one", "two"}

func (p *play) owner() *string { return maybe(p.r, []string{p.w.Ben.ID, p.w.Chloe.ID, p.w.Chloe.ID}) }

func (p *play) tags() []string { return []string{"hot", "cold", "wet"}[:p.r.Intn(4)] }

func (p *play) value() *crm.MoneyInput {
	if p.r.Intn(4) == 0 {
		return nil
	}
	return &crm.MoneyInput{Amount: fmt.Sprint(p.r.Intn(100)), Currency: maybe(p.r, []string{"USD", "EUR"})}
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.Intn(len(list))] }

func maybe[T any](r *rand.Rand, list []T) *T {
	if r.Intn(3) == 0 {
		return nil
	}
	return ptr(pick(r, list))
}
