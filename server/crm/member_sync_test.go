package crm_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
)

// person is somebody the partner lists.
func person(id, name, role string) crm.PartnerMember {
	return crm.PartnerMember{ID: id, FirstName: name, Email: name + "@corp.example", Role: role, IsActive: true}
}

// copied is a world whose members are copied from lists.
type copied struct {
	*servertest.World
	t *testing.T
}

func (c *copied) sync(list ...crm.PartnerMember) {
	c.t.Helper()
	require.NoError(c.t, c.CRM.SyncMembers(context.Background(), c.WorkspaceID, list, crm.DefaultSettings().Access.NewRole))
}

func (c *copied) head() row.Revision {
	c.t.Helper()
	r, _, err := changelog.Log{DB: c.DB}.Head(context.Background(), c.DB, c.WorkspaceID)
	require.NoError(c.t, err)
	return r
}

// members shows everybody by name, as "role email", with what is out of the ordinary.
func (c *copied) members() map[string]string {
	c.t.Helper()
	type node struct {
		FirstName, Email, Role, Origin string
		IsActive                       bool
		SyncedAt                       *string
	}
	all := servertest.Must[struct {
		Members struct{ Nodes []node }
	}](c.t, &c.Owner.Client, `{ members(first: 200) { nodes { firstName email role origin isActive syncedAt } } }`, nil)
	out := map[string]string{}
	for _, m := range all.Members.Nodes {
		text := m.Role + " " + m.Email
		if m.Origin == "LOCAL" {
			text += " local"
		}
		if !m.IsActive {
			text += " inactive"
		}
		out[m.FirstName] = text
	}
	return out
}

func copying(t *testing.T, dialect string) *copied {
	return &copied{servertest.Found(t, servertest.Start(t, dialect), "corp"), t}
}

func TestMembersAreCopied(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		c := copying(t, dialect)
		olivia, ada, carl := person("1", "Olivia", "owner"), person("2", "Ada", "admin"), person("3", "Carl", "member")
		olivia.Email = "owner@corp.example"
		before := c.head()
		c.sync(olivia, ada, carl)
		assert.Equal(t, before+1, c.head(), "one commit for all")
		want := map[string]string{"Olivia": "OWNER owner@corp.example", "Ada": "ADMIN ada@corp.example", "Carl": "AGENT carl@corp.example",
			"Ben": "AGENT ben@corp.example local", "Chloe": "AGENT chloe@corp.example local"}
		assert.Equal(t, want, c.members())
		c.sync(olivia, ada, carl)
		assert.Equal(t, before+1, c.head(), "no commit when nothing differs")

		t.Run("roles given here stay", func(t *testing.T) {
			ada.Role, carl.Role, carl.FirstName = "member", "admin", "Carla"
			c.sync(olivia, ada, carl)
			delete(want, "Carl")
			want["Carla"] = "AGENT carl@corp.example"
			assert.Equal(t, want, c.members())
		})
		t.Run("who is gone is deactivated, logged out, and comes back", func(t *testing.T) {
			token, err := c.Gate.IssueSession(t.Context(), c.WorkspaceID, c.idOf("Ada"))
			require.NoError(t, err)
			c.sync(olivia, carl)
			assert.Equal(t, "ADMIN ada@corp.example inactive", c.members()["Ada"])
			_, err = c.Gate.Session(t.Context(), token)
			assert.True(t, fault.Is(err, fault.SessionExpired), "%v", err)
			_, refused := c.CRM.ActivateMember(viewer.NewContext(t.Context(), c.Owner.Viewer), crm.ActivateMemberInput{ID: c.idOf("Ada")})
			assert.True(t, fault.Is(refused, fault.Conflict), "%v", refused)
			c.sync(olivia, ada, carl)
			assert.Equal(t, "ADMIN ada@corp.example", c.members()["Ada"])
		})
		t.Run("who was deactivated here does not come back by the list", func(t *testing.T) {
			_, err := c.CRM.DeactivateMember(viewer.NewContext(t.Context(), c.Owner.Viewer), crm.DeactivateMemberInput{ID: c.idOf("Ada")})
			require.NoError(t, err)
			c.sync(olivia, carl)
			c.sync(olivia, ada, carl)
			assert.Equal(t, "ADMIN ada@corp.example inactive", c.members()["Ada"])
		})
		t.Run("the owner stays while the partner names none, and follows it when it does", func(t *testing.T) {
			c.sync(carl)
			assert.Equal(t, "OWNER owner@corp.example", c.members()["Olivia"])
			carl.Role, olivia.Role = "owner", "member"
			c.sync(olivia, carl)
			assert.Equal(t, "OWNER carl@corp.example", c.members()["Carla"])
			assert.Equal(t, "ADMIN owner@corp.example", c.members()["Olivia"])
			carl.Role, olivia.Role = "member", "owner"
			c.sync(carl, olivia)
			assert.Equal(t, "OWNER owner@corp.example", c.members()["Olivia"])
		})
	})
}

func (c *copied) idOf(name string) string {
	c.t.Helper()
	found := servertest.Must[struct {
		Members struct{ Nodes []struct{ ID string } }
	}](c.t, &c.Owner.Client, `query($q: String!) { members(q: $q) { nodes { id } } }`, servertest.Vars{"q": name})
	require.Len(c.t, found.Members.Nodes, 1)
	return found.Members.Nodes[0].ID
}

func TestAddressesChangeHands(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		c := copying(t, dialect)
		olivia, ada, carl := person("1", "Olivia", "owner"), person("2", "Ada", "x"), person("3", "Carl", "x")
		olivia.Email = "owner@corp.example"
		c.sync(olivia, ada, carl)
		ada.Email, carl.Email = carl.Email, ada.Email
		c.sync(olivia, ada, carl)
		assert.Equal(t, "AGENT carl@corp.example", c.members()["Ada"])
		assert.Equal(t, "AGENT ada@corp.example", c.members()["Carl"])

		// Nobody has what another has: neither twice in the list, nor one of our own.
		ada.Email, carl.Email = "Same@corp.example", "same@corp.example"
		dora := person("4", "Dora", "x")
		dora.Email = "not an address"
		c.sync(olivia, ada, carl, dora)
		all := c.members()
		assert.Equal(t, "AGENT same@corp.example", all["Ada"])
		assert.Contains(t, all["Carl"], "@no-address.invalid")
		assert.Contains(t, all["Dora"], "@no-address.invalid")
		at := c.head()
		c.sync(olivia, ada, carl, dora)
		assert.Equal(t, at, c.head(), "no commit when nothing differs")

		// A person with a new id at the partner is the same person; so is one whom we invited.
		ada.ID = "22"
		ben := person("5", "Benjamin", "admin")
		ben.Email = "ben@corp.example"
		c.sync(olivia, ada, carl, dora, ben)
		all = c.members()
		assert.Equal(t, "AGENT same@corp.example", all["Ada"])
		assert.Equal(t, "AGENT ben@corp.example", all["Benjamin"], "taken over with its role")
		assert.NotContains(t, all, "Ben")
		assert.Equal(t, "AGENT chloe@corp.example local", all["Chloe"])
	})
}

func TestALongListIsCopiedInParts(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		c := copying(t, dialect)
		list := []crm.PartnerMember{}
		for i := range crm.MaxBatch + 100 {
			list = append(list, person(fmt.Sprint("p", i), fmt.Sprint("N", i), "x"))
		}
		at := c.head()
		c.sync(list...)
		assert.Equal(t, at+2, c.head())
		page := servertest.Must[struct{ Members struct{ TotalCount int } }](t, &c.Owner.Client, `{ members { totalCount } }`, nil)
		assert.Equal(t, crm.MaxBatch+103, page.Members.TotalCount)
	})
}

// source is a partner whose answer can be set; it counts how often it was asked.
type source struct {
	mu    sync.Mutex
	list  []crm.PartnerMember
	err   error
	asked []string
	gate  chan struct{} // when not nil, each answer waits for it
}

func (s *source) AllMembers(ctx context.Context, id string) ([]crm.PartnerMember, error) {
	s.mu.Lock()
	s.asked = append(s.asked, id)
	gate, list, err := s.gate, slices.Clone(s.list), s.err
	s.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return list, err
}

func (s *source) set(list []crm.PartnerMember, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list, s.err = list, err
}

func (s *source) times() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestAnOldCopyIsRenewedOnRead(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		partner, now := &source{list: []crm.PartnerMember{person("2", "Ada", "x")}}, &clock{at: time.Now().UTC()}
		s := servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) { c.Members, c.Now = partner, now.now })
		w := servertest.Found(t, s, "corp")
		type answer struct {
			Members struct {
				Revision   string
				TotalCount int
				Stale      bool
				SyncedAt   *time.Time
			}
		}
		ask := func() answer {
			return servertest.Must[answer](t, &w.Owner.Client, `{ members { revision totalCount stale syncedAt } }`, nil)
		}
		a := ask()
		assert.Equal(t, 4, a.Members.TotalCount)
		assert.False(t, a.Members.Stale)
		require.NotNil(t, a.Members.SyncedAt)
		head := servertest.Must[struct{ Viewer struct{ Workspace struct{ Revision string } } }](t, &w.Owner.Client, `{ viewer { workspace { revision } } }`, nil)
		assert.Equal(t, head.Viewer.Workspace.Revision, a.Members.Revision, "the page shows the copy that was made for it")
		assert.Equal(t, []string{"corp"}, partner.asked)
		ask()
		now.add(5*time.Minute - time.Second)
		ask()
		assert.Equal(t, 1, partner.times(), "a fresh copy is served as it is")

		now.add(2 * time.Second)
		partner.set(nil, errors.New("down"))
		b := ask()
		assert.True(t, b.Members.Stale)
		assert.Equal(t, 4, b.Members.TotalCount)
		assert.Equal(t, a.Members.SyncedAt, b.Members.SyncedAt)
		partner.set(nil, nil)
		assert.True(t, ask().Members.Stale, "a list without anybody is not believed")
		assert.Equal(t, 4, ask().Members.TotalCount)

		partner.set([]crm.PartnerMember{person("2", "Ada", "x"), person("3", "Carl", "x")}, nil)
		b = ask()
		assert.False(t, b.Members.Stale)
		assert.Equal(t, 5, b.Members.TotalCount)

		// Many readers at once ask the partner once.
		now.add(time.Hour)
		before := partner.times()
		partner.mu.Lock()
		partner.gate = make(chan struct{})
		partner.mu.Unlock()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, err := s.Roster.Fresh(viewer.NewContext(context.Background(), w.Owner.Viewer))
				assert.NoError(t, err)
			})
		}
		for partner.times() == before {
			select {
			case <-t.Context().Done():
				t.Fatal("the partner was not asked")
			default:
				runtime.Gosched()
			}
		}
		close(partner.gate)
		all.Wait()
		assert.Equal(t, before+1, partner.times())
	})
}
