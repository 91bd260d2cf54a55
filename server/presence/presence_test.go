package presence_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/presence"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

// stage is a world whose clock stands still, with the tracker of its server.
type stage struct {
	*servertest.World
	t    *testing.T
	mu   sync.Mutex
	at   time.Time
	told row.Revision
	// spare is a second board.
	spare string
}

func (s *stage) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

// after lets time pass and has trackers take a step.
func (s *stage) after(d time.Duration, trackers ...*presence.Tracker) {
	s.t.Helper()
	s.mu.Lock()
	s.at = s.at.Add(d)
	s.mu.Unlock()
	for _, t := range trackers {
		require.NoError(s.t, t.Step(context.Background()))
	}
}

// changes are the presences told since it was last asked, as "name online" or "name offline".
func (s *stage) changes() []string {
	s.t.Helper()
	log := changelog.Log{DB: s.DB}
	head, _, err := log.Head(context.Background(), s.DB, s.WorkspaceID)
	require.NoError(s.t, err)
	commits, err := log.Read(context.Background(), s.DB, s.WorkspaceID, s.told, head)
	require.NoError(s.t, err)
	s.told = head
	out := []string{}
	for _, c := range commits {
		for _, ch := range c.Changes {
			var after struct {
				IsOnline   bool       `json:"is_online"`
				LastSeenAt *time.Time `json:"last_seen_at"`
				Watching   []string   `json:"watching"`
			}
			require.Equal(s.t, "member.presence.changed", ch.Kind)
			require.NoError(s.t, json.Unmarshal(ch.After, &after))
			require.NotNil(s.t, after.LastSeenAt)
			require.NotNil(s.t, after.Watching)
			out = append(out, map[string]string{s.Ben.ID: "ben", s.Chloe.ID: "chloe", s.Owner.ID: "olivia"}[ch.EntityID]+
				map[bool]string{true: " online", false: " offline"}[after.IsOnline]+s.named(after.Watching))
		}
	}
	return out
}

// named are the names of boards, each after " at ".
func (s *stage) named(ids []string) (out string) {
	for _, id := range ids {
		out += " at " + map[string]string{s.Pipeline: "sales", s.spare: "spare"}[id]
	}
	return out
}

// watching are the boards that the API shows Ben at.
func (s *stage) watching(as *servertest.Client) string {
	s.t.Helper()
	return s.named(servertest.Must[struct{ Node struct{ Watching []string } }](s.t, as, `query($id: ID!) { node(id: $id) { ... on Member { watching } } }`,
		servertest.Vars{"id": s.Ben.ID}).Node.Watching)
}

// online tells whether the API shows Ben as online, and when he was seen. A key asks: it leaves no trace.
func (s *stage) online() (bool, *time.Time) {
	s.t.Helper()
	m := servertest.Must[struct {
		Node struct {
			IsOnline   bool
			LastSeenAt *time.Time
		}
	}](s.t, &s.Key.Client, `query($id: ID!) { node(id: $id) { ... on Member { isOnline lastSeenAt } } }`, servertest.Vars{"id": s.Ben.ID}).Node
	return m.IsOnline, m.LastSeenAt
}

func open(t *testing.T, dialect string) *stage {
	s := &stage{t: t, at: time.Now().UTC().Truncate(time.Second)}
	s.World = servertest.Found(t, servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) { c.Now = s.now }), "corp")
	head, _, err := changelog.Log{DB: s.DB}.Head(context.Background(), s.DB, s.WorkspaceID)
	require.NoError(t, err)
	s.told = head
	return s
}

func TestARequestCountsForAMinute(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := open(t, dialect)
		p := s.Presence
		on, seen := s.online()
		assert.False(t, on)
		assert.Nil(t, seen)
		p.Seen(s.Key.Viewer) // no member
		p.Seen(s.Ben.Viewer)
		start := s.now()
		s.after(0, p)
		on, seen = s.online()
		assert.True(t, on, "shown at once")
		assert.Equal(t, start, seen.UTC())
		assert.Empty(t, s.changes(), "told when it has settled")
		s.after(2*time.Second, p)
		assert.Equal(t, []string{"ben online"}, s.changes())
		s.after(57*time.Second, p)
		on, _ = s.online()
		assert.True(t, on)
		s.after(time.Second, p)
		on, seen = s.online()
		assert.False(t, on)
		assert.Equal(t, start, seen.UTC())
		s.after(time.Second, p)
		assert.Empty(t, s.changes())
		s.after(time.Second, p)
		assert.Equal(t, []string{"ben offline"}, s.changes())
		s.after(time.Hour, p)
		s.after(time.Hour, p)
		assert.Empty(t, s.changes())
	})
}

func TestASocketCountsWhileItIsOpen(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := open(t, dialect)
		p := s.Presence
		p.Opened(s.Ben.Viewer)
		p.Opened(s.Ben.Viewer)
		s.after(0, p)
		s.after(2*time.Second, p)
		assert.Equal(t, []string{"ben online"}, s.changes())
		for range 12 {
			s.after(20*time.Second, p)
			on, seen := s.online()
			assert.True(t, on)
			assert.Equal(t, s.now(), seen.UTC(), "the heart beats")
		}
		p.Closed(s.Ben.Viewer)
		s.after(5*time.Second, p)
		on, _ := s.online()
		assert.True(t, on, "one is open still")
		p.Closed(s.Ben.Viewer)
		end := s.now()
		s.after(0, p)
		on, seen := s.online()
		assert.False(t, on)
		assert.Equal(t, end, seen.UTC())
		// A client that comes back at once was never gone.
		s.after(time.Second, p)
		p.Opened(s.Ben.Viewer)
		s.after(0, p)
		s.after(5*time.Second, p)
		assert.Empty(t, s.changes())
		p.Closed(s.Ben.Viewer)
		s.after(0, p)
		s.after(2*time.Second, p)
		assert.Equal(t, []string{"ben offline"}, s.changes())
	})
}

func TestWhoWatchesABoardIsTold(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := open(t, dialect)
		s.spare = servertest.Must[struct {
			CreatePipeline struct{ Pipeline struct{ ID string } }
		}](t, &s.Owner.Client,
			`mutation { createPipeline(input: {name: "Spare", stages: [{name: "Inbox"}]}) { pipeline { id } } }`, nil).CreatePipeline.Pipeline.ID
		s.told++ // the pipeline's
		one := s.Presence
		s.after(0, one)
		s.after(2*time.Second, one)
		assert.Equal(t, []string{"olivia online"}, s.changes())
		two := presence.New(s.CRM, 0, slog.New(slog.DiscardHandler))
		defer two.Close()
		const board = `subscription($p: ID!) { board(pipelineId: $p) { revision } }`
		first, again := s.Ben.Subscribe(t, board, servertest.Vars{"p": s.Pipeline}), s.Ben.Subscribe(t, board, servertest.Vars{"p": s.Pipeline})
		for _, stream := range []*servertest.Stream{first, again, s.Key.Subscribe(t, board, servertest.Vars{"p": s.Pipeline})} {
			servertest.Next[any](t, stream)
		}
		s.after(0, one)
		assert.Equal(t, " at sales", s.watching(&s.Key.Client), "shown at once")
		s.after(2*time.Second, one)
		assert.Equal(t, []string{"ben online at sales"}, s.changes(), "told when it has settled, of members alone")

		ended := two.Watches(s.Ben.Viewer, s.spare)
		two.Opened(s.Ben.Viewer)
		s.after(0, one, two)
		s.after(2*time.Second, one, two)
		assert.Equal(t, []string{"ben online at sales at spare"}, s.changes(), "on all processes together")
		narrow, err := s.Gate.IssueKey(t.Context(), s.WorkspaceID, access.NewKey{Name: "k", CreatedBy: s.Owner.ID, Scopes: []string{"members:read"}, PipelineIDs: []string{s.spare}})
		require.NoError(t, err)
		assert.Equal(t, " at spare", s.watching(&servertest.Client{URL: s.URL, Token: narrow}), "who is narrowed sees its boards alone")
		assert.Empty(t, servertest.Must[struct{ Node struct{ Watching []string } }](t, &s.Key.Client, `query($id: ID!) { node(id: $id) { ... on Member { watching } } }`,
			servertest.Vars{"id": s.Chloe.ID}).Node.Watching)

		first.Close()
		ended()
		ended() // does nothing more
		s.after(0, one, two)
		s.after(2*time.Second, one, two)
		assert.Equal(t, []string{"ben online at sales"}, s.changes(), "one stream of it is open still")
		again.Close()
		for s.watching(&s.Key.Client) != "" {
			s.after(0, one, two)
		}
		s.after(2*time.Second, one, two)
		assert.Equal(t, []string{"ben online"}, s.changes())
	})
}

// A stream that is no socket holds a member for as long as it is open, however long ago the request was that opened it.
func TestAStreamOutlivesItsRequest(t *testing.T) {
	s := open(t, servertest.Dialects[0])
	p := s.Presence
	p.Seen(s.Ben.Viewer)
	first, again := p.Watches(s.Ben.Viewer, s.Pipeline), p.Watches(s.Ben.Viewer, s.Pipeline)
	s.after(0, p)
	s.after(2*time.Second, p)
	assert.Equal(t, []string{"ben online at sales"}, s.changes())
	for range 10 {
		s.after(20*time.Second, p)
	}
	first()
	s.after(0, p)
	assert.Equal(t, " at sales", s.watching(&s.Key.Client))
	assert.Empty(t, s.changes())
	again()
	s.after(0, p)
	s.after(2*time.Second, p)
	assert.Equal(t, []string{"ben offline"}, s.changes())
	s.after(time.Hour, p)
	again() // does nothing more
	s.after(time.Hour, p)
	assert.Empty(t, s.changes())
}

// A board that somebody may not see is not watched by asking for it.
func TestARefusedStreamWatchesNothing(t *testing.T) {
	s := open(t, servertest.Dialects[0])
	refused := s.Ben.Subscribe(t, `subscription($p: ID!) { board(pipelineId: $p) { revision } }`, servertest.Vars{"p": typeid.New(typeid.Pipeline)})
	require.Equal(t, "NOT_FOUND", refused.Refused(t).Extensions.Code)
	s.after(0, s.Presence)
	assert.Empty(t, s.watching(&s.Key.Client))
}

func TestProcessesSeeOneAnother(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := open(t, dialect)
		one := s.Presence
		two := presence.New(s.CRM, 0, slog.New(slog.DiscardHandler))
		one.Opened(s.Ben.Viewer)
		two.Opened(s.Ben.Viewer)
		s.after(0, one, two)
		s.after(2*time.Second, one, two)
		assert.Equal(t, []string{"ben online"}, s.changes(), "told once")
		one.Closed(s.Ben.Viewer)
		s.after(0, one, two)
		s.after(2*time.Second, one, two)
		on, _ := s.online()
		assert.True(t, on)
		assert.Empty(t, s.changes())
		// The other process dies: nobody closes anything.
		two.Close()
		last := s.now()
		s.after(50*time.Second, one)
		on, _ = s.online()
		assert.True(t, on)
		s.after(10*time.Second, one)
		on, seen := s.online()
		assert.False(t, on, "what it wrote counts no longer")
		assert.False(t, seen.After(last))
		s.after(30*time.Second, one)
		assert.Equal(t, []string{"ben offline"}, s.changes(), "told by one that lives")
		s.after(30*time.Second, one)
		assert.Empty(t, s.changes())
	})
}

func TestWorkspacesAreApart(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := open(t, dialect)
		other := servertest.Found(t, s.Server, "other")
		s.Presence.Seen(s.Ben.Viewer)
		s.after(0, s.Presence)
		in := func(w *servertest.World) []presence.State {
			states, err := s.Presence.Of(viewer.NewContext(t.Context(), w.Owner.Viewer), []string{s.Chloe.ID, s.Ben.ID})
			require.NoError(t, err)
			return states
		}
		assert.Equal(t, []bool{false, true}, []bool{in(s.World)[0].Online, in(s.World)[1].Online})
		assert.Equal(t, []presence.State{{}, {}}, in(other))
	})
}

func TestWatchersAreTold(t *testing.T) {
	s := open(t, servertest.Dialects[0])
	w := s.Key.Subscribe(t, `subscription { changes(filter: {kinds: ["member.presence.changed"]}) { revision ... on ChangeCommit { changes { kind entityId after } } } }`, nil)
	type frame struct {
		Changes struct {
			Changes []struct {
				Kind, EntityID string
				After          map[string]any
			}
		}
	}
	servertest.Next[frame](t, w) // ready
	secret, err := s.Gate.IssueKey(t.Context(), s.WorkspaceID, access.NewKey{Name: "k", CreatedBy: s.Owner.ID, Scopes: []string{"members:read"}, PipelineIDs: []string{s.Pipeline}})
	require.NoError(t, err)
	narrowed := (&servertest.Client{URL: s.URL, Token: secret}).Subscribe(t, `subscription { changes { revision ... on ChangeCommit { changes { kind entityId after } } } }`, nil)
	servertest.Next[frame](t, narrowed) // ready
	s.Presence.Opened(s.Ben.Viewer)
	s.Presence.Watches(s.Ben.Viewer, s.Pipeline)
	s.after(0, s.Presence)
	s.after(2*time.Second, s.Presence)
	for stream, watching := range map[*servertest.Stream]any{w: []any{s.Pipeline}, narrowed: nil} {
		got := servertest.Next[frame](t, stream).Changes.Changes
		require.Len(t, got, 1)
		assert.Equal(t, s.Ben.ID, got[0].EntityID)
		assert.Equal(t, true, got[0].After["is_online"])
		assert.Equal(t, watching, got[0].After["watching"], "who is narrowed is not told of boards")
	}
}

func TestATrackerThatRunsIsStopped(t *testing.T) {
	s := open(t, servertest.Dialects[0])
	p := presence.New(s.CRM, time.Millisecond, slog.New(slog.DiscardHandler))
	p.Opened(s.Ben.Viewer)
	for on := false; !on; {
		on, _ = s.online()
	}
	p.Close()
}
