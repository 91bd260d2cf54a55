package board_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
)

// dial is a world whose clock is turned by hand.
type dial struct {
	*servertest.World
	now atomic.Pointer[time.Time]
}

func newDial(t *testing.T, dialect string) *dial {
	d := &dial{}
	d.turn(time.Date(2026, 11, 21, 8, 0, 30, 0, time.UTC))
	d.World = servertest.Found(t, servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) {
		c.Now = func() time.Time { return *d.now.Load() }
	}), "alpha")
	return d
}

func (d *dial) turn(to time.Time) { d.now.Store(&to) }

func (d *dial) ctx() context.Context { return viewer.NewContext(context.Background(), d.Owner.Viewer) }

func (d *dial) card(t *testing.T, title, due string) string {
	t.Helper()
	made, err := d.CRM.CreateRecord(d.ctx(), crm.CreateRecordInput{Title: title, StageID: &d.Lead, Priority: "LOW", ExpectedCloseDate: &due})
	require.NoError(t, err)
	return made.Record.ID
}

func (d *dial) subscribe(t *testing.T, f *filter.RecordFilter, after *row.Revision) *board.Subscription {
	t.Helper()
	s, err := d.Boards.Subscribe(d.ctx(), d.Owner.Viewer, d.Pipeline, f, after, func() {})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// frames takes all there are.
func frames(t *testing.T, s *board.Subscription) (out []board.Frame) {
	t.Helper()
	for {
		f, err := s.Next(t.Context())
		require.NoError(t, err)
		if f == nil {
			return out
		}
		out = append(out, f)
	}
}

// shows lists the cards of the first column.
func shows(t *testing.T, b *board.Board) (ids []string) {
	t.Helper()
	c, err := b.Columns[0].Cards(t.Context(), 200, nil)
	require.NoError(t, err)
	for _, r := range c.Nodes {
		ids = append(ids, r.ID)
	}
	return ids
}

// A live board goes with the clock: as long as the same cards pass, a minute is not noticed; when others do, the watcher
// starts over.
func TestALiveBoardGoesWithTheClock(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d, yes := newDial(t, dialect), true
		late, tomorrow := d.card(t, "late", "2026-11-20"), d.card(t, "today", "2026-11-21")
		overdue := &filter.RecordFilter{IsOverdue: &yes}
		s, plain := d.subscribe(t, overdue, nil), d.subscribe(t, nil, nil)
		first := frames(t, s)
		require.Equal(t, []string{late}, shows(t, first[0].(*board.Snapshot).Board))
		require.Len(t, frames(t, plain), 1)

		d.turn(time.Date(2026, 11, 21, 8, 1, 5, 0, time.UTC))
		other := d.subscribe(t, overdue, nil) // of this minute already
		fresh := frames(t, other)
		d.Boards.Tick()
		require.Empty(t, frames(t, s), "the same cards are overdue")
		require.Equal(t, []string{late}, shows(t, fresh[0].(*board.Snapshot).Board))
		made := d.card(t, "late too", "2026-11-01")
		commit := d.next(t, s).(*board.Commit)
		require.Equal(t, made, commit.Cards[0].RecordID)
		require.Same(t, commit, d.next(t, other), "who watches by the same minute shares frames")

		d.turn(time.Date(2026, 11, 22, 0, 0, 1, 0, time.UTC))
		require.Empty(t, frames(t, s))
		d.Boards.Tick()
		for _, s := range []*board.Subscription{s, other} {
			got := frames(t, s)
			require.Len(t, got, 2)
			require.Equal(t, board.Clock, got[0].(*board.Reset).Reason)
			require.ElementsMatch(t, []string{late, tomorrow, made}, shows(t, got[1].(*board.Snapshot).Board))
		}
		d.next(t, plain)
		require.Empty(t, frames(t, plain), "a board without the clock in it notices nothing")

		at := first[0].(*board.Snapshot).Revision
		resumed := frames(t, d.subscribe(t, overdue, &at))
		require.Len(t, resumed, 2)
		require.Equal(t, board.Clock, resumed[0].(*board.Reset).Reason)
		require.Len(t, shows(t, resumed[1].(*board.Snapshot).Board), 3)
		past, err := d.Boards.Board(d.ctx(), board.Query{PipelineID: d.Pipeline, Filter: overdue, At: &at, First: 50})
		require.NoError(t, err)
		require.Equal(t, []string{late}, shows(t, past), "the past is judged by its own time")
		now, err := d.Boards.Board(d.ctx(), board.Query{PipelineID: d.Pipeline, Filter: overdue, First: 50})
		require.NoError(t, err)
		require.Len(t, shows(t, now), 3)
		diff, err := d.Boards.Diff(d.ctx(), d.Pipeline, at, nil, overdue)
		require.NoError(t, err)
		require.Equal(t, 2, diff.Stages[0].Entered, "one was made, one has become overdue")
	})
}

// next gives the next frame, once the board has heard of everything.
func (d *dial) next(t *testing.T, s *board.Subscription) board.Frame {
	t.Helper()
	(&play{w: d.World}).reached(t)
	f, err := s.Next(t.Context())
	require.NoError(t, err)
	require.NotNil(t, f)
	return f
}

// What a filter asks of the pipeline, its stages or the owner's teams is live too.
func TestABoardGoesWithWhatAFilterDependsOn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d, yes := newDial(t, dialect), true
		card := d.card(t, "card", "2026-11-20")
		_, err := d.CRM.AssignRecord(d.ctx(), crm.AssignRecordInput{RecordID: card, OwnerID: graphql.OmittableOf(&d.Ben.ID)})
		require.NoError(t, err)
		team, err := d.CRM.CreateTeam(d.ctx(), crm.CreateTeamInput{Name: "Blue"})
		require.NoError(t, err)
		d.turn(time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC))
		stale, tickets := d.subscribe(t, &filter.RecordFilter{IsStale: &yes}, nil), d.subscribe(t, &filter.RecordFilter{RecordType: &filter.RecordTypeComparator{Eq: ptr("TICKET")}}, nil)
		blue := d.subscribe(t, &filter.RecordFilter{Team: &filter.TeamComparator{Eq: &team.Team.ID}}, nil)
		for _, s := range []*board.Subscription{stale, tickets, blue} {
			require.Empty(t, shows(t, frames(t, s)[0].(*board.Snapshot).Board))
		}
		entered := func(s *board.Subscription, kind, why string) row.Revision {
			t.Helper()
			for {
				f := d.next(t, s).(*board.Commit)
				if len(f.Cards) == 0 || f.Cards[0].Reason == nil {
					continue
				}
				require.Equal(t, []string{kind, why, card}, []string{f.Cards[0].Kind, *f.Cards[0].Reason, f.Cards[0].RecordID})
				return f.Revision
			}
		}
		hours, kind := 5, "TICKET"
		_, err = d.CRM.UpdatePipeline(d.ctx(), crm.UpdatePipelineInput{ID: d.Pipeline, RecordType: graphql.OmittableOf(&kind), StaleAfterHours: graphql.OmittableOf(&hours)})
		require.NoError(t, err)
		entered(stale, board.Entered, "FILTER")
		before := entered(tickets, board.Entered, "FILTER")
		_, err = d.CRM.UpdateTeam(d.ctx(), crm.UpdateTeamInput{ID: team.Team.ID, AddMemberIds: []string{d.Ben.ID}})
		require.NoError(t, err)
		entered(blue, board.Entered, "FILTER")
		for name, f := range map[string]*filter.RecordFilter{"team": {Team: &filter.TeamComparator{Eq: &team.Team.ID}}} {
			past, err := d.Boards.Board(d.ctx(), board.Query{PipelineID: d.Pipeline, Filter: f, At: &before, First: 50})
			require.NoError(t, err)
			require.Empty(t, shows(t, past), name)
			now, err := d.Boards.Board(d.ctx(), board.Query{PipelineID: d.Pipeline, Filter: f, First: 50})
			require.NoError(t, err)
			require.Equal(t, []string{card}, shows(t, now), name)
		}
		kind = "DEAL"
		_, err = d.CRM.UpdatePipeline(d.ctx(), crm.UpdatePipelineInput{ID: d.Pipeline, RecordType: graphql.OmittableOf(&kind)})
		require.NoError(t, err)
		entered(tickets, board.Left, "FILTER")
	})
}
