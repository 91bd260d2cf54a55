package crm_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/hours"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
)

// desk is a workspace in Berlin whose clock stands still: Ben, Chloe and Dora can be given records, the owner cannot.
type desk struct {
	*servertest.World
	t    *testing.T
	ctx  context.Context
	dora string
	mu   sync.Mutex
	at   time.Time
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) set(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = at
}

// morning is 03:00 of a Wednesday in Berlin.
var morning = time.Date(2026, 11, 18, 2, 0, 0, 0, time.UTC)

func newDesk(t *testing.T, dialect string) *desk {
	t.Helper()
	w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
	d := &desk{World: w, t: t, ctx: viewer.NewContext(context.Background(), w.Owner.Viewer), at: morning}
	w.CRM.Now = d.now
	dora, err := w.CRM.AddMember(d.ctx, crm.NewMember{FirstName: "Dora", LastName: "D", Email: "dora@alpha.example", Role: viewer.AgentRole})
	require.NoError(t, err)
	d.dora = dora.ID
	d.settings(map[string]any{"autoReassign": true})
	berlin := "Europe/Berlin"
	_, err = w.CRM.UpdateSettings(d.ctx, crm.UpdateSettingsInput{General: &crm.GeneralSettingsInput{Timezone: graphql.OmittableOf(&berlin)}})
	require.NoError(t, err)
	return d
}

func (d *desk) settings(records map[string]any) {
	d.t.Helper()
	_, err := d.CRM.UpdateSettings(d.ctx, crm.UpdateSettingsInput{Records: records})
	require.NoError(d.t, err)
}

// own makes records of somebody, last touched so long ago.
func (d *desk) own(owner string, n int, ago time.Duration) (ids []string) {
	d.t.Helper()
	for range n {
		made, err := d.CRM.CreateRecord(d.ctx, crm.CreateRecordInput{Title: "deal", Priority: "LOW", OwnerID: &owner})
		require.NoError(d.t, err)
		ids = append(ids, made.Record.ID)
	}
	d.age(ids, ago)
	return ids
}

// age makes it so long ago that somebody worked on records.
func (d *desk) age(ids []string, ago time.Duration) {
	d.t.Helper()
	d.do(func(tx *crm.Tx) error {
		return tx.Ent().Record.Update().Where(record.IDIn(ids...)).SetLastActivityAt(d.now().Add(-ago)).AddVersion(1).Exec(tx.Ctx())
	})
}

func (d *desk) do(fn func(*crm.Tx) error) {
	d.t.Helper()
	_, err := d.CRM.Do(d.ctx, nil, fn)
	require.NoError(d.t, err)
}

func (d *desk) member(id string, change func(*ent.MemberUpdateOne)) {
	d.t.Helper()
	d.do(func(tx *crm.Tx) error {
		u := tx.Ent().Member.UpdateOneID(id).AddVersion(1)
		change(u)
		return u.Exec(tx.Ctx())
	})
}

// owners are who owns each record.
func (d *desk) owners(ids []string) (out []string) {
	d.t.Helper()
	found, err := read.Reader{DB: d.DB}.RecordsByID(d.ctx, ids)
	require.NoError(d.t, err)
	for _, id := range ids {
		out = append(out, *found[id].OwnerID)
	}
	return out
}

func (d *desk) run() *crm.RunReassignmentPayload {
	d.t.Helper()
	out, err := d.CRM.RunReassignment(d.ctx, crm.RunReassignmentInput{})
	require.NoError(d.t, err)
	return out
}

// told are the changes of a commit.
func (d *desk) told(r row.Revision) *changelog.Commit {
	d.t.Helper()
	commits, err := changelog.Log{DB: d.DB}.Read(d.ctx, d.DB, d.WorkspaceID, r-1, r)
	require.NoError(d.t, err)
	require.Len(d.t, commits, 1)
	return commits[0]
}

const day = 24 * time.Hour

// Which records are taken: OPEN, owned, and for the days of the setting neither worked on nor given away.
func TestWhichRecordsAreReassigned(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := newDesk(t, dialect)
		idle := d.own(d.Ben.ID, 1, 7*day)
		busy := d.own(d.Ben.ID, 1, 7*day-time.Second)
		closed := d.own(d.Ben.ID, 1, 0)
		_, err := d.CRM.MoveRecord(d.ctx, crm.MoveRecordInput{RecordID: closed[0], ToStageID: &d.Won})
		require.NoError(t, err)
		d.age(closed, 9*day)
		free, err := d.CRM.CreateRecord(d.ctx, crm.CreateRecordInput{Title: "nobody's", Priority: "LOW"})
		require.NoError(t, err)
		d.age([]string{free.Record.ID}, 9*day)
		gone := d.own(d.Ben.ID, 1, 9*day)
		_, err = d.CRM.DeleteRecord(d.ctx, crm.DeleteRecordInput{ID: gone[0]})
		require.NoError(t, err)

		out := d.run()
		require.Len(t, out.Moves, 1)
		require.Equal(t, crm.ReassignmentMove{RecordID: idle[0], FromMemberID: d.Ben.ID, ToMemberID: d.Chloe.ID}, *out.Moves[0])
		require.Equal(t, []string{d.Ben.ID}, d.owners(busy))
		held := holdings(t, d.World)[idle[0]]
		require.Len(t, held, 2)
		require.Equal(t, []string{d.Ben.ID, d.Chloe.ID, "AUTO_REASSIGNED"}, []string{*held[1].from, *held[1].owner, *held[1].reason})

		c := d.told(out.Revision)
		require.Equal(t, viewer.ByAutomation, c.Source)
		require.Len(t, c.Changes, 1)
		require.Equal(t, "record.assigned", c.Changes[0].Kind)
		require.Subset(t, c.Changes[0].Changed, []string{"owner_id", "last_reassigned_at"})
		require.NotContains(t, c.Changes[0].Changed, "last_activity_at", "it is no activity")

		require.Empty(t, d.run().Moves, "what was given away just now is not idle")
		d.set(morning.Add(7 * day))
		require.Len(t, d.run().Moves, 2, "both that one and the busy one are by then")

		d.set(morning.Add(30 * day))
		made, err := d.CRM.CreatePipeline(d.ctx, crm.CreatePipelineInput{Name: "Other", Category: "CUSTOM", Stages: []*crm.StageInput{{Name: "a"}}})
		require.NoError(t, err)
		d.settings(map[string]any{"autoReassignPipelineIds": []string{made.Pipeline.ID}})
		require.Empty(t, d.run().Moves)
		d.settings(map[string]any{"autoReassignPipelineIds": nil, "autoReassignDays": 24})
		require.Empty(t, d.run().Moves)
		d.settings(map[string]any{"autoReassignDays": 23})
		require.Len(t, d.run().Moves, 2)
	})
}

// Who receives: active members with the flag, never a PROJECT_MANAGER, within their slots, online if that is asked for, not
// the present owner. Without anybody nothing changes, and the audit log says so.
func TestWhoReceivesRecords(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := newDesk(t, dialect)
		slot := func(days []int, start, end, zone string) []hours.Slot {
			return []hours.Slot{{Weekdays: days, Start: start, End: end, Timezone: zone}}
		}
		is := func(who string, change func(*ent.MemberUpdateOne), want ...string) {
			t.Helper()
			for _, id := range []string{d.Ben.ID, d.Chloe.ID, d.dora} {
				d.member(id, func(u *ent.MemberUpdateOne) {
					u.SetIsActive(true).SetPermissions(nil).SetRole("AGENT").SetAvailability(nil).ClearTimezone()
				})
			}
			d.member(d.Ben.ID, change)
			ids := d.own(d.Owner.ID, 4, 8*day)
			d.run()
			got := d.owners(ids)
			slices.Sort(got)
			require.Equal(t, want, slices.Compact(got), who)
		}
		all, others := []string{d.Ben.ID, d.Chloe.ID, d.dora}, []string{d.Chloe.ID, d.dora}
		is("everybody", func(u *ent.MemberUpdateOne) { u.SetLastName("x") }, all...)
		is("the active", func(u *ent.MemberUpdateOne) { u.SetIsActive(false) }, others...)
		is("without the flag", func(u *ent.MemberUpdateOne) {
			u.SetPermissions(map[string]bool{"can_be_auto_assigned_records": false})
		}, others...)
		is("without access", func(u *ent.MemberUpdateOne) { u.SetPermissions(map[string]bool{"can_access_crm": false}) }, others...)
		is("no project manager", func(u *ent.MemberUpdateOne) {
			u.SetRole("PROJECT_MANAGER").SetPermissions(map[string]bool{"can_be_auto_assigned_records": true})
		}, others...)
		is("an admin with the flag", func(u *ent.MemberUpdateOne) {
			u.SetRole("ADMIN").SetPermissions(map[string]bool{"can_be_auto_assigned_records": true})
		}, all...)
		is("within a slot", func(u *ent.MemberUpdateOne) { u.SetAvailability(slot([]int{3}, "02:00", "04:00", "")) }, all...)
		is("outside of it", func(u *ent.MemberUpdateOne) { u.SetAvailability(slot([]int{3}, "09:00", "17:00", "")) }, others...)
		is("in the slot's zone", func(u *ent.MemberUpdateOne) {
			u.SetAvailability(slot([]int{3}, "10:00", "12:00", "Asia/Tokyo"))
		}, all...)
		is("in the member's zone", func(u *ent.MemberUpdateOne) {
			u.SetAvailability(slot([]int{3}, "10:00", "12:00", "")).SetTimezone("Asia/Tokyo")
		}, all...)
		is("no slots on that day", func(u *ent.MemberUpdateOne) { u.SetAvailability(slot([]int{4, 5}, "09:00", "17:00", "")) }, all...)

		d.settings(map[string]any{"autoReassignRequireOnline": true})
		d.CRM.Online = func(_ context.Context, ids []string) (map[string]bool, error) {
			return map[string]bool{d.dora: slices.Contains(ids, d.dora)}, nil
		}
		is("who is online", func(u *ent.MemberUpdateOne) { u.SetLastName("y") }, d.dora)
		hers := d.own(d.dora, 2, 8*day)
		out := d.run()
		require.Empty(t, out.Moves, "nobody but the owner could take them")
		require.Equal(t, 2, out.WithoutReceiverCount)
		d.CRM.Online = nil
		out = d.run()
		require.Empty(t, out.Moves)
		require.Equal(t, 2, out.WithoutReceiverCount)
		require.Equal(t, []string{d.dora, d.dora}, d.owners(hers))
		var action string
		require.NoError(t, d.DB.Read.QueryRowContext(t.Context(), "SELECT action FROM audit_log ORDER BY id DESC LIMIT 1").Scan(&action))
		require.Equal(t, "records.reassignment_without_receiver", action)
	})
}

// Everybody has its turn, over days, over restarts, and over new records and idle ones alike.
func TestReceiversTakeTurns(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := newDesk(t, dialect)
		order := []string{d.Ben.ID, d.Chloe.ID, d.dora}
		require.True(t, slices.IsSorted(order))
		ids := d.own(d.Owner.ID, 4, 8*day)
		d.run()
		require.Equal(t, []string{order[0], order[1], order[2], order[0]}, d.owners(ids))
		again := crm.New(d.DB, func(*changelog.Commit) {}) // another process
		again.Now = d.now
		ids = d.own(d.Owner.ID, 1, 8*day)
		_, err := again.RunReassignment(d.ctx, crm.RunReassignmentInput{})
		require.NoError(t, err)
		require.Equal(t, order[1:2], d.owners(ids))
		d.settings(map[string]any{"assignmentRule": "ROUND_ROBIN"})
		create := func(ctx context.Context) string {
			made, err := d.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "new", Priority: "LOW"})
			require.NoError(t, err)
			return *made.Record.OwnerID
		}
		require.Equal(t, order[2], create(d.ctx))
		require.Equal(t, d.Chloe.ID, create(viewer.NewContext(d.ctx, d.Chloe.Viewer)), "who sees its own alone owns what it makes")
		require.Equal(t, order[0], create(viewer.NewContext(d.ctx, d.Key.Viewer)))
		d.member(order[1], func(u *ent.MemberUpdateOne) { u.SetIsActive(false) })
		require.Equal(t, order[2], create(d.ctx), "who is not there is passed over")
		mine := d.own(order[0], 2, 8*day)
		d.run()
		require.Equal(t, []string{order[2], order[2]}, d.owners(mine), "nobody gets its own")
		for _, id := range order {
			d.member(id, func(u *ent.MemberUpdateOne) { u.SetIsActive(false) })
		}
		made, err := d.CRM.CreateRecord(d.ctx, crm.CreateRecordInput{Title: "new", Priority: "LOW"})
		require.NoError(t, err)
		require.Nil(t, made.Record.OwnerID)
	})
}

// A rehearsal tells what would go to whom, and leaves everything as it is.
func TestReassignmentCanBeRehearsed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := newDesk(t, dialect)
		ids := d.own(d.Owner.ID, 3, 8*day)
		var told crm.Rehearsal
		would, err := d.CRM.RunReassignment(crm.Rehearse(d.ctx, &told), crm.RunReassignmentInput{})
		require.NoError(t, err)
		require.Len(t, would.Moves, 3)
		require.Len(t, told.Changes, 3)
		require.Equal(t, []string{d.Owner.ID, d.Owner.ID, d.Owner.ID}, d.owners(ids))
		require.Equal(t, would.Moves, d.run().Moves)
	})
}

// The daily run is done once a day from 02:00 on of the workspace's zone, by any number of processes, in commits of at most
// 500 records, and goes on where one that died had come to.
func TestTheDailyReassignment(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := newDesk(t, dialect)
		fill(t, d.World, 1100)
		var ids []string
		for _, r := range column(t, d.World, d.Lead) {
			ids = append(ids, r.ID)
		}
		p := d.DB.SQL.Placeholder
		_, err := d.DB.Write.ExecContext(t.Context(), "UPDATE records SET owner_id = "+p(1)+", last_activity_at = "+p(2), d.Owner.ID, morning.Add(-8*day))
		require.NoError(t, err)
		_, err = d.DB.Write.ExecContext(t.Context(), "UPDATE members SET availability = "+p(1)+" WHERE id = "+p(2),
			`[{"weekdays":[1,2,3,4,5],"start":"09:00","end":"17:00"}]`, d.Ben.ID)
		require.NoError(t, err, "who works later on that day receives all the same")
		head := func() (r row.Revision) {
			require.NoError(t, d.DB.Read.QueryRowContext(t.Context(), "SELECT revision FROM workspaces").Scan(&r))
			return r
		}
		due := func(s *crm.Service) {
			t.Helper()
			require.NoError(t, s.ReassignDue(context.Background()))
		}
		start := head()
		due(d.CRM)
		require.Equal(t, start, head(), "it was switched on after the hour of this day")
		d.set(time.Date(2026, 11, 19, 0, 59, 0, 0, time.UTC)) // 01:59 in Berlin
		due(d.CRM)
		require.Equal(t, start, head())

		d.set(time.Date(2026, 11, 19, 1, 0, 0, 0, time.UTC))
		var once sync.Mutex
		n, dying := 0, *d.CRM
		dying.Announce = func(*changelog.Commit) {
			once.Lock()
			defer once.Unlock()
			if n++; n == 1 {
				panic("the process dies")
			}
		}
		require.Panics(t, func() { _ = dying.ReassignDue(context.Background()) })
		require.Equal(t, start+1, head())
		var wg sync.WaitGroup
		for range 4 {
			other := *d.CRM
			wg.Go(func() {
				if err := other.ReassignDue(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, start+3, head(), "1,100 records in three commits, whoever made them")
		count := map[string]int{}
		for _, owner := range d.owners(ids) {
			count[owner]++
		}
		require.Equal(t, map[string]int{d.Ben.ID: 367, d.Chloe.ID: 367, d.dora: 366}, count)
		for r := start + 1; r <= start+3; r++ {
			c := d.told(r)
			require.LessOrEqual(t, len(c.Changes), crm.MaxBatch)
			require.Equal(t, viewer.Automation, c.Actor.Kind)
			require.Equal(t, viewer.ByAutomation, c.Source)
		}
		d.own(d.Owner.ID, 1, 8*day)
		start = head()
		due(d.CRM)
		require.Equal(t, start, head(), "the day is over")
		d.set(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
		due(d.CRM)
		require.Equal(t, start+1, head(), "late, after nobody was there at 02:00")
		d.own(d.Owner.ID, 1, 8*day)
		d.set(time.Date(2026, 11, 21, 1, 30, 0, 0, time.UTC))
		_, err = d.DB.Write.ExecContext(t.Context(), "UPDATE workspaces SET eligibility = 'PAUSED'")
		require.NoError(t, err)
		start = head()
		due(d.CRM)
		require.Equal(t, start, head(), "a workspace that may not use the product waits")
		_, err = d.DB.Write.ExecContext(t.Context(), "UPDATE workspaces SET eligibility = 'ELIGIBLE'")
		require.NoError(t, err)
		d.settings(map[string]any{"autoReassign": false})
		start = head()
		due(d.CRM)
		require.Equal(t, start, head())
	})
}

// By hand at most 500 are given away at once, and the answer tells whether there are more.
func TestReassigningMoreThanABatch(t *testing.T) {
	d := newDesk(t, servertest.Dialects[0])
	fill(t, d.World, 600)
	p := d.DB.SQL.Placeholder
	_, err := d.DB.Write.ExecContext(t.Context(), "UPDATE records SET owner_id = "+p(1)+", last_activity_at = "+p(2), d.dora, morning.Add(-8*day))
	require.NoError(t, err)
	first := d.run()
	require.Equal(t, []int{500, 100}, []int{first.MovedCount(), first.RemainingCount})
	second := d.run()
	require.Equal(t, []int{100, 0}, []int{second.MovedCount(), second.RemainingCount})
	for _, m := range slices.Concat(first.Moves, second.Moves) {
		require.NotEqual(t, d.dora, m.ToMemberID)
	}
}
